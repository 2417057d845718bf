"""A local AWS with this EC2, in this process, and what a launch needs in it."""

import base64
import json
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from types import MappingProxyType
from typing import Any

import boto3
import pytest
import urllib3
from botocore.config import Config
from moto.core.models import DEFAULT_ACCOUNT_ID
from moto.moto_server.werkzeug_app import DomainDispatcherApplication, MotoRequestHandler, create_backend_app
from werkzeug.serving import make_server

from mlplatform.local.aws.compute.front import in_front_of
from mlplatform.local.aws.compute.install import install, set_delays
from mlplatform.local.aws.compute.lifecycle import Delays

ACCOUNT = DEFAULT_ACCOUNT_ID
REGION = "cn-north-1"
Answer = dict[str, Any]


@pytest.fixture(scope="session")
def endpoint() -> Iterator[str]:
    """The URL of a local AWS."""
    install()
    set_delays(Delays(start=0.05, join=0.05, stop=0.05))
    server = make_server(
        "127.0.0.1", 0, in_front_of(DomainDispatcherApplication(create_backend_app)), threaded=True, request_handler=MotoRequestHandler
    )
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    thread.join()
    server.server_close()


class Aws:
    """An account of the local AWS."""

    def __init__(self, endpoint: str) -> None:
        self.endpoint = endpoint
        self._clients: dict[tuple[str, str], Any] = {}
        self._session: Any = boto3.Session(aws_access_key_id="test", aws_secret_access_key="test")  # noqa: S106 - no secret

    def client(self, service: str, region: str = REGION) -> Any:
        """Return a client that reaches it."""
        if (service, region) not in self._clients:
            self._clients[service, region] = self._session.client(
                service, region_name=region, endpoint_url=self.endpoint, config=Config(retries={"max_attempts": 0})
            )
        return self._clients[service, region]

    def close(self) -> None:
        """Close the clients' connections."""
        for client in self._clients.values():
            client.close()

    def control(self, method: str, path: str, body: object = None) -> tuple[int, Answer]:
        """Call a local control."""
        answer = urllib3.request(method, self.endpoint + path, body=None if body is None else json.dumps(body))
        return answer.status, json.loads(answer.data)


@pytest.fixture(scope="session")
def account(endpoint: str) -> Iterator[Aws]:
    """The account of every test; making its clients is slow."""
    made = Aws(endpoint)
    yield made
    made.close()


@pytest.fixture
def aws(account: Aws) -> Aws:
    """An account that is empty before the test."""
    urllib3.request("POST", f"{account.endpoint}/moto-api/reset")
    return account


USER_DATA = """MIME-Version: 1.0
Content-Type: multipart/mixed; boundary="//"

--//
Content-Type: application/node.eks.aws

# Karpenter Generated NodeConfig
apiVersion: node.eks.aws/v1alpha1
kind: NodeConfig
metadata: {}
spec:
  cluster:
    apiServerEndpoint: https://127.0.0.1:6443
    cidr: 172.20.0.0/16
    name: test
  kubelet:
    config:
      registerWithTaints:
      - {effect: NoExecute, key: karpenter.sh/unregistered}
      - {effect: NoSchedule, key: nvidia.com/gpu}
    flags:
    - --node-labels="karpenter.sh/nodepool=gpu,karpenter.sh/do-not-sync-taints=true"

--//--
"""


