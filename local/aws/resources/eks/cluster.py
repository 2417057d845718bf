"""`AWS::EKS::Cluster`: a control plane and how it is reached.

Separate because EKS takes each kind of change in a call of its own.
"""

from collections.abc import Mapping
from typing import Any

from mlplatform.local.aws.resources.contract import Applied, Place, Properties, ResourceFailedError
from mlplatform.local.aws.resources.eks.waiting import wait_for_cluster
from mlplatform.local.aws.resources.inputs import fit, nested, truth
from mlplatform.local.aws.resources.lifetime import absence_forgiven, changed, physical_name, retag, tags_of, undone_on_failure

_CREATED_WITH = (
    "AccessConfig",
    "BootstrapSelfManagedAddons",
    "ComputeConfig",
    "DeletionProtection",
    "EncryptionConfig",
    "KubernetesNetworkConfig",
    "ResourcesVpcConfig",
    "RoleArn",
    "StorageConfig",
    "UpgradePolicy",
    "Version",
    "ZonalShiftConfig",
)
_CHANGED_ALONE = {
    "ResourcesVpcConfig": {},
    "UpgradePolicy": {"SupportType": "EXTENDED"},
    "ZonalShiftConfig": {"Enabled": False},
    "DeletionProtection": False,
}
"""Properties that UpdateClusterConfig takes, each in a call of its own, and what they are when a template no longer names them."""


class Cluster:
    """A cluster; `Ref` is its name."""

    properties = frozenset({"Logging", "Name", "Tags", *_CREATED_WITH})

    def create(self, place: Place, properties: Properties) -> Applied:
        """Create the cluster and wait until its API server is there."""
        eks = place.client("eks")
        _refuse_auto_mode(properties)
        name = properties.get("Name") or physical_name(place, limit=100)
        given = {key: properties[key] for key in _CREATED_WITH if key in properties}
        arguments = fit(eks, "create_cluster", {**given, "Name": name, "Logging": _logging(properties)})
        eks.create_cluster(**arguments, tags=tags_of(place, properties))
        with undone_on_failure(lambda: self.delete(place, Applied(name), properties)):
            return _applied(wait_for_cluster(eks, name))

    def update(self, place: Place, current: Applied, properties: Properties, previous: Properties) -> Applied:
        """Change version, endpoints, logs, access, policies and tags, one after the other."""
        eks, name = place.client("eks"), current.physical_id
        _refuse_auto_mode(properties)
        if changed(properties, previous, "Version") and "Version" in properties:
            eks.update_cluster_version(name=name, version=str(properties["Version"]))
            wait_for_cluster(eks, name)
        if changed(properties, previous, "Logging"):
            eks.update_cluster_config(**fit(eks, "update_cluster_config", {"Name": name, "Logging": _logging(properties)}))
        for key, value in _single_changes(properties, previous).items():
            eks.update_cluster_config(**fit(eks, "update_cluster_config", {"Name": name, key: value}))
        arn = current.attributes["Arn"]
        retag(
            place,
            properties,
            previous,
            add=lambda tags: eks.tag_resource(resourceArn=arn, tags=tags),
            remove=lambda keys: eks.untag_resource(resourceArn=arn, tagKeys=keys),
        )
        return _applied(wait_for_cluster(eks, name))

    def delete(self, place: Place, current: Applied, properties: Properties) -> None:
        """Remove the cluster; one that is protected against it refuses."""
        del properties
        with absence_forgiven():
            place.client("eks").delete_cluster(name=current.physical_id)


def _refuse_auto_mode(properties: Properties) -> None:
    if truth(nested(properties, "ComputeConfig", "Enabled") or False, "ComputeConfig.Enabled"):
        raise ResourceFailedError("ComputeConfig.Enabled: the local AWS does not play EKS Auto Mode; set it to false and add a node group")


def _logging(properties: Properties) -> dict[str, Any]:
    enabled: list[dict[str, str]] = nested(properties, "Logging", "ClusterLogging", "EnabledTypes") or []
    on = [entry["Type"] for entry in enabled]
    off = [name for name in ("api", "audit", "authenticator", "controllerManager", "scheduler") if name not in on]
    return {"ClusterLogging": [{"Types": types, "Enabled": state} for types, state in ((on, True), (off, False)) if types]}


def _single_changes(properties: Properties, previous: Properties) -> dict[str, Any]:
    changes = {key: properties.get(key, default) for key, default in _CHANGED_ALONE.items() if changed(properties, previous, key)}
    for key, part in (("AccessConfig", "AuthenticationMode"), ("KubernetesNetworkConfig", "ElasticLoadBalancing")):
        after, before = (nested(values, key, part) for values in (properties, previous))
        if after != before and after is not None:
            changes[key] = {part: after}
    return changes


def _applied(cluster: Mapping[str, Any]) -> Applied:
    encryption = cluster.get("encryptionConfig") or [{"provider": {"keyArn": ""}}]
    return Applied(
        cluster["name"],
        {
            "Arn": cluster["arn"],
            "CertificateAuthorityData": cluster["certificateAuthority"]["data"],
            "ClusterSecurityGroupId": cluster["resourcesVpcConfig"]["clusterSecurityGroupId"],
            "EncryptionConfigKeyArn": encryption[0]["provider"]["keyArn"],
            "Endpoint": cluster["endpoint"],
            "Id": cluster["name"],
            "OpenIdConnectIssuerUrl": cluster["identity"]["oidc"]["issuer"],
        },
    )
