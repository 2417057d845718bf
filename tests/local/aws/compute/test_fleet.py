from typing import Any

import pytest
from botocore.exceptions import ClientError

from .conftest import Aws, Launches


def offerings(answer: dict[str, Any]) -> list[tuple[str, str, int]]:
    return [
        (found["InstanceType"], found["LaunchTemplateAndOverrides"]["Overrides"]["AvailabilityZone"], len(found["InstanceIds"]))
        for found in answer["Instances"]
    ]


def refuse(aws: Aws, **scope: Any) -> None:
    status, answer = aws.control("POST", "/_local/capacity", {"region": "cn-north-1", "remaining": 0, **scope})
    assert status == 200, answer


def test_a_fleet_launches_the_cheapest_type_whatever_the_order_of_the_overrides(launches: Launches) -> None:
    assert offerings(launches.fleet("g5.12xlarge", "g5.xlarge", "g4dn.xlarge")) == [("g4dn.xlarge", "cn-north-1a", 1)]


def test_a_spot_fleet_launches_in_the_cheapest_zone_and_names_the_capacity_type(launches: Launches) -> None:
    answer = launches.fleet("g5.xlarge", "g4dn.xlarge", spot=True)
    assert offerings(answer) == [("g4dn.xlarge", "cn-north-1a", 1)]
    assert answer["Instances"][0]["Lifecycle"] == "spot"
    assert launches.instances()[0]["SpotInstanceRequestId"].startswith("sir-")


def test_a_prioritized_fleet_follows_its_priorities_against_the_price(launches: Launches) -> None:
    answer = launches.fleet(
        "g4dn.xlarge", "g5.xlarge", strategy="prioritized", more={"g4dn.xlarge": {"Priority": 2}, "g5.xlarge": {"Priority": 1}}
    )
    assert offerings(answer) == [("g5.xlarge", "cn-north-1a", 1)]


def test_a_fleet_launches_as_many_as_its_target_says(launches: Launches) -> None:
    answer = launches.fleet("g4dn.xlarge", count=3)
    assert offerings(answer) == [("g4dn.xlarge", "cn-north-1a", 3)]
    assert len(launches.instances()) == 3


def test_what_is_launched_is_echoed_with_image_subnet_and_zone(launches: Launches) -> None:
    found = launches.fleet("g4dn.xlarge")["Instances"][0]["LaunchTemplateAndOverrides"]["Overrides"]
    assert found == {
        "InstanceType": "g4dn.xlarge",
        "SubnetId": launches.subnets[0],
        "ImageId": launches.image,
        "AvailabilityZone": "cn-north-1a",
    }


def test_an_empty_zone_sends_the_fleet_to_the_next_one(aws: Aws, launches: Launches) -> None:
    refuse(aws, zone="cn-north-1a")
    answer = launches.fleet("g4dn.xlarge")
    assert offerings(answer) == [("g4dn.xlarge", "cn-north-1b", 1)]
    (error,) = answer["Errors"]
    assert error["ErrorCode"] == "InsufficientInstanceCapacity"
    assert error["LaunchTemplateAndOverrides"]["Overrides"]["AvailabilityZone"] == "cn-north-1a"


def test_an_empty_type_sends_the_fleet_to_the_next_one(aws: Aws, launches: Launches) -> None:
    refuse(aws, instance_type="g4dn.xlarge")
    answer = launches.fleet("g4dn.xlarge", "g5.xlarge")
    assert offerings(answer) == [("g5.xlarge", "cn-north-1a", 1)]
    assert [error["LaunchTemplateAndOverrides"]["Overrides"]["AvailabilityZone"] for error in answer["Errors"]] == [
        "cn-north-1a",
        "cn-north-1b",
    ]


def test_two_that_are_left_and_one_of_the_next_type_serve_a_batch_of_three(aws: Aws, launches: Launches) -> None:
    aws.control("POST", "/_local/capacity", {"region": "cn-north-1", "instance_type": "g4dn.xlarge", "remaining": 2})
    assert offerings(launches.fleet("g4dn.xlarge", "g5.xlarge", count=3)) == [
        ("g4dn.xlarge", "cn-north-1a", 2),
        ("g5.xlarge", "cn-north-1a", 1),
    ]


def test_spot_can_be_empty_while_on_demand_is_not(aws: Aws, launches: Launches) -> None:
    refuse(aws, capacity_type="spot")
    assert offerings(launches.fleet("g4dn.xlarge", spot=True)) == []
    assert offerings(launches.fleet("g4dn.xlarge")) == [("g4dn.xlarge", "cn-north-1a", 1)]


def test_a_fleet_without_any_capacity_launches_nothing_and_says_why_for_each_override(aws: Aws, launches: Launches) -> None:
    refuse(aws)
    answer = launches.fleet("g4dn.xlarge", "g5.xlarge")
    assert answer["Instances"] == []
    assert [error["ErrorCode"] for error in answer["Errors"]] == ["InsufficientInstanceCapacity"] * 4
    assert launches.instances() == []


def test_a_type_that_the_region_lacks_is_unsupported(launches: Launches) -> None:
    answer = launches.fleet("m7i.large", "g5.xlarge")
    assert offerings(answer) == [("g5.xlarge", "cn-north-1a", 1)]
    assert {error["ErrorCode"] for error in answer["Errors"]} == {"Unsupported"}


def test_a_dry_run_launches_nothing(launches: Launches) -> None:
    with pytest.raises(ClientError, match="DryRunOperation"):
        launches.fleet("g4dn.xlarge", dry_run=True)
    assert launches.instances() == []


def test_a_dry_run_names_a_launch_template_that_is_missing(launches: Launches) -> None:
    launches.ec2.delete_launch_template(LaunchTemplateName="nodes")
    with pytest.raises(ClientError, match=r"InvalidLaunchTemplateName\.NotFoundException"):
        launches.fleet("g4dn.xlarge", dry_run=True)


def test_what_a_fleet_does_not_play_is_refused_by_name(launches: Launches) -> None:
    with pytest.raises(ClientError, match="does not play the allocation strategy diversified"):
        launches.fleet("g4dn.xlarge", spot=True, strategy="diversified")
    with pytest.raises(ClientError, match=r"does not play Overrides\.WeightedCapacity"):
        launches.fleet("g4dn.xlarge", more={"g4dn.xlarge": {"WeightedCapacity": 2.0}})


def test_capacity_is_set_listed_and_given_back(aws: Aws, launches: Launches) -> None:
    refuse(aws, instance_type="g4dn.xlarge", zone="cn-north-1a", capacity_type="spot")
    limit = {"region": "cn-north-1", "instance_type": "g4dn.xlarge", "zone": "cn-north-1a", "capacity_type": "spot", "remaining": 0}
    assert aws.control("GET", "/_local/capacity") == (200, {"limits": [limit]})
    assert aws.control("POST", "/_local/capacity", limit | {"remaining": None}) == (200, {"limits": []})
    refuse(aws)
    assert aws.control("DELETE", "/_local/capacity") == (200, {"limits": []})
    assert offerings(launches.fleet("g4dn.xlarge")) == [("g4dn.xlarge", "cn-north-1a", 1)]


def test_a_limit_that_makes_no_sense_is_refused_with_every_reason(aws: Aws) -> None:
    status, answer = aws.control("POST", "/_local/capacity", {"type": "g4dn.xlarge", "remaining": -1})
    assert status == 400
    assert all(word in answer["error"] for word in ("region: Field required", "remaining: Input should be", "type: Extra inputs"))
