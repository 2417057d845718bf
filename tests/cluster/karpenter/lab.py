"""One region of the local AWS with a cluster in it, in which the real Karpenter acts.

Separate from the shared plane of the other tests because Karpenter serves every pending pod that it sees.
"""

import json
import threading
import time
from collections.abc import Callable, Iterable
from contextlib import ExitStack, suppress
from pathlib import Path
from typing import Any

import boto3
import urllib3
from botocore.config import Config
from moto.eks.models import eks_backends
from moto.moto_server.werkzeug_app import DomainDispatcherApplication, MotoRequestHandler, create_backend_app
from werkzeug.serving import make_server

from mlplatform.config.regions import REGIONS
from mlplatform.local.aws.account import played_account
from mlplatform.local.aws.calls import Calls, recorded
from mlplatform.local.aws.compute import joining
from mlplatform.local.aws.compute.front import in_front_of
from mlplatform.local.aws.compute.install import install, set_delays
from mlplatform.local.aws.compute.lifecycle import Delays
from mlplatform.local.aws.services import eks
from mlplatform.local.aws.services.eks import Access, ClusterIdentity, NodeGroupState
from mlplatform.local.cluster import pools
from mlplatform.local.cluster.agents import NodeAgents
from mlplatform.local.cluster.api import ApiError, Object
from mlplatform.local.cluster.catalogue import KARPENTER, ProgramPaths
from mlplatform.local.cluster.golang import module_folder
from mlplatform.local.cluster.karpenter import Karpenter, Surroundings
from mlplatform.local.cluster.karpenter_crds import crds_established, install_crds
from mlplatform.local.cluster.karpenter_settings import KarpenterSettings, installed
from mlplatform.local.cluster.nodes import JoiningNode
from mlplatform.local.cluster.options import Options
from mlplatform.local.cluster.plane import ControlPlane
from tests.cluster.cluster import Cluster

CLUSTER = "lab"
IDLE = 5
"""Seconds that a node may be empty."""
_PODS = "/api/v1/namespaces/default/pods"
_CLAIMS = "/apis/karpenter.sh/v1/nodeclaims"
_POOLS = "/apis/karpenter.sh/v1/nodepools"
_CLASSES = "/apis/karpenter.k8s.aws/v1/ec2nodeclasses"
_CLASS = f"{_CLASSES}/built-in"
_EVENTS = (
    "EC2 Spot Instance Interruption Warning",
    "EC2 Instance Rebalance Recommendation",
    "EC2 Instance State-change Notification",
)


class _PlaneBehindEks:
    """Lets EKS describe the control plane that this test started."""

    def __init__(self, plane: ControlPlane) -> None:
        self._plane = plane

    def start(self, cluster: ClusterIdentity) -> Access:
        return Access(self._plane.url, self._plane.certificate_authority, cluster.issuer)

    def upgrade(self, cluster: ClusterIdentity) -> None:
        del cluster

    def stop(self, cluster: ClusterIdentity) -> None:
        del cluster

    def scale(self, group: NodeGroupState) -> None:
        del group


