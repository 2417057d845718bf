"""What `Ref` and `Fn::GetAtt` give for a resource that does not exist yet, from its name.

Separate because it is a table of AWS's: the return values of each type in the CloudFormation reference.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from mlplatform.local.aws.resources.contract import Applied
from mlplatform.local.iam.location import Location


@dataclass(frozen=True)
class Shape:
    """How one type is called."""

    name: str | None
    """The property that names it; without one, or without a value, its logical id stands for the name that AWS would choose."""
    arn: Callable[[Location, str], str]
    ref: Callable[[Location, str], str] | None = None
    """What `Ref` gives where it is not the name."""


def _regional(service: str, prefix: str = "") -> Callable[[Location, str], str]:
    return lambda here, name: here.arn(service, f"{prefix}{name}")


def _iam(prefix: str) -> Callable[[Location, str], str]:
    return lambda here, name: here.arn("iam", f"{prefix}/{name}", region="")


def _bucket(here: Location, name: str) -> str:
    return here.arn("s3", name, region="", account="")


def _queue_url(here: Location, name: str) -> str:
    return f"https://sqs.{here.region}.{here.partition.url_suffix}/{here.account}/{name}"


SHAPES: Mapping[str, Shape] = {
    "AWS::EKS::Cluster": Shape("Name", _regional("eks", "cluster/")),
    "AWS::ECR::Repository": Shape("RepositoryName", _regional("ecr", "repository/")),
    "AWS::IAM::InstanceProfile": Shape("InstanceProfileName", _iam("instance-profile")),
    "AWS::IAM::ManagedPolicy": Shape("ManagedPolicyName", _iam("policy"), ref=_iam("policy")),
    "AWS::IAM::Role": Shape("RoleName", _iam("role")),
    "AWS::KMS::Key": Shape(None, _regional("kms", "key/")),
    "AWS::Lambda::Function": Shape("FunctionName", _regional("lambda", "function:")),
    "AWS::Logs::LogGroup": Shape("LogGroupName", lambda here, name: here.arn("logs", f"log-group:{name}:*")),
    "AWS::S3::Bucket": Shape("BucketName", _bucket),
    "AWS::SNS::Topic": Shape("TopicName", _regional("sns"), ref=_regional("sns")),
    "AWS::SQS::Queue": Shape("QueueName", _regional("sqs"), ref=_queue_url),
    "AWS::SecretsManager::Secret": Shape("Name", _regional("secretsmanager", "secret:"), ref=_regional("secretsmanager", "secret:")),
    "AWS::StepFunctions::StateMachine": Shape(
        "StateMachineName", _regional("states", "stateMachine:"), ref=_regional("states", "stateMachine:")
    ),
}
"""Types that policies refer to."""


class Named(Mapping[str, Applied]):
    """The resources of a template as if they existed, each made when it is asked for."""

    def __init__(self, types: Mapping[str, str], names: Callable[[str, str], Any], here: Location, known: Mapping[str, Applied]) -> None:
        """Take the types by logical id, how a property of one resolves, where it all is, and what is really known."""
        self._types = types
        self._names = names
        self._here = here
        self._known = known

    def __getitem__(self, logical_id: str) -> Applied:
        """Return what the resource will be called."""
        if logical_id in self._known:
            return self._known[logical_id]
        shape = SHAPES[self._types[logical_id]]
        name = str((self._names(logical_id, shape.name) if shape.name else None) or logical_id)
        return Applied(shape.ref(self._here, name) if shape.ref else name, {"Arn": shape.arn(self._here, name)})

    def __contains__(self, logical_id: object) -> bool:
        """Whether it can be said what the resource will be called."""
        return logical_id in self._known or self._types.get(str(logical_id)) in SHAPES

    def __iter__(self) -> Iterator[str]:
        """Iterate over the logical ids that can be resolved."""
        return (logical_id for logical_id in self._types if logical_id in self)

    def __len__(self) -> int:
        """Return how many can be resolved."""
        return sum(1 for _ in self)
