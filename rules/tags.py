"""The rule about tags: everything that takes tags carries the environment's.

Separate because it needs to know which types take tags, in which property, in which region.
"""

from collections.abc import Iterator, Mapping
from typing import Any, cast

from mlplatform.rules.registry import tag_property
from mlplatform.rules.rule import Rule, Violation
from mlplatform.rules.template import Resource, Template, listed

_STARTED_BY_A_LAUNCH_TEMPLATE = ("instance", "volume")


def untagged(template: Template) -> Iterator[Violation]:
    """A resource carries every tag of its environment: its own, or the stack's, which CloudFormation passes on.

    What a launch template starts is no resource of the stack, and gets only what the launch template says:
    https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-properties-resource-tags.html
    """
    for resource in template.resources:
        if resource.type == "AWS::EC2::LaunchTemplate":
            yield from _started(template, resource)
        elif name := tag_property(template.place.name, resource.type):
            carried = {**template.stack_tags, **_pairs(resource.properties.get(name))}
            yield from _compare(template, resource, carried, "give the stack the environment's tags, and let none be overridden")


RULES = (Rule("untagged", "a resource without its environment's tags", untagged),)


def _started(template: Template, resource: Resource) -> Iterator[Violation]:
    data = resource.properties.get("LaunchTemplateData", {})
    for kind in _STARTED_BY_A_LAUNCH_TEMPLATE:
        tags: dict[str, Any] = {}
        for specification in listed(data.get("TagSpecifications")):
            if specification.get("ResourceType") == kind:
                tags |= _pairs(specification.get("Tags"))
        remedy = f"name the environment's tags in LaunchTemplateData.TagSpecifications for {kind!r}; the stack's do not reach it"
        yield from _compare(template, resource, tags, remedy, what=f"an {kind}" if kind == "instance" else f"a {kind}")


def _compare(template: Template, resource: Resource, carried: Mapping[str, Any], remedy: str, what: str = "") -> Iterator[Violation]:
    wrong = [f"{key}={value}" for key, value in template.environment_tags.items() if carried.get(key) != value]
    if wrong:
        subject = f"{what} that it starts" if what else resource.type
        yield Violation(resource.logical_id, f"{subject} is without the tags {', '.join(wrong)}", remedy)


def _pairs(tags: object) -> dict[str, Any]:
    """Return tags as a mapping; a type writes them as one, or as a list of keys and values."""
    if isinstance(tags, Mapping):
        return dict(cast("Mapping[str, Any]", tags))
    written = [cast("Mapping[str, Any]", tag) for tag in listed(tags) if isinstance(tag, Mapping)]
    return {tag["Key"]: tag.get("Value") for tag in written if "Key" in tag}
