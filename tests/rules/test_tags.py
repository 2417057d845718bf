"""Everything that takes tags carries the environment's."""

from dataclasses import replace
from typing import Any

import pytest

from mlplatform.rules.template import Template
from tests.rules.templates import TAGS, broken, resource, template

PAIRS = [{"Key": key, "Value": value} for key, value in TAGS.items()]


def bare(**resources: dict[str, Any]) -> Template:
    """Return a template of a stack that has no tags."""
    return replace(template(**resources), stack_tags={})


@pytest.mark.parametrize(
    ("type", "tags"),
    [("AWS::S3::Bucket", {"Tags": PAIRS}), ("AWS::EKS::Nodegroup", {"Tags": TAGS}), ("AWS::EFS::FileSystem", {"FileSystemTags": PAIRS})],
)
def test_tags_are_found_in_the_property_and_form_that_a_type_has_for_them(type: str, tags: dict[str, Any]) -> None:
    (violation,) = broken("untagged", bare(R=resource(type)))

    assert "cost-centre=1234" in violation.message
    assert not broken("untagged", bare(R=resource(type, **tags)))


def test_the_stacks_tags_are_every_resources_tags() -> None:
    assert not broken("untagged", template(R=resource("AWS::S3::Bucket")))


def test_a_resource_may_not_override_the_environments_tags() -> None:
    (violation,) = broken("untagged", template(R=resource("AWS::S3::Bucket", Tags=[{"Key": "cost-centre", "Value": "other"}])))

    assert "mlplatform:environment" not in violation.message


@pytest.mark.parametrize("type", ["AWS::IAM::Policy", "AWS::KMS::Alias", "Custom::X"])
def test_what_takes_no_tags_needs_none(type: str) -> None:
    assert not broken("untagged", bare(R=resource(type)))


def test_what_a_launch_template_starts_gets_tags_from_it_alone() -> None:
    specifications = [{"ResourceType": "instance", "Tags": PAIRS}]

    (violation,) = broken(
        "untagged", template(R=resource("AWS::EC2::LaunchTemplate", LaunchTemplateData={"TagSpecifications": specifications}))
    )

    assert "volume" in violation.message
