"""What operations of IAM ask for: instance profiles, and the roles that are put into them.

Separate because an instance profile's ARN has a path that only its creation names.
"""

from collections.abc import Iterator

from mlplatform.local.iam.actions.asked import Asked, Context, Rule, Situation, anywhere, of_request, of_resource, pairs
from mlplatform.local.iam.actions.ec2_launch import passing


def _profile(situation: Situation, action: str, context: Context | None = None) -> Asked:
    name = situation.text("InstanceProfileName")
    path = situation.text("Path") or situation.seen.profile_paths.get(name, "/")
    resource = situation.here.arn("iam", f"instance-profile{path}{name}", region="")
    return Asked(action, resource, {**situation.tags(name), **(context or {})})


def _on_profile(situation: Situation) -> Iterator[Asked]:
    yield _profile(situation, situation.action)


def _create(situation: Situation) -> Iterator[Asked]:
    tags = pairs(situation.entries("Tags"))
    yield _profile(situation, situation.action, of_request(tags))
    if tags:
        # Tags at creation need the permission to tag as well; the new profile then has them:
        # https://docs.aws.amazon.com/IAM/latest/UserGuide/id_tags.html#id_tags_permissions
        yield _profile(situation, "iam:TagInstanceProfile", {**of_request(tags), **of_resource(tags)})


def _tag(situation: Situation) -> Iterator[Asked]:
    yield _profile(situation, situation.action, of_request(pairs(situation.entries("Tags"))))


def _add_role(situation: Situation) -> Iterator[Asked]:
    yield _profile(situation, situation.action)
    yield passing(situation, situation.text("RoleName"))


OPERATIONS: dict[str, Rule] = {
    "AddRoleToInstanceProfile": _add_role,
    "CreateInstanceProfile": _create,
    "DeleteInstanceProfile": _on_profile,
    "GetInstanceProfile": _on_profile,
    "ListInstanceProfiles": anywhere,
    "RemoveRoleFromInstanceProfile": _on_profile,
    "TagInstanceProfile": _tag,
}
