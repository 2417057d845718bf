"""The tables against the sources that they were taken from, so that an upgrade of a source shows what changed."""

import json
from collections.abc import Iterator
from importlib.resources import files
from typing import Any, cast, get_args

import aws_cdk as cdk
import botocore.session
import pytest
from aws_cdk import aws_ec2 as ec2
from aws_cdk.assertions import Template

from mlplatform.config.database_classes import classes, families
from mlplatform.config.features import Feature
from mlplatform.config.instances import FAMILIES, OFFERED, most_pods, system_families, vcpus
from mlplatform.config.partitions import PARTITIONS
from mlplatform.config.regions import REGIONS, region
from mlplatform.config.sagemaker_images import ACCOUNTS, REPOSITORIES, account
from mlplatform.config.sections.network import InterfaceEndpoint
from mlplatform.config.stages import INSTANCE_CLASSES, NODE_ENDPOINTS

EVERY_REGION = pytest.mark.parametrize("name", sorted(REGIONS))


def price_lists(path: str) -> Any:
    return json.loads((files("cfnlint") / "data" / "schemas" / "extensions" / path).read_text(encoding="utf-8"))


def words(node: Any) -> Iterator[str]:
    if isinstance(node, str):
        yield node
    elif isinstance(node, dict | list):
        inner = cast("dict[str, Any]", node).values() if isinstance(node, dict) else cast("list[Any]", node)
        yield from (word for item in inner for word in words(item))


@EVERY_REGION
def test_instance_types_are_those_of_the_price_lists(name: str):
    known = set(price_lists("aws_ec2_instance/instancetype_enum.json")[name]["enum"])
    for family, described in FAMILIES.items():
        sizes = {kind.partition(".")[2] for kind in known if kind.startswith(f"{family}.") and "metal" not in kind}
        sizes -= {"nano", "micro", "small", "medium"}
        assert sizes == (set(described.sizes) if family in OFFERED[name] else set()), family


@EVERY_REGION
@pytest.mark.parametrize("engine", ["mysql", "aurora-mysql"])
def test_database_classes_are_those_of_the_price_lists(name: str, engine: str):
    rules = price_lists("aws_rds_dbinstance/dbinstanceclass_enum.json")[name]["allOf"]
    of_engine = [rule["then"] for rule in rules if rule["if"]["properties"].get("Engine") == {"const": engine}]
    known = {word for word in words(of_engine) if word.startswith("db.")}
    offered = {entry for family in families(engine, name) for entry in classes(engine, family)}
    assert offered <= known
    all_families = {family for region_name in REGIONS for family in families(engine, region_name)}
    absent = {entry for family in all_families - set(families(engine, name)) for entry in classes(engine, family)}
    assert not absent & known


@EVERY_REGION
def test_defaults_are_offered_in_every_region(name: str):
    assert "m5" in system_families(name)
    for (_, engine), instance_class in INSTANCE_CLASSES.items():
        assert any(instance_class in classes(engine, family) for family in families(engine, name))


@EVERY_REGION
def test_partition_and_suffix_are_those_of_botocore(name: str):
    partition = region(name).partition
    session = botocore.session.get_session()
    assert session.get_partition_for_region(name) == partition.name
    assert session.create_client("rds", region_name=name).meta.endpoint_url == f"https://rds.{name}.{partition.url_suffix}"


@pytest.mark.parametrize("name", ["cn-north-1", "cn-northwest-1", "us-west-2"])
def test_endpoint_names_are_those_of_cdk(name: str):
    stack = cdk.Stack(cdk.App(), "Stack", env=cdk.Environment(account="123456789012", region=name))
    vpc = ec2.Vpc(stack, "Vpc", max_azs=1)
    for service in get_args(InterfaceEndpoint):
        vpc.add_interface_endpoint(service, service=ec2.InterfaceVpcEndpointAwsService(service))
    made = Template.from_stack(stack).find_resources("AWS::EC2::VPCEndpoint").values()
    assert sorted(endpoint["Properties"]["ServiceName"] for endpoint in made) == sorted(
        region(name).endpoint_service(service) for service in get_args(InterfaceEndpoint)
    )


def test_default_endpoints_are_among_those_that_a_file_may_name():
    assert set(NODE_ENDPOINTS) <= set(get_args(InterfaceEndpoint))


def test_every_region_has_every_table():
    assert set(OFFERED) == set(ACCOUNTS) == set(REGIONS)
    assert all(len(place.zones) > 2 for place in REGIONS.values())


def test_accounts_have_twelve_digits():
    accounts = [entry for groups in ACCOUNTS.values() for entry in groups.values()] + [place.addon_account for place in REGIONS.values()]
    assert all(len(entry) == 12 and entry.isdigit() for entry in accounts)


def test_current_xgboost_is_not_in_the_account_of_the_first_algorithms():
    assert account("sagemaker-xgboost", "cn-north-1") == "450853457545"
    assert ACCOUNTS["cn-north-1"]["built_in_2"] == "390948362332"


def test_an_image_that_a_region_lacks_has_no_account_there():
    assert set(REPOSITORIES.values()) <= set(ACCOUNTS["us-east-1"])
    with pytest.raises(KeyError):
        account("sagemaker-distribution-prod", "cn-north-1")


def test_principals_end_in_cn_only_where_china_has_its_own():
    china = PARTITIONS["aws-cn"]
    assert [china.principal(service) for service in ("eks", "pods.eks", "lambda", "events", "sqs", "ec2")] == [
        "eks.amazonaws.com",
        "pods.eks.amazonaws.com",
        "lambda.amazonaws.com",
        "events.amazonaws.com",
        "sqs.amazonaws.com",
        "ec2.amazonaws.com.cn",
    ]
    assert china.node_principals == ("ec2.amazonaws.com", "ec2.amazonaws.com.cn")


def test_registries_are_in_the_domain_of_their_partition():
    assert region("cn-north-1").addon_registry == "918309763551.dkr.ecr.cn-north-1.amazonaws.com.cn"
    assert region("us-west-2").registry("123456789012") == "123456789012.dkr.ecr.us-west-2.amazonaws.com"


def test_databases_are_in_the_domain_that_their_partition_makes():
    assert PARTITIONS["aws"].database_domain("us-west-2") == "us-west-2.rds.amazonaws.com"
    assert PARTITIONS["aws-cn"].database_domain("cn-north-1") == "rds.cn-north-1.amazonaws.com.cn"


def test_features_are_looked_up_by_region():
    assert not region("cn-north-1").offers(Feature.COGNITO_USER_POOLS)
    assert region("us-west-2").offers(Feature.COGNITO_USER_POOLS)
    assert {name for name, place in REGIONS.items() if place.offers(Feature.PRICE_LIST)} == {"cn-northwest-1", "us-east-1", "eu-central-1"}


def test_a_size_says_how_many_cpus_and_pods():
    assert {kind: vcpus(kind) for kind in ("m5.large", "m5.xlarge", "c5.9xlarge", "m8i.96xlarge")} == {
        "m5.large": 2,
        "m5.xlarge": 4,
        "c5.9xlarge": 36,
        "m8i.96xlarge": 384,
    }
    assert (most_pods("m5.4xlarge"), most_pods("m5.8xlarge")) == (110, 250)
