import json
from typing import Any

import pytest

from mlplatform.local.aws.compute.install import set_delays
from mlplatform.local.aws.compute.lifecycle import Delays

from .conftest import Aws, Launches, wait


class Queue:
    """A queue that rules feed as those of Karpenter's own stack do."""

    def __init__(self, aws: Aws, *detail_types: str) -> None:
        self.sqs, events = aws.client("sqs"), aws.client("events")
        self.url = self.sqs.create_queue(QueueName="interruptions")["QueueUrl"]
        attributes = self.sqs.get_queue_attributes(QueueUrl=self.url, AttributeNames=["QueueArn"])["Attributes"]
        for index, detail_type in enumerate(detail_types):
            pattern = {"source": ["aws.ec2"], "detail-type": [detail_type]}
            events.put_rule(Name=f"rule-{index}", EventPattern=json.dumps(pattern))
            events.put_targets(Rule=f"rule-{index}", Targets=[{"Id": "queue", "Arn": attributes["QueueArn"]}])

    def events(self, count: int) -> list[dict[str, Any]]:
        """Wait for so many events and return them."""
        found: list[dict[str, Any]] = []

        def received() -> bool:
            for message in self.sqs.receive_message(QueueUrl=self.url, MaxNumberOfMessages=10).get("Messages", []):
                found.append(json.loads(message["Body"]))
                self.sqs.delete_message(QueueUrl=self.url, ReceiptHandle=message["ReceiptHandle"])
            return len(found) >= count

        wait(received)
        return found


def states(launches: Launches) -> list[str]:
    return [instance["State"]["Name"] for instance in launches.instances()]


def test_an_instance_is_pending_before_it_runs(launches: Launches, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("mlplatform.local.aws.compute.lifecycle.LifecycleBackend.delays", Delays(start=60))
    launches.fleet("g4dn.xlarge")
    assert states(launches) == ["pending"]


def test_an_instance_shuts_down_before_it_is_terminated(launches: Launches, monkeypatch: pytest.MonkeyPatch) -> None:
    instance = launches.launched("g4dn.xlarge")
    monkeypatch.setattr("mlplatform.local.aws.compute.lifecycle.LifecycleBackend.delays", Delays(stop=60))
    launches.ec2.terminate_instances(InstanceIds=[instance["InstanceId"]])
    assert states(launches) == ["shutting-down"]


def test_terminating_twice_is_terminating_once(launches: Launches) -> None:
    instance = launches.launched("g4dn.xlarge")
    launches.ec2.terminate_instances(InstanceIds=[instance["InstanceId"]])
    wait(lambda: states(launches) == ["terminated"])
    again = launches.ec2.terminate_instances(InstanceIds=[instance["InstanceId"]])["TerminatingInstances"][0]
    assert again["PreviousState"]["Name"] == "terminated"


def test_every_state_is_told_to_the_rules_that_ask_for_it(aws: Aws, launches: Launches) -> None:
    queue = Queue(aws, "EC2 Instance State-change Notification")
    instance = launches.launched("g4dn.xlarge")
    launches.ec2.terminate_instances(InstanceIds=[instance["InstanceId"]])
    found = queue.events(4)
    assert sorted(event["detail"]["state"] for event in found) == ["pending", "running", "shutting-down", "terminated"]
    assert {event["detail"]["instance-id"] for event in found} == {instance["InstanceId"]}


def test_an_interruption_is_announced_and_then_ends_the_instance(aws: Aws, launches: Launches) -> None:
    queue = Queue(aws, "EC2 Spot Instance Interruption Warning")
    instance = launches.launched("g4dn.xlarge", spot=True)["InstanceId"]
    assert aws.control("POST", f"/_local/interrupt/{instance}", {"seconds": 0.1}) == (200, {"rules": 1})
    (event,) = queue.events(1)
    assert event["detail"] == {"instance-id": instance, "instance-action": "terminate"}
    assert (event["source"], event["region"]) == ("aws.ec2", "cn-north-1")
    assert event["resources"][0].startswith("arn:aws-cn:ec2:cn-north-1:")
    wait(lambda: states(launches) == ["terminated"])


def test_a_rebalance_recommendation_leaves_the_instance_alone(aws: Aws, launches: Launches) -> None:
    queue = Queue(aws, "EC2 Instance Rebalance Recommendation")
    instance = launches.launched("g4dn.xlarge", spot=True)["InstanceId"]
    assert aws.control("POST", f"/_local/interrupt/{instance}", {"event": "rebalance"}) == (200, {"rules": 1})
    assert queue.events(1)[0]["detail"] == {"instance-id": instance}
    assert states(launches) == ["running"]


def test_without_a_rule_an_interruption_reaches_nobody(aws: Aws, launches: Launches) -> None:
    instance = launches.launched("g4dn.xlarge", spot=True)["InstanceId"]
    assert aws.control("POST", f"/_local/interrupt/{instance}", {"seconds": None}) == (200, {"rules": 0})


def test_only_a_spot_instance_is_interrupted(aws: Aws, launches: Launches) -> None:
    instance = launches.launched("g4dn.xlarge")["InstanceId"]
    status, answer = aws.control("POST", f"/_local/interrupt/{instance}")
    assert (status, answer["error"]) == (409, f"{instance}: is running, on-demand; only a running spot instance is interrupted")
    assert aws.control("POST", "/_local/interrupt/i-0")[0] == 404


def test_two_filters_of_one_name_must_both_hold(launches: Launches) -> None:
    launches.fleet("g4dn.xlarge")
    both = [{"Name": "tag-key", "Values": [key]} for key in ("pool", "aws:ec2:fleet-id")]
    assert len(launches.instances(*both)) == 1
    assert launches.instances({"Name": "tag-key", "Values": ["absent"]}, *both) == []


def test_healthy_instances_are_not_listed_as_impaired(launches: Launches) -> None:
    launches.launched("g4dn.xlarge")
    describe = launches.ec2.describe_instance_status
    assert len(describe()["InstanceStatuses"]) == 1
    for name in ("instance-status.status", "system-status.status"):
        assert describe(Filters=[{"Name": name, "Values": ["impaired"]}])["InstanceStatuses"] == []
    assert describe(Filters=[{"Name": "event.code", "Values": ["instance-retirement"]}])["InstanceStatuses"] == []


def test_delays_can_be_set_for_a_demonstration(launches: Launches) -> None:
    usual = Delays(start=0.05, join=0.05, stop=0.05)
    set_delays(Delays(start=60))
    try:
        launches.fleet("g4dn.xlarge")
        assert states(launches) == ["pending"]
    finally:
        set_delays(usual)
