"""Sign-in as on EKS: a token, STS, an access entry, and Kubernetes' own authorizer."""

import json
import subprocess
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from mlplatform.local.cluster.access import AccessEntry, PolicyAssociation
from mlplatform.local.cluster.kubeconfig import read_kubeconfig, write_kubeconfig
from mlplatform.local.programs import kubectl_path
from tests.cluster.cluster import Cluster, RefusedError
from tests.cluster.shared_plane import let_in
from tests.local.cluster.tokens import eks_token

ACCOUNT = "arn:aws-cn:iam::123456789012"


class Engineers:
    """People with access keys."""

    def __init__(self, cluster: Cluster, plane_folder: Path, scratch: Path) -> None:
        self._cluster = cluster
        self._plane_folder = plane_folder
        self._scratch = scratch

    def sign_in(self, name: str, *policies: PolicyAssociation, groups: tuple[str, ...] = (), entry: bool = True) -> Cluster:
        """Return the cluster as somebody sees it who has assumed the role `name`."""
        key = f"ASIA{name.upper().replace('-', '')}"
        found = AccessEntry(f"{ACCOUNT}:role/{name}", groups=groups, policies=policies) if entry else None
        let_in(self._plane_folder, key, f"arn:aws-cn:sts::123456789012:assumed-role/{name}/alice", found)
        server, authority, _ = read_kubeconfig(self._cluster.kubeconfig)
        kubeconfig = self._scratch / f"{name}.kubeconfig"
        write_kubeconfig(kubeconfig, server=server, authority=authority, token=eks_token(key))
        return Cluster(kubeconfig, local=True)


@pytest.fixture
def engineers(local_cluster: Cluster, plane_folder: Path, tmp_path: Path) -> Engineers:
    return Engineers(local_cluster, plane_folder, tmp_path)


def allowed(cluster: Cluster, what: str, namespace: str = "") -> bool:
    """Ask the API server whether this user may do something: `list pods`, `get runs.example.com`, `get /metrics`."""
    verb, _, target = what.partition(" ")
    resource, _, group = target.partition(".")
    asked: dict[str, Any] = (
        {"nonResourceAttributes": {"verb": verb, "path": target}}
        if target.startswith("/")
        else {"resourceAttributes": {"verb": verb, "resource": resource, "group": group, "namespace": namespace}}
    )
    review = {"apiVersion": "authorization.k8s.io/v1", "kind": "SelfSubjectAccessReview", "spec": asked}
    return json.loads(cluster.kubectl("create", "--validate=ignore", "--filename=-", "--output=json", stdin=json.dumps(review)))["status"][
        "allowed"
    ]


def eventually(check: Callable[[], bool]) -> bool:
    end = time.monotonic() + 20
    while time.monotonic() < end:
        if check():
            return True
        time.sleep(0.1)
    return False


def test_without_an_access_entry_nobody_gets_in(engineers: Engineers, namespace: str):
    stranger = engineers.sign_in(f"{namespace}-stranger", entry=False)
    with pytest.raises(RefusedError, match="You must be logged in to the server"):
        stranger.get("pods")


def test_an_entry_without_rights_gets_in_and_may_nothing(engineers: Engineers, namespace: str):
    guest = engineers.sign_in(f"{namespace}-guest")
    assert json.loads(guest.kubectl("auth", "whoami", "--output=json"))["status"]["userInfo"]["username"].endswith("/alice")
    with pytest.raises(
        RefusedError, match=r"pods is forbidden: User \"arn:aws-cn:sts::123456789012:assumed-role/.*-guest/alice\" cannot list"
    ):
        guest.get("pods")


def test_a_group_of_an_entry_has_what_rbac_gives_it(engineers: Engineers, cluster: Cluster, namespace: str):
    group = f"platform:{namespace}"
    cluster.kubectl("create", "rolebinding", "readers", "--clusterrole=view", f"--group={group}", f"--namespace={namespace}")
    reader = engineers.sign_in(f"{namespace}-reader", groups=(group,))
    assert allowed(reader, "list pods", namespace)
    assert not allowed(reader, "list pods", "kube-system")


@pytest.mark.parametrize(
    ("policy", "may", "may_not"),
    [
        ("AmazonEKSClusterAdminPolicy", ["delete nodes", "get /metrics"], []),
        ("AmazonEKSAdminPolicy", ["create rolebindings.rbac.authorization.k8s.io", "delete secrets"], ["delete nodes"]),
        ("AmazonEKSEditPolicy", ["create pods", "get secrets"], ["create rolebindings.rbac.authorization.k8s.io"]),
        ("AmazonEKSViewPolicy", ["list pods"], ["get secrets", "create pods"]),
        ("AmazonEKSAdminViewPolicy", ["get secrets", "list nodes"], ["create pods"]),
    ],
)
def test_a_policy_gives_its_rights_everywhere(engineers: Engineers, namespace: str, policy: str, may: list[str], may_not: list[str]):
    engineer = engineers.sign_in(f"{namespace}-{policy}", PolicyAssociation(policy))
    assert [what for what in may if not allowed(engineer, what)] == []
    assert [what for what in may_not if allowed(engineer, what)] == []


def test_a_policy_gives_its_rights_in_the_namespaces_it_names(engineers: Engineers, namespace: str):
    everywhere_like_it = f"{namespace[:-1]}*"
    engineer = engineers.sign_in(f"{namespace}-lead", PolicyAssociation("AmazonEKSEditPolicy", (everywhere_like_it,)))
    assert allowed(engineer, "create pods", namespace)
    assert not allowed(engineer, "create pods", "default")


def test_a_policy_does_not_grow_with_the_roles_that_charts_aggregate(engineers: Engineers, cluster: Cluster, namespace: str):
    name = f"aggregate-{namespace}"
    rules = [{"apiGroups": ["example.com"], "resources": ["runs"], "verbs": ["get"]}]
    labels = {"rbac.authorization.k8s.io/aggregate-to-view": "true"}
    metadata = {"name": name, "labels": labels}
    cluster.apply({"apiVersion": "rbac.authorization.k8s.io/v1", "kind": "ClusterRole", "metadata": metadata, "rules": rules})
    try:
        cluster.kubectl("create", "rolebinding", "readers", "--clusterrole=view", "--group=readers", f"--namespace={namespace}")
        aggregated = engineers.sign_in(f"{namespace}-aggregated", groups=("readers",))
        assert eventually(lambda: allowed(aggregated, "get runs.example.com", namespace))
        viewer = engineers.sign_in(f"{namespace}-viewer", PolicyAssociation("AmazonEKSViewPolicy"))
        assert not allowed(viewer, "get runs.example.com", namespace)
    finally:
        cluster.kubectl("delete", f"clusterrole/{name}")


def test_a_pod_s_token_is_not_taken_for_an_engineer_s(local_cluster: Cluster, namespace: str, tmp_path: Path):
    token = local_cluster.kubectl("create", "token", "default", f"--namespace={namespace}").strip()
    server, authority, _ = read_kubeconfig(local_cluster.kubeconfig)
    kubeconfig = tmp_path / "pod.kubeconfig"
    write_kubeconfig(kubeconfig, server=server, authority=authority, token=token)
    command = [kubectl_path(), f"--kubeconfig={kubeconfig}", "get", "pods"]
    said = subprocess.run(command, capture_output=True, text=True, check=False).stderr
    assert f"system:serviceaccount:{namespace}:default" in said
