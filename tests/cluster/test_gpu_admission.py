"""What the platform's policies make of users' pods, on a real API server.

Pods are sent as a dry run, which goes through admission and is not kept, unless a controller must see them.
"""

import copy
import json
from collections.abc import Generator
from contextlib import contextmanager
from typing import Any
from uuid import uuid4

import pytest

from mlplatform.config.load import load
from mlplatform.local.cluster.nodes import JoiningNode, Nodes, Taint
from mlplatform.manifests.compute import admission
from mlplatform.manifests.compute.labels import GPU, TENANT
from tests.cluster.cluster import Cluster, Object, RefusedError

CHINA = load("china-prod")
COPIES = "123456789012.dkr.ecr.cn-north-1.amazonaws.com.cn/mlplatform"
TOLERATION = {"key": GPU, "operator": "Exists", "effect": "NoSchedule"}
ONE_GPU = {"limits": {GPU: "1"}}


@pytest.fixture(scope="module")
def bystander(cluster: Cluster) -> Generator[str]:
    """A namespace that is no tenant's."""
    with new_namespace(cluster) as name:
        yield name


@pytest.fixture(scope="module")
def tenant(cluster: Cluster, bystander: str) -> Generator[str]:
    """A tenant's namespace, in which the policies act."""
    with new_namespace(cluster, TENANT) as name, policies(cluster, name, bystander, "kube-system"):
        yield name


@contextmanager
def new_namespace(cluster: Cluster, labels: Any = None) -> Generator[str]:
    name = f"test-{uuid4().hex[:12]}"
    cluster.apply({"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": name, "labels": labels or {}}})
    cluster.wait("serviceaccount/default", "create", name)
    try:
        yield name
    finally:
        cluster.kubectl("delete", "namespace", name, "--wait=false")


@contextmanager
def policies(cluster: Cluster, tenant: str, *others: str) -> Generator[None]:
    """Let the environment's policies act, each where it does on AWS and yet in these namespaces only: the cluster is shared."""
    made = [narrowed(obj, [tenant, *others]) for obj in admission.objects(CHINA)]
    cluster.apply(*made)
    try:
        await_policies(cluster, tenant)
        yield
    finally:
        cluster.kubectl("delete", *(f"{obj['kind']}/{obj['metadata']['name']}" for obj in made))


def narrowed(obj: Any, namespaces: list[str]) -> Object:
    made: Object = copy.deepcopy(obj)
    made["metadata"]["name"] += f"-{namespaces[0]}"
    if made["kind"].endswith("Binding"):
        made["spec"]["policyName"] = made["metadata"]["name"]
        return made
    selector = made["spec"]["matchConstraints"]["namespaceSelector"]
    here = {"key": "kubernetes.io/metadata.name", "operator": "In", "values": namespaces}
    selector["matchExpressions"] = [*selector.get("matchExpressions", []), here]
    return made


def await_policies(cluster: Cluster, tenant: str) -> None:
    """Make pods until every policy acts: the API server takes them up a moment after they were made."""
    work = pod("busybox", resources=ONE_GPU)
    work["metadata"]["labels"] = {"notebook-name": "mine"}
    cluster.apply(pod("localhost/debugged", name="debugged"), namespace=tenant)
    for _ in range(100):
        made = admitted(cluster, tenant, work)
        acted = [TOLERATION in made["spec"]["tolerations"], disturbed(made) == "true", images(made)[0] != "busybox"]
        if all(acted) and debug(cluster, tenant, "debugged", "busybox")[-1] != "busybox":
            return
    pytest.fail("the policies do not act")


def pod(image: str = "localhost/train:1", *, name: str = "train", resources: Any = None, **spec: Any) -> Object:
    container: Object = {"name": "main", "image": image, "resources": resources or {}}
    return {"apiVersion": "v1", "kind": "Pod", "metadata": {"name": name}, "spec": {"containers": [container], **spec}}


