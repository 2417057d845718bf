"""The CloudFormation types of SQS: queues and who may use them.

Separate because a queue's properties are attributes by the same names.
"""

import json
from typing import Any

from mlplatform.local.aws.resources.contract import Applied, Place, Properties, ResourceType
from mlplatform.local.aws.resources.inputs import text_of
from mlplatform.local.aws.resources.lifetime import absence_forgiven, changed, physical_name, retag, tags_of

_DEFAULTS = {
    "ContentBasedDeduplication": "false",
    "DeduplicationScope": "queue",
    "DelaySeconds": "0",
    "FifoThroughputLimit": "perQueue",
    "KmsDataKeyReusePeriodSeconds": "300",
    "KmsMasterKeyId": "",
    "MaximumMessageSize": "1048576",
    "MessageRetentionPeriod": "345600",
    "ReceiveMessageWaitTimeSeconds": "0",
    "RedriveAllowPolicy": "",
    "RedrivePolicy": "",
    "SqsManagedSseEnabled": "true",
    "VisibilityTimeout": "30",
}
"""What an attribute is once a template no longer names it."""
_FIFO = ".fifo"


class Queue:
    """A queue; `Ref` is its URL."""

    properties = frozenset({"FifoQueue", "QueueName", "Tags", *_DEFAULTS})

    def create(self, place: Place, properties: Properties) -> Applied:
        """Create the queue."""
        sqs = place.client("sqs")
        fifo = _text(properties.get("FifoQueue", False)) == "true"
        name = properties.get("QueueName") or physical_name(place, limit=80 - len(_FIFO)) + (_FIFO if fifo else "")
        attributes = {key: _text(properties[key]) for key in _DEFAULTS if key in properties} | ({"FifoQueue": "true"} if fifo else {})
        url = sqs.create_queue(QueueName=name, Attributes=attributes, tags=tags_of(place, properties))["QueueUrl"]
        arn = sqs.get_queue_attributes(QueueUrl=url, AttributeNames=["QueueArn"])["Attributes"]["QueueArn"]
        return Applied(url, {"Arn": arn, "QueueName": name, "QueueUrl": url})

    def update(self, place: Place, current: Applied, properties: Properties, previous: Properties) -> Applied:
        """Change attributes and tags."""
        sqs, url = place.client("sqs"), current.physical_id
        changes = {key: _text(properties.get(key, default)) for key, default in _DEFAULTS.items() if changed(properties, previous, key)}
        if changes:
            sqs.set_queue_attributes(QueueUrl=url, Attributes=changes)
        retag(
            place,
            properties,
            previous,
            add=lambda tags: sqs.tag_queue(QueueUrl=url, Tags=tags),
            remove=lambda keys: sqs.untag_queue(QueueUrl=url, TagKeys=keys),
        )
        return current

    def delete(self, place: Place, current: Applied, properties: Properties) -> None:
        """Remove the queue with its messages."""
        del properties
        with absence_forgiven():
            place.client("sqs").delete_queue(QueueUrl=current.physical_id)


class QueuePolicy:
    """The policy of one or more queues; `Ref` is made up, as CloudFormation's is."""

    properties = frozenset({"PolicyDocument", "Queues"})

    def create(self, place: Place, properties: Properties) -> Applied:
        """Put the policy on its queues."""
        name = physical_name(place, limit=255)
        self._put(place, properties["Queues"], text_of(properties["PolicyDocument"]))
        return Applied(name, {"Id": name})

    def update(self, place: Place, current: Applied, properties: Properties, previous: Properties) -> Applied:
        """Put the policy on the queues that are named now, and take it from those that are not."""
        self._put(place, [url for url in previous["Queues"] if url not in properties["Queues"]], "")
        self._put(place, properties["Queues"], text_of(properties["PolicyDocument"]))
        return current

    def delete(self, place: Place, current: Applied, properties: Properties) -> None:
        """Take the policy from its queues."""
        del current
        self._put(place, properties["Queues"], "")

    def _put(self, place: Place, urls: list[str], policy: str) -> None:
        for url in urls:
            if policy:
                place.client("sqs").set_queue_attributes(QueueUrl=url, Attributes={"Policy": policy})
            else:
                with absence_forgiven():
                    place.client("sqs").set_queue_attributes(QueueUrl=url, Attributes={"Policy": ""})


def _text(value: Any) -> str:
    if isinstance(value, dict):
        return json.dumps(value)
    return str(value).lower() if isinstance(value, bool) else str(value)


RESOURCE_TYPES: dict[str, ResourceType] = {"AWS::SQS::Queue": Queue(), "AWS::SQS::QueuePolicy": QueuePolicy()}
