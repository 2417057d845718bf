"""The compute section: the pools that jobs, notebooks and pipelines run on."""

from typing import Annotated, Self

from pydantic import Field, model_validator

from mlplatform.config.sections.compute_names import PoolName
from mlplatform.config.sections.pool import Pool
from mlplatform.config.sections.section import Change, Section, on_change
from mlplatform.config.sections.values import LogDays


class ContainerLogs(Section):
    """What pods write to standard output and error, in CloudWatch Logs, where it outlives their node."""

    collected: bool = True
    """Whether an agent on every node sends it there."""
    days: LogDays = 30
    """Days that it is kept."""


class ComputeSettings(Section):
    """Nodes that Karpenter starts for pods and takes away after them."""

    pools: Annotated[
        dict[PoolName, Pool], Field(max_length=20, examples=[{"gpu": {"accelerator": "nvidia", "families": ["g4dn", "g5"]}}])
    ] = Field(default_factory=dict)
    """Pools by name, of lower-case letters, digits and hyphens; beside those named here there is `cpu`, without GPUs."""
    ami_version: Annotated[str, Field(pattern=r"^v[0-9]{8}$", examples=["v20260724"], json_schema_extra=on_change(Change.DRIFTS_NODES))] = (
        ""
    )
    """The release of EKS's Amazon Linux 2023 images that nodes boot, as v20260724; the matched set's unless named here."""
    logs: ContainerLogs = ContainerLogs()

    @model_validator(mode="after")
    def _name_pools(self) -> Self:
        for name, pool in self.pools.items():
            pool.call(name)
        return self

    @property
    def gpu_pools(self) -> tuple[Pool, ...]:
        """Pools whose nodes have GPUs."""
        return tuple(pool for pool in self.pools.values() if pool.has_gpus)
