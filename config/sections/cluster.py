"""The cluster section: Kubernetes' version, who reaches it, its system nodes and add-ons."""

from ipaddress import IPv4Network
from typing import Annotated, Literal, Self

from pydantic import Field, model_validator

from mlplatform.config.sections.section import Change, Section, on_change

Cidr = Annotated[IPv4Network, Field(strict=False)]


class SystemNodes(Section):
    """The managed node group that the platform's own pods run on; jobs run on pools."""

    instance_types: Annotated[tuple[str, ...], Field(min_length=1, max_length=8, json_schema_extra=on_change(Change.REPLACES))] = (
        "m5.xlarge",
    )
    minimum: Annotated[int, Field(ge=1, le=50)] = 2
    desired: Annotated[int, Field(ge=1, le=50)] = 2
    """2 in dev, 4 in prod."""
    maximum: Annotated[int, Field(ge=1, le=100)] = 4
    disk_gib: Annotated[int, Field(ge=20, le=16_384, json_schema_extra=on_change(Change.ROLLS_NODES))] = 100

    @model_validator(mode="after")
    def _in_order(self) -> Self:
        if not self.minimum <= self.desired <= self.maximum:
            msg = (
                f"minimum {self.minimum}, desired {self.desired} and maximum {self.maximum} are not in order; "
                "make minimum <= desired <= maximum"
            )
            raise ValueError(msg)
        return self


class AddonSettings(Section):
    """EKS add-ons beyond those that every cluster has (vpc-cni, kube-proxy, coredns, aws-ebs-csi-driver)."""

    efs_csi: bool = False
    """Volumes that several nodes write, on EFS."""
    pod_identity_agent: bool = False
    """Credentials by EKS Pod Identity beside IRSA, for pods that users bring."""
    versions: dict[str, str] = Field(default_factory=dict)
    """Versions other than the matched set's, by add-on name (`aws eks describe-addon-versions` lists them)."""


class ClusterSettings(Section):
    """The EKS cluster."""

    version: Annotated[str, Field(json_schema_extra=on_change(Change.INTERRUPTS))] = "1.36"
    """Kubernetes' minor version, in quotes; one of the matched set."""
    endpoint_access: Literal["private", "public_and_private"] = "public_and_private"
    """Who can open a connection to the API server: private in prod, so that only the VPC can."""
    public_access_cidrs: tuple[Cidr, ...] = (IPv4Network("0.0.0.0/0"),)
    """Who may use the public endpoint."""
    administrators: tuple[str, ...] = ()
    """ARNs of IAM roles or users with every right in the cluster."""
    log_types: tuple[Literal["api", "audit", "authenticator", "controllerManager", "scheduler"], ...] = ("audit", "authenticator")
    """Control-plane logs in CloudWatch: audit and authenticator in dev, all in prod."""
    log_days: Literal[1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365] = 30
    """Days that they are kept."""
    service_cidr: Annotated[IPv4Network, Field(strict=False, json_schema_extra=on_change(Change.REPLACES))] = IPv4Network("172.20.0.0/16")
    """Addresses of Kubernetes' Services, apart from every range of the network."""
    system_nodes: SystemNodes = SystemNodes()
    addons: AddonSettings = AddonSettings()
