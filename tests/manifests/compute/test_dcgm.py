"""The metrics of GPUs."""

from typing import Any

from mlplatform.config.load import load
from mlplatform.config.settings import Settings
from mlplatform.manifests.compute import dcgm
from mlplatform.manifests.compute.labels import node_labels
from mlplatform.manifests.objects import Object
from tests.config.files import DEV, settings
from tests.manifests.compute.nodes import lands_on

SHARED = "compute: {pools: {gpu: {accelerator: nvidia, families: [g5], sharing: {strategy: time-slicing, replicas: 4}}}}"


def by_kind(here: Settings) -> dict[str, Object]:
    return {obj["kind"]: obj for obj in dcgm.objects(here)}


def variables(here: Settings) -> dict[str, Any]:
    (container,) = by_kind(here)["DaemonSet"]["spec"]["template"]["spec"]["containers"]
    return {entry["name"]: entry.get("value") for entry in container["env"]}


def test_every_gpu_node_is_measured_and_no_other() -> None:
    here = load("global-dev")
    measured = {pool.name for pool in here.compute.pools.values() if lands_on(by_kind(here)["DaemonSet"], node_labels(pool))}
    assert measured == {pool.name for pool in here.compute.gpu_pools}


def test_nothing_is_measured_where_no_pool_has_gpus() -> None:
    assert dcgm.objects(settings(DEV)) == []


def test_pods_that_share_a_gpu_are_told_apart() -> None:
    assert "KUBERNETES_VIRTUAL_GPUS" not in variables(load("global-dev"))
    assert variables(settings(f"{DEV}    {SHARED}"))["KUBERNETES_VIRTUAL_GPUS"] == "true"


def test_what_is_measured_needs_no_right_on_the_node() -> None:
    rows = by_kind(load("global-dev"))["ConfigMap"]["data"]["counters.csv"].splitlines()
    fields, kinds = zip(*((row.split(",")[0], row.split(",")[1].strip()) for row in rows), strict=True)
    assert not [field for field in fields if field.startswith("DCGM_FI_PROF_")]
    assert set(kinds) <= {"gauge", "counter", "label"}
    assert {"DCGM_FI_DEV_GPU_UTIL", "DCGM_FI_DEV_FB_USED", "DCGM_FI_DEV_XID_ERRORS"} <= set(fields)


def test_only_who_measures_everything_reaches_the_metrics_of_all_tenants() -> None:
    policy = by_kind(load("global-dev"))["NetworkPolicy"]["spec"]
    assert policy["ingress"] == [
        {
            "ports": [{"port": 9400, "protocol": "TCP"}],
            "from": [{"namespaceSelector": {"matchLabels": {"metrics.mlplatform.io/reader": "true"}}}],
        }
    ]
