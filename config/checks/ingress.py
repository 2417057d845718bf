"""Checks of the way in: what each kind of access needs, and the certificate."""

import re
from collections.abc import Iterator
from functools import partial

from mlplatform.config.checks.internet import unseen
from mlplatform.config.checks.lists import repeated
from mlplatform.config.checks.rule import rule
from mlplatform.config.problems import Problem, shown
from mlplatform.config.settings import Settings

_CERTIFICATE = re.compile(r"arn:(?P<partition>[a-z-]+):acm:(?P<region>[a-z0-9-]+):(?P<account>[0-9]{12}):certificate/[0-9a-f-]{36}")


def _has_an_effect(name: str, settings: Settings) -> Iterator[Problem]:
    ingress = settings.ingress
    if ingress.access == "port-forward" and getattr(ingress, name):
        message = "has no effect, because access is port-forward, which has no load balancer"
        remedy = "write `access: internal`, or remove it" if ingress.host else "name a host, which makes access internal, or remove it"
        yield Problem(f"ingress.{name}", message, remedy)


def _entrance_is_there(settings: Settings) -> Iterator[Problem]:
    access = settings.ingress.access
    if access != "port-forward" and not settings.kubeflow.has("entrance"):
        message = f"{shown(access)} without a way in: kubeflow.components lacks entrance"
        yield Problem("ingress.access", message, "add entrance to them, or remove the ingress section")
    elif access != "port-forward" and not settings.kubeflow.has("sign-in"):
        message = f"{shown(access)} without sign-in: nobody would be asked who they are, and so nobody is let in"
        yield Problem("ingress.access", message, "add sign-in to kubeflow.components, or remove the ingress section")


def _browsers_have_a_name(settings: Settings) -> Iterator[Problem]:
    ingress = settings.ingress
    if ingress.access != "port-forward" and not ingress.host:
        yield Problem("ingress.host", f"is missing, and access is {ingress.access}", "write the name that browsers open, as ml.example.com")


def _browsers_have_a_certificate(settings: Settings) -> Iterator[Problem]:
    ingress = settings.ingress
    if ingress.access != "port-forward" and not ingress.certificate:
        remedy = (
            "name a certificate in ACM by `acm: ARN`, or write `cluster_issuer: platform-ca` for one of the environment's own authority"
        )
        yield Problem("ingress.certificate", f"is missing, and access is {ingress.access}", remedy)


def _certificate_is_one(settings: Settings) -> Iterator[Problem]:
    path, certificate = "ingress.certificate", settings.ingress.certificate
    if certificate and bool(certificate.acm) == bool(certificate.cluster_issuer):
        message = "names both acm and cluster_issuer" if certificate.acm else "names neither acm nor cluster_issuer"
        yield Problem(path, message, "keep the one that signs it" if certificate.acm else "name the one that signs it", "one of the two")


def _certificate_is_in_reach(settings: Settings) -> Iterator[Problem]:
    """Follow https://docs.aws.amazon.com/elasticloadbalancing/latest/network/tls-listener-certificates.html: of its own region alone."""
    certificate, path = settings.ingress.certificate, "ingress.certificate.acm"
    if not certificate or not certificate.acm:
        return
    own = {"partition": settings.place.partition.name, "region": settings.region, "account": settings.account}
    form = "arn:{partition}:acm:{region}:{account}:certificate/ID".format(**own)
    match = _CERTIFICATE.fullmatch(certificate.acm)
    if not match:
        remedy = "write it in full (`aws acm list-certificates` prints it)"
        yield Problem(path, f"{shown(certificate.acm)} is not the ARN of a certificate", remedy, form)
        return
    for part, value in own.items():
        if match[part] != value:
            message = f"the certificate is in {part} {match[part]}, the environment in {value}: a load balancer takes none from elsewhere"
            yield Problem(path, message, "request or import one there", form)
            return


def _public_access_is_named(settings: Settings) -> Iterator[Problem]:
    ingress, existing = settings.ingress, settings.network.existing
    if ingress.access != "public":
        return
    if not ingress.allowed_cidrs:
        remedy = "name the networks that may connect, or [0.0.0.0/0] for everybody on the internet"
        yield Problem("ingress.allowed_cidrs", "names nobody, and access is public", remedy)
    yield from unseen("ingress.allowed_cidrs", ingress.allowed_cidrs, "a public load balancer")
    if existing and not existing.public_subnets:
        message = "has no subnet, and ingress.access is public: its load balancer faces the internet"
        yield Problem("network.existing.public_subnets", message, "list one for each zone, or write `access: internal`")


def _recordal_is_there_where_it_is_needed(settings: Settings) -> Iterator[Problem]:
    """Follow https://www.amazonaws.cn/en/support/icp/."""
    path, ingress, partition = "ingress.icp_recordal", settings.ingress, settings.place.partition
    if partition.needs_icp_recordal and ingress.access == "public" and not ingress.icp_recordal:
        message = (
            f"is missing: in {settings.region} a page is let through to the public only after the ICP recordal of its domain, "
            "which the domain's owner files with the Ministry of Industry and Information Technology"
        )
        yield Problem(path, message, "write its number, as 京ICP备00000000号, or `access: internal`, which needs none")
    if ingress.icp_recordal and not partition.needs_icp_recordal:
        yield Problem(path, f"has no effect in {settings.region}, where a domain needs no ICP recordal", "remove it")


def _ranges_are_listed_once(settings: Settings) -> Iterator[Problem]:
    yield from repeated("ingress.allowed_cidrs", settings.ingress.allowed_cidrs)


_WITHOUT_EFFECT = ("certificate", "allowed_cidrs", "icp_recordal", "host")
"""What is for a load balancer alone; the host comes last, because access follows from it."""
RULES = (
    *(rule(partial(_has_an_effect, name), "ingress.access", "ingress.host", f"ingress.{name}") for name in _WITHOUT_EFFECT),
    rule(_entrance_is_there, "ingress.access", "kubeflow.components"),
    rule(_browsers_have_a_name, "ingress.access", "ingress.host"),
    rule(_certificate_is_in_reach, "region", "account", "ingress.certificate"),
    rule(_certificate_is_one, "ingress.certificate"),
    rule(_browsers_have_a_certificate, "ingress.access", "ingress.certificate"),
    rule(_public_access_is_named, "ingress.access", "ingress.allowed_cidrs", "network.existing"),
    rule(_recordal_is_there_where_it_is_needed, "region", "ingress.access", "ingress.icp_recordal"),
    rule(_ranges_are_listed_once, "ingress.allowed_cidrs"),
)
