"""One tenant: a team's namespace, who may use it and how much of the platform it may take."""

from typing import Annotated, Literal

from pydantic import Field

from mlplatform.config.sections.compute_names import PoolName
from mlplatform.config.sections.section import Section
from mlplatform.config.sections.sign_in import Email

TenantName = Annotated[str, Field(pattern=r"^[a-z]([a-z0-9-]{0,18}[a-z0-9])?$", examples=["vision"])]
"""A tenant's name, which is its namespace's: 20 characters, so that the names of its roles have room."""
Cpus = Annotated[
    str, Field(pattern=r"^([1-9][0-9]{0,5}m|[1-9][0-9]{0,3}(\.[0-9]{1,3})?|0\.([1-9][0-9]{0,2}|0[1-9][0-9]?|00[1-9]))$", examples=["8"])
]
"""CPUs, whole, as a fraction or in thousandths: https://kubernetes.io/docs/concepts/configuration/manage-resources-containers/#meaning-of-cpu"""
Bytes = Annotated[str, Field(pattern=r"^([1-9][0-9]{0,6}Mi|[1-9][0-9]{0,4}Gi|[1-9][0-9]{0,2}Ti)$", examples=["64Gi"])]
"""Memory or storage, with its unit: an amount without one would be bytes."""


class Quota(Section):
    """How much all pods of a tenant may ask for together."""

    cpu: Cpus = "32"
    """CPUs that pods request, in quotes."""
    memory: Bytes = "128Gi"
    """Memory that pods request and are limited to, as 128Gi."""
    gpus: Annotated[int, Field(ge=0, le=1_000)] = 2
    """GPUs that pods request: 2, or 0 where no pool that they may run on has any."""
    storage: Bytes = "500Gi"
    """Volumes, all together, as 500Gi."""
    pods: Annotated[int, Field(ge=1, le=10_000)] = 200
    """Pods."""


class ContainerDefaults(Section):
    """What a container gets that asks for nothing, and the most that one may ask for."""

    cpu: Annotated[Cpus, Field(examples=["500m"])] = "500m"
    """CPUs requested where none are, in quotes or as 500m."""
    memory: Bytes = "1Gi"
    """Memory requested and limited where none is, as 1Gi."""
    largest_cpu: Cpus | None = None
    """CPUs that one container may request, in quotes; the quota's unless named here."""
    largest_memory: Bytes | None = None
    """Memory that one container may request, as 64Gi; the quota's unless named here."""


class Tenant(Section):
    """A namespace with an owner, members, limits, and an IAM role that reaches its own artifacts alone."""

    owner: Email
    """Who may do everything in it, and invite others, by an address in lower case."""
    members: Annotated[dict[Email, Literal["admin", "edit", "view"]], Field(max_length=100, examples=[{"other@example.com": "edit"}])] = (
        Field(default_factory=dict)
    )
    """Who else may use it, by addresses in lower case, and how: admin, edit or view."""
    quota: Quota = Quota()
    containers: ContainerDefaults = ContainerDefaults()
    pools: Annotated[tuple[PoolName, ...] | None, Field(min_length=1, max_length=20, examples=[["cpu", "gpu"]])] = None
    """Pools that its pods may run on, all unless named here."""
    removal: Literal["keep", "delete"] = "keep"
    """What becomes of the namespace and everything in it when the tenant is removed from this file: nothing, or deleted."""
