"""Objects that name one other object: who names what is the table at the end.

Separate because these references differ in nothing but their names.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from mlplatform.manifests.closure.inventory import Inventory
from mlplatform.manifests.closure.item import Item
from mlplatform.manifests.closure.need import Need, to_have
from mlplatform.manifests.objects import Path, at, qualified, text


@dataclass(frozen=True)
class _Link:
    holder: str
    path: Path
    kind: str
    """The kind that is meant where the reference does not say one."""
    name: str = "name"
    """The field of the reference that holds the name; empty where the reference is the name itself."""


def needs(item: Item, inventory: Inventory) -> Iterator[Need]:
    """Yield the objects that the object names."""
    for link in LINKS:
        if link.holder == item.kind and (reference := at(item.object, *link.path)):
            name = text(reference, link.name) if link.name else str(reference)
            kind = _kind(reference, link.kind)
            own = item.namespace if inventory.namespaced(kind) else ""
            # A reference that can cross namespaces says so.
            namespace = (text(reference, "namespace") or own) if inventory.namespaced(kind) else ""
            yield to_have(link.path, inventory, kind, name, namespace)


def _kind(reference: Any, default: str) -> str:
    if not (kind := text(reference, "kind")):
        return default
    api_version = text(reference, "apiVersion")
    group = text(reference, "group") or text(reference, "apiGroup") or api_version.rpartition("/")[0]
    return qualified(kind, group) if group or api_version else qualified(kind, default.partition(".")[2])


LINKS = (
    _Link("HorizontalPodAutoscaler.autoscaling", ("spec", "scaleTargetRef"), "Deployment.apps"),
    _Link("StatefulSet.apps", ("spec", "serviceName"), "Service", name=""),
    _Link(
        "MutatingAdmissionPolicyBinding.admissionregistration.k8s.io",
        ("spec", "policyName"),
        "MutatingAdmissionPolicy.admissionregistration.k8s.io",
        name="",
    ),
    _Link(
        "ValidatingAdmissionPolicyBinding.admissionregistration.k8s.io",
        ("spec", "policyName"),
        "ValidatingAdmissionPolicy.admissionregistration.k8s.io",
        name="",
    ),
    _Link("NodePool.karpenter.sh", ("spec", "template", "spec", "nodeClassRef"), "EC2NodeClass.karpenter.k8s.aws"),
    _Link("Certificate.cert-manager.io", ("spec", "issuerRef"), "Issuer.cert-manager.io"),
    _Link("ExternalSecret.external-secrets.io", ("spec", "secretStoreRef"), "SecretStore.external-secrets.io"),
    _Link("SecretStore.external-secrets.io", ("spec", "provider", "aws", "auth", "jwt", "serviceAccountRef"), "ServiceAccount"),
    _Link("ClusterSecretStore.external-secrets.io", ("spec", "provider", "aws", "auth", "jwt", "serviceAccountRef"), "ServiceAccount"),
    _Link("TrainJob.trainer.kubeflow.org", ("spec", "runtimeRef"), "ClusterTrainingRuntime.trainer.kubeflow.org"),
)
