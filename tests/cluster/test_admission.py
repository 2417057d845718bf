import pytest

from tests.cluster.cluster import Cluster, RefusedError

REGISTRY = "123456789012.dkr.ecr.cn-north-1.amazonaws.com.cn"


def test_a_mutating_policy_rewrites_images(cluster: Cluster, namespace: str):
    expression = (
        "Object{spec: Object.spec{containers: object.spec.containers.map(c, "
        f"Object.spec.containers{{name: c.name, image: '{REGISTRY}/' + c.image}})}}}}"
    )
    policy = {
        "apiVersion": "admissionregistration.k8s.io/v1",
        "kind": "MutatingAdmissionPolicy",
        "metadata": {"name": namespace},
        "spec": {
            "matchConstraints": {
                "namespaceSelector": {"matchLabels": {"kubernetes.io/metadata.name": namespace}},
                "resourceRules": [{"apiGroups": [""], "apiVersions": ["v1"], "operations": ["CREATE"], "resources": ["pods"]}],
            },
            "failurePolicy": "Fail",
            "reinvocationPolicy": "Never",
            "mutations": [{"patchType": "ApplyConfiguration", "applyConfiguration": {"expression": expression}}],
        },
    }
    binding = {
        "apiVersion": "admissionregistration.k8s.io/v1",
        "kind": "MutatingAdmissionPolicyBinding",
        "metadata": {"name": namespace},
        "spec": {"policyName": namespace},
    }
    cluster.apply(policy, binding)
    try:
        assert image_of_a_new_pod(cluster, namespace) == f"{REGISTRY}/team/train:1"
    finally:
        cluster.kubectl("delete", f"mutatingadmissionpolicy/{namespace}", f"mutatingadmissionpolicybinding/{namespace}")


def test_a_rule_of_a_custom_resource_refuses_what_it_forbids(cluster: Cluster, namespace: str):
    group = f"{namespace}.example.com"
    rule = {"rule": "self.gpus <= 8", "message": "no instance type has more than 8 GPUs"}
    gpus = {"type": "object", "required": ["gpus"], "properties": {"gpus": {"type": "integer"}}, "x-kubernetes-validations": [rule]}
    schema = {"openAPIV3Schema": {"type": "object", "properties": {"spec": gpus}}}
    definition = {
        "apiVersion": "apiextensions.k8s.io/v1",
        "kind": "CustomResourceDefinition",
        "metadata": {"name": f"runs.{group}"},
        "spec": {
            "group": group,
            "scope": "Namespaced",
            "names": {"plural": "runs", "kind": "Run"},
            "versions": [{"name": "v1", "served": True, "storage": True, "schema": schema}],
        },
    }
    cluster.apply(definition)
    cluster.wait(f"crd/runs.{group}", "condition=Established")
    run = {"apiVersion": f"{group}/v1", "kind": "Run", "metadata": {"name": "large"}, "spec": {"gpus": 9}}
    try:
        with pytest.raises(RefusedError, match="no instance type has more than 8 GPUs"):
            cluster.apply(run, namespace=namespace)
    finally:
        cluster.kubectl("delete", f"crd/runs.{group}", "--wait=false")


def image_of_a_new_pod(cluster: Cluster, namespace: str) -> str:
    """Make pods until the policy acts: the API server takes it up a moment after it was made."""
    image = ""
    for attempt in range(50):
        pod = {
            "apiVersion": "v1",
            "kind": "Pod",
            "metadata": {"name": f"train-{attempt}"},
            "spec": {"containers": [{"name": "main", "image": "team/train:1"}]},
        }
        cluster.apply(pod, namespace=namespace)
        image = cluster.get(f"pod/train-{attempt}", namespace=namespace)["spec"]["containers"][0]["image"]
        if image != "team/train:1":
            break
    return image
