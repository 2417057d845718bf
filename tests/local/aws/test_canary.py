"""What the local AWS relies on inside moto and cfn-lint, which are pinned: a bump that moves it fails here, by name.

What the extended services rely on has a canary of its own beside their tests.
"""

import inspect
from importlib.metadata import version
from typing import Any

import cfnlint.decode
import moto.moto_server.werkzeug_app as moto_server
import pytest
from cfnlint.schema import ResourceNotFoundError
from cfnlint.schema.manager import PROVIDER_SCHEMA_MANAGER
from moto.awslambda.utils import get_backend
from moto.core.exceptions import ServiceException
from moto.core.parse import PROTOCOL_PARSERS
from moto.core.request import Request
from moto.core.responses import ActionResult, BaseResponse
from moto.core.routing import get_service_router
from moto.core.serialize import get_serializer_class
from moto.ec2.models.availability_zones_and_regions import RegionsAndZonesBackend, Zone
from moto.iam.access_control import IAMPolicy, PermissionResult
from moto.s3.models import FakeBucket, S3Backend


def parameters(function: object) -> list[str]:
    return list(inspect.signature(function).parameters)  # type: ignore[arg-type] # pyright: ignore[reportArgumentType]


def test_the_versions_are_those_that_this_was_written_against() -> None:
    assert (version("moto"), version("cfn-lint")) == ("5.2.5", "1.58.0")


def test_moto_dispatches_requests_by_host_and_answers_from_an_environ() -> None:
    assert parameters(moto_server.DomainDispatcherApplication.get_backend_for_host) == ["self", "host"]
    assert issubclass(moto_server.BackendRequest, Request)
    assert parameters(moto_server.create_backend_app) == ["service"]


def test_moto_reads_requests_and_writes_answers_by_botocores_models() -> None:
    assert {"query", "json", "rest-json", "rest-xml", "ec2"} <= PROTOCOL_PARSERS.keys()
    assert parameters(BaseResponse._dispatch)[:2] == ["self", "request"]  # pyright: ignore[reportPrivateUsage]
    assert parameters(ActionResult) == ["result"]
    assert "operation_model" in parameters(get_serializer_class("cloudformation", "query"))
    assert get_service_router("eks").match(Request.from_primitives("GET", "http://x/clusters/a", {}))[0].name == "DescribeCluster"
    assert ServiceException("Code", "message").code == "Code"


def test_moto_has_a_table_of_zones_by_region() -> None:
    assert {zone.name for zone in RegionsAndZonesBackend.zones["cn-north-1"]} >= {"cn-north-1a", "cn-north-1b"}
    assert parameters(Zone)[:3] == ["name", "region_name", "zone_id"]


def test_moto_asks_a_bucket_for_permission_and_logs_at_every_request() -> None:
    assert parameters(FakeBucket.get_permission) == ["self", "action", "resource"]
    assert parameters(S3Backend.log_incoming_request) == ["self", "request", "bucket_name"]
    assert parameters(IAMPolicy.is_action_permitted)[:2] == ["self", "action"]
    assert PermissionResult.NEUTRAL.name == "NEUTRAL"


def test_moto_keeps_the_code_of_a_function() -> None:
    assert parameters(get_backend) == ["account_id", "region"]
    assert parameters(type(get_backend("123456789012", "cn-north-1")).get_function)[:2] == ["self", "function_name_or_arn"]


def test_cfn_lint_decodes_templates_and_has_chinas_schemas() -> None:
    template, problems = cfnlint.decode.decode_str("Resources: {A: {Type: !Sub x}}")
    assert (problems, template) == ([], {"Resources": {"A": {"Type": {"Fn::Sub": "x"}}}})
    schemas: Any = PROVIDER_SCHEMA_MANAGER
    assert schemas.get_resource_schema("cn-north-1", "AWS::SSM::Parameter").schema["createOnlyProperties"] == ["/properties/Name"]
    with pytest.raises(ResourceNotFoundError):
        schemas.get_resource_schema("cn-north-1", "AWS::ECR::PublicRepository")
