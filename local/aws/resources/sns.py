"""The CloudFormation types of SNS: topics, who may publish to them, and who hears.

Separate because a topic's properties are attributes by the same names.
"""

import json
from typing import Any

from mlplatform.local.aws.resources.contract import Applied, Place, Properties, ResourceType
from mlplatform.local.aws.resources.inputs import text_of
from mlplatform.local.aws.resources.lifetime import (
    absence_forgiven,
    changed,
    difference,
    pairs,
    physical_name,
    retag,
    tags_of,
    undone_on_failure,
)

_TOPIC = ("ContentBasedDeduplication", "DisplayName", "KmsMasterKeyId", "SignatureVersion", "TracingConfig")
_SUBSCRIPTION = ("DeliveryPolicy", "FilterPolicy", "FilterPolicyScope", "RawMessageDelivery", "RedrivePolicy", "SubscriptionRoleArn")
_FIFO = ".fifo"


class Topic:
    """A topic; `Ref` is its ARN."""

    properties = frozenset({"FifoTopic", "Subscription", "Tags", "TopicName", *_TOPIC})

    def create(self, place: Place, properties: Properties) -> Applied:
        """Create the topic, then subscribe whom the template names in it."""
        sns = place.client("sns")
        fifo = _text(properties.get("FifoTopic", False)) == "true"
        name = properties.get("TopicName") or physical_name(place, limit=256 - len(_FIFO)) + (_FIFO if fifo else "")
        attributes = {key: _text(properties[key]) for key in _TOPIC if key in properties} | ({"FifoTopic": "true"} if fifo else {})
        arn = sns.create_topic(Name=name, Attributes=attributes, Tags=pairs(tags_of(place, properties)))["TopicArn"]
        with undone_on_failure(lambda: sns.delete_topic(TopicArn=arn)):
            _subscribe(sns, arn, properties, {})
        return Applied(arn, {"TopicArn": arn, "TopicName": name})

    def update(self, place: Place, current: Applied, properties: Properties, previous: Properties) -> Applied:
        """Change attributes, subscriptions and tags."""
        sns, arn = place.client("sns"), current.physical_id
        for key in _TOPIC:
            if changed(properties, previous, key):
                sns.set_topic_attributes(TopicArn=arn, AttributeName=key, AttributeValue=_text(properties.get(key, "")))
        _subscribe(sns, arn, properties, previous)
        retag(
            place,
            properties,
            previous,
            add=lambda tags: sns.tag_resource(ResourceArn=arn, Tags=pairs(tags)),
            remove=lambda keys: sns.untag_resource(ResourceArn=arn, TagKeys=keys),
        )
        return current

    def delete(self, place: Place, current: Applied, properties: Properties) -> None:
        """Remove the topic with its subscriptions."""
        del properties
        with absence_forgiven():
            place.client("sns").delete_topic(TopicArn=current.physical_id)


class TopicPolicy:
    """The policy of one or more topics; `Ref` is made up, as CloudFormation's is."""

    properties = frozenset({"PolicyDocument", "Topics"})

    def create(self, place: Place, properties: Properties) -> Applied:
        """Put the policy on its topics."""
        name = physical_name(place, limit=255)
        for arn in properties["Topics"]:
            _put_policy(place.client("sns"), arn, text_of(properties["PolicyDocument"]))
        return Applied(name, {"Id": name})

    def update(self, place: Place, current: Applied, properties: Properties, previous: Properties) -> Applied:
        """Put the policy on the topics that are named now, and take it from those that are not."""
        _, lost = difference(properties["Topics"], previous["Topics"])
        self.delete(place, current, {"Topics": lost})
        for arn in properties["Topics"]:
            _put_policy(place.client("sns"), arn, text_of(properties["PolicyDocument"]))
        return current

    def delete(self, place: Place, current: Applied, properties: Properties) -> None:
        """Give the topics the policy back that SNS gives a new one: the account alone may use it."""
        del current
        for arn in properties["Topics"]:
            with absence_forgiven():
                _put_policy(place.client("sns"), arn, json.dumps(_owners(place, arn)))


class Subscription:
    """One subscription to a topic; `Ref` is its ARN."""

    properties = frozenset({"Endpoint", "Protocol", "TopicArn", *_SUBSCRIPTION})

    def create(self, place: Place, properties: Properties) -> Applied:
        """Subscribe."""
        attributes = {key: _text(properties[key]) for key in _SUBSCRIPTION if key in properties}
        made = place.client("sns").subscribe(
            TopicArn=properties["TopicArn"],
            Protocol=properties["Protocol"],
            Endpoint=properties.get("Endpoint", ""),
            Attributes=attributes,
            ReturnSubscriptionArn=True,
        )
        return Applied(made["SubscriptionArn"], {"Arn": made["SubscriptionArn"]})

    def update(self, place: Place, current: Applied, properties: Properties, previous: Properties) -> Applied:
        """Change filters and delivery."""
        for key in _SUBSCRIPTION:
            if changed(properties, previous, key):
                value = _text(properties.get(key, {} if key.endswith("Policy") else ""))
                place.client("sns").set_subscription_attributes(
                    SubscriptionArn=current.physical_id, AttributeName=key, AttributeValue=value
                )
        return current

    def delete(self, place: Place, current: Applied, properties: Properties) -> None:
        """Unsubscribe."""
        del properties
        with absence_forgiven():
            place.client("sns").unsubscribe(SubscriptionArn=current.physical_id)


def _subscribe(sns: Any, arn: str, properties: Properties, previous: Properties) -> None:
    gained, lost = difference(properties.get("Subscription"), previous.get("Subscription"))
    for entry in gained:
        sns.subscribe(TopicArn=arn, Protocol=entry["Protocol"], Endpoint=entry["Endpoint"])
    if lost:
        for known in sns.list_subscriptions_by_topic(TopicArn=arn)["Subscriptions"]:
            if {"Protocol": known["Protocol"], "Endpoint": known["Endpoint"]} in lost:
                sns.unsubscribe(SubscriptionArn=known["SubscriptionArn"])


def _put_policy(sns: Any, arn: str, policy: str) -> None:
    sns.set_topic_attributes(TopicArn=arn, AttributeName="Policy", AttributeValue=policy)


def _owners(place: Place, arn: str) -> dict[str, Any]:
    actions = ("GetTopicAttributes", "SetTopicAttributes", "AddPermission", "RemovePermission", "DeleteTopic", "Subscribe", "Publish")
    statement = {
        "Sid": "__default_statement_ID",
        "Effect": "Allow",
        "Principal": {"AWS": "*"},
        "Action": [f"SNS:{action}" for action in actions],
        "Resource": arn,
        "Condition": {"StringEquals": {"AWS:SourceOwner": place.account}},
    }
    return {"Version": "2008-10-17", "Id": "__default_policy_ID", "Statement": [statement]}


def _text(value: Any) -> str:
    if isinstance(value, dict):
        return json.dumps(value)
    return str(value).lower() if isinstance(value, bool) else str(value)


RESOURCE_TYPES: dict[str, ResourceType] = {
    "AWS::SNS::Subscription": Subscription(),
    "AWS::SNS::Topic": Topic(),
    "AWS::SNS::TopicPolicy": TopicPolicy(),
}
