"""The cluster's add-ons, in the order that a fresh node needs them.

Separate because that order, and what each may do, is what breaks a cluster when it is wrong.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from aws_cdk import Stack
from aws_cdk import aws_eks_v2 as eks
from constructs import Construct, IDependable

from mlplatform.config.names import Names
from mlplatform.constructs.csi_policies import ebs_statements, efs_statements
from mlplatform.constructs.pod_role import PodRole, ServiceAccounts, TokenIssuer


class Addons(Construct):
    """Add-ons before the nodes (`networking`) and after them, each of a pinned version and with a role of its own."""

    def __init__(
        self,
        scope: Construct,
        id: str,
        *,
        cluster: eks.Cluster,
        issuer: TokenIssuer,
        names: Names,
        versions: Mapping[str, str],
        pod_subnets: Mapping[str, str],
    ) -> None:
        """Make the add-ons that nodes need before they start.

        Args:
            scope: The cluster's stack.
            id: The construct's id.
            cluster: The cluster.
            issuer: Who signs its tokens.
            names: Names of the roles.
            versions: Version by add-on name.
            pod_subnets: Id of the subnet for pods by zone; empty where pods are in their node's subnet.
        """
        super().__init__(scope, id)
        self._cluster, self._issuer, self._names, self._versions = cluster, issuer, names, versions
        role = self._role("VpcCniRole", "vpc-cni", ("aws-node",), managed_policies=["AmazonEKS_CNI_Policy"])
        self.networking: list[IDependable] = [
            self._addon("VpcCni", "vpc-cni", role=role, configuration=self._cni(pod_subnets)),
            self._addon("KubeProxy", "kube-proxy"),
        ]

    def after(self, nodes: IDependable, *, efs: bool, pod_identity: bool, metrics: bool) -> list[IDependable]:
        """Make the add-ons whose pods need a node, and return them.

        Args:
            nodes: The nodes.
            efs: Whether volumes on EFS are wanted.
            pod_identity: Whether pods are to have credentials by EKS Pod Identity.
            metrics: Whether the region has the add-on metrics-server; elsewhere a release brings it.
        """
        ebs_role = self._role("EbsCsiRole", "ebs-csi", ("ebs-csi-controller-sa",), statements=ebs_statements(self))
        made = [self._addon("CoreDns", "coredns"), self._addon("EbsCsi", "aws-ebs-csi-driver", role=ebs_role)]
        if efs:
            # The driver's agents on the nodes use the controller's role too.
            accounts = ("efs-csi-controller-sa", "efs-csi-node-sa")
            efs_role = self._role("EfsCsiRole", "efs-csi", accounts, statements=efs_statements(self))
            made.append(self._addon("EfsCsi", "aws-efs-csi-driver", role=efs_role))
        if pod_identity:
            made.append(self._addon("PodIdentityAgent", "eks-pod-identity-agent"))
        if metrics:
            made.append(self._addon("MetricsServer", "metrics-server"))
        for addon in made:
            addon.node.add_dependency(nodes)
        return list(made)

    def _cni(self, pod_subnets: Mapping[str, str]) -> Mapping[str, Any]:
        # https://docs.aws.amazon.com/eks/latest/userguide/cni-increase-ip-addresses.html
        environment = {"ENABLE_PREFIX_DELEGATION": "true", "WARM_PREFIX_TARGET": "1"}
        configuration: dict[str, Any] = {"enableNetworkPolicy": "true", "env": environment}
        if pod_subnets:
            # https://docs.aws.amazon.com/eks/latest/userguide/cni-custom-network.html: without groups of their own, pods wear their node's.
            environment |= {"AWS_VPC_K8S_CNI_CUSTOM_NETWORK_CFG": "true", "ENI_CONFIG_LABEL_DEF": "topology.kubernetes.io/zone"}
            configuration["eniConfig"] = {
                "create": True,
                "region": Stack.of(self).region,
                "subnets": {zone: {"id": subnet} for zone, subnet in pod_subnets.items()},
            }
        return configuration

    def _role(self, id: str, purpose: str, accounts: tuple[str, ...], **permissions: Sequence[Any]) -> PodRole:
        return PodRole(
            self,
            id,
            role_name=self._names.role(purpose),
            issuer=self._issuer,
            service_accounts=ServiceAccounts("kube-system", accounts),
            **permissions,
        )

    def _addon(self, id: str, name: str, *, role: PodRole | None = None, configuration: Mapping[str, Any] | None = None) -> eks.CfnAddon:
        return eks.CfnAddon(
            self,
            id,
            addon_name=name,
            addon_version=self._versions[name],
            cluster_name=self._cluster.cluster_name,
            configuration_values=Stack.of(self).to_json_string(configuration) if configuration else None,
            # What somebody changed by hand goes back to what is written here.
            resolve_conflicts="OVERWRITE",
            service_account_role_arn=role.arn if role else None,
        )
