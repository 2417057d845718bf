"""Dex's configuration, in which no secret stands: those are in variables of its pods.

Separate from its pods because it is a format of Dex's own: https://dexidp.io/docs/configuration/ and
https://github.com/dexidp/dex/blob/v2.45.1/cmd/dex/config.go .
"""

import json
from typing import Any
from uuid import NAMESPACE_URL, uuid5

from mlplatform.config.sections import SignInSettings
from mlplatform.manifests.sign_in.addresses import CALLBACK
from mlplatform.manifests.sign_in.connectors import connector
from mlplatform.manifests.sign_in.secrets import hash_key

CLIENT_ID = "mlplatform"
"""Dex's only client: oauth2-proxy."""
CLIENT_SECRET_VARIABLE = "OIDC_CLIENT_SECRET"  # noqa: S105 - a name
PORT, HEALTH_PORT = 5556, 5558


def configuration(sign_in: SignInSettings, issuer: str) -> str:
    """Return Dex's configuration as YAML, of which JSON is a part.

    Args:
        sign_in: Who may sign in.
        issuer: Who tokens say they are from; it ends in `/dex`, where everything of Dex's is.
    """
    connectors = [connector(name, settings, f"{issuer}/callback") for name, settings in sign_in.connectors.items()]
    written: dict[str, Any] = {
        "issuer": issuer,
        # The kinds are there, in a release of their own: a Dex that may define kinds may redefine everybody's.
        "storage": {"type": "kubernetes", "config": {"inCluster": True, "crdHandling": "check"}},
        "web": {
            "http": f"0.0.0.0:{PORT}",
            # A page that asks for passwords is shown in no other page.
            "headers": {
                "X-Frame-Options": "DENY",
                "X-Content-Type-Options": "nosniff",
                "Content-Security-Policy": "frame-ancestors 'none'",
            },
        },
        "telemetry": {"http": f"0.0.0.0:{HEALTH_PORT}"},
        "logger": {"level": "info", "format": "json"},
        # The mesh learns of a new key a moment late and refuses its tokens until then: once a week, instead of every 6 hours.
        "signer": {"type": "local", "config": {"keysRotationPeriod": "168h"}},
        # Whoever asks for the page leaves a record; the default keeps it for a day.
        "expiry": {"idTokens": f"{sign_in.session_hours}h", "authRequests": "30m"},
        "oauth2": {
            # There is one client, the platform's own: nobody could answer "may it know who you are?" but with yes.
            "skipApprovalScreen": True,
            "grantTypes": ["authorization_code"],
            "responseTypes": ["code"],
        },
        "staticClients": [
            {"id": CLIENT_ID, "name": "ML platform", "secretEnv": CLIENT_SECRET_VARIABLE, "redirectURIs": [CALLBACK]},
        ],
        # Dex does not start without anybody to ask: where nobody is named yet, it asks an empty list.
        "enablePasswordDB": bool(sign_in.users or not connectors),
        **({"staticPasswords": [_user(user) for user in sign_in.users]} if sign_in.users else {}),
        **({"connectors": connectors} if connectors else {}),
    }
    return f"{json.dumps(written, indent=2)}\n"


def _user(user: str) -> dict[str, str]:
    # Tokens say who somebody is by this id, which must never be another's.
    return {
        "email": user,
        "username": user.partition("@")[0],
        "userID": str(uuid5(NAMESPACE_URL, f"mailto:{user}")),
        "hashFromEnv": hash_key(user),
    }
