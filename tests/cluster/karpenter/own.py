"""An environment's own Karpenter and pools in a lab, installed by Helm as a deployment installs them.

Separate from the lab because the lab's own pools are for what Karpenter does with any.
"""

import json
from collections.abc import Generator, Iterator, Mapping
from contextlib import contextmanager, suppress
from typing import Any

from mlplatform.config.load import load
from mlplatform.config.regions import REGIONS
from mlplatform.config.settings import Settings
from mlplatform.local.cluster import pools as played
from mlplatform.local.cluster.api import ApiError, Object
from mlplatform.local.cluster.catalogue import KARPENTER
from mlplatform.local.cluster.golang import module_folder
from mlplatform.manifests.compute import karpenter, pools
from tests.cluster.charts import upgrade, write_chart
from tests.cluster.cluster import Cluster
from tests.cluster.karpenter.lab import CLUSTER, IDLE, Lab, true_conditions, wait

_STORAGE = "aws-ebs-csi-driver"
CLASSES = "/apis/karpenter.k8s.aws/v1/ec2nodeclasses"
OVERLAYS = "/apis/karpenter.sh/v1alpha1/nodeoverlays"


def settings_for(lab: Lab, stage: str, **pool: Any) -> Settings:
    """Return the committed environment of a stage in the lab's region, under the lab's name and with little patience.

    Args:
        lab: The lab.
        stage: `dev` or `prod`.
        pool: What is different in its GPU pool.
    """
    named = "china" if REGIONS[lab.region].partition.currency == "CNY" else "global"
    found = load(f"{named}-{stage}")
    quick = {name: each.model_copy(update={"idle_seconds": IDLE}) for name, each in found.compute.pools.items()}
    quick["gpu"] = quick["gpu"].model_copy(update=pool)
    compute = found.compute.model_copy(update={"pools": quick})
    return found.model_copy(update={"name": CLUSTER, "region": lab.region, "compute": compute})


