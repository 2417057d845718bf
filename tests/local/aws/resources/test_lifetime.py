"""What every type does around its calls: names, tags, waits and second thoughts."""

from dataclasses import replace

import pytest
from botocore.exceptions import ClientError

from mlplatform.local.aws.resources.contract import Place, ResourceFailedError
from mlplatform.local.aws.resources.lifetime import (
    absence_forgiven,
    difference,
    physical_name,
    retag,
    tags_of,
    undone_on_failure,
    wait_until,
)

PLACE = Place(
    account="123456789012",
    region="cn-north-1",
    partition="aws-cn",
    url_suffix="amazonaws.com.cn",
    stack_name="china-prod-network",
    stack_id="arn:aws-cn:cloudformation:cn-north-1:123456789012:stack/china-prod-network/1",
    logical_id="ArtifactsBucket7410C9EF",
    resource_type="AWS::S3::Bucket",
    endpoint="http://127.0.0.1:1",
    tags={"team": "ml", "cost": "x"},
)


def test_an_invented_name_says_whose_it_is() -> None:
    name = physical_name(PLACE, limit=128)
    assert name.startswith("china-prod-network-ArtifactsBucket7410C9EF-")
    assert name != physical_name(PLACE, limit=128)


@pytest.mark.parametrize("limit", [32, 50, 63, 64])
def test_an_invented_name_keeps_to_the_limit_and_to_both_parts(limit: int) -> None:
    name = physical_name(PLACE, limit=limit, lower=True)
    assert len(name) <= limit
    assert name == name.lower()
    assert name.startswith("china-")
    assert "-artif" in name


def test_a_resources_own_tags_win_over_the_stacks() -> None:
    assert tags_of(PLACE, {"Tags": [{"Key": "cost", "Value": "y"}]}) == {"team": "ml", "cost": "y"}
    assert tags_of(PLACE, {"Tags": {"a": "b"}}) == {"team": "ml", "cost": "x", "a": "b"}


def test_tags_that_stack_and_resource_lost_are_taken_and_others_stay() -> None:
    added: dict[str, str] = {}
    removed: list[str] = []
    place = replace(PLACE, tags={"team": "ml"}, previous_tags=PLACE.tags)
    retag(place, {}, {"Tags": [{"Key": "a", "Value": "b"}]}, add=added.update, remove=removed.extend)
    assert (added, removed) == ({"team": "ml"}, ["a", "cost"])


def test_a_difference_is_what_came_and_what_went() -> None:
    assert difference(["a", "b"], ["b", "c"]) == (["a"], ["c"])
    assert difference(None, None) == ([], [])


def test_half_a_creation_is_undone_and_its_reason_kept() -> None:
    undone: list[str] = []

    def undo() -> None:
        undone.append("x")
        raise ResourceFailedError("could not be undone")

    with pytest.raises(KeyError, match="reason"), undone_on_failure(undo):
        raise KeyError("reason")
    assert undone == ["x"]


@pytest.mark.parametrize(
    "code", ["ResourceNotFoundException", "NoSuchEntity", "InvalidVpcID.NotFound", "404", "AWS.SimpleQueueService.NonExistentQueue"]
)
def test_an_absence_is_forgiven(code: str) -> None:
    with absence_forgiven():
        raise ClientError({"Error": {"Code": code}}, "Delete")


def test_a_refusal_is_not_forgiven() -> None:
    with pytest.raises(ClientError, match="DependencyViolation"), absence_forgiven():
        raise ClientError({"Error": {"Code": "DependencyViolation"}}, "Delete")


def test_a_wait_ends_well_badly_or_not_at_all() -> None:
    states = iter(["CREATING", "ACTIVE"])
    wait_until("cluster c", lambda: next(states), "ACTIVE", ("CREATING",), seconds=5, reason=str)
    with pytest.raises(ResourceFailedError, match="cluster c is FAILED: no room"):
        wait_until("cluster c", lambda: "FAILED", "ACTIVE", ("CREATING",), seconds=5, reason=lambda: "no room")
    with pytest.raises(ResourceFailedError, match="cluster c is still CREATING after 0 s"):
        wait_until("cluster c", lambda: "CREATING", "ACTIVE", ("CREATING",), seconds=0, reason=str)
