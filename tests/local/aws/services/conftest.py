"""The extended services in this process, where a test can stand behind them."""

import json
import threading
from collections.abc import Callable, Iterator
from typing import Any

import boto3
import pytest
from botocore.config import Config
from moto.moto_server.werkzeug_app import DomainDispatcherApplication, MotoRequestHandler, create_backend_app
from werkzeug.serving import make_server

from mlplatform.local.aws.services import install

ClientOf = Callable[[str], Any]


@pytest.fixture(scope="session")
def endpoint() -> Iterator[str]:
    """The URL of the services."""
    install()
    application = DomainDispatcherApplication(create_backend_app)
    server = make_server("127.0.0.1", 0, application, threaded=True, request_handler=MotoRequestHandler)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.fixture(scope="session")
def of(endpoint: str) -> Iterator[ClientOf]:
    """Clients of China's first region."""
    session: Any = boto3.Session(aws_access_key_id="test", aws_secret_access_key="test", region_name="cn-north-1")  # noqa: S106 - no secret
    made: dict[str, Any] = {}

    def client(service: str) -> Any:
        if service not in made:
            made[service] = session.client(service, endpoint_url=endpoint, config=Config(retries={"max_attempts": 0}, proxies={}))
        return made[service]

    yield client
    for known in made.values():
        known.close()


@pytest.fixture
def name(request: pytest.FixtureRequest) -> str:
    """A name that no other test has."""
    return f"c{abs(hash(request.node.nodeid)):x}"


@pytest.fixture
def subnets(of: ClientOf) -> list[str]:
    """Two subnets in two zones."""
    ec2 = of("ec2")
    vpc = ec2.create_vpc(CidrBlock="10.0.0.0/16")["Vpc"]["VpcId"]
    ranges = {"cn-north-1a": "10.0.0.0/20", "cn-north-1b": "10.0.16.0/20"}
    return [ec2.create_subnet(VpcId=vpc, CidrBlock=cidr, AvailabilityZone=zone)["Subnet"]["SubnetId"] for zone, cidr in ranges.items()]


@pytest.fixture
def role_of(of: ClientOf, name: str) -> ClientOf:
    """Roles that services trust, by service principal."""

    def make(service: str) -> str:
        trust = {"Effect": "Allow", "Principal": {"Service": service}, "Action": "sts:AssumeRole"}
        document = json.dumps({"Version": "2012-10-17", "Statement": [trust]})
        made = of("iam").create_role(RoleName=f"{name}-{service.split('.', maxsplit=1)[0]}", AssumeRolePolicyDocument=document)
        return made["Role"]["Arn"]

    return make
