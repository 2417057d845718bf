"""Access entries: who may sign in to a cluster, and as what.

Separate because a real control plane asks it about every token.
"""

from typing import Any

from moto.core.utils import utcnow
from moto.eks.exceptions import InvalidRequestException, ResourceInUseException, ResourceNotFoundException

from mlplatform.local.aws.services.eks import checks
from mlplatform.local.aws.services.eks.models import AccessEntry, Cluster, identifier
from mlplatform.local.aws.services.eks.nodegroups import NodeGroups

POLICIES = (
    "AmazonEKSAdminPolicy",
    "AmazonEKSAdminViewPolicy",
    "AmazonEKSClusterAdminPolicy",
    "AmazonEKSEditPolicy",
    "AmazonEKSViewPolicy",
)
"""Those that people are given: https://docs.aws.amazon.com/eks/latest/userguide/access-policy-permissions.html."""
_NODE_TYPES = {
    "EC2_LINUX": ["system:nodes"],
    "EC2_WINDOWS": ["system:nodes", "eks:kube-proxy-windows"],
    "FARGATE_LINUX": ["system:node-proxier"],
}
_NODE_NAME = "system:node:{{EC2PrivateDNSName}}"
_TYPES = {"STANDARD", "EC2", "HYBRID_LINUX", *_NODE_TYPES}


