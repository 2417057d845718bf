"""What a request wants a stack to be.

Separate from what becomes of it: direct requests and change sets wish for the same things.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, cast

from mlplatform.local.aws.stacks.errors import NotPlayedError, ValidationError

# https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/cloudformation-limits.html
_LARGEST_BODY, _LARGEST_OBJECT = 51_200, 1_000_000
_UNPLAYED = ("ResourcesToImport", "RollbackConfiguration", "StackPolicyBody", "StackPolicyURL", "TimeoutInMinutes")
"""`ImportExistingResources` is not among them: what exists already fails the creation by its name."""


@dataclass(frozen=True)
class Wish:
    """What a request wants a stack to be."""

    text: str | None
    """The template; None to keep the stack's own."""
    parameters: Sequence[Mapping[str, Any]] = ()
    tags: Mapping[str, str] | None = None
    """None to keep the stack's own."""
    capabilities: tuple[str, ...] = ()
    role_arn: str | None = None
    notifications: tuple[str, ...] = ()
    on_failure: str = "ROLLBACK"
    protected: bool = False
    token: str | None = None


def wish_of(request: Mapping[str, Any], from_s3: str | None) -> Wish:
    """Read a wish from a request's parameters.

    Args:
        request: the parameters by their names in the API.
        from_s3: the template, where the request names it by a URL.

    Raises:
        ValidationError: The template is larger than CloudFormation takes.
        NotPlayedError: The request asks for something that would be ignored here.
    """
    unplayed = [name for name in _UNPLAYED if request.get(name)]
    if unplayed:
        raise NotPlayedError(f"{', '.join(unplayed)} in a request for a stack")
    tags = request.get("Tags")
    on_failure = "DO_NOTHING" if request.get("DisableRollback") else request.get("OnFailure") or request.get("OnStackFailure") or "ROLLBACK"
    return Wish(
        text=template_of(request, from_s3),
        parameters=request.get("Parameters") or (),
        tags={tag["Key"]: tag["Value"] for tag in cast("list[dict[str, str]]", tags)} if tags is not None else None,
        capabilities=tuple(request.get("Capabilities") or ()),
        role_arn=request.get("RoleARN"),
        notifications=tuple(request.get("NotificationARNs") or ()),
        on_failure=on_failure,
        protected=bool(request.get("EnableTerminationProtection")),
        token=request.get("ClientRequestToken"),
    )


def template_of(request: Mapping[str, Any], from_s3: str | None) -> str | None:
    """Return the request's template; None where it keeps the stack's own."""
    body: str | None = request.get("TemplateBody")
    if from_s3 is not None and len(from_s3.encode()) > _LARGEST_OBJECT:
        raise ValidationError(f"Template may not exceed {_LARGEST_OBJECT} bytes in size.")
    if body is not None and len(body.encode()) > _LARGEST_BODY:
        raise ValidationError(
            f"1 validation error detected: Value at 'templateBody' failed to satisfy constraint: Member must have length less than or equal to {_LARGEST_BODY}"
        )
    return body if from_s3 is None else from_s3