class OwnPools:
    """An environment's releases in a lab."""

    def __init__(self, lab: Lab, settings: Settings) -> None:
        self.lab, self.settings = lab, settings
        self.cluster = Cluster(lab.plane.kubeconfig, local=True)
        self._release = pools.release(settings)
        self._chart = write_chart(lab.plane.folder / "pools", self._release)

    def provide(self) -> None:
        """Make what the environment's stacks make, as far as the lab has not: the roles, the nodes' entry and, where it is needed, their profile."""
        names, iam, eks = self.settings.names, self.lab.client("iam"), self.lab.client("eks")
        host = self.lab.identity.issuer.removeprefix("https://")
        account = f"system:serviceaccount:{karpenter.NAMESPACE}:{karpenter.SERVICE_ACCOUNT}"
        provider = f"arn:{names.place.partition.name}:iam::{names.account}:oidc-provider/{host}"
        pods = {"StringEquals": {f"{host}:aud": "sts.amazonaws.com", f"{host}:sub": account}}
        trusts = {
            karpenter.NODE_ROLE: {"Principal": {"Service": list(names.place.partition.node_principals)}, "Action": "sts:AssumeRole"},
            karpenter.CONTROLLER_ROLE: {
                "Principal": {"Federated": provider},
                "Action": "sts:AssumeRoleWithWebIdentity",
                "Condition": pods,
            },
        }
        for purpose, trust in trusts.items():
            document = json.dumps({"Version": "2012-10-17", "Statement": [{"Effect": "Allow", **trust}]})
            with suppress(iam.exceptions.EntityAlreadyExistsException):
                iam.create_role(RoleName=names.role(purpose), AssumeRolePolicyDocument=document)
        if not self.settings.network.has_way_out:
            named = {"InstanceProfileName": names.role(karpenter.NODE_ROLE)}
            with suppress(iam.exceptions.EntityAlreadyExistsException):
                iam.create_instance_profile(**named)
                iam.add_role_to_instance_profile(**named, RoleName=names.role(karpenter.NODE_ROLE))
        with suppress(eks.exceptions.ResourceInUseException):
            eks.create_access_entry(clusterName=CLUSTER, principalArn=names.role_arn(karpenter.NODE_ROLE), type="EC2_LINUX")
        with suppress(eks.exceptions.ResourceInUseException):
            eks.create_addon(clusterName=CLUSTER, addonName=_STORAGE)

    def install(self) -> None:
        """Bring the lab's Karpenter to the environment's values, start it, and install the pools until they are ready."""
        (self.lab.plane.folder / "own-values.json").write_text(json.dumps(karpenter.controller(self.settings).values))
        self._karpenter("own-values.json")
        self.lab.karpenter.start(self.lab.settings)
        self.cluster.helm(*upgrade(self._release, self._chart))
        # Helm takes an object that says nothing of itself yet for ready.
        wait(lambda: all("Ready" in true_conditions(each) for each in self.objects()), "Karpenter takes every pool for ready")
        played.apply(self.lab.api, [played.device_plugin()])

    def _karpenter(self, values: str) -> None:
        """Bring the lab's release of Karpenter to the values of a file."""
        chart = module_folder(KARPENTER.folder, KARPENTER.release) / "charts" / "karpenter"
        self.cluster.helm(*upgrade(karpenter.controller(self.settings), chart, f"--values={self.lab.plane.folder / values}"))

    def upgrade_pools(self) -> str:
        """Install the pools again, and return what Helm says."""
        return self.cluster.helm(*upgrade(self._release, self._chart))

    def uninstall_pools(self) -> None:
        """Remove the pools' release, and wait until nothing of it is left."""
        self.cluster.helm("uninstall", self._release.name, "--namespace", self._release.namespace, "--wait", "--timeout", "60s")
        wait(lambda: not list(self.objects()), "nothing is left of the pools")

    def objects(self) -> Iterator[Object]:
        """Yield what is in the cluster of that which the pools' release installs."""
        ours = {(each["kind"], each["metadata"]["name"]) for each in self._release.objects}
        for path in ("/apis/karpenter.sh/v1/nodepools", CLASSES, OVERLAYS):
            for each in self.lab.api.get(path)["items"]:
                if (each["kind"], each["metadata"]["name"]) in ours:
                    yield each

    def node_of(self, claim: Object) -> Object:
        """Return the node of a NodeClaim."""
        return self.lab.api.get(f"/api/v1/nodes/{claim['status']['nodeName']}")

    def instance_of(self, claim: Object) -> Object:
        """Return the instance of a NodeClaim."""
        wanted = claim["status"]["providerID"].rpartition("/")[2]
        [found] = [instance for instance in self.lab.instances() if instance["InstanceId"] == wanted]
        return found

    def restore(self) -> None:
        """Leave the lab as it was, whatever a test left."""
        self.lab.karpenter.stop(at_once=True)
        with suppress(Exception):
            self.cluster.helm("uninstall", self._release.name, "--namespace", self._release.namespace)
        for each in self.objects():
            path = f"{CLASSES}/{each['metadata']['name']}"
            if each["kind"] == "EC2NodeClass":
                # Whoever would take it off is not there.
                with suppress(ApiError):
                    self.lab.api.patch(path, {"metadata": {"finalizers": None}})
        self._karpenter("values.json")
        self.lab.client("eks").delete_addon(clusterName=CLUSTER, addonName=_STORAGE)


@contextmanager
def own_pools(lab: Lab, settings: Settings) -> Generator[OwnPools]:
    """Give an environment's Karpenter and pools, installed and ready, until the end of a test."""
    own = OwnPools(lab, settings)
    own.provide()
    try:
        own.install()
        yield own
    finally:
        own.restore()


def labels_of(node: Object) -> Mapping[str, str]:
    """Return a node's labels."""
    return node["metadata"]["labels"]
