"""`mlp sign-in`: where to open the platform, what to register with those who vouch for people, and where passwords are."""

import shlex
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass

import click

from mlplatform.config.load import load
from mlplatform.config.settings import Settings
from mlplatform.manifests.namespaces import AUTH, ISTIO, OAUTH2_PROXY
from mlplatform.manifests.sign_in.addresses import PORT_FORWARDS, callbacks, opened
from mlplatform.manifests.sign_in.gateway_policies import MACHINE_AUDIENCES
from mlplatform.manifests.sign_in.secrets import (
    CLIENT,
    CLIENT_LENGTH,
    COOKIE,
    COOKIE_LENGTH,
    DEX_CLIENT,
    DEX_PASSWORDS,
    PASSWORD_LENGTH,
    PROXY,
    connector_keys,
    password_purpose,
)
from mlplatform.ops.console import as_json, out, print_json


@dataclass(frozen=True)
class Secret:
    """One secret of Secrets Manager, never its value."""

    what: str
    name: str
    read: str
    """The command that prints its value to whoever may read it."""


@dataclass(frozen=True)
class SignIn:
    """What a person must know to sign in, and to set it up."""

    environment: str
    open: tuple[str, ...]
    """Addresses, the one for everyone first."""
    forward: tuple[str, ...]
    """Commands that open those on this machine."""
    callbacks: dict[str, list[str]]
    """What to register with each connector's provider, by the connector's name."""
    passwords: tuple[Secret, ...]
    """Of people with a password of the platform's own."""
    yours: dict[str, list[str]]
    """Secrets that connectors need and somebody must make: the keys of each, by its name."""
    machines: str
    """The command that makes a token for a program; empty where they may not sign in."""
    change: tuple[str, ...]
    """Commands that change a password or a secret, and have it taken over."""


@click.command("sign-in")
@click.argument("name")
@as_json
def sign_in(name: str, *, as_json: bool) -> None:
    """Show where people sign in to environment NAME, the callback URLs to register, and the commands that print passwords.

    Prints no secret, and needs neither a cluster nor an account.

    Example: mlp sign-in global-dev
    """
    settings = load(name)
    if not settings.kubeflow.has("sign-in"):
        raise click.UsageError(f"{name} has no sign-in: kubeflow.components lacks it; add sign-in to them")
    said = describe(settings)
    if as_json:
        print_json(asdict(said))
        return
    for line in _lines(said):
        out.print(line, markup=False)


def describe(settings: Settings) -> SignIn:
    """Return what there is to know about signing in to an environment that has it."""
    ingress, people = settings.ingress, settings.sign_in
    return SignIn(
        environment=settings.name,
        open=opened(ingress),
        forward=tuple(_forward(ports) for ports in _forwarded(settings)),
        callbacks=callbacks(ingress, people),
        passwords=tuple(Secret(user, name, _read(settings, name)) for user, name in _passwords(settings)),
        yours=_yours(settings),
        machines=f"kubectl create token default-editor --namespace TENANT --audience {MACHINE_AUDIENCES[0]}"
        if people.machine_tokens == "cluster"
        else "",
        change=tuple(_changes(settings)),
    )


def _forwarded(settings: Settings) -> Iterator[list[str]]:
    """Yield which ports to forward together for each address: whom a connector sends away comes back to the first one."""
    first, *others = (url.rpartition(":")[2] for url in PORT_FORWARDS)
    yield [first]
    yield from ([first, port] if callbacks(settings.ingress, settings.sign_in) else [port] for port in others)


def _forward(ports: Sequence[str]) -> str:
    mapped = " ".join(f"{port}:80" for port in ports)
    return f"kubectl port-forward --namespace {ISTIO} service/istio-ingressgateway {mapped}"


def _passwords(settings: Settings) -> Iterator[tuple[str, str]]:
    for user in settings.sign_in.users:
        yield user, settings.names.secret(password_purpose(user))


def _yours(settings: Settings) -> dict[str, list[str]]:
    needed: dict[str, list[str]] = {}
    for connector in settings.sign_in.connectors.values():
        for taken in connector_keys(connector):
            needed.setdefault(taken.secret, []).append(taken.field)
    return needed


def _read(settings: Settings, secret: str) -> str:
    return _aws(settings, "get-secret-value", secret) + " --query SecretString --output text"


def _changes(settings: Settings) -> Iterator[str]:
    """Yield how a secret gets another value, and how that is taken over at once: of itself it would be within the hour, and passwords never."""
    random = f"aws secretsmanager get-random-password --region {settings.region} --exclude-punctuation --output text --query RandomPassword"
    if settings.sign_in.users:
        yield "# another password; the person is asked for it at the next sign-in"
        name = settings.names.secret(password_purpose(settings.sign_in.users[0]))
        yield f'{_aws(settings, "put-secret-value", name)} --secret-string "$({random} --password-length {PASSWORD_LENGTH})"'
        yield _take_over(AUTH, DEX_PASSWORDS)
    yield "# another secret between Dex and oauth2-proxy, or for cookies, which signs everybody out"
    for purpose, length in ((CLIENT, CLIENT_LENGTH), (COOKIE, COOKIE_LENGTH)):
        name = settings.names.secret(purpose)
        yield f'{_aws(settings, "put-secret-value", name)} --secret-string "$({random} --password-length {length})"'
    yield _take_over(AUTH, DEX_CLIENT)
    yield _take_over(OAUTH2_PROXY, PROXY)


def _aws(settings: Settings, command: str, secret: str) -> str:
    return f"aws secretsmanager {command} --region {settings.region} --secret-id {shlex.quote(secret)}"


def _take_over(namespace: str, name: str) -> str:
    # https://external-secrets.io/latest/introduction/faq/#can-i-manually-trigger-a-secret-refresh
    return f"kubectl annotate externalsecret {name} --namespace {namespace} --overwrite force-sync=$(date +%s)"


def _lines(said: SignIn) -> Iterator[str]:
    yield "Open"
    for url in said.open:
        yield f"  {url}"
    yield "  On this machine, with one of these running beside it (not in Safari, which keeps no sign-in without TLS):"
    yield from (f"    {command}" for command in said.forward)
    if said.callbacks:
        yield "\nRegister these callback URLs"
        yield from (f"  {name}: {url}" for name, urls in said.callbacks.items() for url in urls)
    if said.yours:
        yield "\nMake these secrets in Secrets Manager before you deploy, each as JSON with its keys"
        yield from (f"  {name}: {', '.join(dict.fromkeys(keys))}" for name, keys in said.yours.items())
    if said.passwords:
        yield "\nPasswords, which Secrets Manager made up"
        for secret in said.passwords:
            yield f"  {secret.what}"
            yield f"    {secret.read}"
    if said.machines:
        yield "\nPrograms send a token of the cluster's own in the header Authorization, after the word Bearer"
        yield f"  {said.machines}"
    yield "\nChange one"
    yield from (f"  {command}" for command in said.change)
