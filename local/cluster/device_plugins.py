"""Which devices the device plugins of nodes register, and how many times each: from the pods that run and the files that they read.

Separate from the other agents because sharing is the plugin's own configuration, which nobody else on a node reads.
"""

from collections.abc import Iterable, Iterator, Mapping
from typing import Annotated, Any

from pydantic import BaseModel, Field, ValidationError
from ruamel.yaml import YAML, YAMLError

from mlplatform.local.cluster.api import Api, ApiError, Object

PLUGINS = {"k8s-device-plugin": "nvidia.com/gpu", "neuron-device-plugin": "aws.amazon.com/neuron"}
"""Resources by the last part of the name of the image that registers them."""
_ABSENT = 404


class _Resource(BaseModel):
    name: str
    replicas: int


class _Strategy(BaseModel):
    resources: tuple[_Resource, ...] = ()


class _Sharing(BaseModel):
    time_slicing: Annotated[_Strategy, Field(alias="timeSlicing")] = _Strategy()
    mps: _Strategy = _Strategy()


class _Configuration(BaseModel):
    """What of the plugin's configuration decides how often a device counts."""

    sharing: _Sharing = _Sharing()


def registered(api: Api) -> Mapping[str, Mapping[str, int]]:
    """Return the resources that running device plugins register, by node, each with how many of it a device counts for.

    https://github.com/NVIDIA/k8s-device-plugin/tree/v0.20.0#shared-access-to-gpus
    """
    found: dict[str, dict[str, int]] = {}
    for pod in api.get("/api/v1/pods?fieldSelector=status.phase%3DRunning")["items"]:
        if any(owner["kind"] == "DaemonSet" for owner in pod["metadata"].get("ownerReferences", ())):
            for resource in _resources(pod["spec"]["containers"]):
                found.setdefault(pod["spec"]["nodeName"], {})[resource] = _shares(api, pod, resource)
    return found


def _resources(containers: Iterable[Mapping[str, Any]]) -> set[str]:
    names = (str(container["image"]).rpartition("/")[2].partition("@")[0].partition(":")[0] for container in containers)
    return {PLUGINS[name] for name in names if name in PLUGINS}


def _shares(api: Api, pod: Object, resource: str) -> int:
    for configuration in _configurations(api, pod):
        for strategy in (configuration.sharing.time_slicing, configuration.sharing.mps):
            for entry in strategy.resources:
                if entry.name == resource:
                    return entry.replicas
    return 1


def _configurations(api: Api, pod: Object) -> Iterator[_Configuration]:
    for name in (volume["configMap"]["name"] for volume in pod["spec"].get("volumes", ()) if "configMap" in volume):
        try:
            data: Mapping[str, str] = api.get(f"/api/v1/namespaces/{pod['metadata']['namespace']}/configmaps/{name}").get("data", {})
        except ApiError as error:
            # A pod without its ConfigMap does not start on AWS; here it only has nothing to say.
            if error.status != _ABSENT:
                raise
            continue
        for text in data.values():
            yield from _read(text)


def _read(text: str) -> Iterator[_Configuration]:
    parser: Any = YAML(typ="safe")
    try:
        yield _Configuration.model_validate(parser.load(text))
    except (YAMLError, ValidationError):
        # Pods mount files of many kinds.
        return
