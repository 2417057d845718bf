"""Faults in pools that somebody could plant by mistake: each is said at its pool and field, with what is allowed."""

import pytest

from mlplatform.config.regions import REGIONS
from tests.config.files import DEV, problems, settings

GPU = "gpu: {{accelerator: nvidia, families: [g4dn, g5], {}}}"
CPU = "cpu: {{{}}}"
KEY = "arn:aws:kms:us-west-2:123456789012:key/0a1b"


def said(pool: str) -> list[str]:
    return problems(f"{DEV}    compute: {{pools: {{{pool}}}}}")


@pytest.mark.parametrize(
    ("pool", "problem"),
    [
        (
            "gpu: {accelerator: nvidia, families: [g6]}",
            "gpu.families[0]: 'g6' is not offered in cn-north-1 (allowed: g4dn, g5, p3); use one of them",
        ),
        (
            "gpu: {accelerator: nvidia, families: [g5, m5]}",
            "gpu.families[1]: 'm5' is not a family with NVIDIA GPUs that pools can be of (allowed: g4dn, g5, p3); use one of them",
        ),
        (
            "gpu: {accelerator: nvidia, families: [g4ad]}",
            "gpu.families[0]: 'g4ad' cannot be used: its GPUs are not NVIDIA's (allowed: g4dn, g5, p3); use one of them",
        ),
        (
            "gpu: {families: [g5]}",
            (
                "gpu.families[0]: 'g5' has NVIDIA GPUs, and accelerator is none (allowed: t3, m5, m5a, m6i, m8i, c5, c6i, c8i, r5, r6i, "
                "r8i); write `accelerator: nvidia` in compute.pools.gpu, or use a family without them"
            ),
        ),
        (
            "gpu: {accelerator: nvidia}",
            (
                "gpu.families: is missing (allowed: families of EC2 instance types, as [g4dn, g5], always written out for GPU pools: "
                "`mlp pools NAME` says what a region has); add the line `families: ...`"
            ),
        ),
        (
            "gpu: {accelerator: nvidia, families: [p3], sizes: [8xlarge]}",
            (
                "gpu.families[0]: 'p3' adds nothing: no type of the pool's sizes with as few GPUs as gpus_per_node (allowed: "
                "p3.2xlarge with 1 GPU, p3.8xlarge with 4 GPUs, p3.16xlarge with 8 GPUs); "
                "remove it, or change gpus_per_node or sizes of compute.pools.gpu"
            ),
        ),
        (
            GPU.format("sizes: [xlarge, tiny]"),
            (
                "gpu.sizes[1]: 'tiny' is not a size of g4dn, g5 (allowed: xlarge, 2xlarge, 4xlarge, 8xlarge, 12xlarge, 16xlarge, "
                "24xlarge, 48xlarge); use one of them"
            ),
        ),
        (
            GPU.format("zones: [cn-north-1c]"),
            (
                "gpu.zones[0]: the network has no subnet in 'cn-north-1c' (allowed: cn-north-1a, cn-north-1b, cn-north-1d); "
                "name zones of network.availability_zones, or remove the list"
            ),
        ),
        (
            GPU.format("capacity: [reserved]"),
            (
                "gpu.capacity: 'reserved' without a reservation to use; "
                "list the ids of your reservations in capacity_reservations, or remove reserved"
            ),
        ),
        (
            GPU.format("capacity_reservations: [cr-01234567]"),
            (
                "gpu.capacity_reservations: cr-01234567 would never be used, because capacity has no reserved; "
                "add reserved to capacity, or remove the list"
            ),
        ),
        (GPU.format("limits: {gpus: null}"), "gpu.limits.gpus: nothing limits a GPU pool; write how many GPUs it may have at a time"),
        (
            GPU.format("limits: {vcpus: 2}"),
            "gpu.limits.vcpus: 2 is less than the smallest node has (allowed: 4 or more); write 4 or more",
        ),
        (
            CPU.format("limits: {gpus: 4}"),
            "cpu.limits.gpus: 4 limits nothing, because accelerator is none; remove it, and limit vcpus or memory_gib",
        ),
        (CPU.format("gpus_per_node: 2"), "cpu.gpus_per_node: 2 allows nothing, because accelerator is none; remove it"),
        (
            GPU.format("expiry_hours: 24"),
            (
                "gpu.expiry_hours: 24 would end jobs: no budget holds back the expiry of a node (allowed: none on GPU pools); "
                "remove it: idle nodes go by idle_seconds"
            ),
        ),
        (
            CPU.format("sharing: {strategy: time-slicing, replicas: 2}"),
            "cpu.sharing: 'time-slicing' has no GPU to share, because accelerator is none; remove it",
        ),
        (
            GPU.format("sharing: {strategy: mps, replicas: 40}"),
            (
                "gpu.sharing.replicas: mps gives each of 40 pods 409 MiB, less than a CUDA context takes (allowed: 2 to 32 with mps); "
                "write 32 or less, or time-slicing, which does not divide memory"
            ),
        ),
        (
            GPU.format("budgets: [{nodes: '10%'}]"),
            (
                "gpu.budgets[0].reasons: would let Karpenter take GPU nodes away under a job (allowed: [Empty] on GPU pools); "
                "write reasons: [Empty]"
            ),
        ),
        (
            CPU.format("budgets: [{nodes: '0'}]"),
            "cpu.budgets[0].nodes: '0' would keep empty nodes, and their cost, for ever; add schedule and hours, or write a larger number",
        ),
        (
            CPU.format("budgets: [{nodes: '1', schedule: '@daily'}]"),
            "cpu.budgets[0].schedule: needs hours beside it; add hours, or remove it",
        ),
        (
            CPU.format("budgets: [{nodes: '1', schedule: 0 25 * * *, hours: 2}]"),
            (
                "cpu.budgets[0].schedule: '0 25 * * *' is no schedule: 25 is no hour; "
                "write minute, hour, day of month, month and day of week, as 0 9 * * mon-fri"
            ),
        ),
        (
            GPU.format("disk: {gib: 20, iops: 16000}"),
            "gpu.disk.iops: 16000 are more than 500 for each of 20 GiB (allowed: 3000 to 10000); write 10000 or less",
        ),
        (
            GPU.format("disk: {throughput: 1000}"),
            (
                "gpu.disk.throughput: 1000 MiB a second are more than a quarter of 3000 iops (allowed: 125 to 750); "
                "write 750 or less, or more iops"
            ),
        ),
        (
            GPU.format(f"disk: {{kms_key: '{KEY}'}}"),
            (
                f"gpu.disk.kms_key: '{KEY}' is a key of another region, which cannot encrypt disks in cn-north-1 "
                "(allowed: arn:aws-cn:kms:cn-north-1:ACCOUNT:key/ID); name a key of this one"
            ),
        ),
        (
            GPU.format("disk: {kms_key: alias/disks}"),
            (
                "gpu.disk.kms_key: 'alias/disks' is not the ARN of a KMS key "
                "(allowed: arn:aws-cn:kms:cn-north-1:ACCOUNT:key/ID); write it in full"
            ),
        ),
        (
            GPU.format("disk: {throughput: 125}, instance_store: none"),
            (
                "gpu.disk.throughput: 125 MiB a second would hold back image_pull: fast on g4dn.xlarge, g4dn.2xlarge, g4dn.4xlarge "
                "and 7 more (allowed: 600 or more with fast); write 600 or more"
            ),
        ),
        (
            CPU.format("families: [m5], image_pull: fast, disk: {throughput: 600}"),
            ("cpu.image_pull: fast has no effect on nodes of fewer than 4 vCPUs, as m5.large; write standard, or name larger sizes"),
        ),
        (
            CPU.format("families: [m5, c5], instance_store: raid0"),
            "cpu.instance_store: raid0 has no effect: no type of m5, c5 has disks of its own; write none",
        ),
        (
            GPU.format("labels: {kubernetes.io/hostname: x}"),
            (
                "gpu.labels['kubernetes.io/hostname']: 'kubernetes.io/hostname' is in a reserved domain (allowed: any but "
                "kubernetes.io, k8s.io, karpenter.sh, karpenter.k8s.aws, eks.amazonaws.com, nvidia.com); use a domain of your own"
            ),
        ),
        (
            GPU.format("taints: [{key: nvidia.com/gpu}]"),
            (
                "gpu.taints[0].key: 'nvidia.com/gpu' is in a reserved domain (allowed: any but "
                "kubernetes.io, k8s.io, karpenter.sh, karpenter.k8s.aws, eks.amazonaws.com, nvidia.com); use a domain of your own"
            ),
        ),
        (GPU.format("taints: [{key: a}, {key: a}]"), "gpu.taints[1]: 'a' with effect NoSchedule is listed twice; remove it"),
    ],
)
def test_a_fault_is_one_problem_that_names_its_pool_and_field(pool: str, problem: str):
    assert said(pool) == [f"5: compute.pools.{problem}"]


