"""The availability zones that EC2 shows.

Separate because it changes a table of moto's, which knows two zones of China's first region where accounts see three.
"""

from moto.ec2.models.availability_zones_and_regions import RegionsAndZonesBackend, Zone

from mlplatform.config.regions import REGIONS, Region


def play_zones() -> None:
    """Give moto's EC2 the zones of the platform's tables."""
    for region in REGIONS.values():
        RegionsAndZonesBackend.zones[region.name] = _zones(region)


def _zones(region: Region) -> list[Zone]:
    # Zone ids differ by account: `use1-az4`, `cnn1-az2`; here the order of the names is the order of the ids.
    area, direction, number = region.name.rsplit("-", 2)
    known = {zone.name: zone.zone_id for zone in RegionsAndZonesBackend.zones.get(region.name, ())}
    prefix = f"{area.replace('-', '')}{direction[0]}{number}"
    return [
        Zone(region_name=region.name, name=name, zone_id=known.get(name, f"{prefix}-az{index}"))
        for index, name in enumerate(region.zones, start=1)
    ]
