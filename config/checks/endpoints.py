"""Checks of the private ways to AWS's services."""

from collections.abc import Iterator
from typing import get_args

from mlplatform.config.checks.lists import repeated
from mlplatform.config.checks.rule import rule
from mlplatform.config.problems import Problem, listed, shown
from mlplatform.config.sections.network import InterfaceEndpoint
from mlplatform.config.settings import Settings
from mlplatform.config.stages import NODE_ENDPOINTS


def _endpoints_exist(settings: Settings) -> Iterator[Problem]:
    path, services = "network.interface_endpoints", settings.network.interface_endpoints
    missing = settings.place.partition.missing_endpoints
    for position, service in enumerate(services):
        if service in missing:
            message = f"{shown(service)} has no interface endpoint in {settings.region}"
            allowed = listed(known for known in get_args(InterfaceEndpoint) if known not in missing)
            yield Problem(f"{path}[{position}]", message, "remove it: its API is reached through a NAT gateway", allowed)
    yield from repeated(path, services)


def _nodes_have_a_way_out(settings: Settings) -> Iterator[Problem]:
    network = settings.network
    if network.nat_gateways or network.existing:
        return
    path = "network.nat_gateways"
    without = [service for service in NODE_ENDPOINTS if service in settings.place.partition.missing_endpoints]
    lacking = [service for service in NODE_ENDPOINTS if service not in network.interface_endpoints]
    if without:
        message = f"0 leaves no way to {listed(without)}, which has no interface endpoint in {settings.region}"
        yield Problem(path, message, "keep at least one", "1 to 3")
    elif lacking:
        remedy = "keep at least one, or name them in network.interface_endpoints"
        yield Problem(path, f"0 leaves no way to {listed(lacking)}", remedy, "1 to 3")


RULES = (
    rule(_endpoints_exist, "region", "network.interface_endpoints"),
    rule(_nodes_have_a_way_out, "region", "network.nat_gateways", "network.existing", "network.interface_endpoints"),
)
