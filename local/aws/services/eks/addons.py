"""Add-ons: which there are, which version goes with which Kubernetes, and what keeps one from being healthy.

Separate because their versions come from the platform's own table of matched versions.
"""

import io
from typing import Any

from moto.core.utils import utcnow
from moto.eks.exceptions import ResourceInUseException, ResourceNotFoundException
from ruamel.yaml import YAML, YAMLError

from mlplatform.config.versions import MATCHED_SETS
from mlplatform.local.aws.services.eks import checks
from mlplatform.local.aws.services.eks.models import ACTIVE, Addon, Cluster, Update, identifier
from mlplatform.local.aws.services.eks.pod_identity import PodIdentity

_ON_NODES = frozenset({"coredns", "aws-ebs-csi-driver", "aws-efs-csi-driver", "metrics-server"})
"""Add-ons with a Deployment: they are not healthy before a node is there."""
_NAMESPACE = "kube-system"
_TOO_FEW = "The add-on is unhealthy because it doesn't have the desired number of replicas: no node group of the cluster has a node."


class Addons(PodIdentity):
    """One region's add-ons."""

    def create_addon(self, cluster_name: str, addon_name: str, **arguments: Any) -> Addon:
        """Install an add-on.

        https://docs.aws.amazon.com/eks/latest/APIReference/API_CreateAddon.html
        """
        cluster = self.active(cluster_name)
        if addon_name in cluster.addons:
            raise ResourceInUseException(clusterName=cluster_name, addonName=addon_name, message="Addon already exists.")
        version = self._version(cluster, addon_name, arguments.get("addon_version"))
        self._check_addon(arguments)
        where = f"arn:{self.partition}:eks:{self.region_name}:{self.account_id}"
        addon = Addon(
            cluster_name=cluster_name,
            addon_name=addon_name,
            addon_version=version,
            addon_arn=f"{where}:addon/{cluster_name}/{addon_name}/{identifier()}",
            tags=arguments.get("tags") or {},
            service_account_role_arn=arguments.get("service_account_role_arn"),
            configuration_values=arguments.get("configuration_values"),
            namespace_config=arguments.get("namespace_config") or {"namespace": _NAMESPACE},
        )
        self._associate(cluster, addon, arguments.get("pod_identity_associations") or [])
        cluster.addons[addon_name] = addon
        return self._with_health(cluster, addon)

    def describe_addon(self, cluster_name: str, addon_name: str) -> Addon:
        """Return an add-on, with its health as the cluster's nodes make it now."""
        return self._with_health(*self._addon(cluster_name, addon_name))

    def list_addons(self, cluster_name: str, **_: Any) -> list[str]:
        """Return the names of a cluster's add-ons."""
        return sorted(self.cluster(cluster_name).addons)

    def update_addon(self, cluster_name: str, addon_name: str, **arguments: Any) -> Update:
        """Change an add-on's version, role, configuration and associations."""
        cluster, addon = self._addon(cluster_name, addon_name)
        self._check_addon(arguments)
        if arguments.get("addon_version"):
            addon.addon_version = self._version(cluster, addon_name, arguments["addon_version"])
        if arguments.get("service_account_role_arn") is not None:
            addon.service_account_role_arn = arguments["service_account_role_arn"] or None
        if arguments.get("configuration_values") is not None:
            addon.configuration_values = arguments["configuration_values"] or None
        if arguments.get("pod_identity_associations") is not None:
            self._dissociate(cluster, addon)
            self._associate(cluster, addon, arguments["pod_identity_associations"])
        addon.modified_at = utcnow()
        return self.record(cluster, "AddonUpdate", {name: value for name, value in arguments.items() if value is not None})

    def delete_addon(self, cluster_name: str, addon_name: str, **_: Any) -> Addon:
        """Remove an add-on and the associations that it owns."""
        cluster, addon = self._addon(cluster_name, addon_name)
        self._dissociate(cluster, addon)
        del cluster.addons[addon_name]
        addon.status = "DELETING"
        return addon

    def describe_addon_versions(
        self, kubernetes_version: str | None = None, addon_name: str | None = None, **_: Any
    ) -> list[dict[str, Any]]:
        """Return the add-ons that there are, by name, with the version matched to each Kubernetes version."""
        versions: dict[str, dict[str, list[str]]] = {}
        for kubernetes, matched in MATCHED_SETS.items():
            for name, version in matched.addons.items():
                if kubernetes_version in {None, kubernetes} and addon_name in {None, name}:
                    versions.setdefault(name, {}).setdefault(version, []).append(kubernetes)
        return [
            {"addonName": name, "publisher": "eks", "owner": "aws", "addonVersions": _described(known)} for name, known in versions.items()
        ]

    def _version(self, cluster: Cluster, name: str, version: str | None) -> str:
        matched = MATCHED_SETS.get(cluster.version)
        if matched is None:
            # No table says what goes with this version: what is asked for is believed.
            return version or checks.refuse(f"Addon version of {name} is not known for {cluster.version}; name one")
        if name not in matched.addons:
            checks.refuse(
                f"Addon {name} specified is not supported in {cluster.version} version; supported are {', '.join(matched.addons)}"
            )
        if version not in {None, matched.addons[name]}:
            checks.refuse(
                f"Addon version {version} specified is not supported in {cluster.version} version; supported is {matched.addons[name]}"
            )
        return matched.addons[name]

    def _check_addon(self, arguments: dict[str, Any]) -> None:
        if arguments.get("service_account_role_arn"):
            checks.check_pod_role(self.account_id, self.partition, arguments["service_account_role_arn"])
        if arguments.get("configuration_values"):
            try:
                parser: Any = YAML(typ="safe", pure=True)
                values = parser.load(io.StringIO(arguments["configuration_values"]))
            except YAMLError as error:
                checks.refuse(f"ConfigurationValue provided in request is not supported: {error}")
            if not isinstance(values, dict):
                checks.refuse("ConfigurationValue provided in request is not supported: it must be a JSON or YAML object")

    def _addon(self, cluster_name: str, name: str) -> tuple[Cluster, Addon]:
        cluster = self.cluster(cluster_name)
        if name not in cluster.addons:
            raise ResourceNotFoundException(
                clusterName=cluster_name, addonName=name, message=f"No addon: {name} found in cluster: {cluster_name}"
            )
        return cluster, cluster.addons[name]

    def _with_health(self, cluster: Cluster, addon: Addon) -> Addon:
        nodes = any(group.status == ACTIVE and group.scaling_config["desiredSize"] > 0 for group in cluster.nodegroups.values())
        healthy = addon.addon_name not in _ON_NODES or nodes or bool(cluster.fargate_profiles)
        issues: list[dict[str, Any]] = [] if healthy else [{"code": "InsufficientNumberOfReplicas", "message": _TOO_FEW, "resourceIds": []}]
        addon.status, addon.health = (ACTIVE if healthy else "DEGRADED"), {"issues": issues}
        return addon

    def _associate(self, cluster: Cluster, addon: Addon, associations: list[dict[str, str]]) -> None:
        namespace = (addon.namespace_config or {}).get("namespace", _NAMESPACE)
        made = [
            self.create_pod_identity_association(
                cluster.name, namespace, entry["serviceAccount"], role_arn=entry["roleArn"], owner_arn=addon.addon_arn
            )
            for entry in associations
        ]
        addon.pod_identity_associations = [association.association_arn for association in made]

    def _dissociate(self, cluster: Cluster, addon: Addon) -> None:
        for name in [name for name, association in cluster.associations.items() if association.owner_arn == addon.addon_arn]:
            del cluster.associations[name]
        addon.pod_identity_associations = []


def _described(versions: dict[str, list[str]]) -> list[dict[str, Any]]:
    return [
        {
            "addonVersion": version,
            "architecture": ["amd64", "arm64"],
            "computeTypes": ["ec2", "fargate"],
            "compatibilities": [{"clusterVersion": known, "platformVersions": ["*"], "defaultVersion": True} for known in clusters],
            "requiresConfiguration": False,
            "requiresIamPermissions": False,
        }
        for version, clusters in versions.items()
    ]
