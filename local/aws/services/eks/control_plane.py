"""What stands behind a cluster of the local AWS: made-up values, or a real control plane that is put in their place.

Separate because EKS's API must not know which of the two it describes.
"""

import base64
import datetime as dt
import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from typing import Any, Protocol

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from mlplatform.config.partitions import PARTITIONS


@dataclass(frozen=True)
class ClusterIdentity:
    """Which cluster is meant, and what a control plane must know to be it."""

    account: str
    region: str
    partition: str
    name: str
    arn: str
    version: str
    """Kubernetes' minor version, `1.36`."""
    service_cidr: str

    @property
    def issuer(self) -> str:
        """The OpenID Connect issuer whose tokens pods carry, as IAM trusts it."""
        return f"https://oidc.eks.{self.region}.{PARTITIONS[self.partition].url_suffix}/id/{self.issuer_id}"

    @property
    def issuer_id(self) -> str:
        """The issuer's last part: the same for the same cluster, as IAM policies quote it."""
        return hashlib.sha256(self.arn.encode()).hexdigest()[:32].upper()


@dataclass(frozen=True)
class Access:
    """How a cluster is reached, as DescribeCluster says it."""

    endpoint: str
    certificate_authority: str
    """PEM in base64."""
    issuer: str


@dataclass(frozen=True)
class NodeGroupState:
    """What a node group should be now."""

    cluster: ClusterIdentity
    name: str
    arn: str
    desired: int
    instance_types: Sequence[str]
    subnets: Sequence[str]
    node_role: str
    ami_type: str
    capacity_type: str
    version: str
    labels: Mapping[str, str] = field(default_factory=dict[str, str])
    taints: Sequence[Mapping[str, str]] = ()
    launch_template: Mapping[str, str] | None = None


class ControlPlane(Protocol):
    """What starts and stops clusters and their nodes. Each call returns when it is done; an exception's message becomes the reason."""

    def start(self, cluster: ClusterIdentity) -> Access:
        """Start the cluster's API server and say how it is reached."""
        ...

    def upgrade(self, cluster: ClusterIdentity) -> None:
        """Run the cluster with `cluster.version` from now on."""
        ...

    def stop(self, cluster: ClusterIdentity) -> None:
        """End the cluster."""
        ...

    def scale(self, group: NodeGroupState) -> None:
        """Bring the group's nodes to `group.desired`, labels and taints included; 0 when the group is deleted."""
        ...


class MadeUp:
    """Answers in EKS's shapes with nothing behind them."""

    def start(self, cluster: ClusterIdentity) -> Access:
        """Return an endpoint that no one listens at."""
        suffix = PARTITIONS[cluster.partition].url_suffix
        endpoint = f"https://{cluster.issuer_id}.gr7.{cluster.region}.eks.{suffix}"
        return Access(endpoint, _authority(), cluster.issuer)

    def upgrade(self, cluster: ClusterIdentity) -> None:
        """Change nothing: nothing runs."""

    def stop(self, cluster: ClusterIdentity) -> None:
        """Change nothing: nothing runs."""

    def scale(self, group: NodeGroupState) -> None:
        """Change nothing: no node is made."""


@cache
def _authority() -> str:
    """Return a real certificate, for whoever parses it, that signs nothing."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "kubernetes")])
    now = dt.datetime.now(dt.UTC)
    builder: Any = x509.CertificateBuilder().subject_name(name).issuer_name(name).public_key(key.public_key())
    builder = builder.serial_number(x509.random_serial_number()).not_valid_before(now).not_valid_after(now + dt.timedelta(days=3650))
    return base64.b64encode(builder.sign(key, hashes.SHA256()).public_bytes(serialization.Encoding.PEM)).decode()
