"""STS: roles for pods, given to a token only if the role's trust policy says so.

Separate because moto gives any role to any token, and takes every such request for one of the global partition.
"""

import base64
import json
import time
from collections.abc import Mapping
from dataclasses import dataclass
from fnmatch import fnmatchcase
from typing import Any, cast

from moto.core.responses import ActionResult
from moto.iam.exceptions import NotFoundException
from moto.iam.models import OpenIDConnectProvider, Role, iam_backends
from moto.sts import urls
from moto.sts.exceptions import STSClientError
from moto.sts.models import sts_backends
from moto.sts.responses import TokenResponse

from mlplatform.config.regions import REGIONS
from mlplatform.local.aws.services.documents import listed, statements
from mlplatform.local.aws.services.extension import extend

_ACTION = "sts:AssumeRoleWithWebIdentity"
_TOKEN_PARTS = 3


@dataclass(frozen=True)
class _Token:
    """What a web identity token says. Its signature is not looked at: only a cluster on this machine makes one."""

    issuer: str
    subject: str
    audiences: tuple[str, ...]

    @property
    def host(self) -> str:
        """The issuer as IAM writes it."""
        return self.issuer.removeprefix("https://")

    @property
    def values(self) -> Mapping[str, tuple[str, ...]]:
        """Condition keys and what they are in this request."""
        return {f"{self.host}:sub": (self.subject,), f"{self.host}:aud": self.audiences}


class Responses(TokenResponse):
    """What moto's STS answers differently."""

    def assume_role_with_web_identity(self) -> ActionResult:
        """Give a pod the credentials of a role.

        https://docs.aws.amazon.com/STS/latest/APIReference/API_AssumeRoleWithWebIdentity.html
        """
        arn, session = str(self._get_param("RoleArn")), str(self._get_param("RoleSessionName"))
        token = _read(str(self._get_param("WebIdentityToken")))
        # The request is not signed and so names no region; the role's ARN says in which partition it is made.
        partition = arn.split(":")[1]
        provider = self._provider(partition, token)
        role = self._role(partition, arn)
        if role is None or not _trusts(role, provider, token):
            raise STSClientError("AccessDenied", f"Not authorized to perform {_ACTION}")
        assumed = sts_backends[self.current_account][partition].assume_role_with_web_identity(
            region_name=next(region.name for region in REGIONS.values() if region.partition.name == partition),
            role_session_name=session,
            role_arn=arn,
            policy=self._get_param("Policy"),
            duration=self._get_int_param("DurationSeconds", 3600),
            external_id=None,
        )
        return ActionResult(
            {
                "Credentials": assumed,
                "AssumedRoleUser": {"AssumedRoleId": assumed.user_id, "Arn": assumed.arn},
                "SubjectFromWebIdentityToken": token.subject,
                "Provider": provider.arn,
                "Audience": token.audiences[0],
                "PackedPolicySize": 0,
            }
        )

    def _provider(self, partition: str, token: _Token) -> OpenIDConnectProvider:
        providers = iam_backends[self.current_account][partition].list_open_id_connect_providers()
        known = [iam_backends[self.current_account][partition].get_open_id_connect_provider(arn) for arn in providers]
        found = next((provider for provider in known if provider.url == token.host), None)
        if found is None:
            raise STSClientError("InvalidIdentityToken", f"No OpenIDConnect provider found in your account for {token.issuer}")
        if not set(token.audiences) & set(found.client_id_list):
            raise STSClientError("InvalidIdentityToken", "Incorrect token audience")
        return found

    def _role(self, partition: str, arn: str) -> Role | None:
        try:
            return iam_backends[self.current_account][partition].get_role_by_arn(arn)
        except NotFoundException:
            return None


def _read(text: str) -> _Token:
    parts = text.split(".")
    try:
        claims: dict[str, Any] = json.loads(base64.urlsafe_b64decode(parts[1] + "==")) if len(parts) == _TOKEN_PARTS else {}
        token = _Token(claims["iss"], claims["sub"], tuple(listed(claims["aud"])))
    except (KeyError, ValueError):
        raise STSClientError(
            "InvalidIdentityToken", "The ID Token provided is not a valid JWT. (You may see this error if you sent an Access Token)"
        ) from None
    if claims.get("exp", 0) < time.time():
        raise STSClientError("ExpiredTokenException", "Token expired: current date/time must be before the expiration date/time")
    return token


def _trusts(role: Role, provider: OpenIDConnectProvider, token: _Token) -> bool:
    allowed = False
    for statement in statements(role.assume_role_policy_document):
        if _ACTION not in listed(statement.get("Action", [])) or not _names(statement.get("Principal"), provider.arn):
            continue
        if _holds(statement.get("Condition", {}), token):
            if statement["Effect"] == "Deny":
                return False
            allowed = True
    return allowed


def _names(principal: Any, provider_arn: str) -> bool:
    return isinstance(principal, dict) and provider_arn in listed(cast("dict[str, Any]", principal).get("Federated", []))


def _holds(condition: Mapping[str, Mapping[str, Any]], token: _Token) -> bool:
    return all(
        any(_matches(operator, str(pattern), value) for pattern in listed(patterns) for value in token.values.get(key, ()))
        for operator, tests in condition.items()
        for key, patterns in tests.items()
    )


def _matches(operator: str, pattern: str, value: str) -> bool:
    return pattern == value if operator == "StringEquals" else operator == "StringLike" and fnmatchcase(value, pattern)


def install() -> None:
    """Put this STS in the place of moto's."""
    extend(sts_backends, None, urls, Responses)
