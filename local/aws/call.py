"""One recorded call to the local AWS.

Separate from the recorder because who reads a recording needs none of moto.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True)
class Call:
    """One call to a service."""

    time: str
    caller: str
    """The access key, or the ARN of the role's session that it belongs to."""
    service: str
    """The service that the request was signed for, which is the prefix of its IAM actions in all but a few cases."""
    operation: str | None
    region: str
    parameters: Mapping[str, Any]
    """What was asked, secrets and large bodies left out."""
    resources: tuple[str, ...]
    """The ARNs that the parameters name."""
    status: int
    error: str | None
    tags: Mapping[str, Mapping[str, str]] = field(default_factory=dict[str, Mapping[str, str]])
    """The tags that existing resources had when they were named, by the id or name in the parameters; conditions look at them."""