def admitted(cluster: Cluster, namespace: str, sent: Object) -> Object:
    """Return what the API server would keep."""
    arguments = ("create", f"--namespace={namespace}", "--dry-run=server", "--output=json", "--filename=-")
    return json.loads(cluster.kubectl(*arguments, stdin=json.dumps(sent)))


def added(cluster: Cluster, namespace: str, sent: Object) -> list[Object]:
    """Return the tolerations of a pod that Kubernetes itself does not add."""
    own = ("node.kubernetes.io/not-ready", "node.kubernetes.io/unreachable")
    return [entry for entry in admitted(cluster, namespace, sent)["spec"]["tolerations"] if entry.get("key") not in own]


def disturbed(obj: Object) -> str | None:
    return obj["metadata"].get("annotations", {}).get("karpenter.sh/do-not-disrupt")


def images(obj: Object) -> list[str]:
    containers = [*obj["spec"].get("initContainers", []), *obj["spec"]["containers"]]
    return [container["image"] for container in containers]


def debug(cluster: Cluster, namespace: str, name: str, image: str) -> list[str]:
    """Let somebody debug a pod, and return the images of those who did."""
    cluster.kubectl("debug", name, f"--namespace={namespace}", f"--image={image}", "--quiet", "--attach=false")
    found = cluster.get(f"pod/{name}", namespace=namespace)
    return [container["image"] for container in found["spec"]["ephemeralContainers"]]


def pods_of(cluster: Cluster, namespace: str, label: str) -> list[Object]:
    """Return the pods that a controller made, once there are any."""
    for _ in range(100):
        if found := cluster.get("pods", f"--selector={label}", namespace=namespace)["items"]:
            return found
    pytest.fail(f"no pod has {label}")


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


@pytest.mark.parametrize(
    ("brought", "pulled"),
    [
        ("python:3.12", "docker.io/library/python:3.12"),
        ("docker.io/python", "docker.io/library/python"),
        ("index.docker.io/library/python:3.12", "docker.io/library/python:3.12"),
        ("team/train:1", "docker.io/team/train:1"),
        ("registry-1.docker.io/team/sub/train", "docker.io/team/sub/train"),
        ("ghcr.io/kubeflow/katib/pytorch-mnist-gpu:v0.19.0", "ghcr.io/kubeflow/katib/pytorch-mnist-gpu:v0.19.0"),
        ("us-docker.pkg.dev/project/repository/train:1", "us-docker.pkg.dev/project/repository/train:1"),
        (f"nvcr.io/nvidia/pytorch@sha256:{'0' * 64}", f"nvcr.io/nvidia/pytorch@sha256:{'0' * 64}"),
    ],
)
def test_a_tenants_image_of_a_public_registry_is_pulled_from_its_copy(cluster: Cluster, tenant: str, brought: str, pulled: str):
    assert images(admitted(cluster, tenant, pod(brought))) == [f"{COPIES}/{pulled}"]


@pytest.mark.parametrize(
    "image",
    [
        f"{COPIES}/docker.io/library/python:3.12",
        "123456789012.dkr.ecr.cn-north-1.amazonaws.com.cn/team/train:1",
        "918309763551.dkr.ecr.cn-north-1.amazonaws.com.cn/eks/pause:3.10",
        "harbor.example.com.cn/team/train:1",
        "registry:5000/team/train:1",
        "localhost/train:1",
        "notgcr.io/team/train:1",
    ],
)
def test_an_image_of_another_registry_is_left_as_it_is(cluster: Cluster, tenant: str, image: str):
    assert images(admitted(cluster, tenant, pod(image))) == [image]


