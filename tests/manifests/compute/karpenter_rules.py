"""What an API server would say of an object of Karpenter's kinds: its schema, closed, and its rules in CEL.

Separate from the tests because it is the API server's part, done here without one. Rules about changes are left out: there is
nothing before. A list of what is wrong is returned, as the API server does.
"""

import json
import re
from collections.abc import Iterator
from functools import cache
from typing import Any, cast

import celpy
import jsonschema
from celpy import celtypes
from celpy.adapter import json_to_cel

from tests.config import karpenter_source

Json = dict[str, Any]


def complaints(item: Json) -> list[str]:
    """Return everything that Karpenter's definitions refuse of an object."""
    return list(_complaints(item["kind"], item["apiVersion"].partition("/")[2], json.dumps(item["spec"])))


@cache
def _complaints(kind: str, version: str, text: str) -> tuple[str, ...]:
    versions = karpenter_source.definitions()[kind]["spec"]["versions"]
    schema = next(found for found in versions if found["name"] == version)["schema"]["openAPIV3Schema"]["properties"]["spec"]
    spec = json.loads(text)
    validator: Any = jsonschema.Draft202012Validator(_closed(schema))
    said = tuple(f"{'.'.join(map(str, error.absolute_path))}: {error.message}" for error in validator.iter_errors(spec))
    # CEL is run on what has the right shape alone.
    return said or tuple(f"{path}: {message}" for path, message in _broken(schema, spec, "spec"))


def rules() -> Iterator[str]:
    """Yield every rule of every kind."""
    yield from _rules(karpenter_source.definitions())


def compile_rule(rule: str) -> None:
    """Compile a rule as `complaints` does.

    Raises:
        celpy.CELParseError: It is no CEL.
    """
    _program(rule)


def _rules(node: Any) -> Iterator[str]:
    inner = cast("Json", node).values() if isinstance(node, dict) else cast("list[Any]", node) if isinstance(node, list) else ()
    if isinstance(node, dict):
        yield from (validation["rule"] for validation in cast("Json", node).get("x-kubernetes-validations", []))
    for item in inner:
        yield from _rules(item)


def _closed(schema: Any) -> Any:
    """Return a schema in which a field that is not named is an error: the API server drops it, and nobody notices."""
    if isinstance(schema, list):
        return [_closed(item) for item in cast("list[Any]", schema)]
    if not isinstance(schema, dict):
        return schema
    made: Json = {key: _closed(value) for key, value in cast("Json", schema).items()}
    if isinstance(made.get("properties"), dict) and made.get("type") == "object" and "additionalProperties" not in made:
        made["additionalProperties"] = False
    return made


def _broken(schema: Json, value: Any, path: str) -> Iterator[tuple[str, str]]:
    for validation in schema.get("x-kubernetes-validations", []):
        if "oldSelf" not in validation["rule"] and not _holds(validation["rule"], value):
            yield path, validation.get("message", validation["rule"])
    if isinstance(value, dict):
        of_any = schema.get("additionalProperties", {})
        for key, inner in cast("Json", value).items():
            yield from _broken(schema.get("properties", {}).get(key, of_any if isinstance(of_any, dict) else {}), inner, f"{path}.{key}")
    elif isinstance(value, list):
        for position, inner in enumerate(cast("list[Any]", value)):
            yield from _broken(schema.get("items", {}), inner, f"{path}[{position}]")


def _holds(rule: str, value: Any) -> bool:
    return bool(_program(rule).evaluate({"self": json_to_cel(value)}))


@cache
def _program(rule: str) -> Any:
    environment: Any = celpy.Environment()
    # Kubernetes' additions to CEL: https://kubernetes.io/docs/reference/using-api/cel/#kubernetes-list-library
    return environment.program(environment.compile(rule), functions={"find": _find, "split": _split})


def _find(text: celtypes.StringType, pattern: celtypes.StringType) -> celtypes.StringType:
    match = re.search(str(pattern), str(text))
    return celtypes.StringType(match[0] if match else "")


def _split(text: celtypes.StringType, separator: celtypes.StringType) -> celtypes.ListType:
    return celtypes.ListType([celtypes.StringType(part) for part in str(text).split(str(separator))])
