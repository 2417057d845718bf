"""Checks that ranges of addresses are allowed, apart from each other and large enough."""

from collections.abc import Iterator
from ipaddress import IPv4Network
from itertools import combinations

from mlplatform.config.checks.rule import rule
from mlplatform.config.instances import most_pods
from mlplatform.config.problems import Problem, listed
from mlplatform.config.sections import SUBNET_BITS
from mlplatform.config.settings import Settings

PRIVATE = tuple(map(IPv4Network, ("10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16")))
"""RFC 1918."""
SHARED = IPv4Network("100.64.0.0/10")
"""RFC 6598."""
LARGEST, SMALLEST = 16, 18
"""Prefixes that a VPC may have: AWS takes no larger one, and in a smaller one the private subnets are smaller than /20."""
RESERVED_IN_SUBNET = 5
"""https://docs.aws.amazon.com/vpc/latest/userguide/subnet-sizing.html"""
PREFIX_SIZE = 16
"""Addresses that a node takes at a time for its pods, with one such prefix kept warm."""
INTERFACES = 4
"""Addresses that a node needs for itself, one for each interface that its pods fill."""
OTHERS = 64
"""Addresses of a subnet that load balancers, interface endpoints and the API server take."""


def _vpc_range(settings: Settings) -> Iterator[Problem]:
    network = settings.network
    if network.existing:
        return
    yield from _range("network.cidr", network.cidr, (*PRIVATE, SHARED))


def _pod_range(settings: Settings) -> Iterator[Problem]:
    """Follow https://docs.aws.amazon.com/vpc/latest/userguide/vpc-cidr-blocks.html#add-cidr-block-restrictions."""
    network = settings.network
    if network.pod_cidr:
        beside = [block for block in PRIVATE if network.cidr.subnet_of(block)]
        yield from _range("network.pod_cidr", network.pod_cidr, (SHARED, *beside))


def _range(path: str, cidr: IPv4Network, blocks: tuple[IPv4Network, ...]) -> Iterator[Problem]:
    sizes = f"/{LARGEST} to /{SMALLEST}"
    if not any(cidr.subnet_of(block) for block in blocks):
        yield Problem(path, f"{cidr} is outside the ranges that may be used", "choose a range inside one of them", listed(blocks))
    elif not LARGEST <= cidr.prefixlen <= SMALLEST:
        if cidr.prefixlen < LARGEST:
            message = f"{cidr} is larger than AWS allows"
        else:
            message = f"{cidr} is too small: its private subnets would be /{cidr.prefixlen + SUBNET_BITS['private']}, and need /20"
        yield Problem(path, message, f"choose a range of {sizes}", sizes)


def _service_range(settings: Settings) -> Iterator[Problem]:
    """Follow https://docs.aws.amazon.com/eks/latest/APIReference/API_KubernetesNetworkConfigRequest.html."""
    path, cidr = "cluster.service_cidr", settings.cluster.service_cidr
    if not any(cidr.subnet_of(block) for block in PRIVATE):
        yield Problem(path, f"{cidr} is outside the ranges that may be used", "choose a range inside one of them", listed(PRIVATE))
    elif not 12 <= cidr.prefixlen <= 24:  # noqa: PLR2004 - EKS's own limits
        yield Problem(path, f"{cidr} has a size that EKS refuses", "choose a range of /12 to /24", "/12 to /24")


def _ranges_are_apart(settings: Settings) -> Iterator[Problem]:
    ranges = {"network.cidr": settings.network.cidr, "cluster.service_cidr": settings.cluster.service_cidr}
    if settings.network.pod_cidr:
        ranges["network.pod_cidr"] = settings.network.pod_cidr
    for (first, one), (second, other) in combinations(ranges.items(), 2):
        if one.overlaps(other):
            yield Problem(second, f"{other} overlaps {first}, which is {one}", "choose a range apart from it")


def _nodes_fit(settings: Settings) -> Iterator[Problem]:
    """Compare a zone's share of the system nodes, one more while they are replaced, with its subnet for pods.

    How many addresses a node takes: https://docs.aws.amazon.com/eks/latest/best-practices/prefix-mode-linux.html
    """
    network, nodes = settings.network, settings.cluster.system_nodes
    if network.existing:
        return
    pods = max(map(most_pods, nodes.instance_types))
    each = (-(-pods // PREFIX_SIZE) + 1) * PREFIX_SIZE + INTERFACES
    subnet = 2 ** (32 - (network.pod_cidr or network.cidr).prefixlen - SUBNET_BITS["private"]) - RESERVED_IN_SUBNET - OTHERS
    zones = len(network.availability_zones)
    fitting = (subnet // each - 1) * zones
    if nodes.maximum > fitting:
        message = (
            f"{nodes.maximum} nodes of {pods} pods in {zones} zones do not fit subnets that have {subnet} addresses free: each takes {each}"
        )
        remedy = (
            f"write {fitting} or less, or give pods a range of their own in network.pod_cidr"
            if not network.pod_cidr
            else f"write {fitting} or less"
        )
        yield Problem("cluster.system_nodes.maximum", message, remedy, f"{fitting} or less")


RULES = (
    rule(_vpc_range, "network.cidr", "network.existing"),
    rule(_pod_range, "network.cidr", "network.pod_cidr"),
    rule(_service_range, "cluster.service_cidr"),
    rule(_ranges_are_apart, "network.cidr", "network.pod_cidr", "cluster.service_cidr"),
)
"""Of ranges alone; nodes' types are checked before what they need."""
FIT = rule(
    _nodes_fit,
    *("region", "network.cidr", "network.pod_cidr", "network.existing", "network.availability_zones"),
    *("cluster.system_nodes.instance_types", "cluster.system_nodes.maximum"),
)
