"""How many instances may still be launched, by type, zone and capacity type; everything, unless a test says less.

Separate from the launches because it is what a test turns: what launches, launches by this alone.
"""

from dataclasses import dataclass, field
from threading import Lock
from typing import Literal

CapacityType = Literal["on-demand", "spot"]


@dataclass(frozen=True)
class Offering:
    """What an instance is launched in: a type in a zone, on demand or spot."""

    instance_type: str
    zone: str
    capacity_type: CapacityType


@dataclass(frozen=True)
class Scope:
    """The offerings that a limit holds for together; None is any."""

    instance_type: str | None = None
    zone: str | None = None
    capacity_type: CapacityType | None = None

    def holds(self, offering: Offering) -> bool:
        """Say whether an offering is in it."""
        return (
            self.instance_type in {None, offering.instance_type}
            and self.zone in {None, offering.zone}
            and self.capacity_type in {None, offering.capacity_type}
        )


@dataclass
class Capacity:
    """The limits of one account in one region."""

    limits: dict[Scope, int] = field(default_factory=dict[Scope, int])
    _lock: Lock = field(default_factory=Lock)

    def limit(self, scope: Scope, remaining: int | None) -> None:
        """Let so many instances still be launched in a scope; None takes its limit away."""
        with self._lock:
            if remaining is None:
                self.limits.pop(scope, None)
            else:
                self.limits[scope] = remaining

    def clear(self) -> None:
        """Take every limit away."""
        with self._lock:
            self.limits.clear()

    def take(self, offering: Offering) -> bool:
        """Count one launch, unless a limit that holds for it is used up."""
        with self._lock:
            scopes = [scope for scope in self.limits if scope.holds(offering)]
            if any(self.limits[scope] <= 0 for scope in scopes):
                return False
            for scope in scopes:
                self.limits[scope] -= 1
            return True
