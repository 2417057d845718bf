"""One pool: the nodes that Karpenter may start for a kind of pod, and when it takes them away.

Separate from the compute section because a pool is most of what there is to say about compute.
"""

from typing import Annotated, Literal

from pydantic import Field, PrivateAttr

from mlplatform.config.sections.section import Change, Section, on_change

TaintEffect = Literal["NoSchedule", "PreferNoSchedule", "NoExecute"]
Capacity = Literal["spot", "on-demand", "reserved"]
Reason = Literal["Empty", "Drifted", "Underutilized"]

QUALIFIED_NAME = r"^([a-z0-9]([a-z0-9.-]{0,251}[a-z0-9])?/)?[A-Za-z0-9]([A-Za-z0-9_.-]{0,61}[A-Za-z0-9])?$"
"""A key of labels and taints: https://kubernetes.io/docs/concepts/overview/working-with-objects/labels/#syntax-and-character-set"""
LABEL_VALUE = r"^([A-Za-z0-9]([A-Za-z0-9_.-]{0,61}[A-Za-z0-9])?)?$"

Key = Annotated[str, Field(pattern=QUALIFIED_NAME)]
Value = Annotated[str, Field(pattern=LABEL_VALUE)]
_Drifting = Field(json_schema_extra=on_change(Change.DRIFTS_NODES))


class Taint(Section):
    """Keeps pods off a pool's nodes that do not tolerate it."""

    key: Annotated[Key, Field(examples=["example.com/team"])]
    """As in `nvidia.com/gpu`, which GPU pools have already."""
    value: Value = ""
    """What a toleration must equal; empty unless named here."""
    effect: TaintEffect = "NoSchedule"
    """What happens to pods that do not tolerate it."""


class Limits(Section):
    """How much a pool may run at a time: the ceiling of a costly mistake."""

    gpus: Annotated[int | None, Field(ge=1, le=1_000)] = None
    """GPUs, of a GPU pool: 4 in dev, 16 in prod."""
    vcpus: Annotated[int | None, Field(ge=2, le=100_000)] = None
    """vCPUs, of a pool without GPUs: 64 in dev, 256 in prod."""
    memory_gib: Annotated[int | None, Field(ge=4, le=1_000_000)] = None
    """Memory in GiB; no limit unless named here."""


class Disk(Section):
    """Each node's root volume: gp3, encrypted, deleted with the node."""

    gib: Annotated[int, Field(ge=20, le=16_384)] = 100
    """Size in GiB: 100, on GPU nodes 200, because images with CUDA are large."""
    iops: Annotated[int, Field(ge=3_000, le=16_000)] = 3_000
    """Operations a second, at most 500 for each GiB."""
    throughput: Annotated[int, Field(ge=125, le=1_000)] = 125
    """MiB a second, at most a quarter of `iops`: 125, on GPU nodes 600, which pulling images in parallel needs."""
    kms_key: Annotated[str | None, Field(examples=["arn:aws:kms:us-west-2:123456789012:key/01234567-89ab-cdef-0123-456789abcdef"])] = None
    """ARN of a KMS key of one's own; the account's key for EBS unless named here."""


class Sharing(Section):
    """Several pods on one GPU, each of which asks for one `nvidia.com/gpu`."""

    strategy: Literal["time-slicing", "mps"]
    """time-slicing takes turns and divides no memory; mps runs at once, and divides memory evenly."""
    replicas: Annotated[int, Field(ge=2, le=48)]
    """Pods on a GPU."""


class Budget(Section):
    """How many nodes Karpenter may take away at a time."""

    nodes: Annotated[str, Field(pattern=r"^((100|[0-9]{1,2})%|[0-9]{1,4})$", examples=["10%"])]
    """A number or a percentage of the pool's nodes, in quotes; '0' for none."""
    reasons: tuple[Reason, ...] = ()
    """What it holds for; every reason unless named here."""
    schedule: Annotated[str | None, Field(examples=["0 9 * * mon-fri"])] = None
    """When it begins to hold, as cron has it, in UTC; always unless named here."""
    hours: Annotated[int | None, Field(ge=1, le=168)] = None
    """Hours that it holds from then, with `schedule`."""


