"""What of moto's internals the extended services stand on; a new moto that moves it fails here, with its name."""

import inspect
from collections.abc import Iterator
from types import ModuleType
from typing import Any

import pytest
from botocore import xform_name
from moto.awslambda import urls as lambda_urls
from moto.awslambda.models import LambdaBackend, LambdaFunction, lambda_backends
from moto.codebuild import urls as codebuild_urls
from moto.core.base_backend import BackendDict, BaseBackend
from moto.core.responses import BaseResponse
from moto.core.utils import get_service_model
from moto.ec2 import urls as ec2_urls
from moto.ec2.models import ec2_backends
from moto.ec2.models.launch_templates import LaunchTemplate
from moto.ec2.models.vpcs import VPCEndPoint
from moto.efs import urls as efs_urls
from moto.efs.models import efs_backends
from moto.eks import urls as eks_urls
from moto.eks.models import Cluster, Nodegroup, eks_backends
from moto.iam import urls as iam_urls
from moto.iam.models import iam_backends
from moto.iam.policy_validation import IAMTrustPolicyDocumentValidator
from moto.logs import urls as logs_urls
from moto.rds import urls as rds_urls
from moto.rds.models import DBCluster, DBInstance, rds_backends
from moto.secretsmanager import urls as secrets_urls
from moto.secretsmanager.models import secretsmanager_backends

from mlplatform.local.aws.services import awslambda, codebuild, efs, iam, install, logs, secretsmanager
from mlplatform.local.aws.services.ec2 import EC2
from mlplatform.local.aws.services.ec2.responses import Responses as EC2Responses
from mlplatform.local.aws.services.eks.responses import Responses as EKSResponses
from mlplatform.local.aws.services.eks.tags import EKS
from mlplatform.local.aws.services.rds.databases import RDS
from mlplatform.local.aws.services.rds.responses import Responses as RDSResponses

BACKENDS = (
    (ec2_backends, EC2),
    (efs_backends, efs.EFS),
    (eks_backends, EKS),
    (iam_backends, iam.IAM),
    (lambda_backends, awslambda.Lambda),
    (rds_backends, RDS),
    (secretsmanager_backends, secretsmanager.SecretsManager),
)
RESPONSES = (
    (codebuild_urls, codebuild.Responses),
    (ec2_urls, EC2Responses),
    (efs_urls, efs.Responses),
    (eks_urls, EKSResponses),
    (iam_urls, iam.Responses),
    (lambda_urls, awslambda.LambdaResponse),
    (logs_urls, logs.Responses),
    (rds_urls, RDSResponses),
    (secrets_urls, secretsmanager.SecretsManagerResponse),
)


def replaced(kind: type, root: str) -> Iterator[tuple[str, Any, Any]]:
    """Yield our methods that stand in the place of one of moto's, with both."""
    ours = [each for each in kind.__mro__ if each.__module__.startswith(root)]
    for each in ours:
        for name, method in vars(each).items():
            theirs = next((base for base in kind.__mro__ if name in vars(base) and base.__module__.startswith("moto.")), None)
            if theirs and inspect.isfunction(method) and not name.startswith("__"):
                yield name, method, vars(theirs)[name]


@pytest.mark.parametrize(("backends", "ours"), BACKENDS)
def test_a_method_takes_what_moto_hands_it(backends: BackendDict[Any], ours: type) -> None:
    del backends
    for name, method, theirs in replaced(ours, "mlplatform."):
        mine = inspect.signature(method).parameters
        if not any(parameter.kind is inspect.Parameter.VAR_KEYWORD for parameter in mine.values()):
            assert set(inspect.signature(theirs).parameters) <= set(mine) | {"self"}, f"{ours.__name__}.{name}"


@pytest.mark.parametrize(("backends", "ours"), BACKENDS)
def test_a_backend_is_made_by_the_class_that_its_table_names(backends: BackendDict[Any], ours: type) -> None:
    install()
    assert issubclass(backends.backend, ours)
    region = "aws-cn" if backends is iam_backends else "cn-north-1"
    assert isinstance(backends["123456789012"][region], ours)


@pytest.mark.parametrize(("urls", "ours"), RESPONSES)
def test_a_request_reaches_our_responses(urls: ModuleType, ours: type) -> None:
    install()
    for path, handler in urls.url_paths.items():
        assert issubclass(handler.__self__, ours), path


@pytest.mark.parametrize(("urls", "ours"), RESPONSES)
def test_an_operation_that_is_answered_is_one_of_the_service(urls: ModuleType, ours: type[BaseResponse]) -> None:
    del urls
    operations = {xform_name(name) for name in get_service_model(ours().boto3_service_name).operation_names}
    answered = {
        name for each in ours.__mro__ if each.__module__.startswith("mlplatform.") for name in vars(each) if not name.startswith("_")
    }
    assert answered - operations == set()


def test_what_is_taken_from_motos_frame_is_still_there() -> None:
    assert isinstance(vars(BaseBackend)["_url_module"], property)
    assert isinstance(ec2_backends, BackendDict)
    assert issubclass(ec2_backends.backend, BaseBackend)
    assert callable(BaseResponse.parse_parameters)
    assert isinstance(vars(DBInstance)["address"], property)
    assert isinstance(vars(DBCluster)["endpoint"], property)
    assert isinstance(vars(DBCluster)["reader_endpoint"], property)
    assert isinstance(VPCEndPoint.DEFAULT_POLICY, dict)
    assert "tags" in vars(LaunchTemplate) or "self.tags" in inspect.getsource(LaunchTemplate.__init__)
    assert callable(IAMTrustPolicyDocumentValidator.validate)


@pytest.mark.parametrize(
    ("owner", "names"),
    [
        (Cluster, {"name", "role_arn", "resources_vpc_config", "version", "kubernetes_network_config", "logging", "encryption_config"}),
        (Nodegroup, {"cluster_name", "node_role", "nodegroup_name", "subnets", "scaling_config", "update_config", "node_repair_config"}),
        (LambdaFunction, {"account_id", "spec", "region", "version"}),
    ],
)
def test_what_is_made_of_motos_models_takes_the_same(owner: type, names: set[str]) -> None:
    assert names <= set(inspect.signature(owner.__init__).parameters)


def test_lambda_still_keeps_its_functions_where_ours_are_put() -> None:
    backend = LambdaBackend("cn-north-1", "123456789012")
    assert callable(vars(backend)["_lambdas"].put_function)
