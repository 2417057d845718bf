"""How S3 weighs a bucket's policy.

Separate because moto reads statements without their conditions: a bucket that denies plain HTTP would deny everything.
"""

import json
from typing import Any

from moto.iam.access_control import IAMPolicy, PermissionResult
from moto.s3.models import FakeBucket


def weigh_conditions() -> None:
    """Let moto's buckets decide by unconditional statements alone; the whole policy is still stored and shown."""
    FakeBucket.get_permission = _permission  # type: ignore[method-assign]


def _permission(bucket: FakeBucket, action: str, resource: str) -> PermissionResult:
    stored: bytes | None = bucket.policy
    policy: dict[str, Any] = json.loads(stored) if stored else {}
    statements: list[dict[str, Any]] = [statement for statement in policy.get("Statement", ()) if "Condition" not in statement]
    if not statements:
        return PermissionResult.NEUTRAL
    return IAMPolicy(json.dumps({**policy, "Statement": statements})).is_action_permitted(action, resource)
