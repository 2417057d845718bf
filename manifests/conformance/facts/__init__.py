"""What a Kubernetes object says, as short lines by field: what conformance compares, of upstream's objects and of ours alike.

Separate from the comparison, which knows lines and no kinds. Lines are made so that two objects which mean the same have the same ones:
without the order of lists, without defaults that Kubernetes fills in, without the hashes in names of ConfigMaps and Secrets, with
variables that come from a ConfigMap beside those that stand in the pod. No line holds a sentence, a script, a schema or a secret.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping

from mlplatform.manifests.conformance.facts import access, data, definitions, network, plain, webhooks, workloads
from mlplatform.manifests.conformance.facts.installed import Installed
from mlplatform.manifests.conformance.facts.names import with_plain_images, without_hash
from mlplatform.manifests.conformance.facts.texts import Line
from mlplatform.manifests.objects import Object, Ref, group_version, kind_of, text

Facts = Mapping[str, tuple[str, ...]]
"""The lines of an object, by field, sorted; fields without a line are left out."""

_BY_KIND: Mapping[str, Callable[[Object, Installed], Iterator[Line]]] = {
    **dict.fromkeys(("ClusterRole.rbac.authorization.k8s.io", "Role.rbac.authorization.k8s.io"), access.of_role),
    **dict.fromkeys(("ClusterRoleBinding.rbac.authorization.k8s.io", "RoleBinding.rbac.authorization.k8s.io"), access.of_binding),
    "ServiceAccount": access.of_service_account,
    "CustomResourceDefinition.apiextensions.k8s.io": definitions.of_definition,
    **dict.fromkeys(("ConfigMap", "Secret"), data.of_data),
    "Namespace": plain.of_namespace,
    "Service": network.of_service,
    "NetworkPolicy.networking.k8s.io": network.of_policy,
    **dict.fromkeys(("Deployment.apps", "StatefulSet.apps", "DaemonSet.apps", "Job.batch"), workloads.of_workload),
    **dict.fromkeys(
        ("MutatingWebhookConfiguration.admissionregistration.k8s.io", "ValidatingWebhookConfiguration.admissionregistration.k8s.io"),
        webhooks.of_configuration,
    ),
}


def facts(objects: Iterable[Object], among: Iterable[Object] = ()) -> dict[Ref, Facts]:
    """Return what each object says, by what it is called without the hash that kustomize puts on its name.

    Args:
        objects: Objects.
        among: What is installed with them: pods that they select, ConfigMaps that pods take variables from.
    """
    every = list(objects)
    known = Installed([*among, *every])
    return {reference(obj): _sorted(_lines(obj, known)) for obj in every}


def reference(obj: Object) -> Ref:
    """Return what an object is called, without the hash that kustomize puts on names of ConfigMaps and Secrets."""
    kind, name = kind_of(obj), text(obj, "metadata", "name")
    return Ref(kind, without_hash(name) if kind in {"ConfigMap", "Secret"} else name, text(obj, "metadata", "namespace"))


def _lines(obj: Object, known: Installed) -> Iterator[Line]:
    yield "version", group_version(obj)[1]
    yield from _BY_KIND.get(kind_of(obj), plain.of_anything)(obj, known)


def _sorted(lines: Iterable[Line]) -> Facts:
    found: dict[str, set[str]] = {}
    for field, line in lines:
        found.setdefault(field, set()).add(with_plain_images(line))
    return {field: tuple(sorted(found[field])) for field in sorted(found)}
