"""What the platform's policies make of pods that ask for a GPU, and of pods that do work, on a real API server."""

from typing import Any
from uuid import uuid4

import pytest

from mlplatform.local.cluster.nodes import JoiningNode, Nodes, Taint
from mlplatform.manifests.compute.labels import GPU
from tests.cluster.admission.pods import ONE_GPU, TOLERATION, admitted, disturbed, pod, pods_of
from tests.cluster.cluster import Cluster, Object, RefusedError


@pytest.mark.parametrize(
    "sent",
    [
        pod(resources=ONE_GPU),
        pod(resources={"limits": {GPU: 2}, "requests": {GPU: 2, "cpu": "1"}}),
        pod(initContainers=[{"name": "warm-up", "image": "localhost/warm:1", "resources": ONE_GPU}]),
        pod(initContainers=[{"name": "server", "image": "localhost/serve:1", "restartPolicy": "Always", "resources": ONE_GPU}]),
    ],
    ids=["container", "requested-too", "init-container", "sidecar"],
)
def test_a_pod_that_asks_for_a_gpu_tolerates_gpu_nodes(cluster: Cluster, tenant: str, sent: Object):
    assert added(cluster, tenant, sent) == [TOLERATION]


@pytest.mark.parametrize("resources", [{}, {"limits": {"cpu": "1", "memory": "1Gi"}}, {"limits": {GPU: "0"}}], ids=str)
def test_a_pod_that_asks_for_no_gpu_does_not_tolerate_gpu_nodes(cluster: Cluster, tenant: str, resources: Any):
    assert added(cluster, tenant, pod(resources=resources)) == []


@pytest.mark.parametrize(
    "toleration",
    [
        {"key": GPU, "operator": "Exists"},
        {"key": GPU, "operator": "Equal", "effect": "NoSchedule"},
        {"operator": "Exists", "effect": "NoSchedule"},
        {"operator": "Exists"},
    ],
    ids=str,
)
def test_a_pod_that_tolerates_gpu_nodes_already_is_left_as_it_is(cluster: Cluster, tenant: str, toleration: Object):
    assert added(cluster, tenant, pod(resources=ONE_GPU, tolerations=[toleration])) == [toleration]


@pytest.mark.parametrize(
    "toleration",
    [
        {"key": GPU, "operator": "Exists", "effect": "NoExecute"},
        {"key": GPU, "operator": "Equal", "value": "present", "effect": "NoSchedule"},
        {"key": "example.com/team", "operator": "Exists"},
    ],
    ids=str,
)
def test_other_tolerations_of_a_pod_are_kept_beside_the_new_one(cluster: Cluster, tenant: str, toleration: Object):
    found = added(cluster, tenant, pod(resources=ONE_GPU, tolerations=[toleration]))
    assert found == [toleration, TOLERATION]


def test_a_gpu_that_is_only_requested_is_refused_so_limits_say_who_asks(cluster: Cluster, tenant: str):
    with pytest.raises(RefusedError, match="Limit must be set for non overcommitable resources"):
        admitted(cluster, tenant, pod(resources={"requests": {GPU: "1"}}))


def test_nothing_but_the_toleration_is_added_to_a_pod_that_asks_for_a_gpu(cluster: Cluster, tenant: str):
    with_gpu = admitted(cluster, tenant, pod(resources={"limits": {"cpu": "1", GPU: "1"}}))["spec"]
    without = admitted(cluster, tenant, pod(resources={"limits": {"cpu": "1"}}))["spec"]
    assert set(with_gpu) == set(without)
    assert all(with_gpu[field] == without[field] for field in without if field not in {"containers", "tolerations", "volumes"})


@pytest.mark.usefixtures("tenant")
def test_pods_of_the_cluster_itself_are_left_alone(cluster: Cluster):
    sent = pod(resources=ONE_GPU)
    sent["metadata"]["labels"] = {"notebook-name": "mine"}
    assert added(cluster, "kube-system", sent) == []
    assert disturbed(admitted(cluster, "kube-system", sent)) is None


@pytest.mark.parametrize("label", ["katib.kubeflow.org/trial", "workflows.argoproj.io/workflow", "notebook-name"])
def test_trials_pipeline_steps_and_notebooks_are_not_disrupted(cluster: Cluster, tenant: str, label: str):
    sent = pod()
    sent["metadata"]["labels"] = {label: "mine"}
    assert disturbed(admitted(cluster, tenant, sent)) == "true"


def test_what_a_user_says_about_disruption_holds(cluster: Cluster, tenant: str):
    sent = pod()
    sent["metadata"] |= {"labels": {"notebook-name": "mine"}, "annotations": {"karpenter.sh/do-not-disrupt": "4h"}}
    assert disturbed(admitted(cluster, tenant, sent)) == "4h"


def test_a_deployment_may_be_disrupted_because_its_pods_come_back(cluster: Cluster, tenant: str):
    template = {"metadata": {"labels": {"app": "serve"}}, "spec": pod(resources=ONE_GPU)["spec"]}
    spec = {"selector": {"matchLabels": {"app": "serve"}}, "template": template}
    cluster.apply({"apiVersion": "apps/v1", "kind": "Deployment", "metadata": {"name": "serve"}, "spec": spec}, namespace=tenant)
    (made,) = pods_of(cluster, tenant, "app=serve")
    cluster.kubectl("delete", "deployment/serve", "--cascade=foreground", f"--namespace={tenant}")
    assert disturbed(made) is None
    assert TOLERATION in made["spec"]["tolerations"]


def test_a_trial_that_only_adds_the_resource_gets_a_gpu_node(local_cluster: Cluster, tenant: str, nodes: Nodes):
    node = f"gpu-{tenant}"
    joining = JoiningNode(
        name=node,
        instance_id=f"i-{uuid4().hex[:17]}",
        instance_type="g4dn.xlarge",
        region="cn-north-1",
        zone="cn-north-1a",
        taints=[Taint(GPU, "NoSchedule")],
        devices={GPU: 1},
    )
    # As Katib makes it of the trial's template, https://www.kubeflow.org/docs/components/katib/user-guides/trial-template/
    spec = pod("localhost/pytorch-mnist:1", resources=ONE_GPU)["spec"] | {"restartPolicy": "Never"}
    job = {
        "apiVersion": "batch/v1",
        "kind": "Job",
        "metadata": {"name": "random-example-x7k2", "labels": {"katib.kubeflow.org/experiment": "random-example"}},
        "spec": {"template": {"spec": spec}},
    }
    nodes.add(joining)
    try:
        local_cluster.apply(job, namespace=tenant)
        label = "job-name=random-example-x7k2"
        (trial,) = pods_of(local_cluster, tenant, label)
        assert disturbed(trial) == "true"
        local_cluster.wait(f"pod/{trial['metadata']['name']}", "condition=PodScheduled", tenant)
        (trial,) = pods_of(local_cluster, tenant, label)
        assert trial["spec"]["nodeName"] == node
    finally:
        nodes.remove(node)


def added(cluster: Cluster, namespace: str, sent: Object) -> list[Object]:
    """Return the tolerations of a pod that Kubernetes itself does not add."""
    own = ("node.kubernetes.io/not-ready", "node.kubernetes.io/unreachable")
    return [entry for entry in admitted(cluster, namespace, sent)["spec"]["tolerations"] if entry.get("key") not in own]
