"""EKS access entries: which caller is which Kubernetes user, in which groups.

Separate because it is EKS's rule and not Kubernetes': https://docs.aws.amazon.com/eks/latest/userguide/access-entries.html.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import NamedTuple

from mlplatform.local.cluster.token import EksToken

_NODE_TYPES = frozenset({"EC2_LINUX", "EC2_WINDOWS", "HYBRID_LINUX", "FARGATE_LINUX"})
_NODE_GROUPS = ("system:bootstrappers", "system:nodes")
_PLACEHOLDERS = ("{{SessionName}}", "{{EC2PrivateDNSName}}")
_POLICY_GROUP = "eks-access-policy"


class PolicyAssociation(NamedTuple):
    """One of AWS's access policies, given to an entry."""

    policy: str
    """Its name, for example AmazonEKSViewPolicy; the last part of its ARN."""
    namespaces: tuple[str, ...] = ()
    """Where it holds, `*` allowed at the end of a name; everywhere where empty."""

    @property
    def groups(self) -> tuple[str, ...]:
        """The groups whose members have the policy's rights."""
        name = f"{_POLICY_GROUP}:{self.policy}"
        return tuple(f"{name}:{namespace}" for namespace in self.namespaces) or (name,)


@dataclass(frozen=True)
class AccessEntry:
    """What EKS knows of one IAM principal."""

    principal_arn: str
    type: str = "STANDARD"
    username: str | None = None
    groups: tuple[str, ...] = ()
    policies: tuple[PolicyAssociation, ...] = ()


class Identity(NamedTuple):
    """Whom Kubernetes takes the caller for."""

    username: str
    groups: tuple[str, ...]


@dataclass(frozen=True)
class Access:
    """How tokens are answered: both are asked for every token, so that a change is seen at once."""

    caller: Callable[[EksToken], str | None]
    """Answers the ARN that STS gives for a token's credentials (GetCallerIdentity), or nothing for unknown ones."""
    entries: Callable[[], Iterable[AccessEntry]]
    """Answers the access entries of the cluster."""


def entry_of(caller: str, entries: Iterable[AccessEntry]) -> AccessEntry | None:
    """Return the access entry of a caller's ARN, that of its role where it assumed one."""
    return next((entry for entry in entries if entry.principal_arn == caller or _role(entry.principal_arn) == _role(caller)), None)


def identity(caller: str, entry: AccessEntry) -> Identity:
    """Return the Kubernetes user of a caller."""
    is_node = entry.type in _NODE_TYPES
    # A node's session is named by its instance.
    session = caller.rpartition("/")[2]
    name = entry.username or (f"system:node:{session}" if is_node else caller)
    for placeholder in _PLACEHOLDERS:
        name = name.replace(placeholder, session)
    groups = entry.groups or (_NODE_GROUPS if is_node else ())
    return Identity(name, (*groups, *(group for association in entry.policies for group in association.groups)))


def _role(arn: str) -> tuple[str, str] | str:
    """Return partition-and-account and name of a role, whichever ARN it appears in; another ARN as it is.

    An assumed role's ARN leaves out the role's path.
    """
    head, _, resource = arn.rpartition(":")
    kind, *parts = resource.split("/")
    account = head.replace(":sts:", ":iam:")
    if kind == "assumed-role" and parts:
        return account, parts[0]
    if kind == "role" and parts:
        return account, parts[-1]
    return arn
