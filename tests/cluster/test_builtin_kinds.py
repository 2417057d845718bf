"""What the closure check takes for built in, against a real API server."""

import json

from mlplatform.config.versions import MATCHED_SETS
from mlplatform.manifests.closure import builtin
from mlplatform.manifests.objects import qualified, text
from tests.cluster.cluster import Cluster

# The aggregator marks so what the API server itself serves, and leaves it from what definitions and other servers add:
# https://github.com/kubernetes/kubernetes/blob/v1.36.3/staging/src/k8s.io/kube-aggregator/pkg/controllers/autoregister/autoregister_controller.go
OWN = "kube-aggregator.kubernetes.io/automanaged=onstart"


def discovered(cluster: Cluster) -> dict[str, dict[str, bool]]:
    """Return the kinds that the API server itself serves, as `builtin.served` does."""
    kinds: dict[str, dict[str, bool]] = {}
    services = [
        (each["spec"].get("group", ""), each["spec"]["version"]) for each in cluster.get("apiservices", f"--selector={OWN}")["items"]
    ]
    for group, version in [*services, ("apiregistration.k8s.io", "v1")]:  # the aggregator's own group is no APIService
        path = f"/apis/{group}/{version}" if group else f"/api/{version}"
        for resource in json.loads(cluster.kubectl("get", "--raw", path))["resources"]:
            if "/" not in resource["name"]:  # a subresource has its parent's kind, or one that is only sent
                kinds.setdefault(qualified(resource["kind"], group), {})[version] = resource["namespaced"]
    return kinds


def test_the_table_has_every_kind_that_the_api_server_serves_and_no_other(local_cluster: Cluster) -> None:
    assert builtin.served() == discovered(local_cluster)


def test_the_table_is_of_the_kubernetes_that_environments_get() -> None:
    assert set(MATCHED_SETS) == {builtin.KUBERNETES}


def test_what_is_held_from_the_start_is_there(cluster: Cluster) -> None:
    for brought in builtin.held():
        kind, name = text(brought.object, "kind"), text(brought.object, "metadata", "name")
        namespace = text(brought.object, "metadata", "namespace")
        assert cluster.get(f"{kind.lower()}/{name}", namespace=namespace or None)["metadata"]["name"] == name
