"""Checks of who may sign in and of who vouches for them."""

from collections.abc import Iterator

from mlplatform.config.checks.lists import repeated
from mlplatform.config.checks.rule import rule
from mlplatform.config.problems import Problem, listed, shown
from mlplatform.config.sections import Connector
from mlplatform.config.settings import Settings

KINDS = ("oidc", "ldap", "github")
_OWN_CONNECTOR = "local"
"""What Dex calls its own list of people: https://github.com/dexidp/dex/blob/v2.45.1/server/server.go"""
_HIGHEST_PORT = 65_535
_PEOPLE = ("stage", "sign_in.users", "sign_in.connectors")


def _component_is_there(settings: Settings) -> Iterator[Problem]:
    if settings.kubeflow.has("sign-in"):
        return
    said = {"users": settings.sign_in.users, "connectors": settings.sign_in.connectors}
    for name in filter(said.get, said):
        message = f"{listed(said[name])} could sign in nowhere: kubeflow.components lacks sign-in"
        yield Problem(f"sign_in.{name}", message, "add sign-in to them, or remove it")


def _somebody_can_sign_in(settings: Settings) -> Iterator[Problem]:
    somebody = settings.sign_in.users or settings.sign_in.connectors
    if settings.kubeflow.has("sign-in") and settings.ingress.access != "port-forward" and not somebody:
        where = settings.ingress.host or f"{settings.ingress.access} access"
        yield Problem("sign_in", f"names neither users nor connectors, so that nobody could sign in at {where}", _remedy(settings))


def _prod_keeps_no_passwords(settings: Settings) -> Iterator[Problem]:
    users = settings.sign_in.users
    if users and settings.stage == "prod":
        message = f"{listed(users, most=3)} would sign in to prod with a password of the platform's own, which nobody takes back"
        remedy = "remove it, and name who vouches for people in sign_in.connectors: an OpenID Connect provider or a directory"
        yield Problem("sign_in.users", message, remedy, "none in prod")


def _connectors_are_of_one_kind(settings: Settings) -> Iterator[Problem]:
    for name, connector in settings.sign_in.connectors.items():
        path = f"sign_in.connectors.{name}"
        if name == _OWN_CONNECTOR:
            yield Problem(path, f"{shown(name)} is what Dex calls the platform's own users", "choose another name")
        if len(connector.kinds) > 1:
            yield Problem(path, f"is {' and '.join(connector.kinds)} at once", "make it a connector for each", "one of the kinds")
        elif not connector.kinds:
            yield Problem(path, "says not of which kind it is", "write one of them, with its settings beneath it", listed(KINDS))


def _connectors_can_be_reached(settings: Settings) -> Iterator[Problem]:
    for name, connector in settings.sign_in.connectors.items():
        path = f"sign_in.connectors.{name}"
        yield from _ports(path, connector)
        if connector.github and "github.com" in settings.place.partition.unreliable_hosts - set(settings.images.public_hosts):
            message = f"signing in would depend on github.com, which from {settings.region} is slow and at times cut off"
            remedy = "use oidc or ldap, or list github.com in images.public_hosts to depend on it all the same"
            yield Problem(f"{path}.github", message, remedy)


def _ports(path: str, connector: Connector) -> Iterator[Problem]:
    host = connector.ldap.host if connector.ldap else ""
    port = int(host.partition(":")[2] or 636)
    if not 0 < port <= _HIGHEST_PORT:
        yield Problem(f"{path}.ldap.host", f"{shown(host)} has a port that there is not", "write 636, or the directory's", "1 to 65535")
    elif port == 389:  # noqa: PLR2004 - LDAP's own port: https://datatracker.ietf.org/doc/html/rfc4513#section-3
        message = f"{shown(host)} has the port that passwords cross in plain text"
        yield Problem(f"{path}.ldap.host", message, "write the directory's port for LDAP over TLS, 636 as a rule")


def _users_are_of_the_domains(settings: Settings) -> Iterator[Problem]:
    domains = settings.sign_in.email_domains
    for position, user in enumerate(settings.sign_in.users):
        if domains and user.rpartition("@")[2] not in domains:
            message = f"{shown(user)} could not sign in: sign_in.email_domains lacks {user.rpartition('@')[2]}"
            yield Problem(f"sign_in.users[{position}]", message, "add the domain, or remove the user", listed(domains))


def _lists_have_no_repeats(settings: Settings) -> Iterator[Problem]:
    yield from repeated("sign_in.users", settings.sign_in.users)
    yield from repeated("sign_in.email_domains", settings.sign_in.email_domains)


def _remedy(settings: Settings) -> str:
    connectors = "name an OpenID Connect provider or a directory in sign_in.connectors"
    return connectors if settings.stage == "prod" else f"name people in sign_in.users, or {connectors}"


RULES = (
    rule(_component_is_there, "kubeflow.components", *_PEOPLE),
    rule(_somebody_can_sign_in, "kubeflow.components", "ingress.access", "ingress.host", *_PEOPLE),
    rule(_prod_keeps_no_passwords, "stage", "sign_in.users"),
    rule(_connectors_are_of_one_kind, "sign_in.connectors"),
    rule(_connectors_can_be_reached, "region", "sign_in.connectors", "images.public_hosts"),
    rule(_users_are_of_the_domains, "sign_in.users", "sign_in.email_domains"),
    rule(_lists_have_no_repeats, "sign_in.users", "sign_in.email_domains"),
)
