"""What ConfigMaps and Secrets hold: keys, settings of files that parse, and never a secret.

Separate because files are read here, each in the format that it is written in.
"""

import tomllib
from collections.abc import Iterator, Mapping
from typing import Any, cast

from ruamel.yaml import YAML
from ruamel.yaml.error import YAMLError

from mlplatform.manifests.conformance.facts.installed import Installed, data_of
from mlplatform.manifests.conformance.facts.texts import Line, assigned, leaves
from mlplatform.manifests.objects import Object, kind_of, text


def of_data(obj: Object, _: Installed) -> Iterator[Line]:
    """Yield the keys, and of a ConfigMap what its files set."""
    for key, value in data_of(obj).items():
        yield "keys", key
        if kind_of(obj) == "ConfigMap":
            yield from (("settings", line) for line in _settings(key, value))
    if (kind := text(obj, "type")) and kind != "Opaque":
        yield "type", kind


def _settings(key: str, value: str) -> Iterator[str]:
    if "\n" not in value.strip() and not value.lstrip().startswith(("{", "[")):
        yield assigned(key, value)
    elif (parsed := _parsed(key, value)) is not None:
        yield from (f"{key}: {leaf}" for leaf in leaves(parsed))


def _parsed(key: str, value: str) -> Mapping[str, Any] | list[Any] | None:
    """Return what a file says, None where it is of no format that says names and values."""
    parser: Any = YAML(typ="safe", pure=True)
    try:
        found = tomllib.loads(value) if key.endswith((".cfg", ".toml")) else parser.load(value)
    except (tomllib.TOMLDecodeError, YAMLError):
        return None
    return cast("Mapping[str, Any] | list[Any]", found) if isinstance(found, Mapping | list) else None
