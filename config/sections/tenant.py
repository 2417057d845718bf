"""One tenant: a team's namespace, who may use it and how much of the platform it may take."""

from typing import Annotated, Literal

from pydantic import Field

from mlplatform.config.sections.compute_names import PoolName
from mlplatform.config.sections.section import Section
from mlplatform.config.sections.sign_in import Email

TenantName = Annotated[str, Field(pattern=r"^[a-z]([a-z0-9-]{0,18}[a-z0-9])?$", examples=["vision"])]
"""A tenant's name, which is its namespace's: 20 characters, so that the names of its roles have room."""
Quantity = Annotated[str, Field(pattern=r"^[0-9]+(\.[0-9]+)?(m|Ki|Mi|Gi|Ti|Pi)?$", examples=["64Gi"])]
"""An amount as Kubernetes writes it: https://kubernetes.io/docs/reference/kubernetes-api/common-definitions/quantity/"""


class Quota(Section):
    """How much all pods of a tenant may ask for together."""

    cpu: Quantity = "32"
    """CPUs that pods request."""
    memory: Quantity = "128Gi"
    """Memory that pods request and are limited to."""
    gpus: Annotated[int, Field(ge=0, le=1_000)] = 2
    """GPUs."""
    storage: Quantity = "500Gi"
    """Volumes, all together."""
    pods: Annotated[int, Field(ge=1, le=10_000)] = 200
    """Pods."""


class ContainerDefaults(Section):
    """What a container gets that asks for nothing, and the most that one may ask for."""

    cpu: Quantity = "500m"
    """CPUs requested where none are."""
    memory: Quantity = "1Gi"
    """Memory requested and limited where none is."""
    largest_cpu: Quantity | None = None
    """CPUs that one container may request; the quota's unless named here."""
    largest_memory: Quantity | None = None
    """Memory that one container may request; the quota's unless named here."""


class Tenant(Section):
    """A namespace with an owner, members, limits, and an IAM role that reaches its own artifacts alone."""

    owner: Email
    """Who may do everything in it, and invite others."""
    members: Annotated[dict[Email, Literal["admin", "edit", "view"]], Field(max_length=100, examples=[{"other@example.com": "edit"}])] = (
        Field(default_factory=dict)
    )
    """Who else may use it, and how."""
    quota: Quota = Quota()
    containers: ContainerDefaults = ContainerDefaults()
    pools: Annotated[tuple[PoolName, ...] | None, Field(max_length=20, examples=[["cpu", "gpu"]])] = None
    """Pools that its pods may run on, all unless named here."""
    removal: Literal["keep", "delete"] = "keep"
    """What becomes of the namespace and everything in it when the tenant is removed from this file: nothing, or deleted."""
