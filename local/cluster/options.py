"""What a control plane is told: how it names itself, its Services and who decides about tokens.

Separate because whoever starts a plane fills these in, and need know no flag of any program.
"""

from dataclasses import dataclass
from ipaddress import IPv4Network

from mlplatform.config.regions import region
from mlplatform.local.cluster.access import Access

_SERVICES = IPv4Network("172.20.0.0/16")


@dataclass(frozen=True)
class Options:
    """How one control plane differs from another."""

    issuer: str
    """The `iss` of ServiceAccount tokens; `eks_issuer` makes one."""
    service_cidr: IPv4Network = _SERVICES
    """Addresses of Services."""
    access: Access | None = None
    """Who is let in with a token of `aws eks get-token`; nobody where there is none."""
    webhooks: bool = False
    """Whether the API server asks webhooks of admission: nobody answers behind a Service here, so that it is for those with a URL."""


def eks_issuer(region_name: str, cluster_id: str) -> str:
    """Return the issuer that EKS gives a cluster (https://docs.aws.amazon.com/eks/latest/userguide/associate-service-account-role.html).

    Args:
        region_name: A region that config has tables for.
        cluster_id: 32 hexadecimal digits in upper case on EKS.

    Raises:
        KeyError: There are no tables for the region.
    """
    return f"https://oidc.eks.{region_name}.{region(region_name).partition.url_suffix}/id/{cluster_id}"
