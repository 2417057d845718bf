"""Clusters: made, described, changed and removed as EKS does, with a control plane behind them.

Separate from what a cluster holds because only this part starts and stops something.
"""

import threading
from collections.abc import Callable
from contextlib import suppress
from typing import Any

from moto.core.exceptions import ServiceException
from moto.ec2.models import ec2_backends
from moto.eks.exceptions import InvalidRequestException, ResourceInUseException, ResourceNotFoundException
from moto.eks.models import CLUSTER_EXISTS_MSG, CLUSTER_NOT_FOUND_MSG, CLUSTER_NOT_READY_MSG, EKSBackend

from mlplatform.local.aws.services.eks import checks
from mlplatform.local.aws.services.eks.control_plane import ControlPlane, MadeUp
from mlplatform.local.aws.services.eks.models import ACTIVE, Cluster, Update

_CHANGES = {
    "resources_vpc_config": "VpcConfigUpdate",
    "logging": "LoggingUpdate",
    "access_config": "AccessConfigUpdate",
    "upgrade_policy": "UpgradePolicyUpdate",
    "zonal_shift_config": "ZonalShiftConfigUpdate",
    "compute_config": "AutoModeUpdate",
    "storage_config": "AutoModeUpdate",
    "kubernetes_network_config": "ConfigUpdate",
    "remote_network_config": "RemoteNetworkConfigUpdate",
    "deletion_protection": "DeletionProtectionUpdate",
    "control_plane_scaling_config": "ControlPlaneScalingConfigUpdate",
}
"""The kind of update that each argument of UpdateClusterConfig is; EKS takes one kind a call."""
_DEFAULT_NETWORK = {"serviceIpv4Cidr": "172.20.0.0/16", "ipFamily": "ipv4", "elasticLoadBalancing": {"enabled": False}}
_LOG_TYPES = ("api", "audit", "authenticator", "controllerManager", "scheduler")


