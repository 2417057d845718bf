"""Checks of zones, subnets and the ways out of them."""

from collections.abc import Iterator

from mlplatform.config.checks.lists import repeated
from mlplatform.config.checks.rule import rule
from mlplatform.config.problems import Problem, listed, shown
from mlplatform.config.settings import Settings


def _zones_are_of_the_region(settings: Settings) -> Iterator[Problem]:
    path, zones = "network.availability_zones", settings.network.availability_zones
    for position, zone in enumerate(zones):
        if zone not in settings.place.zones:
            message = f"{shown(zone)} is not a zone of {settings.region}"
            yield Problem(f"{path}[{position}]", message, "name one of them, or remove the list", listed(settings.place.zones))
    yield from repeated(path, zones)


def _no_more_gateways_than_zones(settings: Settings) -> Iterator[Problem]:
    gateways, zones = settings.network.nat_gateways, len(settings.network.availability_zones)
    if gateways > zones:
        yield Problem("network.nat_gateways", f"{gateways} are more than one a zone", f"write {zones} or less", f"0 to {zones}")


def _existing_subnets_match_zones(settings: Settings) -> Iterator[Problem]:
    existing, zones = settings.network.existing, settings.network.availability_zones
    if not existing:
        return
    for name, subnets in (
        ("private_subnets", existing.private_subnets),
        ("public_subnets", existing.public_subnets),
        ("database_subnets", existing.database_subnets),
    ):
        path = f"network.existing.{name}"
        if len(subnets) != len(zones) and (subnets or name != "public_subnets"):
            remedy = f"list one for each of {listed(zones)}, in that order, or name other zones in network.availability_zones"
            yield Problem(path, f"has {len(subnets)} subnets for {len(zones)} zones", remedy)
        yield from repeated(path, subnets)
    for position, subnet in enumerate(existing.public_subnets):
        if subnet in (*existing.private_subnets, *existing.database_subnets):
            message = f"{shown(subnet)} is listed as private too"
            yield Problem(f"network.existing.public_subnets[{position}]", message, "list each subnet by the routes that it has")


def _existing_network_is_left_alone(settings: Settings) -> Iterator[Problem]:
    network = settings.network
    if not network.existing:
        return
    remedy = "remove it, and have it made by whoever manages the VPC"
    if network.nat_gateways:
        yield Problem("network.nat_gateways", f"{network.nat_gateways} would be made in an existing VPC", remedy, "0 with network.existing")
    if network.interface_endpoints:
        message = f"{listed(network.interface_endpoints)} would be made in an existing VPC"
        yield Problem("network.interface_endpoints", message, remedy, "[] with network.existing")
    if network.pod_cidr:
        yield Problem("network.pod_cidr", f"{network.pod_cidr} would be added to an existing VPC", remedy, "none with network.existing")


RULES = (
    rule(_zones_are_of_the_region, "region", "network.availability_zones"),
    rule(_existing_network_is_left_alone, "network.existing", "network.nat_gateways", "network.interface_endpoints", "network.pod_cidr"),
    rule(_no_more_gateways_than_zones, "region", "network.nat_gateways", "network.availability_zones"),
    rule(_existing_subnets_match_zones, "region", "network.existing", "network.availability_zones"),
)
