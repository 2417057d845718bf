"""Who may sign in to a cluster: EKS's access entries as the control plane's webhook asks for them.

Separate because two models of an access entry meet here, that of EKS's API and that of Kubernetes' users and groups.
"""

from collections.abc import Callable

from mlplatform.local.aws.services import eks
from mlplatform.local.cluster.access import Access, AccessEntry, PolicyAssociation
from mlplatform.local.cluster.sts_caller import sts_caller
from mlplatform.local.cluster.token import EksToken


def access_to(cluster: eks.ClusterIdentity, endpoint: str) -> Access:
    """Return how a cluster answers tokens: STS at the endpoint says who asks, EKS which entry that is."""
    return Access(_remembered(sts_caller(endpoint)), lambda: [_entry(known) for known in eks.entries(cluster)])


def _remembered(ask: Callable[[EksToken], str | None]) -> Callable[[EksToken], str | None]:
    """Ask once for each access key: whose it is never changes, and kubectl's token is reviewed every second."""
    known: dict[str, str] = {}

    def caller(token: EksToken) -> str | None:
        if token.access_key not in known and (found := ask(token)):
            known[token.access_key] = found
        return known.get(token.access_key)

    return caller


def _entry(entry: eks.AccessEntry) -> AccessEntry:
    policies = tuple(
        PolicyAssociation(arn.rpartition("/")[2], tuple(association["accessScope"].get("namespaces") or ()))
        for arn, association in entry.policies.items()
    )
    return AccessEntry(entry.principal_arn, entry.type, entry.username, tuple(entry.kubernetes_groups), policies)
