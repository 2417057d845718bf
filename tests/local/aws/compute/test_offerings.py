import json
from typing import Any

import pytest
from botocore.exceptions import ClientError

from mlplatform.config.instances import FAMILIES, OFFERED
from mlplatform.config.regions import REGIONS
from mlplatform.local.aws.compute import prices, types

from .conftest import Aws

BOTH = pytest.mark.parametrize("region", ["cn-north-1", "us-west-2"])


def offered(aws: Aws, region: str, kind: str = "availability-zone") -> list[tuple[str, str]]:
    pages = aws.client("ec2", region).get_paginator("describe_instance_type_offerings").paginate(LocationType=kind)
    return [(found["InstanceType"], found["Location"]) for page in pages for found in page["InstanceTypeOfferings"]]


def products(aws: Aws, region: str, **filters: str) -> list[dict[str, Any]]:
    # The API has an endpoint in one region of China and a few others, which answers for all.
    client = aws.client("pricing", "cn-northwest-1" if region.startswith("cn-") else "us-east-1")
    wanted = [{"Type": "TERM_MATCH", "Field": field, "Value": value} for field, value in ({"regionCode": region} | filters).items()]
    pages = client.get_paginator("get_products").paginate(ServiceCode="AmazonEC2", Filters=wanted)
    return [json.loads(entry) for page in pages for entry in page["PriceList"]]


@BOTH
def test_a_region_offers_what_configuration_says_in_each_of_its_zones(aws: Aws, region: str) -> None:
    found = offered(aws, region)
    assert {name.split(".")[0] for name, _ in found} == set(OFFERED[region])
    assert {zone for _, zone in found} == set(REGIONS[region].zones)


@BOTH
def test_a_region_describes_the_types_that_it_offers_and_no_other(aws: Aws, region: str) -> None:
    pages = aws.client("ec2", region).get_paginator("describe_instance_types").paginate()
    described = {found["InstanceType"] for page in pages for found in page["InstanceTypes"]}
    assert described == {name for name, _ in offered(aws, region, "region")}


def test_every_type_that_configuration_offers_is_known() -> None:
    names = {f"{family}.{size}" for region in OFFERED.values() for family in region for size in FAMILIES[family].sizes}
    assert {name for name in names if types.vcpus(name) <= 0 or types.memory_mib(name) <= 0} == set()


def test_a_type_that_the_region_lacks_does_not_exist_there(aws: Aws) -> None:
    with pytest.raises(ClientError, match="InvalidInstanceType"):
        aws.client("ec2").describe_instance_types(InstanceTypes=["g6.xlarge"])


def test_china_has_the_p3_types_that_moto_has_forgotten(aws: Aws) -> None:
    (found,) = aws.client("ec2").describe_instance_types(InstanceTypes=["p3.2xlarge"])["InstanceTypes"]
    assert found["VCpuInfo"]["DefaultVCpus"] == 8
    assert found["GpuInfo"]["Gpus"][0] == {"Name": "V100", "Manufacturer": "NVIDIA", "Count": 1, "MemoryInfo": {"SizeInMiB": 16384}}


def test_a_dry_run_tells_that_ec2_can_be_reached(aws: Aws) -> None:
    with pytest.raises(ClientError, match="DryRunOperation"):
        aws.client("ec2").describe_instance_types(DryRun=True)


@BOTH
def test_each_type_has_a_price_in_the_regions_currency(aws: Aws, region: str) -> None:
    currency = {"cn-north-1": "CNY", "us-west-2": "USD"}[region]
    priced: dict[str, float] = {}
    for filters in (
        {"tenancy": "Shared", "productFamily": "Compute Instance"},
        {"tenancy": "Dedicated", "productFamily": "Compute Instance (bare metal)"},
    ):
        entries = products(aws, region, **filters)
        assert entries, filters
        for entry in entries:
            (term,) = entry["terms"]["OnDemand"].values()
            (dimension,) = term["priceDimensions"].values()
            priced[entry["product"]["attributes"]["instanceType"]] = float(dimension["pricePerUnit"][currency])
    assert set(priced) == {name for name, _ in offered(aws, region, "region")}
    assert min(priced.values()) > 0


def test_published_prices_are_the_ones_that_are_answered(aws: Aws) -> None:
    (entry,) = products(aws, "cn-north-1", instanceType="g5.xlarge")
    assert '"CNY": "9.514' in json.dumps(entry)


@pytest.mark.parametrize(
    ("region", "name", "published"),
    [
        ("us-west-2", "m5.xlarge", 0.192),
        ("us-west-2", "c5.2xlarge", 0.34),
        ("us-west-2", "r6i.large", 0.126),
        ("us-west-2", "t3.large", 0.0832),
        ("cn-north-1", "m5.xlarge", 2.026),
        ("cn-north-1", "c5.xlarge", 1.479),
    ],
)
def test_computed_prices_are_near_the_published_ones(region: str, name: str, published: float) -> None:
    assert prices.on_demand(region, name) == pytest.approx(published, rel=0.25 if region == "cn-north-1" else 0.15)


def test_a_question_that_the_price_list_does_not_play_is_answered_with_a_sentence(aws: Aws) -> None:
    with pytest.raises(ClientError, match="does not play DescribeServices"):
        aws.client("pricing", "us-east-1").describe_services()
    with pytest.raises(ClientError, match="InvalidParameterException"):
        aws.client("pricing", "us-east-1").get_products(ServiceCode="AmazonRDS")


def test_spot_costs_less_than_on_demand_and_differs_by_zone(aws: Aws) -> None:
    history = aws.client("ec2").describe_spot_price_history(InstanceTypes=["g4dn.xlarge"], ProductDescriptions=["Linux/UNIX"])
    found = {entry["AvailabilityZone"]: float(entry["SpotPrice"]) for entry in history["SpotPriceHistory"]}
    assert list(found) == list(REGIONS["cn-north-1"].zones)
    assert len(set(found.values())) == 3
    assert max(found.values()) < prices.on_demand("cn-north-1", "g4dn.xlarge")