class Lab:
    """Everything of one region; `close` ends it."""

    def __init__(self, region: str, folder: Path, programs: ProgramPaths) -> None:
        install()
        set_delays(Delays(start=0.5, join=0.5, stop=0.5))
        self.region, self._ending, self.calls = region, ExitStack(), Calls()
        self.endpoint = self._serve()
        self.identity = _identity(region)
        self.plane = ControlPlane(folder / "plane", Options(issuer=self.identity.issuer), programs)
        self._ending.callback(self.plane.stop)
        self.plane.start()
        self.api = self.plane.api
        self.ec2 = self.client("ec2")
        self._provide()
        around = Surroundings(self.api, self.plane.url, self.plane.certificates.authority, self.plane.kubeconfig, self.endpoint, region)
        self.karpenter = Karpenter(programs.karpenter, self.plane.processes, self.plane.folder, around)
        self._install_release()

    def close(self) -> None:
        """End every process and thread."""
        self._ending.close()

    def client(self, service: str) -> Any:
        """Return a client of the local AWS."""
        session: Any = boto3.Session(aws_access_key_id="test", aws_secret_access_key="test", region_name=self.region)  # noqa: S106 - no secret
        made = session.client(service, endpoint_url=self.endpoint, config=Config(retries={"max_attempts": 0}))
        self._ending.callback(made.close)
        return made

    def control(self, path: str, **body: Any) -> Object:
        """Use a local control."""
        answer = urllib3.request("POST", f"{self.endpoint}/_local/{path}", body=json.dumps(body))
        assert answer.status == 200, answer.data
        return json.loads(answer.data)

    # What tests look at

    def instances(self) -> list[Object]:
        """Return the instances that are not gone."""
        alive = [{"Name": "instance-state-name", "Values": ["pending", "running", "shutting-down"]}]
        pages = self.ec2.get_paginator("describe_instances").paginate(Filters=alive)
        return [instance for page in pages for reservation in page["Reservations"] for instance in reservation["Instances"]]

    def claims(self) -> list[Object]:
        """Return the NodeClaims."""
        return self.api.get(_CLAIMS)["items"]

    def pods(self) -> list[Object]:
        """Return the pods of these tests."""
        return self.api.get(_PODS)["items"]

    def drifted(self) -> list[str]:
        """Return the NodeClaims that Karpenter takes for drifted."""
        return [claim["metadata"]["name"] for claim in self.claims() if "Drifted" in true_conditions(claim)]

    # What tests do

    def start(self, settings: KarpenterSettings | None = None, capacity_types: tuple[str, ...] = ("on-demand",)) -> None:
        """Start Karpenter as its release says, unless settings say otherwise, and give it pools."""
        self.karpenter.start(settings or self.settings)
        around = pools.Surroundings(CLUSTER, self.region, "node", idle=f"{IDLE}s", capacity_types=capacity_types)
        pools.apply(self.api, [pools.node_class(around)])
        wait(lambda: "Ready" in true_conditions(self.api.get(_CLASS)), "the node class is ready")
        pools.apply(self.api, [pools.gpu_pool(around), pools.cpu_pool(around), pools.device_plugin()])

    @property
    def settings(self) -> KarpenterSettings:
        """What the Deployment of the release says."""
        found = installed(self.api)
        assert found is not None
        return found

    def run(self, *bodies: Object) -> None:
        """Create pods."""
        for body in bodies:
            self.api.create(_PODS, body)

    def clear(self) -> None:
        """Leave a cluster without pods, pools and nodes of Karpenter's, whatever a test left."""
        self.karpenter.stop(at_once=True)
        urllib3.request("DELETE", f"{self.endpoint}/_local/capacity")
        self.api.delete("/apis/apps/v1/namespaces/default/deployments", {"propagationPolicy": "Background"})
        self.api.delete(_PODS)
        # Node classes too: the next test's Karpenter, which may have another role, would try each of them.
        for path in (_POOLS, _CLAIMS, _CLASSES):
            self.api.delete(path)
            self._release(path)
        launched = [node for node in self.api.get("/api/v1/nodes")["items"] if "karpenter.sh/nodepool" in node["metadata"]["labels"]]
        for node in launched:
            self.api.delete(f"/api/v1/nodes/{node['metadata']['name']}")
        self._release("/api/v1/nodes")
        alive = [instance["InstanceId"] for instance in self.instances()]
        if alive:
            self.ec2.terminate_instances(InstanceIds=alive)
        wait(lambda: not self.instances(), "every instance is gone")
        wait(lambda: not self.pods(), "every pod is gone")

    def _release(self, path: str) -> None:
        """Take the finalizers of what is being deleted: whoever would is not there."""
        for item in self.api.get(path)["items"]:
            if item["metadata"].get("deletionTimestamp") and item["metadata"].get("finalizers"):
                # It may go by itself meanwhile.
                with suppress(ApiError):
                    self.api.patch(f"{path}/{item['metadata']['name']}", {"metadata": {"finalizers": None}})

    # How it is made

    def _serve(self) -> str:
        application = recorded(in_front_of(DomainDispatcherApplication(create_backend_app)), self.calls)
        server = make_server("127.0.0.1", 0, application, threaded=True, request_handler=MotoRequestHandler)
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        self._ending.callback(server.server_close)
        self._ending.callback(thread.join)
        self._ending.callback(server.shutdown)
        return f"http://127.0.0.1:{server.server_port}"

    def _provide(self) -> None:
        """Make what an environment's stacks make: network, roles, cluster, access entry, queue and its rules."""
        eks.use(_PlaneBehindEks(self.plane))
        zones = REGIONS[self.region].zones[:2]
        vpc = self.ec2.create_vpc(CidrBlock="10.0.0.0/16")["Vpc"]["VpcId"]
        subnets = [
            self.ec2.create_subnet(VpcId=vpc, CidrBlock=f"10.0.{index}.0/24", AvailabilityZone=zone)["Subnet"]["SubnetId"]
            for index, zone in enumerate(zones)
        ]
        self.ec2.create_tags(Resources=subnets, Tags=[{"Key": "karpenter.sh/discovery", "Value": CLUSTER}])
        node_role = self._role("node", REGIONS[self.region].partition.node_principals)
        service = self.client("eks")
        service.create_cluster(
            name=CLUSTER,
            version="1.36",
            roleArn=self._role("cluster", ["eks.amazonaws.com"]),
            resourcesVpcConfig={"subnetIds": subnets},
            accessConfig={"authenticationMode": "API"},
        )
        wait(lambda: service.describe_cluster(name=CLUSTER)["cluster"]["status"] == "ACTIVE", "the cluster is active")
        service.create_access_entry(clusterName=CLUSTER, principalArn=node_role, type="EC2_LINUX")
        self._controller_role = self._pod_role("karpenter", ["karpenter", "default"])
        self._queue()
        account = played_account()
        joining.attach(account, self.region, CLUSTER, self.plane.nodes, self._admits)
        self._ending.callback(joining.detach, account, self.region, CLUSTER)
        for index, zone in enumerate(zones):
            self.plane.nodes.add(JoiningNode(f"system-{index}", f"i-{index:017x}", "m5.xlarge", self.region, zone))
        backend: Any = eks_backends[account][self.region]
        # Tests after the lab's empty the local AWS of this process, and must not find a thread that fails for it.
        agents = NodeAgents(self.api, self.plane.nodes, lambda: backend.list_addons(CLUSTER) if CLUSTER in backend.clusters else [])
        self._ending.callback(agents.stop)
        agents.start()

    def _role(self, name: str, services: Iterable[str]) -> str:
        return self._trusting(name, Principal={"Service": list(services)}, Action="sts:AssumeRole")

    def _pod_role(self, name: str, accounts: Iterable[str]) -> str:
        provider = self.client("iam").create_open_id_connect_provider(Url=self.identity.issuer, ClientIDList=["sts.amazonaws.com"])
        host = self.identity.issuer.removeprefix("https://")
        subjects = [f"system:serviceaccount:kube-system:{account}" for account in accounts]
        return self._trusting(
            name,
            Principal={"Federated": provider["OpenIDConnectProviderArn"]},
            Action="sts:AssumeRoleWithWebIdentity",
            Condition={"StringEquals": {f"{host}:aud": "sts.amazonaws.com", f"{host}:sub": subjects}},
        )

    def _trusting(self, name: str, **statement: Any) -> str:
        document = json.dumps({"Version": "2012-10-17", "Statement": [{"Effect": "Allow", **statement}]})
        return self.client("iam").create_role(RoleName=name, AssumeRolePolicyDocument=document)["Role"]["Arn"]

    def _queue(self) -> None:
        sqs, events = self.client("sqs"), self.client("events")
        url = sqs.create_queue(QueueName=CLUSTER)["QueueUrl"]
        arn = sqs.get_queue_attributes(QueueUrl=url, AttributeNames=["QueueArn"])["Attributes"]["QueueArn"]
        for index, detail_type in enumerate(_EVENTS):
            events.put_rule(Name=f"{CLUSTER}-{index}", EventPattern=json.dumps({"source": ["aws.ec2"], "detail-type": [detail_type]}))
            events.put_targets(Rule=f"{CLUSTER}-{index}", Targets=[{"Id": "queue", "Arn": arn}])

    def _admits(self, role_arn: str) -> bool:
        entry = eks.entry(self.identity, role_arn)
        return entry is not None and entry.type == "EC2_LINUX"

    def _install_release(self) -> None:
        """Install Karpenter's own chart: its Deployment tells the controller what to do, its roles what it may."""
        install_crds(self.api)
        wait(lambda: crds_established(self.api), "the API server serves Karpenter's kinds")
        chart = module_folder(KARPENTER.folder, KARPENTER.release) / "charts" / "karpenter"
        values = {
            "settings": {"clusterName": CLUSTER, "interruptionQueue": CLUSTER, "eksControlPlane": True},
            "serviceAccount": {"annotations": {"eks.amazonaws.com/role-arn": self._controller_role}},
        }
        file = self.plane.folder / "values.json"
        file.write_text(json.dumps(values))
        cluster = Cluster(self.plane.kubeconfig, local=True)
        cluster.helm("install", "karpenter", str(chart), "--namespace=kube-system", f"--values={file}")


def _identity(region: str) -> ClusterIdentity:
    account, partition = played_account(), REGIONS[region].partition.name
    arn = f"arn:{partition}:eks:{region}:{account}:cluster/{CLUSTER}"
    return ClusterIdentity(account, region, partition, CLUSTER, arn, version="1.36", service_cidr="172.20.0.0/16")


def wait(condition: Callable[[], object], what: str, seconds: float = 60) -> None:
    """Wait until a condition holds, and fail with its name if it never does."""
    end = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < end, f"waited {seconds:.0f} s in vain until {what}"
        time.sleep(0.1)


def true_conditions(item: Object) -> set[str]:
    """Return the types of the conditions that are true of an object."""
    conditions: list[dict[str, str]] = item.get("status", {}).get("conditions") or []
    return {condition["type"] for condition in conditions if condition["status"] == "True"}
