"""The kinds that Dex keeps sign-ins and its signing keys in.

Separate from Dex, in a release that Helm keeps: Dex makes them by itself where it may, and with them here it need not have that right.
Source: https://github.com/dexidp/dex/blob/v2.45.1/storage/kubernetes/types.go .
"""

from mlplatform.manifests.objects import Object
from mlplatform.manifests.shapes import Version, definition

GROUP = "dex.coreos.com"
KINDS = {
    "AuthCode": "authcodes",
    "AuthRequest": "authrequests",
    "OAuth2Client": "oauth2clients",
    # Plurals as an old Kubernetes made them.
    "SigningKey": "signingkeies",
    "RefreshToken": "refreshtokens",
    "Password": "passwords",
    "OfflineSessions": "offlinesessionses",
    "Connector": "connectors",
    "DeviceRequest": "devicerequests",
    "DeviceToken": "devicetokens",
}
"""Plurals by kind: all that Dex looks for when it starts, those among them that it never writes here."""


def objects() -> list[Object]:
    """Return the definitions, whose objects only Dex understands."""
    return [definition(kind, plural, GROUP, [Version("v1", stored=True)], component="dex") for kind, plural in KINDS.items()]
