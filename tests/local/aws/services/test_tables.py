"""What the extended services look up: endpoint names, parameter families, policy documents."""

import json

import pytest

from mlplatform.local.aws.services.documents import allowed_actions, trusted_services
from mlplatform.local.aws.services.ec2.service_names import endpoint_exists, endpoint_host
from mlplatform.local.aws.services.rds.checks import family


@pytest.mark.parametrize(
    ("name", "region", "interface", "exists"),
    [
        ("com.amazonaws.us-west-2.sts", "us-west-2", True, True),
        ("cn.com.amazonaws.us-west-2.sts", "us-west-2", True, False),
        ("cn.com.amazonaws.cn-north-1.sts", "cn-north-1", True, True),
        ("com.amazonaws.cn-north-1.sts", "cn-north-1", True, False),
        ("com.amazonaws.cn-north-1.logs", "cn-north-1", True, True),
        ("cn.com.amazonaws.cn-north-1.s3", "cn-north-1", True, True),
        ("com.amazonaws.cn-north-1.s3", "cn-north-1", False, True),
        ("cn.com.amazonaws.cn-north-1.s3", "cn-north-1", False, False),
        ("com.amazonaws.cn-north-1.elasticloadbalancing", "cn-north-1", True, False),
        ("aws.sagemaker.cn-north-1.notebook", "cn-north-1", True, True),
        ("com.amazonaws.us-east-1.sts", "us-west-2", True, False),
    ],
)
def test_an_endpoint_has_the_name_of_its_partition(name: str, region: str, *, interface: bool, exists: bool) -> None:
    assert endpoint_exists(name, region, interface=interface) is exists


def test_an_endpoint_is_reached_by_its_service_in_reverse() -> None:
    assert endpoint_host("vpce-1", "cn.com.amazonaws.cn-north-1.ecr.dkr", "cn-north-1") == "vpce-1.dkr.ecr.cn-north-1.vpce.amazonaws.com.cn"


@pytest.mark.parametrize(
    ("engine", "version", "expected"),
    [
        ("mysql", "8.4.9", "mysql8.4"),
        ("mysql", "8", "mysql8.0"),
        ("aurora-mysql", "8.0.mysql_aurora.3.10.4", "aurora-mysql8.0"),
        ("postgres", "16.3", "postgres16"),
        ("oracle-ee", "19.0.0.0", None),
        ("mysql", "latest", None),
    ],
)
def test_a_version_needs_parameters_of_its_family(engine: str, version: str, expected: str | None) -> None:
    assert family(engine, version) == expected


def test_a_policy_document_is_read_in_every_spelling() -> None:
    one = {"Statement": {"Effect": "Allow", "Principal": {"Service": "eks.amazonaws.com"}, "Action": "sts:AssumeRole"}}
    many = {
        "Statement": [
            {"Effect": "Allow", "Principal": {"Service": ["a", "b"]}, "Action": ["x", "y"]},
            {"Effect": "Deny", "Principal": "*", "Action": "z"},
        ]
    }
    assert trusted_services(json.dumps(one)) == {"eks.amazonaws.com"}
    assert trusted_services(json.dumps(many)) == {"a", "b"}
    assert allowed_actions([json.dumps(one), json.dumps(many)]) == {"sts:AssumeRole", "x", "y"}