class Pool(Section):
    """A kind of nodes that come for pods and go after them: a NodePool and an EC2NodeClass of Karpenter."""

    accelerator: Literal["none", "nvidia"] = "none"
    """What nodes have beside CPUs; GPU nodes take only pods that ask for `nvidia.com/gpu`."""
    families: Annotated[tuple[str, ...], Field(min_length=1, max_length=20, examples=[["g4dn", "g5"]])]
    """Families of EC2 instance types, as [g4dn, g5], always written out for GPU pools: `mlp pools NAME` says what a region has."""
    sizes: Annotated[tuple[str, ...], Field(max_length=20, examples=[["xlarge", "2xlarge"]])] = ()
    """Sizes, as [xlarge, 2xlarge]; on GPU nodes every size unless named here, else large to 4xlarge."""
    gpus_per_node: Annotated[int, Field(ge=1, le=16)] = 1
    """GPUs of a node at most: 1, because Karpenter packs jobs of one GPU on nodes of eight, which cost four times as much for each."""
    capacity: Annotated[tuple[Capacity, ...], Field(min_length=1, max_length=3)] = ("on-demand",)
    """How nodes are bought; Karpenter takes reserved before spot before on-demand: spot and on-demand in dev, on-demand in prod."""
    capacity_reservations: Annotated[
        tuple[Annotated[str, Field(pattern=r"^cr-[0-9a-f]{8,17}$")], ...], Field(max_length=30, examples=[["cr-0123456789abcdef0"]])
    ] = ()
    """Ids of capacity reservations or Capacity Blocks, for `reserved`."""
    limits: Limits = Limits()
    idle_seconds: Annotated[int, Field(ge=0, le=86_400)] = 300
    """Seconds without a pod until a node goes: 60 in dev, 300 in prod."""
    zones: Annotated[tuple[str, ...], Field(max_length=6)] = ()
    """Availability zones; all those of the network unless named here."""
    disk: Annotated[Disk, _Drifting] = Disk()
    image_pull: Annotated[Literal["standard", "fast"], _Drifting] = "standard"
    """fast pulls and unpacks an image's layers in parallel, on nodes of 4 vCPUs or more: standard, on GPU nodes fast."""
    instance_store: Annotated[Literal["none", "raid0"], _Drifting] = "none"
    """raid0 keeps images, logs and scratch space on a node's own NVMe disks, where it has them: none, on GPU nodes raid0."""
    sharing: Annotated[Sharing | None, _Drifting] = None
    """Several pods on one GPU; one pod unless named here."""
    labels: Annotated[
        dict[Key, Value], Field(max_length=40, examples=[{"example.com/team": "vision"}], json_schema_extra=on_change(Change.DRIFTS_NODES))
    ] = Field(default_factory=dict)
    """Labels on the pool's nodes, for the selectors of pods."""
    taints: Annotated[tuple[Taint, ...], Field(max_length=20, json_schema_extra=on_change(Change.DRIFTS_NODES))] = ()
    """Taints on the pool's nodes; GPU pools have `nvidia.com/gpu` already."""
    weight: Annotated[int | None, Field(ge=1, le=100)] = None
    """Where a pod fits several pools, the one with the highest weight is tried first."""
    budgets: Annotated[tuple[Budget, ...], Field(max_length=20)] = ()
    """How fast nodes may be taken away; unless named here all empty ones at once, and of others one in ten, of GPU nodes none."""
    expiry_hours: Annotated[int | None, Field(ge=1, le=8_760)] = None
    """Hours until a node is replaced by a new one: 720 without GPUs; never with, because it would end jobs."""

    _name: str = PrivateAttr(default="")

    @property
    def name(self) -> str:
        """Its key in `compute.pools`."""
        return self._name

    def call(self, name: str) -> None:
        """Take a name, as the mapping that holds the pool does."""
        self._name = name

    @property
    def has_gpus(self) -> bool:
        """Whether its nodes have GPUs."""
        return self.accelerator == "nvidia"

    @property
    def is_open(self) -> bool:
        """Whether its nodes take pods that ask for no GPU and tolerate nothing."""
        return not self.has_gpus and all(taint.effect == "PreferNoSchedule" for taint in self.taints)
