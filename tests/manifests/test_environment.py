"""The waves of the environments in the repository."""

import pytest

from mlplatform.config.load import environments, load
from mlplatform.config.sections import ClusterSettings
from mlplatform.manifests import Wave, waves
from mlplatform.manifests.closure import check
from mlplatform.manifests.eks import brought_by_eks
from mlplatform.manifests.objects import Object


@pytest.mark.parametrize("name", environments())
def test_everything_that_an_environment_needs_is_there_in_time(name: str) -> None:
    assert [str(finding) for finding in check(waves(load(name)))] == []


def test_a_cluster_brings_the_driver_of_each_csi_add_on_that_it_has() -> None:
    def drivers(cluster: ClusterSettings) -> list[str]:
        return [brought.object["metadata"]["name"] for brought in brought_by_eks(cluster) if brought.object["kind"] == "CSIDriver"]

    with_efs = ClusterSettings.model_validate({"addons": {"efs_csi": True}})
    assert drivers(ClusterSettings()) == ["ebs.csi.aws.com"]
    assert drivers(with_efs) == ["ebs.csi.aws.com", "efs.csi.aws.com"]


def test_a_pod_may_rely_on_dns_and_on_the_built_in_priority_classes() -> None:
    pod: Object = {
        "apiVersion": "v1",
        "kind": "Pod",
        "metadata": {"name": "agent", "namespace": "kube-system"},
        "spec": {"priorityClassName": "system-node-critical", "containers": [{"name": "main", "args": ["kube-dns.kube-system.svc:53"]}]},
    }
    cluster = Wave("cluster", brought=tuple(brought_by_eks(ClusterSettings())))
    assert check([cluster, Wave("platform", [pod])]) == []
