"""What operations of services with one resource each ask for.

Separate from EC2 and IAM because these need one line an operation.
"""

from collections.abc import Callable, Iterator
from urllib.parse import urlsplit

from mlplatform.local.iam.actions.asked import Asked, Context, Rule, Situation, anywhere, nothing


def _on(resource: Callable[[Situation], str], action: str = "", context: Callable[[Situation], Context] | None = None) -> Rule:
    """Ask for one action on one resource; the action is called like the operation unless given."""

    def rule(situation: Situation) -> Iterator[Asked]:
        yield Asked(action or situation.action, resource(situation), context(situation) if context else {})

    return rule


def _cluster(situation: Situation) -> str:
    return situation.here.arn("eks", f"cluster/{situation.text('name') or situation.text('clusterName')}")


def _queue(situation: Situation) -> str:
    url = situation.text("QueueUrl")
    return situation.here.arn("sqs", urlsplit(url).path.rpartition("/")[2] if url else situation.text("QueueName"))


def _parameter(situation: Situation) -> str:
    return _parameter_arn(situation, situation.text("Name") or situation.text("Path"))


def _parameter_arn(situation: Situation, name: str) -> str:
    name = name.lstrip("/")
    # AWS's own parameters belong to no account: https://docs.aws.amazon.com/systems-manager/latest/userguide/parameter-store-public-parameters.html
    return situation.here.arn("ssm", f"parameter/{name}", account="" if name.startswith("aws/") else None)


def _parameters(situation: Situation) -> Iterator[Asked]:
    for name in situation.entries("Names"):
        yield Asked(situation.action, _parameter_arn(situation, name))


def _secret(situation: Situation) -> str:
    secret = situation.text("SecretId")
    # Secrets Manager puts six characters of its own behind the name.
    return secret if secret.startswith("arn:") else situation.here.arn("secretsmanager", f"secret:{secret}-000000")


def _bucket(situation: Situation) -> str:
    return situation.here.arn("s3", situation.text("Bucket"), region="", account="")


def _object(situation: Situation) -> str:
    return situation.here.arn("s3", f"{situation.text('Bucket')}/{situation.text('Key')}", region="", account="")


def _listing(situation: Situation) -> Context:
    return {"s3:prefix": situation.text("Prefix")}


def _shifted(situation: Situation) -> Context:
    return {"arc-zonal-shift:ResourceIdentifier": situation.text("resourceIdentifier")}


OPERATIONS: dict[str, dict[str, Rule]] = {
    "arc-zonal-shift": {"GetManagedResource": _on(lambda _: "*", context=_shifted)},
    "eks": {"DescribeCluster": _on(_cluster), "ListClusters": anywhere},
    "pricing": {"DescribeServices": anywhere, "GetAttributeValues": anywhere, "GetProducts": anywhere},
    "s3": {
        "AbortMultipartUpload": _on(_object),
        "CompleteMultipartUpload": _on(_object, "s3:PutObject"),
        "CreateMultipartUpload": _on(_object, "s3:PutObject"),
        "DeleteObject": _on(_object),
        "GetBucketLocation": _on(_bucket),
        "GetObject": _on(_object),
        "HeadBucket": _on(_bucket, "s3:ListBucket"),
        "HeadObject": _on(_object, "s3:GetObject"),
        "ListObjects": _on(_bucket, "s3:ListBucket", _listing),
        "ListObjectsV2": _on(_bucket, "s3:ListBucket", _listing),
        "PutObject": _on(_object),
        "UploadPart": _on(_object, "s3:PutObject"),
    },
    "secretsmanager": {"DescribeSecret": _on(_secret), "GetSecretValue": _on(_secret)},
    "sqs": {
        "DeleteMessage": _on(_queue),
        "DeleteMessageBatch": _on(_queue, "sqs:DeleteMessage"),
        "GetQueueAttributes": _on(_queue),
        "GetQueueUrl": _on(_queue),
        "ReceiveMessage": _on(_queue),
        "SendMessage": _on(_queue),
    },
    "ssm": {"GetParameter": _on(_parameter), "GetParameters": _parameters, "GetParametersByPath": _on(_parameter)},
    "sts": {"GetCallerIdentity": nothing},
}
