"""The platform's namespaces, all of them in the first release.

Separate because Helm refuses a namespace that another release or `--create-namespace` has made: they have one owner.
"""

from mlplatform.config.settings import Settings
from mlplatform.manifests.objects import Object
from mlplatform.manifests.release import Release
from mlplatform.manifests.shapes import namespace

SYSTEM = "kube-system"
"""Where controllers of nodes are, and where this release is recorded; every cluster has it."""
NODE_AGENTS = "node-agents"
"""Where what runs on every node is: log agent, device plugin, GPU metrics."""
_STANDARD = "pod-security.kubernetes.io"


def release(_: Settings) -> Release:
    """Return the release of the namespaces."""
    return Release("namespaces", SYSTEM, "namespaces", objects=_objects())


def _objects() -> list[Object]:
    # Agents mount the node's own directories: https://kubernetes.io/docs/concepts/security/pod-security-standards/
    return [namespace(NODE_AGENTS, {f"{_STANDARD}/enforce": "privileged", f"{_STANDARD}/warn": "privileged"})]
