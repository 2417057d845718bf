"""A local AWS whose clusters are real, as tests reach it: clients, the network and roles of a cluster, and people who sign in.

Separate from the fixtures so that each test file decides which clusters it makes.
"""

import base64
import json
import time
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

import boto3
import psutil
from botocore.config import Config

from mlplatform.config.regions import REGIONS
from mlplatform.local.aws.custom_resources.eks_token import credential
from mlplatform.local.aws.process import LocalAws
from mlplatform.local.cluster.kubeconfig import write_kubeconfig
from mlplatform.local.controls import Controls
from tests.cluster.cluster import Cluster

ACCOUNT = "123456789012"
SERVICES = "10.100.0.0/16"


class Cloud:
    """One region of a local AWS."""

    def __init__(self, aws: LocalAws, region: str, scratch: Path) -> None:
        self.aws, self.region, self._scratch = aws, region, scratch
        self.partition = REGIONS[region].partition
        self.controls = Controls(aws.endpoint)
        self.ec2, self.eks, self.iam = self.client("ec2"), self.client("eks"), self.client("iam")

    def client(self, service: str) -> Any:
        variables = self.aws.running.environment(self.region, base={})
        session: Any = boto3.Session(variables["AWS_ACCESS_KEY_ID"], variables["AWS_SECRET_ACCESS_KEY"], region_name=self.region)
        return session.client(service, endpoint_url=self.aws.endpoint, config=Config(retries={"max_attempts": 0}, proxies={}))

    def role(self, name: str, *services: str) -> str:
        """Return the ARN of a new role that services, or the account itself, may wear."""
        who = {"Service": list(services)} if services else {"AWS": f"arn:{self.partition.name}:iam::{ACCOUNT}:root"}
        trust = {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Principal": who, "Action": "sts:AssumeRole"}]}
        return str(self.iam.create_role(RoleName=name, AssumeRolePolicyDocument=json.dumps(trust))["Role"]["Arn"])

    def subnets(self, zones: int) -> list[str]:
        vpc = self.ec2.create_vpc(CidrBlock="10.0.0.0/16")["Vpc"]["VpcId"]
        names = REGIONS[self.region].zones[:zones]
        return [
            self.ec2.create_subnet(VpcId=vpc, CidrBlock=f"10.0.{index}.0/24", AvailabilityZone=zone)["Subnet"]["SubnetId"]
            for index, zone in enumerate(names)
        ]

    def create_cluster(self, name: str, subnets: list[str]) -> dict[str, Any]:
        """Create a cluster by EKS's API and return what describes it."""
        self.eks.create_cluster(
            name=name,
            version="1.36",
            roleArn=self.role(f"{name}-cluster", "eks.amazonaws.com"),
            resourcesVpcConfig={"subnetIds": subnets},
            accessConfig={"authenticationMode": "API"},
            kubernetesNetworkConfig={"serviceIpv4Cidr": SERVICES},
        )
        wait(lambda: self.eks.describe_cluster(name=name)["cluster"]["status"] != "CREATING", "the cluster is made")
        return self.eks.describe_cluster(name=name)["cluster"]

    def create_group(self, cluster: str, name: str, role: str, subnets: list[str], **more: Any) -> dict[str, Any]:
        self.eks.create_nodegroup(clusterName=cluster, nodegroupName=name, nodeRole=role, subnets=subnets, **more)
        return self.settled(cluster, name)

    def settled(self, cluster: str, group: str) -> dict[str, Any]:
        """Return a node group's description once EKS works on it no more."""

        def described() -> dict[str, Any]:
            return self.eks.describe_nodegroup(clusterName=cluster, nodegroupName=group)["nodegroup"]

        wait(lambda: described()["status"] not in {"CREATING", "UPDATING"}, "the node group is settled")
        return described()

    def administrator(self, cluster: str) -> Cluster:
        """Return a cluster as its administrator sees it."""
        (kubeconfig,) = [found.kubeconfig for found in self.controls.clusters() if (found.region, found.name) == (self.region, cluster)]
        return Cluster(kubeconfig, local=True)

    def signed_in(self, role: str, cluster: str, monkeypatch: Any) -> Cluster:
        """Return a cluster as somebody sees it who wears a role and has a token of `aws eks get-token`."""
        session = self.client("sts").assume_role(RoleArn=role, RoleSessionName="alice")["Credentials"]
        keys = {"AWS_ACCESS_KEY_ID": "AccessKeyId", "AWS_SECRET_ACCESS_KEY": "SecretAccessKey", "AWS_SESSION_TOKEN": "SessionToken"}
        for variable, key in keys.items():
            monkeypatch.setenv(variable, session[key])
        monkeypatch.setenv("AWS_ENDPOINT_URL", self.aws.endpoint)
        described = self.eks.describe_cluster(name=cluster)["cluster"]
        authority, kubeconfig = self._scratch / f"{cluster}.pem", self._scratch / f"{session['AccessKeyId']}.kubeconfig"
        authority.write_bytes(base64.b64decode(described["certificateAuthority"]["data"]))
        token = credential(cluster, self.region)["status"]["token"]
        write_kubeconfig(kubeconfig, server=described["endpoint"], authority=authority, token=token)
        return Cluster(kubeconfig, local=True)


def wait(condition: Callable[[], object], what: str, seconds: float = 120) -> None:
    """Wait until a condition holds, and fail with its name if it never does."""
    end = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < end, f"waited {seconds:.0f} s in vain until {what}"
        time.sleep(0.1)


def mentioning(text: str) -> list[list[str]]:
    """Return the command lines of the processes that mention a text."""
    lines: Iterable[list[str]] = (process.info["cmdline"] or [] for process in psutil.process_iter(["cmdline"]))
    return [line for line in lines if any(text in argument for argument in line)]
