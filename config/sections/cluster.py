"""The cluster section: Kubernetes' version, who reaches it, its system nodes and add-ons."""

from ipaddress import IPv4Network
from typing import Annotated, Literal

from pydantic import Field

from mlplatform.config.sections.section import Change, Section, on_change
from mlplatform.config.sections.values import Cidr, LogDays
from mlplatform.config.versions import MATCHED_SETS

ADDON_NAMES = sorted({name for matched in MATCHED_SETS.values() for name in matched.addons})
"""EKS add-ons that the platform installs or can install."""


class SystemNodes(Section):
    """The managed node group that the platform's own pods run on; jobs run on pools."""

    instance_types: Annotated[
        tuple[str, ...], Field(min_length=1, max_length=8, examples=[["m5.xlarge"]], json_schema_extra=on_change(Change.REPLACES))
    ] = ("m5.xlarge",)
    """EC2 instance types, in order of preference; x86_64, because not every image of Kubeflow is built for arm64."""
    minimum: Annotated[int, Field(ge=2, le=50)] = 2
    """Nodes at least: 2 in dev, 4 in prod; never fewer than 2, which Karpenter's two replicas need."""
    desired: Annotated[int, Field(ge=2, le=50)] = 2
    """Nodes at the start: 2 in dev, 4 in prod."""
    maximum: Annotated[int, Field(ge=2, le=100)] = 4
    """Nodes at most: 4 in dev, 8 in prod."""
    disk_gib: Annotated[int, Field(ge=20, le=16_384, json_schema_extra=on_change(Change.ROLLS_NODES))] = 100
    """Each node's disk in GiB; images take most of it."""


class AddonSettings(Section):
    """EKS add-ons beyond those that every cluster has (vpc-cni, kube-proxy, coredns, aws-ebs-csi-driver)."""

    efs_csi: bool = False
    """Volumes that several nodes write, on EFS."""
    pod_identity_agent: bool = False
    """Credentials by EKS Pod Identity beside IRSA, for pods that users bring."""
    versions: Annotated[
        dict[str, Annotated[str, Field(pattern=r"^v[0-9]+\.[0-9]+\.[0-9]+-eksbuild\.[0-9]+$")]],
        Field(
            examples=[{"coredns": "v1.14.3-eksbuild.3"}],
            json_schema_extra=on_change(Change.RESTARTS_PODS, propertyNames={"enum": ADDON_NAMES}),
        ),
    ] = Field(default_factory=dict)
    """Versions other than the matched set's, by add-on name, as v1.2.3-eksbuild.4 (`aws eks describe-addon-versions` lists them)."""

    @property
    def left_out(self) -> set[str]:
        """Add-ons that the platform can install and does not here."""
        chosen = {"aws-efs-csi-driver": self.efs_csi, "eks-pod-identity-agent": self.pod_identity_agent}
        return {name for name, wanted in chosen.items() if not wanted}


class ClusterSettings(Section):
    """The EKS cluster."""

    version: Annotated[str, Field(json_schema_extra=on_change(Change.ROLLS_NODES, enum=list(MATCHED_SETS)))] = "1.36"
    """The minor version of Kubernetes, in quotes; one with a matched set."""
    endpoint_access: Literal["private", "public_and_private"] = "public_and_private"
    """Who can open a connection to the API server: private in prod, so that only the VPC can."""
    public_access_cidrs: Annotated[tuple[Cidr, ...], Field(min_length=1, max_length=40)] = (IPv4Network("0.0.0.0/0"),)
    """Who may use the public endpoint: anyone unless named here, and in prod those who are named."""
    administrators: Annotated[tuple[str, ...], Field(max_length=40, examples=[["arn:aws-cn:iam::123456789012:role/platform"]])] = ()
    """ARNs of IAM roles or users with every right in the cluster."""
    log_types: tuple[Literal["api", "audit", "authenticator", "controllerManager", "scheduler"], ...] = ("audit", "authenticator")
    """Control-plane logs in CloudWatch: audit and authenticator in dev, all in prod."""
    log_days: LogDays = 30
    """Days that they are kept."""
    service_cidr: Annotated[Cidr, Field(json_schema_extra=on_change(Change.REFUSED))] = IPv4Network("172.20.0.0/16")
    """Addresses of Kubernetes' Services, /12 to /24, apart from every range of the network."""
    system_nodes: SystemNodes = SystemNodes()
    addons: AddonSettings = AddonSettings()
