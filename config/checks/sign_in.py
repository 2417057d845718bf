"""Checks of who may sign in and of who vouches for them."""

from collections.abc import Callable, Iterator
from functools import partial

from mlplatform.config.checks.lists import repeated
from mlplatform.config.checks.rule import Rule, rule
from mlplatform.config.problems import Problem, listed, shown
from mlplatform.config.sections import Connector
from mlplatform.config.sections.sign_in import GITHUB, KINDS
from mlplatform.config.settings import Settings

ConnectorCheck = Callable[[str, Connector, Settings], Iterator[Problem]]

_OWN_CONNECTOR = "local"
"""What Dex calls its own list of people: https://github.com/dexidp/dex/blob/v2.45.1/server/server.go"""
_LDAP_OVER_TLS, _LDAP_IN_PLAIN_TEXT, _HIGHEST_PORT = 636, 389, 65_535
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


def _connector_is_of_one_kind(name: str, connector: Connector, _: Settings) -> Iterator[Problem]:
    path = f"sign_in.connectors.{name}"
    if len(connector.kinds) > 1:
        yield Problem(path, f"is {' and '.join(connector.kinds)} at once", "make it a connector for each", "one of the kinds")
    elif not connector.kinds:
        yield Problem(path, "says not of which kind it is", "write one of them, with its settings beneath it", listed(KINDS))


def _directory_is_reached_over_tls(name: str, connector: Connector, _: Settings) -> Iterator[Problem]:
    """Follow https://datatracker.ietf.org/doc/html/rfc4513#section-3: the port that LDAP has of old begins in plain text."""
    host, path = connector.ldap.host if connector.ldap else "", f"sign_in.connectors.{name}.ldap.host"
    port = int(host.partition(":")[2] or _LDAP_OVER_TLS)
    if not 0 < port <= _HIGHEST_PORT:
        yield Problem(path, f"{shown(host)} has a port that there is not", f"write {_LDAP_OVER_TLS}, or the directory's", "1 to 65535")
    elif port == _LDAP_IN_PLAIN_TEXT:
        message = f"{shown(host)} has the port at which passwords cross in plain text"
        yield Problem(path, message, f"write the directory's port for LDAP over TLS, {_LDAP_OVER_TLS} as a rule")


def _github_can_be_relied_on(name: str, connector: Connector, settings: Settings) -> Iterator[Problem]:
    if connector.github and GITHUB in settings.place.partition.unreliable_hosts - set(settings.images.public_hosts):
        message = f"signing in would depend on {GITHUB}, which from {settings.region} is slow and at times cut off"
        remedy = f"use oidc or ldap, or list {GITHUB} in images.public_hosts to depend on it all the same"
        yield Problem(f"sign_in.connectors.{name}.github", message, remedy)


def _name_is_free(name: str, _: Connector, __: Settings) -> Iterator[Problem]:
    if name == _OWN_CONNECTOR:
        yield Problem(f"sign_in.connectors.{name}", f"{shown(name)} is what Dex calls the platform's own users", "choose another name")


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


_CHECKS: tuple[tuple[ConnectorCheck, tuple[str, ...], tuple[str, ...]], ...] = (
    (_directory_is_reached_over_tls, (".ldap",), ()),
    (_github_can_be_relied_on, (".github",), ("region", "images.public_hosts")),
    (_connector_is_of_one_kind, ("",), ()),
    (_name_is_free, (), ()),
)
"""Checks of a connector, with what each reads of it and of the environment's settings; its name is no setting, and comes last because it is all of it."""

RULES = (
    rule(_component_is_there, "kubeflow.components", *_PEOPLE),
    rule(_somebody_can_sign_in, "kubeflow.components", "ingress.access", *_PEOPLE),
    rule(_prod_keeps_no_passwords, "stage", "sign_in.users"),
    rule(_users_are_of_the_domains, "sign_in.users", "sign_in.email_domains"),
    rule(_lists_have_no_repeats, "sign_in.users", "sign_in.email_domains"),
)


def rules(settings: Settings) -> Iterator[Rule]:
    """Yield the rules of each connector of an environment."""
    for name, connector in settings.sign_in.connectors.items():
        for check, own, others in _CHECKS:
            yield rule(partial(check, name, connector), *(f"sign_in.connectors.{name}{setting}" for setting in own), *others)
