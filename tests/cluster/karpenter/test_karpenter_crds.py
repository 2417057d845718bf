"""What Karpenter's own rules refuse, so that a planted fault is seen before anything is launched."""

import copy
from typing import Any

import pytest

from mlplatform.local.cluster import pools
from mlplatform.local.cluster.api import ApiError, Object
from tests.cluster.karpenter.lab import CLUSTER, Lab

POOL = "/apis/karpenter.sh/v1/nodepools?dryRun=All"
CLASS = "/apis/karpenter.k8s.aws/v1/ec2nodeclasses?dryRun=All"
OVERLAY = "/apis/karpenter.sh/v1alpha1/nodeoverlays?dryRun=All"
AROUND = pools.Surroundings(CLUSTER, "cn-north-1", "node")
TEMPLATE = ("spec", "template", "spec")


def changed(item: Object, path: tuple[str, ...], value: Any) -> Object:
    faulty = copy.deepcopy(item)
    target: Any = faulty
    for key in path[:-1]:
        target = target.setdefault(key, {})
    if value is None:
        del target[path[-1]]
    else:
        target[path[-1]] = value
    return faulty


def requirement(**fields: Any) -> list[dict[str, Any]]:
    return [{"key": "karpenter.k8s.aws/instance-family", "operator": "In", "values": ["g5"], **fields}]


@pytest.mark.parametrize(
    ("path", "value", "refusal"),
    [
        ((*TEMPLATE, "requirements"), requirement(minValues=51), "should be less than or equal to 50"),
        ((*TEMPLATE, "requirements"), requirement(minValues=2), "must have at least that many values"),
        ((*TEMPLATE, "requirements"), requirement(operator="Gt", values=["1", "2"]), "must have a single"),
        ((*TEMPLATE, "requirements"), requirement(values=[]), "must have a value defined"),
        ((*TEMPLATE, "requirements"), requirement(key="kubernetes.io/hostname"), 'label "kubernetes.io/hostname" is restricted'),
        ((*TEMPLATE, "requirements"), requirement(key="karpenter.k8s.aws/instance-colour"), "is restricted"),
        ((*TEMPLATE, "taints"), [{"key": pools.GPU, "effect": "NoRun"}], 'Unsupported value: "NoRun"'),
        ((*TEMPLATE, "expireAfter"), "30d", "should match"),
        ((*TEMPLATE, "nodeClassRef"), {"kind": "EC2NodeClass", "name": "built-in"}, "group: Required value"),
        (("spec", "template", "metadata"), {"labels": {"karpenter.sh/nodepool": "x"}}, 'label "karpenter.sh/nodepool" is restricted'),
        (("spec", "disruption"), {"consolidationPolicy": "WhenEmpty"}, "consolidateAfter: Required value"),
        (("spec", "disruption", "budgets"), [{"nodes": "110%"}], "should match"),
        (("spec", "disruption", "budgets"), [{"nodes": "1", "schedule": "@daily"}], "'schedule' must be set with 'duration'"),
        (("spec", "weight"), 101, "should be less than or equal to 100"),
    ],
)
def test_a_pool_with_a_fault_is_refused(session_lab: Lab, path: tuple[str, ...], value: Any, refusal: str) -> None:
    with pytest.raises(ApiError) as refused:
        session_lab.api.create(POOL, changed(pools.gpu_pool(AROUND), path, value))
    assert refusal in str(refused.value)


@pytest.mark.parametrize(
    ("path", "value", "refusal"),
    [
        (("spec", "instanceProfile"), "also", "must specify exactly one of ['role', 'instanceProfile']"),
        (("spec", "amiSelectorTerms"), [{"alias": "al2023@latest"}, {"id": "ami-0123"}], "'alias' is mutually exclusive"),
        (("spec", "amiSelectorTerms"), [{"alias": "al2023"}], "improperly formatted"),
        (("spec", "subnetSelectorTerms"), [], "subnetSelectorTerms cannot be empty"),
        (("spec", "subnetSelectorTerms"), [{"tags": {"": "x"}}], "empty tag keys or values"),
        (("spec", "metadataOptions", "httpPutResponseHopLimit"), 65, "should be less than or equal to 64"),
        (("spec", "blockDeviceMappings"), [{"deviceName": "/dev/xvda", "ebs": {"volumeType": "gp9"}}], 'Unsupported value: "gp9"'),
        (("spec", "instanceStorePolicy"), "RAID5", 'Unsupported value: "RAID5"'),
        (("spec", "kubelet"), {"evictionSoft": {"memory.available": "5%"}}, "evictionSoft OwnerKey does not have a matching"),
        (("spec", "tags"), {"karpenter.sh/nodepool": "x"}, "tag contains a restricted tag matching karpenter.sh/nodepool"),
    ],
)
def test_a_node_class_with_a_fault_is_refused(session_lab: Lab, path: tuple[str, ...], value: Any, refusal: str) -> None:
    with pytest.raises(ApiError) as refused:
        session_lab.api.create(CLASS, changed(pools.node_class(AROUND), path, value))
    assert refusal in str(refused.value)


def test_an_overlay_with_two_prices_is_refused(session_lab: Lab) -> None:
    spec = {"requirements": [{"key": "node.kubernetes.io/instance-type", "operator": "In", "values": ["g5.xlarge"]}], "price": "9.5"}
    overlay = {"apiVersion": "karpenter.sh/v1alpha1", "kind": "NodeOverlay", "metadata": {"name": "price"}, "spec": spec}
    session_lab.api.create(OVERLAY, overlay)
    with pytest.raises(ApiError, match="cannot set both 'price' and 'priceAdjustment'"):
        session_lab.api.create(OVERLAY, changed(overlay, ("spec", "priceAdjustment"), "+10%"))


def test_pools_without_a_fault_are_accepted(session_lab: Lab) -> None:
    for path, item in ((CLASS, pools.node_class(AROUND)), (POOL, pools.gpu_pool(AROUND)), (POOL, pools.cpu_pool(AROUND))):
        session_lab.api.create(path, changed(item, ("metadata", "name"), "another"))