def test_faults_of_several_pools_are_said_at_once():
    pools = "a: {accelerator: nvidia, families: [p5], sizes: [7]}, b: {families: [m5], zones: [x]}, c: {accelerator: nvidia}"
    assert [line.partition(": ")[2].partition(":")[0] for line in said(pools)] == [
        "compute.pools.a.sizes[0]",
        "compute.pools.c.families",
        "compute.pools.a.families[0]",
        "compute.pools.b.zones[0]",
    ]


def test_some_pool_takes_the_pods_that_ask_for_no_gpu():
    assert said(CPU.format("taints: [{key: example.com/x}]")) == [
        (
            "5: compute.pools: no pool is without GPUs and without a taint, so that nothing takes the other pods of tenants; "
            "leave `cpu` without taints and accelerator, or add such a pool"
        )
    ]
    assert said(CPU.format("taints: [{key: example.com/x}]") + ", other: {families: [m5]}") == []


def test_a_pool_has_the_defaults_of_its_stage_and_kind():
    found = settings(f"{DEV}    compute: {{pools: {{big: {{accelerator: nvidia, families: [p3]}}}}}}").compute.pools
    assert {name: (pool.name, pool.has_gpus, pool.idle_seconds, pool.instance_store) for name, pool in found.items()} == {
        "cpu": ("cpu", False, 60, "none"),
        # p3 has no disks of its own.
        "big": ("big", True, 60, "none"),
    }
    assert found["big"].limits.gpus == 4
    prod = settings(DEV.replace("stage: dev", "stage: prod")).compute.pools["cpu"]
    assert (prod.idle_seconds, prod.capacity, prod.limits.vcpus) == (300, ("on-demand",), 256)


@pytest.mark.parametrize("region", sorted(REGIONS))
def test_images_are_copied_only_where_publishers_cannot_be_reached(region: str):
    found = settings(DEV.replace("cn-north-1", region))
    assert (found.images.source == "mirror") == bool(found.place.partition.unreachable_hosts)
