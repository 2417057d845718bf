"""The device plugin: which nodes it serves, and how it shares their GPUs."""

from typing import Any

import pytest
from ruamel.yaml import YAML

from mlplatform.config.settings import Settings
from mlplatform.manifests.compute import nvidia
from mlplatform.manifests.compute.labels import GPU, node_labels
from mlplatform.manifests.objects import Object, text
from tests.config.files import PROD, settings
from tests.manifests.compute.nodes import lands_on

POOLS = f"""{PROD}
    compute:
      pools:
        jobs: {{accelerator: nvidia, families: [g4dn]}}
        notebooks: {{accelerator: nvidia, families: [g5], sharing: {{strategy: time-slicing, replicas: 4}}}}
        more: {{accelerator: nvidia, families: [g4dn], sharing: {{strategy: time-slicing, replicas: 4}}}}
        serving: {{accelerator: nvidia, families: [g5], sharing: {{strategy: mps, replicas: 2}}}}
        work: {{families: [m5]}}
"""


@pytest.fixture(scope="module")
def here() -> Settings:
    return settings(POOLS)


def of_kind(objects: list[Object], kind: str) -> dict[str, Object]:
    return {text(obj, "metadata", "name"): obj for obj in objects if text(obj, "kind") == kind}


def plugins(objects: list[Object]) -> dict[str, Object]:
    return {name: obj for name, obj in of_kind(objects, "DaemonSet").items() if name.startswith("nvidia-device-plugin")}


def pod_of(obj: Object) -> Any:
    return obj["spec"]["template"]["spec"]


def test_every_gpu_node_has_one_plugin_and_other_nodes_have_none(here: Settings) -> None:
    found = {
        pool.name: [name for name, plugin in plugins(nvidia.objects(here)).items() if lands_on(plugin, node_labels(pool))]
        for pool in here.compute.pools.values()
    }
    assert found == {
        "cpu": [],
        "work": [],
        "jobs": ["nvidia-device-plugin"],
        "notebooks": ["nvidia-device-plugin-time-slicing-4"],
        "more": ["nvidia-device-plugin-time-slicing-4"],
        "serving": ["nvidia-device-plugin-mps-2"],
    }


def test_an_environment_without_gpu_pools_has_no_plugin() -> None:
    assert nvidia.objects(settings(PROD)) == []


def test_no_plugin_is_without_nodes() -> None:
    only_shared = settings(
        f"{PROD}    compute: {{pools: {{gpu: {{accelerator: nvidia, families: [g5], sharing: {{strategy: mps, replicas: 2}}}}}}}}"
    )
    assert list(plugins(nvidia.objects(only_shared))) == ["nvidia-device-plugin-mps-2"]


def test_a_shared_gpu_counts_as_many_as_its_pool_says(here: Settings) -> None:
    parser: Any = YAML(typ="safe")
    files = {name: parser.load(obj["data"]["config.yaml"]) for name, obj in of_kind(nvidia.objects(here), "ConfigMap").items()}
    assert {name: file["sharing"] for name, file in files.items()} == {
        "nvidia-device-plugin-time-slicing-4": {
            "timeSlicing": {"failRequestsGreaterThanOne": True, "resources": [{"name": GPU, "replicas": 4}]}
        },
        "nvidia-device-plugin-mps-2": {"mps": {"resources": [{"name": GPU, "replicas": 2}]}},
    }


def test_each_plugin_reads_its_own_configuration(here: Settings) -> None:
    objects = nvidia.objects(here)
    for name, plugin in plugins(objects).items():
        sources = [volume["configMap"]["name"] for volume in pod_of(plugin)["volumes"] if "configMap" in volume]
        variables = {entry["name"]: entry["value"] for entry in pod_of(plugin)["containers"][0].get("env", [])}
        assert sources == ([name] if name in of_kind(objects, "ConfigMap") else [])
        assert ("CONFIG_FILE" in variables) == bool(sources)


def test_mps_has_its_daemon_on_the_nodes_that_share_by_it_and_the_plugin_waits_for_it(here: Settings) -> None:
    daemons = of_kind(nvidia.objects(here), "DaemonSet")
    daemon, plugin = daemons["nvidia-mps-2"], daemons["nvidia-device-plugin-mps-2"]
    served = [pool.name for pool in here.compute.pools.values() if lands_on(daemon, node_labels(pool))]
    assert served == ["serving"]
    assert pod_of(plugin)["initContainers"][0]["command"][-1].startswith("until [ -e /mps/.ready ]")
    shared = {volume["hostPath"]["path"] for volume in pod_of(daemon)["volumes"] if "hostPath" in volume}
    assert shared <= {volume["hostPath"]["path"] for volume in pod_of(plugin)["volumes"] if "hostPath" in volume}
