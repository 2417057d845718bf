"""The secrets of sign-in: what they are called in Secrets Manager, and who takes which.

Separate because a name is written in three places (who makes it, who may read it, who takes it) and decided here alone.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from hashlib import sha256
from typing import Any

from mlplatform.config.names import Names
from mlplatform.config.sections import SignInSettings
from mlplatform.config.sections.sign_in import Connector
from mlplatform.manifests.entrance.secret_store import API, STORE
from mlplatform.manifests.namespaces import AUTH, OAUTH2_PROXY
from mlplatform.manifests.objects import Object
from mlplatform.manifests.shapes import metadata, obj

CLIENT = "sign-in/client"
"""The purpose of the secret that oauth2-proxy proves itself to Dex with."""
COOKIE = "sign-in/cookie"
"""The purpose of the secret that browsers' cookies are encrypted with."""
CLIENT_LENGTH, PASSWORD_LENGTH = 40, 24
"""How many letters and digits they are made up of."""
COOKIE_LENGTH = 43
"""oauth2-proxy reads as many as base64 of 32 bytes, and so as a key of AES-256; 32 of them would be 24 bytes to it.

https://github.com/oauth2-proxy/oauth2-proxy/blob/v7.15.2/pkg/encryption/utils.go
"""
CLIENT_SECRET, COOKIE_SECRET = "client-secret", "cookie-secret"
"""Keys in Kubernetes."""
DEX_CLIENT, DEX_PASSWORDS, PROXY = "dex-oidc-client", "dex-passwords", "oauth2-proxy"
"""Secrets in Kubernetes, by upstream's names."""
REFRESH = "1h"
"""How often a secret is read again: what is changed in Secrets Manager is here an hour later, or when it is asked for."""
_CONNECTOR_SECRET, _CONNECTOR_CA = "secret", "ca.crt"


@dataclass(frozen=True)
class Taken:
    """One value that a Secret in Kubernetes takes from Secrets Manager."""

    key: str
    """In Kubernetes."""
    secret: str
    """The whole name in Secrets Manager."""
    field: str = ""
    """The key within it, where it holds JSON; all of it unless given."""


def password_purpose(user: str) -> str:
    """Return the purpose of the secret that holds a person's initial password.

    Secrets Manager takes every character of an address but `%`; `=`, which stands for it, is in no address.
    """
    return f"sign-in/users/{user.replace('%', '=25')}"


def hash_key(user: str) -> str:
    """Return the key of a person's hash, which is the name of a variable too: an address is neither."""
    return f"PASSWORD_{sha256(user.encode()).hexdigest()[:16].upper()}"


def connector_secret(name: str) -> str:
    """Return the name of the Secret in Kubernetes that holds what a connector needs."""
    return f"dex-connector-{name}"


def made(sign_in: SignInSettings) -> list[str]:
    """Return the purposes of the secrets that the platform makes itself."""
    return [CLIENT, COOKIE, *map(password_purpose, sign_in.users)]


def read(names: Names, sign_in: SignInSettings) -> dict[str, list[str]]:
    """Return the names of the secrets that each namespace takes, those that people make for connectors among them."""
    own = [names.secret(CLIENT), *(names.secret(password_purpose(user)) for user in sign_in.users)]
    theirs = [taken.secret for connector in sign_in.connectors.values() for taken in connector_keys(connector)]
    return {AUTH: [*own, *theirs], OAUTH2_PROXY: [names.secret(CLIENT), names.secret(COOKIE)]}


def external_secrets(names: Names, sign_in: SignInSettings) -> Iterator[Object]:
    """Yield what External Secrets makes Secrets from; their values are in no release."""
    client = Taken(CLIENT_SECRET, names.secret(CLIENT))
    yield _external_secret(DEX_CLIENT, AUTH, [client], component="dex")
    yield _external_secret(PROXY, OAUTH2_PROXY, [client, Taken(COOKIE_SECRET, names.secret(COOKIE))])
    for name, connector in sign_in.connectors.items():
        yield _external_secret(connector_secret(name), AUTH, connector_keys(connector), component="dex")
    if sign_in.users:
        yield _hashes(names, sign_in.users)


def connector_keys(connector: Connector) -> list[Taken]:
    """Return what a connector takes from the secrets that its settings name."""
    if connector.oidc:
        return [Taken(_CONNECTOR_SECRET, connector.oidc.client_secret, "client_secret")]
    if connector.github:
        return [Taken(_CONNECTOR_SECRET, connector.github.client_secret, "client_secret")]
    if connector.ldap:
        password = Taken(_CONNECTOR_SECRET, connector.ldap.bind_password, "bind_password")
        return [password, *([Taken(_CONNECTOR_CA, connector.ldap.ca_secret, "ca.crt")] if connector.ldap.ca_secret else [])]
    return []


def _hashes(names: Names, users: Sequence[str]) -> Object:
    """Return what makes bcrypt hashes of passwords, which alone are in Kubernetes.

    Each rendering salts anew, and a hash that differs restarts Dex. With `OnChange` External Secrets renders when this object changes (a
    person more, an annotation) and when somebody alters the Secret, and never because time went by; `CreatedOnce` would miss another
    person. A password that was changed in Secrets Manager is taken over when the object is annotated: `mlp sign-in` prints how.
    https://external-secrets.io/latest/api/externalsecret/#refresh-policies
    """
    taken = [Taken(hash_key(user), names.secret(password_purpose(user))) for user in users]
    data = {entry.key: f"{{{{ .{entry.key} | bcrypt }}}}" for entry in taken}
    # An interval that has passed would make the controller look again at once, and for ever.
    return _external_secret(
        DEX_PASSWORDS, AUTH, taken, component="dex", refreshPolicy="OnChange", refreshInterval="0s", template={"data": data}
    )


def _external_secret(
    name: str,
    namespace: str,
    taken: Sequence[Taken],
    *,
    component: str | None = None,
    template: Mapping[str, Any] | None = None,
    **spec: Any,
) -> Object:
    """Return an ExternalSecret, which makes a Secret of its own name that Helm does not know: https://external-secrets.io/latest/api/externalsecret/ ."""
    content = {
        "refreshInterval": REFRESH,
        **spec,
        "secretStoreRef": {"kind": "SecretStore", "name": STORE},
        "target": {"name": name, "creationPolicy": "Owner", **({"template": template} if template else {})},
        "data": [{"secretKey": entry.key, "remoteRef": _remote(entry)} for entry in taken],
    }
    return obj(f"{API}/v1", "ExternalSecret", metadata(name, namespace, component=component), spec=content)


def _remote(taken: Taken) -> dict[str, str]:
    return {"key": taken.secret, **({"property": taken.field} if taken.field else {})}