class Clusters(EKSBackend):
    """One region's clusters of one account."""

    control_plane: ControlPlane = MadeUp()
    """What stands behind every cluster of this process."""

    clusters: dict[str, Cluster]  # type: ignore[assignment] # pyright: ignore[reportIncompatibleVariableOverride] - ours are moto's and more

    def create_cluster(  # type: ignore[override] # pyright: ignore[reportIncompatibleMethodOverride]
        self, name: str, role_arn: str, resources_vpc_config: dict[str, Any], **arguments: Any
    ) -> Cluster:
        """Create a cluster; it is CREATING until its control plane serves.

        https://docs.aws.amazon.com/eks/latest/APIReference/API_CreateCluster.html
        """
        if name in self.clusters:
            raise ResourceInUseException(
                clusterName=name, nodegroupName=None, addonName=None, message=CLUSTER_EXISTS_MSG.format(clusterName=name)
            )
        version = arguments.get("version") or f"1.{checks.newest()}"
        encryption: list[dict[str, Any]] = arguments.get("encryption_config") or []
        self._check(role_arn, resources_vpc_config, version, encryption)
        cluster = Cluster(
            self.account_id,
            self.region_name,
            self.partition,
            name=name,
            role_arn=role_arn,
            version=version,
            resources_vpc_config=_vpc_defaults(resources_vpc_config),
            kubernetes_network_config={**_DEFAULT_NETWORK, **(arguments.get("kubernetes_network_config") or {})},
            logging=_log_setup(arguments.get("logging")),
            tags=arguments.get("tags"),
            encryption_config=encryption,
            remote_network_config=arguments.get("remote_network_config"),
        )
        access: dict[str, Any] = arguments.get("access_config") or {}
        cluster.access_config = {"bootstrapClusterCreatorAdminPermissions": True, "authenticationMode": "CONFIG_MAP", **access}
        for field in ("upgrade_policy", "zonal_shift_config", "compute_config", "storage_config", "control_plane_scaling_config"):
            if arguments.get(field) is not None:
                setattr(cluster, field, arguments[field])
        cluster.deletion_protection = bool(arguments.get("deletion_protection"))
        cluster.bootstrap_self_managed_addons = arguments.get("bootstrap_self_managed_addons") is not False
        cluster.platformVersion = "eks.1"
        cluster.resources_vpc_config["clusterSecurityGroupId"] = self._cluster_group(cluster)
        self.clusters[name] = cluster
        self.cluster_count += 1
        self._start(cluster)
        return cluster

    def describe_cluster(self, name: str) -> Cluster:
        """Return a cluster."""
        return self.cluster(name)

    def delete_cluster(self, name: str) -> Cluster:
        """Remove a cluster that no node group uses and nothing protects."""
        cluster = self.cluster(name)
        if cluster.deletion_protection:
            raise InvalidRequestException(message=f"Cluster {name} is protected against deletion; set deletionProtection to false first")
        deleted: Cluster = super().delete_cluster(name)  # type: ignore[assignment] # pyright: ignore[reportAssignmentType]
        deleted.status = "DELETING"
        self.control_plane.stop(deleted.identity_of)
        # As on AWS the group stays while somebody else's rule or interface names it.
        with suppress(ServiceException):
            ec2_backends[self.account_id][self.region_name].delete_security_group(group_id=deleted.security_group)
        return deleted

    def update_cluster_config(self, name: str, **arguments: Any) -> Update:  # type: ignore[override] # pyright: ignore[reportIncompatibleMethodOverride]
        """Change one kind of a cluster's configuration.

        https://docs.aws.amazon.com/eks/latest/APIReference/API_UpdateClusterConfig.html
        """
        cluster = self.active(name)
        asked = {field: value for field, value in arguments.items() if field in _CHANGES and value is not None}
        kinds = {_CHANGES[field] for field in asked}
        if len(kinds) != 1:
            checks.refuse("Only one type of update can be allowed." if kinds else "The type for cluster update was not provided.")
        if asked.get("resources_vpc_config"):
            checks.check_security_groups(self.account_id, self.region_name, asked["resources_vpc_config"].get("securityGroupIds", []))
            if asked["resources_vpc_config"].get("subnetIds"):
                checks.check_subnets(self.account_id, self.region_name, asked["resources_vpc_config"]["subnetIds"])
        for field, value in asked.items():
            self._change(cluster, field, value)
        return self.record(cluster, kinds.pop(), asked)

    def update_cluster_version(self, name: str, version: str, **_: Any) -> Update:
        """Upgrade a cluster by one minor version."""
        cluster = self.active(name)
        checks.check_version(version)
        if int(version.split(".")[1]) != int(cluster.version.split(".")[1]) + 1:
            checks.refuse(f"Unsupported Kubernetes minor version update from {cluster.version} to {version}")
        cluster.version = version
        self._run(cluster, "UPDATING", lambda: self.control_plane.upgrade(cluster.identity_of))
        return self.record(cluster, "VersionUpdate", {"Version": version})

    def associate_encryption_config(self, cluster_name: str, encryption_config: list[dict[str, Any]], **_: Any) -> Update:
        """Encrypt the secrets of a cluster that were not; that cannot be taken back."""
        cluster = self.active(cluster_name)
        if cluster.encryption_config:
            checks.refuse(f"The cluster {cluster_name} already has an encryption configuration")
        self._check_keys(encryption_config)
        cluster.encryption_config = encryption_config
        return self.record(cluster, "AssociateEncryptionConfig", {"EncryptionConfig": encryption_config})

    def describe_update(self, name: str, update_id: str, **_: Any) -> Update:
        """Return one change that was asked for."""
        cluster = self.cluster(name)
        if update_id not in cluster.updates:
            raise ResourceNotFoundException(clusterName=name, message=f"No update found for ID: {update_id}")
        return cluster.updates[update_id]

    def list_updates(self, name: str, **_: Any) -> list[str]:
        """Return the ids of a cluster's changes."""
        return list(self.cluster(name).updates)

    def cluster(self, name: str) -> Cluster:
        """Return a cluster, in whatever state."""
        if name not in self.clusters:
            raise ResourceNotFoundException(clusterName=name, message=CLUSTER_NOT_FOUND_MSG.format(clusterName=name))
        return self.clusters[name]

    def active(self, name: str) -> Cluster:
        """Return a cluster that can be changed now."""
        cluster = self.cluster(name)
        if cluster.status != ACTIVE:
            raise InvalidRequestException(message=CLUSTER_NOT_READY_MSG.format(clusterName=name))
        return cluster

    def record(self, cluster: Cluster, kind: str, params: dict[str, Any]) -> Update:
        """Keep a change so that it can be described."""
        update = Update(kind, [{"type": name[0].upper() + name[1:], "value": str(value)} for name, value in params.items()])
        cluster.updates[update.id] = update
        return update

    def _check(self, role: str, vpc: dict[str, Any], version: str, encryption: list[dict[str, Any]]) -> None:
        checks.check_version(version)
        checks.check_cluster_role(self.account_id, self.partition, role)
        vpc["vpcId"] = checks.check_subnets(self.account_id, self.region_name, vpc.get("subnetIds", []))
        checks.check_security_groups(self.account_id, self.region_name, vpc.get("securityGroupIds", []))
        self._check_keys(encryption)

    def _check_keys(self, encryption: list[dict[str, Any]]) -> None:
        for entry in encryption:
            checks.check_key(self.account_id, self.region_name, entry["provider"]["keyArn"])

    def _change(self, cluster: Cluster, field: str, value: Any) -> None:
        if field == "logging":
            cluster.logging = _log_setup(value, cluster.logging)
        elif field == "deletion_protection":
            cluster.deletion_protection = bool(value)
        elif field == "access_config" and cluster.access_config["authenticationMode"] == "API" and value["authenticationMode"] != "API":
            checks.refuse("Unsupported authentication mode update from API")
        else:
            setattr(cluster, field, {**(getattr(cluster, field) or {}), **value})

    def _cluster_group(self, cluster: Cluster) -> str:
        # EKS makes this group for its own interfaces and for managed nodes: https://docs.aws.amazon.com/eks/latest/userguide/sec-group-reqs.html
        ec2 = ec2_backends[self.account_id][self.region_name]
        tags = {"aws:eks:cluster-name": cluster.name, f"kubernetes.io/cluster/{cluster.name}": "owned"}
        name = f"eks-cluster-sg-{cluster.name}-{cluster.identity_of.issuer_id[:9].lower()}"
        group = ec2.create_security_group(
            name,
            "EKS created security group applied to ENI that is attached to EKS Control Plane master nodes, as well as any managed workloads.",
            vpc_id=cluster.resources_vpc_config["vpcId"],
            tags={**tags, "Name": name},
        )
        cluster.security_group = group.id
        ec2.authorize_security_group_ingress(group.id, "-1", "-1", "-1", [], source_groups=[{"GroupId": group.id}])
        return group.id

    def _start(self, cluster: Cluster) -> None:
        cluster.endpoint, cluster.certificate_authority, cluster.identity = "", {}, {}

        def start() -> None:
            access = self.control_plane.start(cluster.identity_of)
            cluster.endpoint = access.endpoint
            cluster.certificate_authority = {"data": access.certificate_authority}
            cluster.identity = {"oidc": {"issuer": access.issuer}}

        self._run(cluster, "CREATING", start)

    def _run(self, cluster: Cluster, status: str, work: Callable[[], None]) -> None:
        """Let a cluster work on something while its status says so."""
        cluster.status = status

        def run() -> None:
            try:
                work()
            except Exception as error:  # noqa: BLE001 - whatever stopped it becomes the cluster's health, which DescribeCluster shows
                cluster.health = {"issues": [{"code": "InternalFailure", "message": str(error), "resourceIds": [cluster.name]}]}
                cluster.status = "FAILED"
            else:
                cluster.status = ACTIVE

        threading.Thread(target=run, name=f"eks-{cluster.name}", daemon=True).start()


def _vpc_defaults(vpc: dict[str, Any]) -> dict[str, Any]:
    defaults = {"endpointPublicAccess": True, "endpointPrivateAccess": False, "publicAccessCidrs": ["0.0.0.0/0"], "securityGroupIds": []}
    return {**defaults, **vpc}


def _log_setup(asked: dict[str, Any] | None, before: dict[str, Any] | None = None) -> dict[str, Any]:
    """Return the types that are on and those that are off, which EKS always lists both."""
    enabled: set[str] = set()
    for setup in [*(before or {}).get("clusterLogging", []), *(asked or {}).get("clusterLogging", [])]:
        types = set(setup.get("types", []))
        enabled = enabled | types if setup.get("enabled") else enabled - types
    groups = ((True, [name for name in _LOG_TYPES if name in enabled]), (False, [name for name in _LOG_TYPES if name not in enabled]))
    return {"clusterLogging": [{"types": types, "enabled": on} for on, types in groups if types]}
