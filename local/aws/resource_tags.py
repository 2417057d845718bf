"""The tags of resources that a call names, before the call changes or ends them.

Separate because it is the one question that the record of calls asks the services.
"""

import re
from collections.abc import Callable, Iterator, Mapping
from typing import Any, cast

from moto.ec2.models import ec2_backends
from moto.eks.models import eks_backends
from moto.iam.models import iam_backends

from mlplatform.local.aws.account import played_account
from mlplatform.local.aws.regions import partition_of

_EC2_ID = re.compile(r"[a-z]+(-[a-z]+)?-[0-9a-f]{8,17}")

Tags = dict[str, Mapping[str, str]]


def tags_named(service: str, region: str, parameters: Mapping[str, Any]) -> Tags:
    """Return the tags of each existing resource of EC2, EKS and IAM that the parameters name, by that id or name."""
    find = _FINDERS.get(service)
    return {name: dict(tags) for name, tags in find(region, parameters) if tags} if find else {}


def _ec2(region: str, parameters: Mapping[str, Any]) -> Iterator[tuple[str, Mapping[str, str]]]:
    backend: Any = cast("Any", ec2_backends)[played_account()][region]
    for key, text in _texts(parameters):
        named = backend.launch_template_name_to_ids.get(text) if key == "LaunchTemplateName" else None
        if named or _EC2_ID.fullmatch(text):
            yield text, backend.tags.get(named or text, {})


def _iam(region: str, parameters: Mapping[str, Any]) -> Iterator[tuple[str, Mapping[str, str]]]:
    backend: Any = cast("Any", iam_backends)[played_account()][partition_of(region).name]
    for key, holders in (("InstanceProfileName", backend.instance_profiles), ("RoleName", backend.roles)):
        if name := parameters.get(key):
            held = next((holder for holder in holders.values() if holder.name == name), None)
            yield name, _pairs(held.tags) if held else {}


def _eks(region: str, parameters: Mapping[str, Any]) -> Iterator[tuple[str, Mapping[str, str]]]:
    backend: Any = cast("Any", eks_backends)[played_account()][region]
    for key in ("name", "clusterName"):
        cluster = backend.clusters.get(parameters.get(key))
        if cluster:
            yield parameters[key], cluster.tags or {}


def _pairs(tags: Any) -> dict[str, str]:
    # moto keeps a profile's tags as a list, and a role's by their names in lower case.
    entries = cast("dict[str, Any]", tags).values() if isinstance(tags, dict) else tags
    return {entry["Key"]: entry["Value"] for entry in entries}


def _texts(value: Any, key: str = "") -> Iterator[tuple[str, str]]:
    if isinstance(value, str):
        yield key, value
    elif isinstance(value, Mapping):
        for name, inner in cast("Mapping[str, Any]", value).items():
            yield from _texts(inner, name)
    elif isinstance(value, list):
        for inner in cast("list[Any]", value):
            yield from _texts(inner, key)


_FINDERS: dict[str, Callable[[str, Mapping[str, Any]], Iterator[tuple[str, Mapping[str, str]]]]] = {"ec2": _ec2, "eks": _eks, "iam": _iam}