class AccessEntries(NodeGroups):
    """One region's access entries."""

    def create_access_entry(self, cluster_name: str, principal_arn: str, **arguments: Any) -> AccessEntry:
        """Let a principal sign in.

        https://docs.aws.amazon.com/eks/latest/APIReference/API_CreateAccessEntry.html
        """
        cluster = self._with_entries(cluster_name)
        if principal_arn in cluster.access_entries:
            message = "The specified access entry resource is already in use on this cluster."
            raise ResourceInUseException(clusterName=cluster_name, message=message)
        kind = arguments.get("type") or "STANDARD"
        self._check_entry(principal_arn, kind, arguments.get("kubernetes_groups") or [])
        owner, name = principal_arn.split(":")[4], principal_arn.rsplit("/", maxsplit=1)[-1]
        where = f"arn:{self.partition}:eks:{self.region_name}:{self.account_id}"
        person = "user" if ":user/" in principal_arn else "role"
        entry = AccessEntry(
            cluster_name=cluster_name,
            principal_arn=principal_arn,
            access_entry_arn=f"{where}:access-entry/{cluster_name}/{person}/{owner}/{name}/{identifier()}",
            username=arguments.get("username") or _username(principal_arn, kind),
            type=kind,
            kubernetes_groups=list(arguments.get("kubernetes_groups") or _NODE_TYPES.get(kind, [])),
            tags=arguments.get("tags") or {},
        )
        cluster.access_entries[principal_arn] = entry
        return entry

    def describe_access_entry(self, cluster_name: str, principal_arn: str) -> AccessEntry:
        """Return a principal's entry."""
        return self._entry(cluster_name, principal_arn)

    def update_access_entry(self, cluster_name: str, principal_arn: str, **arguments: Any) -> AccessEntry:
        """Change an entry's groups and user name."""
        entry = self._entry(cluster_name, principal_arn)
        if arguments.get("kubernetes_groups") is not None:
            self._check_entry(principal_arn, entry.type, arguments["kubernetes_groups"])
            entry.kubernetes_groups = arguments["kubernetes_groups"]
        if arguments.get("username"):
            entry.username = arguments["username"]
        entry.modified_at = utcnow()
        return entry

    def delete_access_entry(self, cluster_name: str, principal_arn: str) -> None:
        """Let a principal in no longer."""
        self._entry(cluster_name, principal_arn)
        del self.cluster(cluster_name).access_entries[principal_arn]

    def list_access_entries(self, cluster_name: str, associated_policy_arn: str | None = None, **_: Any) -> list[str]:
        """Return the principals that may sign in."""
        entries = self._with_entries(cluster_name).access_entries.values()
        return [entry.principal_arn for entry in entries if associated_policy_arn is None or associated_policy_arn in entry.policies]

    def associate_access_policy(
        self, cluster_name: str, principal_arn: str, policy_arn: str, access_scope: dict[str, Any]
    ) -> dict[str, Any]:
        """Give a principal an access policy, in the whole cluster or in namespaces."""
        entry = self._entry(cluster_name, principal_arn)
        if entry.type != "STANDARD":
            raise InvalidRequestException(
                clusterName=cluster_name, message="Access policies can only be associated with STANDARD access entries."
            )
        known = [policy["arn"] for policy in self.list_access_policies()]
        if policy_arn not in known:
            checks.refuse(f"The policyArn parameter format is not valid: {policy_arn}; known are {', '.join(known)}")
        if access_scope.get("type") == "namespace" and not access_scope.get("namespaces"):
            checks.refuse("The namespaces of an access scope of type namespace must not be empty")
        before = entry.policies.get(policy_arn, {"associatedAt": utcnow()})
        entry.policies[policy_arn] = {**before, "policyArn": policy_arn, "accessScope": access_scope, "modifiedAt": utcnow()}
        return entry.policies[policy_arn]

    def disassociate_access_policy(self, cluster_name: str, principal_arn: str, policy_arn: str) -> None:
        """Take an access policy from a principal."""
        if self._entry(cluster_name, principal_arn).policies.pop(policy_arn, None) is None:
            raise ResourceNotFoundException(clusterName=cluster_name, message=f"The access policy {policy_arn} is not associated")

    def list_associated_access_policies(self, cluster_name: str, principal_arn: str, **_: Any) -> list[dict[str, Any]]:
        """Return a principal's access policies."""
        return list(self._entry(cluster_name, principal_arn).policies.values())

    def list_access_policies(self, **_: Any) -> list[dict[str, str]]:
        """Return the access policies that there are."""
        return [{"name": name, "arn": f"arn:{self.partition}:eks::aws:cluster-access-policy/{name}"} for name in POLICIES]

    def admit_nodes(self, cluster: Cluster, node_role: str) -> None:
        """Make the entry that EKS makes for the role of a managed node group."""
        if cluster.access_config["authenticationMode"] != "CONFIG_MAP" and node_role not in cluster.access_entries:
            self.create_access_entry(cluster.name, node_role, type="EC2_LINUX")

    def _with_entries(self, name: str) -> Cluster:
        cluster = self.cluster(name)
        if cluster.access_config["authenticationMode"] == "CONFIG_MAP":
            message = "The cluster's authentication mode must be set to one of [API, API_AND_CONFIG_MAP] to perform this operation."
            raise InvalidRequestException(clusterName=name, message=message)
        return cluster

    def _entry(self, cluster_name: str, principal_arn: str) -> AccessEntry:
        cluster = self._with_entries(cluster_name)
        if principal_arn not in cluster.access_entries:
            message = (
                "The specified principalArn could not be found. You can view your available access entries with 'list-access-entries'."
            )
            raise ResourceNotFoundException(clusterName=cluster_name, message=message)
        return cluster.access_entries[principal_arn]

    def _check_entry(self, principal_arn: str, kind: str, groups: list[str]) -> None:
        if not principal_arn.startswith(f"arn:{self.partition}:iam::"):
            checks.refuse(f"The specified principalArn is invalid: invalid partition: {principal_arn}")
        if kind not in _TYPES:
            checks.refuse(f"The type {kind} of an access entry is not known; known are {', '.join(sorted(_TYPES))}")
        reserved = [group for group in groups if group.startswith(("system:", "eks:", "aws:", "amazon:", "iam:"))]
        if reserved:
            checks.refuse(f"The kubernetes group name {reserved[0]} is invalid, it cannot start with system:, eks:, aws:, amazon: or iam:")


def _username(principal_arn: str, kind: str) -> str:
    if kind in _NODE_TYPES:
        return _NODE_NAME
    if ":user/" in principal_arn:
        return principal_arn
    # https://docs.aws.amazon.com/eks/latest/userguide/creating-access-entries.html: a role's user name holds its session's name.
    return f"{principal_arn.replace(':iam:', ':sts:').replace(':role/', ':assumed-role/')}/{{{{SessionName}}}}"
