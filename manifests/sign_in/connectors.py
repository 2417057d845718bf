"""Dex's connectors: those who vouch for people, in Dex's words.

Separate from Dex because each kind has words of its own: https://dexidp.io/docs/connectors/ .
"""

from collections.abc import Mapping
from typing import Any

from mlplatform.config.sections.sign_in import Connector, GithubConnector, LdapConnector, OidcConnector

CA_FOLDER = "/etc/dex/authorities"
"""Where directories' authorities are mounted, each in a folder of its connector's name."""
DOLLAR = "DOLLAR"
"""A variable that holds `$`: Dex replaces variables in what a connector says, and knows no other way to mean the sign itself."""


def secret_variable(name: str) -> str:
    """Return the variable that holds a connector's secret; names have no underscore, so that no two are the same."""
    return f"CONNECTOR_{name.upper().replace('-', '_')}"


def connector(name: str, settings: Connector, callback: str) -> dict[str, Any]:
    """Return a connector.

    Args:
        name: Its name, which addresses and tokens hold.
        settings: Who vouches.
        callback: Where browsers come back to, for those that send them away.
    """
    secret = f"${{{secret_variable(name)}}}"
    described = {"id": name, "name": settings.label or name}
    if settings.oidc:
        return {"type": "oidc", **described, "config": _oidc(settings.oidc, secret, callback)}
    if settings.github:
        return {"type": "github", **described, "config": _github(settings.github, secret, callback)}
    if settings.ldap:
        return {"type": "ldap", **described, "config": _ldap(name, settings.ldap, secret)}
    raise ValueError(f"connector {name}: is of no kind; name one of oidc, ldap and github")


def _oidc(settings: OidcConnector, secret: str, callback: str) -> dict[str, Any]:
    return {
        "issuer": _literal(settings.issuer),
        "clientID": _literal(settings.client_id),
        "clientSecret": secret,
        "redirectURI": callback,
        # Groups are as old as a token, which Dex calls insecure where tokens are renewed without the provider; ours never are.
        # https://github.com/dexidp/dex/issues/1065
        "insecureEnableGroups": True,
        "claimMapping": {"groups": _literal(settings.groups_claim)},
        **({"insecureSkipEmailVerified": True} if settings.verified_emails == "all" else {}),
    }


def _github(settings: GithubConnector, secret: str, callback: str) -> dict[str, Any]:
    return {
        "clientID": _literal(settings.client_id),
        "clientSecret": secret,
        "redirectURI": callback,
        "orgs": [{"name": name} for name in settings.organisations],
    }


def _ldap(name: str, settings: LdapConnector, secret: str) -> dict[str, Any]:
    people: Mapping[str, str] = {
        "baseDN": settings.user_base,
        "filter": settings.user_filter,
        "username": settings.username_attribute,
        "idAttr": "DN",
        "emailAttr": settings.email_attribute,
        "nameAttr": "cn",
    }
    found: dict[str, Any] = {
        "host": settings.host,
        "bindDN": _literal(settings.bind_dn),
        "bindPW": secret,
        "usernamePrompt": settings.username_attribute,
        "userSearch": {key: _literal(value) for key, value in people.items()},
    }
    if settings.ca_secret:
        found["rootCA"] = f"{CA_FOLDER}/{name}/ca.crt"
    if settings.group_base:
        found["groupSearch"] = {
            "baseDN": _literal(settings.group_base),
            "filter": _literal(settings.group_filter),
            "userMatchers": [{"userAttr": "DN", "groupAttr": "member"}],
            "nameAttr": "cn",
        }
    return found


def _literal(text: str) -> str:
    return text.replace("$", f"${{{DOLLAR}}}")
