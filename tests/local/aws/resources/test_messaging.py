"""Queues, topics and rules, as SQS, SNS and EventBridge show them."""

import json
from typing import Any

import pytest
from botocore.exceptions import ClientError

from mlplatform.local.aws.resources.contract import NeedsReplacementError
from tests.local.aws.resources.making import Stack, allowing, as_map, in_both_partitions


def attributes(stack: Stack, url: str) -> dict[str, str]:
    return stack.client("sqs").get_queue_attributes(QueueUrl=url, AttributeNames=["All"])["Attributes"]


def sending(arn: str) -> dict[str, Any]:
    return allowing("sqs:SendMessage", resource=arn, Principal={"Service": ["events.amazonaws.com"]})


@in_both_partitions
def test_a_queue_has_its_attributes_and_changes_them(stack: Stack) -> None:
    dead = stack.make("SQS::Queue", "Dead").attributes["Arn"]
    made = stack.make(
        "SQS::Queue",
        QueueName=stack.name,
        MessageRetentionPeriod="300",
        SqsManagedSseEnabled=True,
        RedrivePolicy={"deadLetterTargetArn": dead, "maxReceiveCount": 3},
        Tags=[{"Key": "a", "Value": "b"}],
    )
    assert (made.attributes["Arn"], made.attributes["QueueName"]) == (stack.arn("sqs", stack.name), stack.name)
    found = attributes(stack, made.physical_id)
    assert (found["MessageRetentionPeriod"], json.loads(found["RedrivePolicy"])["deadLetterTargetArn"]) == ("300", dead)
    stack.change(MessageRetentionPeriod=None, RedrivePolicy=None, VisibilityTimeout=60, Tags=None)
    found = attributes(stack, made.physical_id)
    assert (found["MessageRetentionPeriod"], found["VisibilityTimeout"], "RedrivePolicy" in found) == ("345600", "60", False)
    assert stack.client("sqs").list_queue_tags(QueueUrl=made.physical_id)["Tags"] == {"team": "ml"}


def test_a_fifo_queue_is_one_by_its_name(stack: Stack) -> None:
    made = stack.make("SQS::Queue", FifoQueue="true", ContentBasedDeduplication=True)
    assert made.attributes["QueueName"].endswith(".fifo")
    assert attributes(stack, made.physical_id)["ContentBasedDeduplication"] == "true"


def test_a_queue_policy_moves_between_queues(stack: Stack) -> None:
    first, second = stack.make("SQS::Queue", "A"), stack.make("SQS::Queue", "B")
    policy = sending(first.attributes["Arn"])
    stack.make("SQS::QueuePolicy", Queues=[first.physical_id], PolicyDocument=policy)
    assert json.loads(attributes(stack, first.physical_id)["Policy"]) == policy
    stack.change(Queues=[second.physical_id])
    assert "Policy" not in attributes(stack, first.physical_id)
    assert json.loads(attributes(stack, second.physical_id)["Policy"]) == policy
    stack.remove()
    assert "Policy" not in attributes(stack, second.physical_id)


@in_both_partitions
def test_a_topic_has_subscribers_and_a_policy(stack: Stack) -> None:
    queue = stack.make("SQS::Queue", "Queue").attributes["Arn"]
    topic = stack.make("SNS::Topic", "Topic", TopicName=stack.name, DisplayName="d", Subscription=[{"Protocol": "sqs", "Endpoint": queue}])
    assert topic.physical_id == stack.arn("sns", stack.name)
    sns = stack.client("sns")
    assert [found["Endpoint"] for found in sns.list_subscriptions_by_topic(TopicArn=topic.physical_id)["Subscriptions"]] == [queue]
    stack.change("Topic", DisplayName="e", Subscription=None)
    assert sns.list_subscriptions_by_topic(TopicArn=topic.physical_id)["Subscriptions"] == []
    assert sns.get_topic_attributes(TopicArn=topic.physical_id)["Attributes"]["DisplayName"] == "e"
    policy = allowing("sns:Publish", resource=topic.physical_id, Principal={"Service": "events.amazonaws.com"})
    stack.make("SNS::TopicPolicy", "Policy", Topics=[topic.physical_id], PolicyDocument=policy)
    assert json.loads(sns.get_topic_attributes(TopicArn=topic.physical_id)["Attributes"]["Policy"]) == policy
    stack.remove("Policy")
    (statement,) = json.loads(sns.get_topic_attributes(TopicArn=topic.physical_id)["Attributes"]["Policy"])["Statement"]
    assert statement["Condition"] == {"StringEquals": {"AWS:SourceOwner": "123456789012"}}


def test_a_subscription_filters_what_it_hears(stack: Stack) -> None:
    queue = stack.make("SQS::Queue", "Queue").attributes["Arn"]
    topic = stack.make("SNS::Topic", "Topic").physical_id
    made = stack.make("SNS::Subscription", TopicArn=topic, Protocol="sqs", Endpoint=queue, RawMessageDelivery=True)
    stack.change(RawMessageDelivery="false", FilterPolicy={"kind": ["a"]})
    found = stack.client("sns").get_subscription_attributes(SubscriptionArn=made.physical_id)["Attributes"]
    assert (found["RawMessageDelivery"], json.loads(found["FilterPolicy"])) == ("false", {"kind": ["a"]})


def test_a_rule_sends_what_matches_to_its_targets(stack: Stack) -> None:
    queue = stack.make("SQS::Queue", "Queue").attributes["Arn"]
    pattern = {"source": ["aws.ec2"], "detail-type": ["EC2 Spot Instance Interruption Warning"]}
    rule = stack.make("Events::Rule", EventPattern=pattern, State="ENABLED", Targets=[{"Arn": queue, "Id": "a"}])
    events = stack.client("events")
    assert json.loads(events.describe_rule(Name=rule.physical_id)["EventPattern"]) == pattern
    transformer = {"InputPathsMap": {"id": "$.detail.id"}, "InputTemplate": "<id>"}
    stack.change(
        EventPattern=None,
        ScheduleExpression="rate(1 day)",
        State="DISABLED",
        Targets=[{"Arn": queue, "Id": "b", "InputTransformer": transformer}],
    )
    found = events.describe_rule(Name=rule.physical_id)
    assert (found["ScheduleExpression"], found["State"], "EventPattern" in found) == ("rate(1 day)", "DISABLED", False)
    (target,) = events.list_targets_by_rule(Rule=rule.physical_id)["Targets"]
    assert (target["Id"], target["InputTransformer"]) == ("b", transformer)
    assert as_map(events.list_tags_for_resource(ResourceARN=rule.attributes["Arn"])["Tags"]) == {"team": "ml"}
    with pytest.raises(NeedsReplacementError):
        stack.change(EventBusName="other")
    stack.remove()
    with pytest.raises(ClientError, match="ResourceNotFound"):
        events.describe_rule(Name=rule.physical_id)
