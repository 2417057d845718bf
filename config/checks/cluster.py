"""Checks of who reaches the cluster and of what is added to it."""

import re
from collections.abc import Iterator

from mlplatform.config.checks.internet import unseen
from mlplatform.config.checks.lists import repeated
from mlplatform.config.checks.rule import rule
from mlplatform.config.problems import Problem, listed, shown
from mlplatform.config.sections.cluster import ADDON_NAMES
from mlplatform.config.settings import Settings

_PRINCIPAL = re.compile(r"arn:(?P<partition>[a-z-]+):iam::[0-9]{12}:(role|user)/[A-Za-z0-9_+=,.@/-]{1,512}")
_OPEN = 8
"""A range with a shorter prefix is no range of somebody's, it is the internet in pieces."""


def _endpoint_is_not_open_in_prod(settings: Settings) -> Iterator[Problem]:
    cluster = settings.cluster
    if settings.stage != "prod" or cluster.endpoint_access == "private":
        return
    for position, cidr in enumerate(cluster.public_access_cidrs):
        if cidr.prefixlen < _OPEN:
            message = f"{cidr} opens the API server of a prod environment to the world"
            remedy = "name your own networks, or leave cluster.endpoint_access private"
            yield Problem(f"cluster.public_access_cidrs[{position}]", message, remedy, f"/{_OPEN} or smaller in prod")


def _public_ranges_are_public(settings: Settings) -> Iterator[Problem]:
    # https://docs.aws.amazon.com/eks/latest/userguide/cluster-endpoint.html
    path, cidrs = "cluster.public_access_cidrs", settings.cluster.public_access_cidrs
    yield from unseen(path, cidrs, "the public endpoint")
    yield from repeated(path, cidrs)


def _administrators_are_principals(settings: Settings) -> Iterator[Problem]:
    path, partition = "cluster.administrators", settings.place.partition.name
    allowed = f"arn:{partition}:iam::{settings.account}:role/NAME or user/NAME"
    for position, arn in enumerate(settings.cluster.administrators):
        at = f"{path}[{position}]"
        match = _PRINCIPAL.fullmatch(arn)
        if ":sts:" in arn:
            yield Problem(at, f"{shown(arn)} is a session, which ends", "write the ARN of the role that it is of", allowed)
        elif not match:
            yield Problem(at, f"{shown(arn)} is not the ARN of an IAM role or user", "write it in full", allowed)
        elif match["partition"] != partition:
            message = f"{shown(arn)} is in partition {match['partition']}, {settings.region} is in {partition}"
            yield Problem(at, message, f"name a role or user of {partition}", allowed)
    yield from repeated(path, settings.cluster.administrators)


def _log_types_are_listed_once(settings: Settings) -> Iterator[Problem]:
    yield from repeated("cluster.log_types", settings.cluster.log_types)


def _addons_are_known(settings: Settings) -> Iterator[Problem]:
    addons, matched = settings.cluster.addons, settings.versions.addons
    for name in addons.versions:
        if name not in matched:
            path = f"cluster.addons.versions.{name}" if re.fullmatch(r"[\w-]+", name) else "cluster.addons.versions"
            yield Problem(path, f"{shown(name)} is not an add-on of the platform", "remove it", listed(ADDON_NAMES))
    wanted = {"efs_csi": "aws-efs-csi-driver", "pod_identity_agent": "eks-pod-identity-agent"}
    for setting, name in wanted.items():
        if getattr(addons, setting) and name not in {**matched, **addons.versions}:
            message = f"true, but no version of {name} is matched to Kubernetes {settings.cluster.version}"
            remedy = f"name one in cluster.addons.versions (`aws eks describe-addon-versions --addon-name {name}` lists them)"
            yield Problem(f"cluster.addons.{setting}", message, remedy)


RULES = (
    rule(_endpoint_is_not_open_in_prod, "stage", "cluster.endpoint_access", "cluster.public_access_cidrs"),
    rule(_public_ranges_are_public, "cluster.public_access_cidrs"),
    rule(_administrators_are_principals, "region", "account", "cluster.administrators"),
    rule(_log_types_are_listed_once, "cluster.log_types"),
    rule(_addons_are_known, "cluster.version", "cluster.addons"),
)
