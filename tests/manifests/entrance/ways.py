"""Environments with another way in than their files say."""

from ipaddress import IPv4Network
from typing import Any

from mlplatform.config.load import load
from mlplatform.config.sections import Certificate, IngressSettings
from mlplatform.config.settings import Settings
from mlplatform.manifests.entrance.releases import entrance_releases
from mlplatform.manifests.release import Release

ACM = "arn:aws:acm:us-west-2:123456789012:certificate/01234567-89ab-cdef-0123-456789abcdef"


def forwarded(environment: str = "global-dev") -> Settings:
    """An environment that is reached by forwarded ports alone."""
    return _with(environment, access="port-forward")


def balanced(environment: str = "global-prod", *cidrs: str, access: str = "internal", acm: str | None = None, issuer: str = "") -> Settings:
    """An environment with a balancer, which ends TLS with a certificate of ACM or leaves that to the gateway."""
    return _with(
        environment,
        access=access,
        host="ml.example.com",
        certificate=Certificate(acm=acm, cluster_issuer=None if acm else issuer or "platform-ca"),
        allowed_cidrs=tuple(map(IPv4Network, cidrs)),
    )


def released(settings: Settings, name: str) -> Release:
    """Return one release of the way in."""
    [found] = [release for release in entrance_releases(settings) if release.name == name]
    return found


def _with(environment: str, **ingress: Any) -> Settings:
    return load(environment).model_copy(update={"ingress": IngressSettings(**ingress)})
