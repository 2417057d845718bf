"""What S3 does beside storing objects: it weighs policies, and delivers access logs some hours later.

Separate because moto reads statements without their conditions, so that a bucket which denies plain HTTP denies everything, and
writes a log object at every request, so that no stack with a bucket for logs could be destroyed.
"""

import json
from typing import Any

from moto.iam.access_control import IAMPolicy, PermissionResult
from moto.s3.models import FakeBucket, S3Backend


def play_buckets() -> None:
    """Let buckets decide by unconditional statements alone, though the whole policy is stored and shown, and let logs wait.

    AWS delivers logs within a few hours: https://docs.aws.amazon.com/AmazonS3/latest/userguide/ServerLogs.html
    """
    FakeBucket.get_permission = _permission  # type: ignore[method-assign]
    S3Backend.log_incoming_request = _later  # type: ignore[method-assign]


def _later(*_: object) -> None:
    """Hours pass between a request and its log; a local AWS seldom lives so long."""


def _permission(bucket: FakeBucket, action: str, resource: str) -> PermissionResult:
    stored: bytes | None = bucket.policy
    policy: dict[str, Any] = json.loads(stored) if stored else {}
    statements: list[dict[str, Any]] = [statement for statement in policy.get("Statement", ()) if "Condition" not in statement]
    if not statements:
        return PermissionResult.NEUTRAL
    return IAMPolicy(json.dumps({**policy, "Statement": statements})).is_action_permitted(action, resource)
