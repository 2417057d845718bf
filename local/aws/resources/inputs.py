"""CloudFormation properties as the input of a service's API, led by botocore's model of that API.

Separate because CloudFormation spells the same structures in its own case and hands scalars over as text, for every service alike.
"""

import json
from collections.abc import Mapping
from typing import Any, cast

from botocore.model import ListShape, MapShape, Shape, StructureShape

from mlplatform.local.aws.resources.contract import ResourceFailedError

_TRUTH = {"true": True, "false": False}


def fit(client: Any, method: str, values: Mapping[str, Any], *, renamed: Mapping[str, str] | None = None) -> dict[str, Any]:
    """Return `values` as keyword arguments of the client's method.

    Args:
        client: a boto3 client.
        method: its method's name, `create_cluster`.
        values: properties, by CloudFormation's names; the members are found whatever their case.
        renamed: the API's name of a property, at any depth, where the two differ in more than case.

    Raises:
        ResourceFailedError: a key that the API has not, or a scalar that is not of the API's type; the message has its path.
    """
    operation = client.meta.service_model.operation_model(client.meta.method_to_api_mapping[method])
    fitted: dict[str, Any] = _fit(operation.input_shape, values, "", renamed or {})
    return fitted


def text_of(document: Any, path: str = "PolicyDocument") -> str:
    """Return a policy document, given as an object or as JSON text, as JSON text."""
    if not isinstance(document, str):
        return json.dumps(document)
    try:
        parsed = json.loads(document)
    except json.JSONDecodeError as error:
        raise ResourceFailedError(f"{path}: is no JSON: {error}; got {document[:80]!r}") from None
    if not isinstance(parsed, dict):
        raise ResourceFailedError(f"{path}: must be a JSON object, got {document[:80]!r}")
    return json.dumps(parsed)


def nested(properties: Mapping[str, Any], *path: str) -> Any:
    """Return what is at a path of keys, or None where a key of it is missing."""
    value: Any = properties
    for key in path:
        value = cast("Mapping[str, Any]", value).get(key) if isinstance(value, Mapping) else None
    return value


def truth(value: Any, path: str) -> bool:
    """Return a boolean property, which templates also write as text."""
    known = value if isinstance(value, bool) else _TRUTH.get(str(value).lower())
    if known is None:
        raise ResourceFailedError(f"{path}: must be true or false, got {value!r}")
    return known


def _fit(shape: Shape, value: Any, path: str, renamed: Mapping[str, str]) -> Any:
    if isinstance(shape, StructureShape):
        return _structure(shape, value, path, renamed)
    if isinstance(shape, ListShape):
        if not isinstance(value, list):
            raise ResourceFailedError(f"{path}: must be a list, got {value!r}")
        return [_fit(shape.member, item, f"{path}[{index}]", renamed) for index, item in enumerate(cast("list[Any]", value))]
    if isinstance(shape, MapShape):
        return {key: _fit(shape.value, item, f"{path}.{key}", renamed) for key, item in _object(value, path).items()}
    return _scalar(shape, value, path)


def _structure(shape: StructureShape, value: Any, path: str, renamed: Mapping[str, str]) -> dict[str, Any]:
    members = {name.lower(): name for name in shape.members}
    fitted: dict[str, Any] = {}
    for key, item in _object(value, path).items():
        name = members.get(renamed.get(key, key).lower())
        inner = f"{path}.{key}" if path else key
        if name is None:
            raise ResourceFailedError(
                f"{inner}: the local AWS does not play this property; the service's API takes {', '.join(shape.members)}"
            )
        fitted[name] = _fit(shape.members[name], item, inner, renamed)
    return fitted


def _object(value: Any, path: str) -> Mapping[str, Any]:
    if not isinstance(value, Mapping):
        raise ResourceFailedError(f"{path}: must be an object, got {value!r}")
    return cast("Mapping[str, Any]", value)


def _scalar(shape: Shape, value: Any, path: str) -> Any:
    if shape.type_name == "boolean":
        return truth(value, path)
    if shape.type_name in {"integer", "long", "float", "double"}:
        try:
            return int(value) if shape.type_name in {"integer", "long"} else float(value)
        except (TypeError, ValueError):
            raise ResourceFailedError(f"{path}: must be a number, got {value!r}") from None
    if shape.type_name == "string":
        # Documents (policies, Step Functions definitions) are text in the APIs and objects in templates.
        return value if isinstance(value, str) else json.dumps(value)
    return value
