"""Karpenter's custom resource definitions, as the release that runs here carries them.

Separate because they are read from Karpenter's own Go module: no copy of them is kept that could be of another release.
"""

from functools import cache
from typing import Any, cast

from ruamel.yaml import YAML

from mlplatform.local.cluster.api import Api, Object
from mlplatform.local.cluster.catalogue import KARPENTER
from mlplatform.local.cluster.golang import module_folder

_PATH = "/apis/apiextensions.k8s.io/v1/customresourcedefinitions"


@cache
def karpenter_crds() -> tuple[Object, ...]:
    """Return NodePool, NodeClaim, NodeOverlay, EC2NodeClass and CapacityBuffer.

    Raises:
        ProgramsUnavailableError: Karpenter's module is neither in Go's cache nor to be had.
    """
    parser: Any = YAML(typ="safe")
    files = sorted((module_folder(KARPENTER.folder, KARPENTER.release) / "pkg" / "apis" / "crds").glob("*.yaml"))
    return tuple(cast("Object", parser.load(file)) for file in files)


def install_crds(api: Api) -> None:
    """Give a cluster Karpenter's definitions, where no release of Helm's has."""
    for definition in karpenter_crds():
        api.apply(f"{_PATH}/{definition['metadata']['name']}", definition)


def crds_established(api: Api) -> bool:
    """Say whether the API server serves them all."""
    served = {item["metadata"]["name"]: item for item in api.get(_PATH)["items"]}
    return all(_is_established(served.get(definition["metadata"]["name"], {})) for definition in karpenter_crds())


def _is_established(definition: Object) -> bool:
    conditions: list[dict[str, str]] = definition.get("status", {}).get("conditions") or []
    return any(condition["type"] == "Established" and condition["status"] == "True" for condition in conditions)
