"""The table of types against CloudFormation's schemas and against the platform's own templates."""

import pytest

from mlplatform.local.aws.resources import RESOURCE_TYPES
from mlplatform.local.aws.resources.contract import Applied, Snapshots
from mlplatform.local.aws.resources.metadata import Metadata
from mlplatform.local.aws.stacks.schema import schema_of
from tests.local.aws.resources.making import Stack
from tests.stacks.synthesis import committed


@pytest.mark.parametrize("name", sorted(RESOURCE_TYPES.keys() - {"AWS::CDK::Metadata"}))
def test_a_type_plays_properties_that_cloudformation_has(name: str) -> None:
    schema = schema_of("cn-north-1", name)
    assert schema is not None
    assert (RESOURCE_TYPES[name].properties or frozenset()) - schema.properties == frozenset()


def test_every_property_of_the_platforms_templates_is_played() -> None:
    missing = {
        f"{resource['Type']}.{name}"
        for template in committed().values()
        for resource in template.resources.values()
        if not resource["Type"].startswith("Custom::")
        for name in resource.get("Properties", {})
        if resource["Type"] not in RESOURCE_TYPES or name not in (RESOURCE_TYPES[resource["Type"]].properties or ())
    }
    assert missing == set()


def test_databases_can_be_kept_as_snapshots() -> None:
    kept = {name for name, kind in RESOURCE_TYPES.items() if isinstance(kind, Snapshots)}
    assert kept == {"AWS::RDS::DBCluster", "AWS::RDS::DBInstance"}


def test_what_the_cdk_says_about_itself_makes_nothing(stack: Stack) -> None:
    place = stack.place("CDKMetadata")
    made = Metadata().create(place, {"Analytics": "v2"})
    assert Metadata().update(place, made, {"Analytics": "v3"}, {"Analytics": "v2"}) == made == Applied("CDKMetadata")