def test_every_place_where_a_pod_names_an_image_is_rewritten_and_nothing_else(cluster: Cluster, tenant: str, bystander: str):
    sent = pod("train:1", volumes=[{"name": "model", "image": {"reference": "quay.io/team/model:1"}}, {"name": "scratch", "emptyDir": {}}])
    sent["spec"]["initContainers"] = [
        {"name": "fetch", "image": "quay.io/team/fetch:1", "command": ["fetch"], "env": [{"name": "FROM", "value": "quay.io/team/data"}]},
        {"name": "proxy", "image": "quay.io/team/proxy:1", "restartPolicy": "Always"},
    ]
    sent["spec"]["containers"].append({"name": "beside", "image": "train:1", "volumeMounts": [{"name": "model", "mountPath": "/model"}]})
    here, there = (admitted(cluster, namespace, sent) for namespace in (tenant, bystander))
    expected = ["quay.io/team/fetch:1", "quay.io/team/proxy:1", "docker.io/library/train:1", "docker.io/library/train:1"]
    assert images(here) == [f"{COPIES}/{image}" for image in expected]
    assert here["spec"]["volumes"][0]["image"]["reference"] == f"{COPIES}/quay.io/team/model:1"
    assert without_images(here) == without_images(there)


def test_a_pod_elsewhere_pulls_what_it_names(cluster: Cluster, tenant: str, bystander: str):
    assert tenant != bystander
    assert images(admitted(cluster, bystander, pod("quay.io/team/train:1"))) == ["quay.io/team/train:1"]


def test_what_went_through_once_goes_through_again_unchanged(cluster: Cluster, tenant: str):
    sent = pod("team/train:1", resources=ONE_GPU)
    sent["metadata"]["labels"] = {"notebook-name": "mine"}
    once = admitted(cluster, tenant, sent)
    again = {**once, "metadata": {key: once["metadata"][key] for key in ("name", "labels", "annotations")}, "status": {}}
    twice = admitted(cluster, tenant, again)
    assert twice["spec"] == once["spec"]
    assert disturbed(twice) == "true"


def test_who_debugs_a_pod_that_runs_pulls_a_copy(cluster: Cluster, tenant: str):
    cluster.apply(pod(name="runs"), namespace=tenant)
    assert debug(cluster, tenant, "runs", "quay.io/team/shell:1") == [f"{COPIES}/quay.io/team/shell:1"]
    assert debug(cluster, tenant, "runs", "busybox") == [f"{COPIES}/quay.io/team/shell:1", f"{COPIES}/docker.io/library/busybox"]


def test_a_pod_that_was_debugged_before_can_be_debugged_again(cluster: Cluster, tenant: str, bystander: str):
    assert tenant != bystander
    cluster.apply(pod(name="runs"), namespace=bystander)
    assert debug(cluster, bystander, "runs", "busybox") == ["busybox"]
    with labelled(cluster, bystander):
        assert debug(cluster, bystander, "runs", "busybox") == ["busybox", f"{COPIES}/docker.io/library/busybox"]


@contextmanager
def labelled(cluster: Cluster, namespace: str) -> Generator[None]:
    """Let a namespace be a tenant's for a while."""
    for key, value in TENANT.items():
        cluster.kubectl("label", "namespace", namespace, f"{key}={value}")
    await_image(cluster, namespace, f"{COPIES}/docker.io/library/busybox")
    try:
        yield
    finally:
        cluster.kubectl("label", "namespace", namespace, *(f"{key}-" for key in TENANT))
        await_image(cluster, namespace, "busybox")


def await_image(cluster: Cluster, namespace: str, image: str) -> None:
    for _ in range(100):
        if images(admitted(cluster, namespace, pod("busybox"))) == [image]:
            return
    pytest.fail(f"no pod gets {image}")


def without_images(obj: Object) -> Object:
    spec: Object = copy.deepcopy(obj["spec"])
    for container in (*spec["containers"], *spec["initContainers"]):
        del container["image"]
        container["volumeMounts"] = [mount for mount in container["volumeMounts"] if "serviceaccount" not in mount["mountPath"]]
    spec["volumes"] = [volume for volume in spec["volumes"] if volume["name"] == "scratch"]
    return spec
