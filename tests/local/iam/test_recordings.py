"""Recorded calls against the role that makes them: what it needs is allowed, and nothing of another cluster."""

from collections.abc import Iterable
from dataclasses import replace
from typing import Any

import botocore.session
import pytest

from mlplatform.local.aws.call import Call
from mlplatform.local.iam import (
    Decision,
    Location,
    Outcome,
    Seen,
    UnknownFactError,
    UnknownOperationError,
    evaluate,
    location,
    policies_of_role,
    requests_from,
)
from tests.local.iam import karpenter

ACCOUNT = "123456789012"
PLACES = [location(ACCOUNT, "cn-north-1"), location(ACCOUNT, "us-west-2")]
in_both_partitions = pytest.mark.parametrize("here", PLACES, ids=[place.partition.name for place in PLACES])


def decisions(here: Location, calls: Iterable[Call], *, without: str = "", seen: Seen | None = None) -> list[Decision]:
    policies = policies_of_role(karpenter.template(without=without), karpenter.ROLE, here)
    return evaluate(requests_from(calls, account=ACCOUNT, role=karpenter.ROLE, seen=seen), policies)


def denied(found: Iterable[Decision]) -> list[str]:
    return [str(decision) for decision in found if not decision.allowed]


@in_both_partitions
def test_everything_that_a_nodes_life_asks_for_is_allowed(here: Location) -> None:
    found = decisions(here, karpenter.a_nodes_life(here))
    assert denied(found) == []
    assert {decision.request.action for decision in found} >= {"ec2:CreateFleet", "ec2:RunInstances", "ec2:CreateTags", "iam:PassRole"}


@in_both_partitions
def test_what_another_clusters_tags_are_on_is_denied(here: Location) -> None:
    calls = [call for call in karpenter.ending(here, "other") if call.operation in ("TerminateInstances", "DeleteLaunchTemplate")]
    found = decisions(here, calls)
    assert [decision.outcome for decision in found] == [Outcome.IMPLICITLY_DENIED] * 2
    assert "/End (aws:ResourceTag/kubernetes.io/cluster/china-dev is absent, StringEquals wants owned)" in str(found[0])


@in_both_partitions
def test_launching_for_another_cluster_is_denied_on_everything_that_is_made_or_owned(here: Location) -> None:
    seen = Seen(profile_roles={karpenter.PROFILE: karpenter.NODE_ROLE})
    found = decisions(here, karpenter.launching(here, "other", spot=True), seen=seen)
    kinds = {decision.resource_type for decision in found if not decision.allowed}
    assert kinds == {"fleet", "instance", "launch-template", "network-interface", "spot-instances-request", "volume"}
    assert {decision.resource_type for decision in found if decision.allowed} == {"", "image", "role", "security-group", "subnet"}


@in_both_partitions
@pytest.mark.parametrize("action", ["ec2:CreateFleet", "iam:PassRole", "sqs:ReceiveMessage"])
def test_an_action_that_the_role_lacks_is_denied(here: Location, action: str) -> None:
    found = decisions(here, karpenter.a_nodes_life(here), without=action)
    assert {decision.request.action for decision in found if not decision.allowed} == {action}
    assert all("none names the action" in line for line in denied(found))


def test_what_stands_in_another_partition_is_denied() -> None:
    china, world = PLACES
    requests = requests_from(karpenter.ending(china), account=ACCOUNT, role=karpenter.ROLE)
    policies = policies_of_role(karpenter.template(), karpenter.ROLE, world)
    assert {decision.request.action for decision in evaluate(requests, policies) if decision.allowed} == set()


@in_both_partitions
def test_a_role_may_be_passed_to_the_partitions_own_ec2_and_no_other_role_may(here: Location) -> None:
    passing = [
        request
        for request in requests_from(karpenter.a_nodes_life(here), account=ACCOUNT, role=karpenter.ROLE)
        if "PassRole" in request.action
    ]
    assert {str(request.context["iam:PassedToService"]) for request in passing} == {here.partition.node_principals[-1]}
    other = Seen(profile_roles={karpenter.PROFILE: "administrator"})
    found = decisions(here, karpenter.launching(here), seen=other)
    assert {decision.request.action for decision in found if not decision.allowed} == {"iam:PassRole"}


def test_calls_of_others_are_known_but_not_judged() -> None:
    here = PLACES[0]
    calls = karpenter.a_nodes_life(here)
    foreign = [replace(call, caller=call.caller.replace("/karpenter/", "/somebody/")) for call in calls]
    assert requests_from(foreign, account=ACCOUNT, role=karpenter.ROLE) == []
    launches = [call if call.operation == "CreateFleet" else other for call, other in zip(calls, foreign, strict=True)]
    assert {request.origin.split()[0] for request in requests_from(launches, account=ACCOUNT, role=karpenter.ROLE)} == {"CreateFleet"}


def test_operations_without_a_row_are_all_named() -> None:
    here = PLACES[0]
    calls = [karpenter.call(here, "ec2", "StopInstances", {}), karpenter.call(here, "braket", "SearchJobs", {})]
    with pytest.raises(UnknownOperationError, match="ec2:StopInstances, braket:SearchJobs; add a row in local/iam/actions"):
        requests_from(calls, account=ACCOUNT, role=karpenter.ROLE)


def test_a_launch_from_what_nobody_made_says_what_is_missing() -> None:
    here = PLACES[0]
    with pytest.raises(UnknownFactError, match=r"CreateFleet: launch template .* was made by no recorded call; record from the start"):
        requests_from(karpenter.launching(here)[2:], account=ACCOUNT, role=karpenter.ROLE)
    with pytest.raises(UnknownFactError, match=f"no recorded call put a role into instance profile {karpenter.PROFILE}"):
        requests_from(karpenter.launching(here), account=ACCOUNT, role=karpenter.ROLE)


def test_a_call_that_failed_made_nothing() -> None:
    here = PLACES[0]
    calls = karpenter.setting_up(here) + karpenter.launching(here)
    failed = [replace(call, status=400, error="Throttling") if call.operation == "CreateLaunchTemplate" else call for call in calls]
    with pytest.raises(UnknownFactError, match="launch template"):
        requests_from(failed, account=ACCOUNT, role=karpenter.ROLE)


def test_the_examples_say_what_the_services_really_take() -> None:
    session = botocore.session.get_session()
    for call in karpenter.a_nodes_life(PLACES[0]):
        taken: Any = session.get_service_model(call.service).operation_model(str(call.operation)).input_shape
        assert call.parameters.keys() <= taken.members.keys(), call.operation


def test_a_launch_asks_for_every_kind_that_iam_requires_and_no_key_is_lost() -> None:
    here = PLACES[0]
    found = decisions(here, karpenter.a_nodes_life(here))
    asked = {decision.resource_type for decision in found if decision.request.action == "ec2:RunInstances"}
    # https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazonec2.html : those marked as required.
    assert asked >= {"image", "instance", "network-interface", "security-group", "subnet"}
    assert {key for decision in found for key in decision.unknown_keys} == set()
