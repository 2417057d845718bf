"""The ingress section: who reaches the platform's pages, and under which name."""

from typing import Annotated, Literal

from pydantic import Field

from mlplatform.config.sections.section import Change, Section, on_change
from mlplatform.config.sections.values import Cidr

HOST = r"^([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z][a-z0-9-]{0,61}[a-z0-9]$"
RECORDAL = r"^[\u4e00-\u9fff]ICP备[0-9]{6,12}号(-[0-9]{1,4})?$"
"""As the Ministry of Industry and Information Technology writes the number of a recordal: https://beian.miit.gov.cn"""


class Certificate(Section):
    """Where the certificate of the host's name comes from: one of the two."""

    acm: Annotated[
        str | None, Field(max_length=256, examples=["arn:aws:acm:us-west-2:123456789012:certificate/01234567-89ab-cdef-0123-456789abcdef"])
    ] = None
    """ARN of a certificate in ACM, of the environment's own account and region; the load balancer then ends TLS."""
    cluster_issuer: Annotated[str | None, Field(pattern=r"^[a-z0-9]([a-z0-9.-]{0,251}[a-z0-9])?$", examples=["platform-ca"])] = None
    """A ClusterIssuer of cert-manager, which signs it; the gateway then ends TLS. `platform-ca` is the environment's own authority."""


class IngressSettings(Section):
    """The way in for people's browsers and for clients of APIs."""

    access: Annotated[Literal["port-forward", "internal", "public"], Field(json_schema_extra=on_change(Change.INTERRUPTS))] = "port-forward"
    """port-forward takes kubectl and no load balancer, internal is for networks that reach the VPC, public for the internet: internal where a host is named, else port-forward."""
    host: Annotated[
        str | None, Field(pattern=HOST, max_length=253, examples=["ml.example.com"], json_schema_extra=on_change(Change.RESTARTS_PODS))
    ] = None
    """The name that browsers open; needed unless access is by port-forward."""
    certificate: Annotated[Certificate | None, Field(json_schema_extra=on_change(Change.INTERRUPTS))] = None
    """The certificate of that name; needed with it."""
    allowed_cidrs: Annotated[tuple[Cidr, ...], Field(max_length=40, examples=[["10.0.0.0/8"]])] = ()
    """Who may connect to the load balancer: the VPC's own addresses unless named here; with public access they must be named."""
    icp_recordal: Annotated[str | None, Field(pattern=RECORDAL, max_length=64, examples=["京ICP备00000000号"])] = None
    """The number of the ICP recordal of the host's domain, without which a public page in China is blocked; needed there with public access."""

    @property
    def has_balancer(self) -> bool:
        """Whether a load balancer leads to the gateway, and not forwarded ports alone."""
        return self.access != "port-forward"
