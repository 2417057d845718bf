"""Tokens of `aws eks get-token`: a signed request to STS that says who asks.

Separate because what such a token holds is AWS's to decide (https://github.com/kubernetes-sigs/aws-iam-authenticator), and
reading it needs neither cluster nor account.
"""

import base64
import binascii
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from urllib.parse import parse_qs, urlsplit

_PREFIX = "k8s-aws-v1."
_LIFETIME = timedelta(minutes=15)
_CLUSTER_HEADER = "x-k8s-aws-id"
_CREDENTIAL_PARTS = 5


class TokenError(Exception):
    """The token is none of EKS's, or no longer valid."""


@dataclass(frozen=True)
class EksToken:
    """Who signed a token, with what, and when."""

    access_key: str
    region: str
    session_token: str | None
    signed_at: datetime


def parse_token(token: str, now: datetime | None = None) -> EksToken:
    """Read a token.

    Its signature is not checked: only STS has the secret, and the local one checks none either.

    Raises:
        TokenError: It is malformed or older than 15 minutes.
    """
    query = {name: values[0] for name, values in parse_qs(urlsplit(_url(token)).query).items()}
    if query.get("Action") != "GetCallerIdentity":
        raise TokenError(f"the signed request is {query.get('Action')!r}, and must be GetCallerIdentity")
    if _CLUSTER_HEADER not in query.get("X-Amz-SignedHeaders", "").split(";"):
        raise TokenError(f"the signed request does not sign the header {_CLUSTER_HEADER}")
    credential = query.get("X-Amz-Credential", "").split("/")
    if len(credential) != _CREDENTIAL_PARTS:
        raise TokenError("the signed request names no credential")
    signed_at = _time(query.get("X-Amz-Date", ""))
    if (now or datetime.now(UTC)) - signed_at > _LIFETIME:
        raise TokenError(f"the token was signed at {signed_at:%H:%M:%S} and has expired; get another with `aws eks get-token`")
    return EksToken(credential[0], credential[2], query.get("X-Amz-Security-Token"), signed_at)


def _url(token: str) -> str:
    if not token.startswith(_PREFIX):
        raise TokenError(f"the token does not begin with {_PREFIX}")
    body = token.removeprefix(_PREFIX)
    try:
        return base64.b64decode(body + "=" * (-len(body) % 4), altchars=b"-_", validate=True).decode()
    except (binascii.Error, UnicodeDecodeError) as error:
        raise TokenError(f"the token is not base64: {error}") from None


def _time(text: str) -> datetime:
    try:
        return datetime.strptime(text, "%Y%m%dT%H%M%SZ").replace(tzinfo=UTC)
    except ValueError:
        raise TokenError(f"the signed request has no date: {text!r}") from None
