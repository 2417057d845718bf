"""The platform's namespaces, all of them in the first release, and closed before there is a pod in them.

Separate because Helm refuses a namespace that another release or `--create-namespace` has made: they have one owner.
Network policies of the platform say who may connect, not where to: the other end is closed as well, what leaves the cluster is the
VPC's to limit, and DNS, the API server and AWS need no policy then, whose addresses differ in every environment.
"""

from collections.abc import Iterator

from mlplatform.config.settings import Settings
from mlplatform.manifests.objects import Object
from mlplatform.manifests.release import Release
from mlplatform.manifests.shapes import namespace
from mlplatform.manifests.shapes.network_policies import deny_all

SYSTEM = "kube-system"
"""Where controllers of nodes are, and where this release is recorded; every cluster has it."""
NODE_AGENTS = "node-agents"
"""Where what runs on every node is: log agent, device plugin, GPU metrics."""
CERT_MANAGER = "cert-manager"
EXTERNAL_SECRETS = "external-secrets"
ISTIO = "istio-system"
"""Where the mesh's control plane and its gateway are; policies in it hold for the whole mesh."""
AUTH = "auth"
"""Where Dex is."""
OAUTH2_PROXY = "oauth2-proxy"
KUBEFLOW = "kubeflow"
"""Where Kubeflow's own components are."""

INJECTION = "istio-injection"
"""The label by which Istio puts a sidecar into a namespace's pods, or never does."""
_STANDARD = "pod-security.kubernetes.io"


def release(settings: Settings) -> Release:
    """Return the release of the namespaces and of what closes each; components bring the policies that let somebody in to them."""
    return Release("namespaces", SYSTEM, "namespaces", objects=list(_objects(settings)))


def _objects(settings: Settings) -> Iterator[Object]:
    made = list(_namespaces(settings))
    yield from made
    yield from (deny_all(namespace["metadata"]["name"]) for namespace in made)


def _namespaces(settings: Settings) -> Iterator[Object]:
    # Agents mount the node's own directories: https://kubernetes.io/docs/concepts/security/pod-security-standards/
    yield _namespace(NODE_AGENTS, "privileged")
    if settings.kubeflow.has("entrance"):
        yield _namespace(CERT_MANAGER)
        yield _namespace(EXTERNAL_SECRETS)
        # Without a label about injection: a proxy is put into the gateway's own pods, which ask for it.
        yield _namespace(ISTIO)
        yield _namespace(KUBEFLOW, injection="enabled")
    if settings.kubeflow.has("sign-in"):
        yield _namespace(AUTH)
        yield _namespace(OAUTH2_PROXY)


def _namespace(name: str, standard: str = "restricted", *, injection: str = "") -> Object:
    return namespace(
        name,
        {f"{_STANDARD}/enforce": standard, f"{_STANDARD}/warn": standard, **({INJECTION: injection} if injection else {})},
    )
