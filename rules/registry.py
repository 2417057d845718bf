"""What AWS publishes about its own types and actions, as the installed cfn-lint carries it.

Separate because it reads another package's data files: `import cfnlint` would take longer than all rules together.

Sources: CloudFormation's registry of resource types, one list a region
(https://docs.aws.amazon.com/cloudformation-cli/latest/userguide/resource-type-schemas.html), and the service
authorization reference (https://docs.aws.amazon.com/service-authorization/latest/reference/reference.html).
"""

import json
from collections.abc import Mapping
from fnmatch import fnmatchcase
from functools import cache
from importlib.util import find_spec
from pathlib import Path
from typing import Any


def tag_property(region: str, resource_type: str) -> str | None:
    """Return the property that holds a type's tags, or None for a type that takes none or is unknown in the region."""
    schema = _schema(region, resource_type)
    tagging = schema.get("tagging") or {"taggable": schema.get("taggable", False)}
    if not tagging.get("taggable"):
        return None
    return str(tagging.get("tagProperty", "/properties/Tags")).rsplit("/", maxsplit=1)[-1]


@cache
def narrowable(action: str) -> tuple[str, ...]:
    """Return the actions that a pattern such as `ec2:Describe*` covers and that can be limited to named resources.

    An action that AWS's reference does not list counts as one that can.
    """
    service, _, wanted = action.lower().partition(":")
    known: Mapping[str, Mapping[str, Any]] = _actions().get(service, {}).get("Actions", {})
    covered = [name for name in known if fnmatchcase(name, wanted)]
    if not covered:
        return (action,)
    limitable = [name for name in covered if known[name].get("Resources")]
    # The reference is in lower case; an action that was written out is shown as it was written.
    return (action,) if limitable == [wanted] else tuple(f"{service}:{name}" for name in limitable)


@cache
def _data() -> Path:
    package = find_spec("cfnlint")
    if package is None or package.origin is None:
        message = "cfn-lint is not installed; run make setup"
        raise ModuleNotFoundError(message)
    return Path(package.origin).parent / "data"


@cache
def _types(region: str) -> Mapping[str, str]:
    return json.loads((_data() / "schemas" / "providers" / f"{region}.json").read_text(encoding="utf-8"))


@cache
def _schema(region: str, resource_type: str) -> Mapping[str, Any]:
    version = _types(region).get(resource_type)
    if version is None:
        return {}
    return json.loads((_data() / "schemas" / "resources" / f"{version}.json").read_text(encoding="utf-8"))


@cache
def _actions() -> Mapping[str, Mapping[str, Any]]:
    return json.loads((_data() / "AdditionalSpecs" / "Policies.json").read_text(encoding="utf-8"))
