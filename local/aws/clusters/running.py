"""One cluster that runs: its control plane, the agents of its nodes, its node groups and Karpenter.

Separate from EKS's view of all clusters because the order in which these parts start and end is all that it knows.
"""

import threading
from ipaddress import IPv4Network
from pathlib import Path

from mlplatform.local.aws.clusters.callers import access_to
from mlplatform.local.aws.clusters.node_groups import NodeGroups
from mlplatform.local.aws.compute import joining
from mlplatform.local.aws.services import eks
from mlplatform.local.cluster.agents import NodeAgents
from mlplatform.local.cluster.build import find
from mlplatform.local.cluster.karpenter import Karpenter, Listener, Surroundings
from mlplatform.local.cluster.karpenter_keeper import KarpenterKeeper
from mlplatform.local.cluster.karpenter_settings import KarpenterSettings, installed
from mlplatform.local.cluster.options import Options
from mlplatform.local.cluster.plane import ControlPlane

_JOINING_TYPE = "EC2_LINUX"


class RunningCluster:
    """A cluster between `start` and `stop`."""

    node_groups: NodeGroups
    """Its node groups, once started."""

    def __init__(self, identity: eks.ClusterIdentity, folder: Path, endpoint: str) -> None:
        """Prepare; nothing runs yet.

        Args:
            identity: which cluster it is.
            folder: the control plane's own.
            endpoint: of the local AWS.
        """
        self.identity = identity
        self.given: KarpenterSettings | None = None
        """How Karpenter is to run where no release in the cluster says so; not at all where nothing does."""
        self._endpoint = endpoint
        self._lock = threading.Lock()
        self._agents: NodeAgents | None = None
        self._karpenter: Karpenter | None = None
        self._keeper: KarpenterKeeper | None = None
        options = Options(identity.issuer, IPv4Network(identity.service_cidr), access_to(identity, endpoint))
        self.plane = ControlPlane(folder, options)

    @property
    def kubeconfig(self) -> Path:
        """The kubeconfig of an administrator."""
        return self.plane.kubeconfig

    def start(self) -> eks.Access:
        """Start all of it and say how the API server is reached."""
        with self._lock:
            self.plane.start()
            self.node_groups = NodeGroups(self.plane.api, self.plane.kubeconfig)
            joining.attach(self.identity.account, self.identity.region, self.identity.name, self.plane.nodes, self._admits)
            self._agents = NodeAgents(self.plane.api, self.plane.nodes, lambda: eks.addons(self.identity))
            self._agents.start()
            self._karpenter = self._controller()
            self._keeper = KarpenterKeeper(self._karpenter, lambda: installed(self.plane.api) or self.given)
            self._keeper.start()
        return eks.Access(self.plane.url, self.plane.certificate_authority, self.identity.issuer)

    def stop(self) -> None:
        """End all of it, after a start that is under way; it may be called twice."""
        with self._lock:
            if self._keeper:
                self._keeper.stop()
            if self._agents:
                self._agents.stop()
            joining.detach(self.identity.account, self.identity.region, self.identity.name)
            self.plane.stop()

    @property
    def karpenter_runs(self) -> bool:
        """Whether Karpenter acts in it."""
        return self._karpenter is not None and self._karpenter.runs

    @property
    def karpenter_problem(self) -> str | None:
        """Why Karpenter does not run although it should."""
        return self._keeper.problem if self._keeper else None

    @property
    def listeners(self) -> tuple[Listener, ...]:
        """Ports that programs of others open on every interface of this machine."""
        return self._karpenter.listeners if self._karpenter else ()

    def _controller(self) -> Karpenter:
        programs = find()
        if programs is None:
            raise RuntimeError("the programs went while the control plane started; build them again with `make cluster`")
        plane = self.plane
        around = Surroundings(plane.api, plane.url, plane.certificates.authority, plane.kubeconfig, self._endpoint, self.identity.region)
        return Karpenter(programs.karpenter, plane.processes, plane.folder, around)

    def _admits(self, role_arn: str) -> bool:
        entry = eks.entry(self.identity, role_arn)
        return entry is not None and entry.type == _JOINING_TYPE
