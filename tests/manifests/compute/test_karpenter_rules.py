"""Our checks against Karpenter's own rules: what it refuses we refuse before, and so is what it lets pass that does nothing or harm."""

from typing import Any

import pytest

from mlplatform.config.load import environments, load
from mlplatform.config.sections import Budget, Disk, Limits, Taint
from mlplatform.config.settings import Settings
from mlplatform.manifests.compute.pools import node_pools
from tests.config.files import DEV, problems, settings
from tests.config.mutations import accepted
from tests.manifests.compute.karpenter_rules import compile_rule, complaints, rules

GOOD = f"{DEV}    compute: {{pools: {{gpu: {{accelerator: nvidia, families: [g4dn, g5], MORE}}}}}}"
"""A file in which a pool can be told more."""


def planted(**fault: Any) -> Settings:
    """Return settings that no file could make: those of a good one, with a fault in a pool that nothing looked at."""
    good = settings(GOOD.replace(", MORE", ""))
    pool = good.compute.pools["gpu"].model_copy(update=fault)
    compute = good.compute.model_copy(update={"pools": {"gpu": pool}})
    return good.model_copy(update={"compute": compute})


def refused(found: Settings) -> list[str]:
    return [said for item in node_pools(found) for said in complaints(dict(item))]


@pytest.mark.parametrize("name", environments())
def test_karpenter_accepts_every_pool_of_every_environment(name: str):
    assert refused(load(name)) == []


def test_karpenter_accepts_whatever_the_checks_accept():
    for found in accepted(40):
        assert refused(found) == [], found.compute


def test_every_rule_of_karpenter_is_understood():
    found = list(rules())
    assert len(found) > 80
    for rule in found:
        compile_rule(rule)


@pytest.mark.parametrize(
    ("file", "fault", "refusal"),
    [
        ("labels: {karpenter.sh/team: a}", {"labels": {"karpenter.sh/team": "a"}}, 'label domain "karpenter.sh" is restricted'),
        ("labels: {karpenter.k8s.aws/x: a}", {"labels": {"karpenter.k8s.aws/x": "a"}}, 'label domain "karpenter.k8s.aws" is restricted'),
        (
            "labels: {kubernetes.io/hostname: a}",
            {"labels": {"kubernetes.io/hostname": "a"}},
            'label "kubernetes.io/hostname" is restricted',
        ),
        (f"labels: {{team: {'a' * 64}}}", {"labels": {"team": "a" * 64}}, "is too long"),
        ("families: []", {"families": ()}, "requirements with operator 'In' must have a value defined"),
        ("gpus_per_node: 0", {"gpus_per_node": 0}, "requirements with operator 'In' must have a value defined"),
        ("weight: 101", {"weight": 101}, "101 is greater than the maximum of 100"),
        ("taints: [{key: x, effect: NoRun}]", {"taints": (Taint.model_construct(key="x", value="", effect="NoRun"),)}, "is not one of"),
        ("taints: [{key: 'a b'}]", {"taints": (Taint.model_construct(key="a b", value="", effect="NoSchedule"),)}, "does not match"),
        ("budgets: [{nodes: 101%}]", {"budgets": (Budget.model_construct(nodes="101%"),)}, "'101%' does not match"),
        (
            "budgets: [{nodes: '1', schedule: '@daily'}]",
            {"budgets": (Budget(nodes="1", reasons=("Empty",), schedule="@daily"),)},
            "'Noneh' does not match",
        ),
        (
            "budgets: [{nodes: '1', schedule: soon, hours: 2}]",
            {"budgets": (Budget(nodes="1", reasons=("Empty",), schedule="soon", hours=2),)},
            "'soon' does not match",
        ),
        (
            "budgets: [{nodes: '1', reasons: [Expired]}]",
            {"budgets": (Budget.model_construct(nodes="1", reasons=("Expired",)),)},
            "not one of",
        ),
        ("capacity_reservations: [x-1]", {"capacity_reservations": ("x-1",)}, "'x-1' does not match"),
        ("idle_seconds: -1", {"idle_seconds": -1}, "'-1s' does not match"),
        ("disk: {gib: -5}", {"disk": Disk.model_construct(gib=-5)}, "'-5Gi' does not match"),
    ],
)
def test_what_karpenter_refuses_is_refused_in_the_file(file: str, fault: dict[str, Any], refusal: str):
    said = problems(GOOD.replace("families: [g4dn, g5], MORE", file) if "families" in file else GOOD.replace("MORE", file))
    assert said
    assert all("compute.pools.gpu." in line for line in said)
    assert [line for line in refused(planted(**fault)) if refusal in line]


@pytest.mark.parametrize(
    ("file", "fault"),
    [
        ("families: [g6]", {"families": ("g6",)}),
        ("families: [p3], sizes: [16xlarge]", {"families": ("p3",), "sizes": ("16xlarge",)}),
        ("sizes: [tiny]", {"sizes": ("tiny",)}),
        ("expiry_hours: 24", {"expiry_hours": 24}),
        ("limits: {gpus: null}", {"limits": Limits()}),
        ("zones: [us-west-2a]", {"zones": ("us-west-2a",)}),
        ("capacity: [reserved]", {"capacity": ("reserved",)}),
        ("capacity: [Spot]", {"capacity": ("Spot",)}),
        ("taints: [{key: nvidia.com/gpu}]", {"taints": (Taint(key="nvidia.com/gpu"),)}),
        ("labels: {node-role.kubernetes.io/gpu: ''}", {"labels": {"node-role.kubernetes.io/gpu": ""}}),
        (
            "budgets: [{nodes: '1', reasons: [Empty], schedule: 0 25 * * *, hours: 2}]",
            {"budgets": (Budget(nodes="1", reasons=("Empty",), schedule="0 25 * * *", hours=2),)},
        ),
        ("budgets: [{nodes: '0', reasons: [Empty]}]", {"budgets": (Budget(nodes="0", reasons=("Empty",)),)}),
        ("disk: {gib: 20, iops: 16000}", {"disk": Disk(gib=20, iops=16_000)}),
        ("disk: {throughput: 1000}", {"disk": Disk(throughput=1_000)}),
    ],
)
def test_what_karpenter_lets_pass_and_nobody_means_is_refused_in_the_file(file: str, fault: dict[str, Any]):
    said = problems(GOOD.replace("families: [g4dn, g5], MORE", file) if "families" in file else GOOD.replace("MORE", file))
    assert said
    assert all("compute.pools.gpu." in line for line in said)
    assert refused(planted(**fault)) == []