class Launches:
    """Fleets of one launch template, in a network of two zones."""

    def __init__(self, aws: Aws, region: str = REGION) -> None:
        self.ec2 = aws.client("ec2", region)
        vpc = self.ec2.create_vpc(CidrBlock="10.0.0.0/16")["Vpc"]["VpcId"]
        self.zones = [zone["ZoneName"] for zone in self.ec2.describe_availability_zones()["AvailabilityZones"][:2]]
        self.subnets = [
            self.ec2.create_subnet(VpcId=vpc, CidrBlock=f"10.0.{index}.0/24", AvailabilityZone=zone)["Subnet"]["SubnetId"]
            for index, zone in enumerate(self.zones)
        ]
        self.group = self.ec2.create_security_group(GroupName="nodes", Description="nodes", VpcId=vpc)["GroupId"]
        iam = aws.client("iam", region)
        trust = {"Effect": "Allow", "Principal": {"Service": "ec2.amazonaws.com"}, "Action": "sts:AssumeRole"}
        document = json.dumps({"Version": "2012-10-17", "Statement": [trust]})
        self.role = iam.create_role(RoleName="node", AssumeRolePolicyDocument=document)["Role"]["Arn"]
        iam.create_instance_profile(InstanceProfileName="node")
        iam.add_role_to_instance_profile(InstanceProfileName="node", RoleName="node")
        ssm = aws.client("ssm", region)
        path = "/aws/service/eks/optimized-ami/1.36/amazon-linux-2023/x86_64/nvidia/recommended/image_id"
        self.image = ssm.get_parameter(Name=path)["Parameter"]["Value"]
        self.ec2.create_launch_template(LaunchTemplateName="nodes", LaunchTemplateData=self.template())

    def template(self) -> Answer:
        """Return what Karpenter puts into a launch template."""
        return {
            "ImageId": self.image,
            "UserData": base64.b64encode(USER_DATA.encode()).decode(),
            "IamInstanceProfile": {"Name": "node"},
            "NetworkInterfaces": [{"DeviceIndex": 0, "Groups": [self.group]}],
            "BlockDeviceMappings": [
                {
                    "DeviceName": "/dev/xvda",
                    "Ebs": {"VolumeSize": 200, "VolumeType": "gp3", "Encrypted": True, "Iops": 6000, "Throughput": 500},
                }
            ],
            "MetadataOptions": {"HttpTokens": "required", "HttpPutResponseHopLimit": 1},
            "Monitoring": {"Enabled": True},
            "TagSpecifications": [{"ResourceType": "network-interface", "Tags": [{"Key": "Name", "Value": "node"}]}],
        }

    def fleet(
        self, *types: str, count: int = 1, spot: bool = False, more: Mapping[str, Mapping[str, Any]] = MappingProxyType({}), **options: Any
    ) -> Answer:
        """Create an instant fleet that may launch any of the types in either zone."""
        overrides = [
            {"InstanceType": name, "SubnetId": subnet, "ImageId": self.image, "AvailabilityZone": zone, **more.get(name, {})}
            for name in types
            for subnet, zone in zip(self.subnets, self.zones, strict=True)
        ]
        strategy = {"AllocationStrategy": options.get("strategy", "price-capacity-optimized" if spot else "lowest-price")}
        return self.ec2.create_fleet(
            Type="instant",
            LaunchTemplateConfigs=[
                {"LaunchTemplateSpecification": {"LaunchTemplateName": "nodes", "Version": "$Latest"}, "Overrides": overrides}
            ],
            TargetCapacitySpecification={"TotalTargetCapacity": count, "DefaultTargetCapacityType": "spot" if spot else "on-demand"},
            TagSpecifications=[
                {"ResourceType": kind, "Tags": [{"Key": "eks:eks-cluster-name", "Value": "test"}, {"Key": "pool", "Value": "gpu"}]}
                for kind in ("instance", "volume", "fleet")
            ],
            DryRun=options.get("dry_run", False),
            **{"SpotOptions" if spot else "OnDemandOptions": strategy},
        )

    def instances(self, *filters: Mapping[str, Any]) -> list[Answer]:
        """Describe the instances that pass the filters."""
        return [
            instance
            for reservation in self.ec2.describe_instances(Filters=list(filters))["Reservations"]
            for instance in reservation["Instances"]
        ]

    def launched(self, *types: str, **options: Any) -> Answer:
        """Launch one instance and return it as it is described once it runs."""
        self.fleet(*types, **options)
        wait(lambda: self.instances()[0]["State"]["Name"] == "running")
        return self.instances()[0]


@pytest.fixture
def launches(aws: Aws) -> Launches:
    """What launches in cn-north-1."""
    return Launches(aws)


def wait(condition: Callable[[], object], seconds: float = 10) -> None:
    """Wait until a condition holds, and fail if it never does."""
    end = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < end, "waited in vain"
        time.sleep(0.02)
