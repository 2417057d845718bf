"""What of moto's internals this EC2 stands on; a new moto that moves it fails here, with its name."""

import inspect

import pytest
from moto.ec2.models import EC2Backend, ec2_backends
from moto.ec2.models.amis import Ami
from moto.ec2.models.instance_types import INSTANCE_TYPE_OFFERINGS, INSTANCE_TYPES, InstanceTypeBackend
from moto.ec2.models.instances import Instance, InstanceState
from moto.ec2.responses import EC2Response
from moto.ssm.models import ParameterDict, SimpleSystemManagerBackend

from mlplatform.local.aws.compute.lifecycle import LifecycleBackend


@pytest.mark.parametrize(
    ("owner", "method", "parameters"),
    [
        (EC2Backend, "run_instances", ["self", "image_id", "count", "user_data", "security_group_names", "kwargs"]),
        (EC2Backend, "terminate_instances", ["self", "instance_ids"]),
        (EC2Backend, "describe_instance_types", ["self", "instance_types", "filters"]),
        (EC2Backend, "describe_spot_price_history", ["self", "instance_types", "filters"]),
        (Instance, "terminate", ["self"]),
        (InstanceState, "__init__", ["self", "name", "code"]),
        (ParameterDict, "_check_loading_status", ["self", "key"]),
        (ParameterDict, "__init__", ["self", "account_id", "region_name"]),
        (SimpleSystemManagerBackend, "__init__", ["self", "region_name", "account_id"]),
        *((EC2Response, name, ["self"]) for name in ("create_fleet", "describe_instances", "describe_instance_status", "error_on_dryrun")),
        *((EC2Response, name, ["self"]) for name in ("describe_instance_types", "describe_spot_price_history")),
    ],
)
def test_a_method_that_is_replaced_still_has_its_shape(owner: type, method: str, parameters: list[str]) -> None:
    assert list(inspect.signature(getattr(owner, method)).parameters) == parameters


def test_tables_that_are_filled_are_still_there() -> None:
    assert {"region", "availability-zone", "availability-zone-id"} == set(INSTANCE_TYPE_OFFERINGS)
    assert "g4dn.xlarge" in INSTANCE_TYPES
    assert isinstance(InstanceTypeBackend.instance_types, list)
    assert "root_device_name" in inspect.signature(Ami.__init__).parameters


@pytest.mark.usefixtures("endpoint")
def test_motos_own_backend_is_the_extended_one() -> None:
    backend = ec2_backends["123456789012"]["cn-north-1"]
    assert isinstance(backend, LifecycleBackend)
    assert vars(backend)["amis"]
