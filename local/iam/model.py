"""What is asked of IAM and what it answers.

Separate because policies, recordings and the simulator meet in these few words.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

Document = Mapping[str, Any]
"""A policy document: `Version` and `Statement`."""


class Outcome(StrEnum):
    """How IAM decides."""

    ALLOWED = "Allowed"
    IMPLICITLY_DENIED = "ImplicitlyDenied"
    """No statement allows it."""
    EXPLICITLY_DENIED = "ExplicitlyDenied"
    """A statement denies it, whatever others allow."""


@dataclass(frozen=True)
class Policy:
    """A policy attached to an identity."""

    name: str
    document: Document


@dataclass(frozen=True)
class Request:
    """One thing that IAM is asked for; one call to AWS often asks for several."""

    action: str
    """`ec2:TerminateInstances`."""
    resource: str
    """An ARN, or `*` for actions that know no resources."""
    principal: str
    """The ARN of the role."""
    account: str
    """The account that the resource is in."""
    context: Mapping[str, str | list[str]] = field(default_factory=dict[str, "str | list[str]"], hash=False)
    """Condition keys and their values, lists for keys with several."""
    origin: str = field(default="", compare=False)
    """The call that asks for it."""

    def __str__(self) -> str:
        """Return it as messages name it: `ec2:TerminateInstances on arn:... (CreateFleet at ...)`."""
        return f"{self.action} on {self.resource}" + (f" ({self.origin})" if self.origin else "")


@dataclass(frozen=True)
class Statement:
    """A statement that had a say, or nearly."""

    policy: str
    sid: str
    """Its Sid, or its position in the policy, from 1."""
    because: str = ""
    """Why it did not apply, for one that nearly did."""

    def __str__(self) -> str:
        """Return it as messages name it."""
        return f"{self.policy}/{self.sid}" + (f" ({self.because})" if self.because else "")


@dataclass(frozen=True)
class Decision:
    """How IAM decides a request, and by which statements."""

    request: Request
    outcome: Outcome
    by: tuple[Statement, ...]
    """The statements that decided it; empty for an implicit denial."""
    nearly: tuple[Statement, ...]
    """Statements that name the action and did not apply, each with the reason."""
    resource_type: str
    """The type of the resource, in the words of the service's authorization reference; empty for `*`."""
    unknown_keys: tuple[str, ...]
    """Condition keys of the request that the action does not know, so that no statement sees them."""

    @property
    def allowed(self) -> bool:
        """Whether the call would be let through."""
        return self.outcome is Outcome.ALLOWED

    def __str__(self) -> str:
        """Return one line: what was asked, how it was decided, and by which statements or for want of what."""
        words = {
            Outcome.ALLOWED: "allowed by",
            Outcome.IMPLICITLY_DENIED: "denied, as no statement allows it; nearest:",
            Outcome.EXPLICITLY_DENIED: "denied by",
        }
        shown = self.by or self.nearly
        return f"{self.request}: {words[self.outcome]} {'; '.join(map(str, shown)) or 'none names the action'}"
