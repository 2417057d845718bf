"""What every section of an environment's file is: strict, closed and frozen.

Separate so that no section decides for itself how forgiving it is.
"""

from enum import StrEnum
from typing import Any

from pydantic import BaseModel, ConfigDict


class Change(StrEnum):
    """What changing a field does to an environment that runs; `mlp review` prints it."""

    REPLACES = "replaces the resource"
    REFUSED = "is refused by CloudFormation while the resource has a fixed name: see the README on replacing one on purpose"
    INTERRUPTS = "interrupts the service while it is applied"
    ROLLS_NODES = "replaces the system nodes one by one"
    DRIFTS_NODES = "replaces the nodes of pools as their pods end"
    RESTARTS_PODS = "restarts the pods that it is for"
    UNINSTALLS = "uninstalls what is no longer named"


def on_change(change: Change, **schema: Any) -> dict[str, Any]:
    """Return a field's metadata that says what changing it does, beside more of its JSON Schema."""
    return {"x-on-change": change.value, **schema}


class Section(BaseModel):
    """A frozen part of the settings, in which an unknown key or a value of another type is an error."""

    model_config = ConfigDict(strict=True, extra="forbid", frozen=True, use_attribute_docstrings=True)
