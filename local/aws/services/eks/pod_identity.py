"""EKS Pod Identity: which role a service account's pods wear.

Separate because add-ons own associations as well as people do.
"""

from typing import Any

from moto.core.utils import utcnow
from moto.eks.exceptions import ResourceInUseException, ResourceNotFoundException

from mlplatform.local.aws.services.eks import checks
from mlplatform.local.aws.services.eks.access import AccessEntries
from mlplatform.local.aws.services.eks.models import Cluster, PodIdentityAssociation, identifier


class PodIdentity(AccessEntries):
    """One region's pod identity associations."""

    def create_pod_identity_association(
        self, cluster_name: str, namespace: str, service_account: str, *, role_arn: str, owner_arn: str | None = None, **arguments: Any
    ) -> PodIdentityAssociation:
        """Give a role to a service account, which has one at most.

        https://docs.aws.amazon.com/eks/latest/APIReference/API_CreatePodIdentityAssociation.html
        """
        cluster = self.active(cluster_name)
        for known in cluster.associations.values():
            if (known.namespace, known.service_account) == (namespace, service_account):
                raise ResourceInUseException(clusterName=cluster_name, message=f"Association already exists: {known.association_id}")
        checks.check_pod_role(self.account_id, self.partition, role_arn)
        name = f"a-{identifier().replace('-', '')[:17]}"
        association = PodIdentityAssociation(
            cluster_name=cluster_name,
            namespace=namespace,
            service_account=service_account,
            role_arn=role_arn,
            association_id=name,
            association_arn=f"arn:{self.partition}:eks:{self.region_name}:{self.account_id}:podidentityassociation/{cluster_name}/{name}",
            tags=arguments.get("tags") or {},
            owner_arn=owner_arn,
            disable_session_tags=arguments.get("disable_session_tags"),
            target_role_arn=arguments.get("target_role_arn"),
        )
        cluster.associations[name] = association
        return association

    def describe_pod_identity_association(self, cluster_name: str, association_id: str) -> PodIdentityAssociation:
        """Return an association."""
        return self._association(cluster_name, association_id)[1]

    def update_pod_identity_association(self, cluster_name: str, association_id: str, **arguments: Any) -> PodIdentityAssociation:
        """Give another role."""
        association = self._association(cluster_name, association_id)[1]
        if arguments.get("role_arn"):
            checks.check_pod_role(self.account_id, self.partition, arguments["role_arn"])
        for name in ("role_arn", "disable_session_tags", "target_role_arn"):
            if arguments.get(name) is not None:
                setattr(association, name, arguments[name])
        association.modified_at = utcnow()
        return association

    def delete_pod_identity_association(self, cluster_name: str, association_id: str) -> PodIdentityAssociation:
        """Take the role away."""
        cluster, association = self._association(cluster_name, association_id)
        del cluster.associations[association_id]
        return association

    def list_pod_identity_associations(
        self, cluster_name: str, namespace: str | None = None, service_account: str | None = None, **_: Any
    ) -> list[PodIdentityAssociation]:
        """Return a cluster's associations."""
        return [
            association
            for association in self.cluster(cluster_name).associations.values()
            if namespace in {None, association.namespace} and service_account in {None, association.service_account}
        ]

    def _association(self, cluster_name: str, name: str) -> tuple[Cluster, PodIdentityAssociation]:
        cluster = self.cluster(cluster_name)
        if name not in cluster.associations:
            raise ResourceNotFoundException(
                clusterName=cluster_name, message=f"No association found with ID: {name} in cluster {cluster_name}"
            )
        return cluster, cluster.associations[name]
