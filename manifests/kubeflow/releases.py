"""The releases of Kubeflow's own components, each with the wave that it is installed in.

Separate from the components because their order is one list that a reader sees at a glance.
"""

from collections.abc import Iterator, Sequence

from mlplatform.config.settings import Settings
from mlplatform.manifests.kubeflow import access_management, dashboard, definitions, pod_defaults, profiles, roles, tenant_services
from mlplatform.manifests.namespaces import KUBEFLOW, SYSTEM
from mlplatform.manifests.objects import Object
from mlplatform.manifests.release import Release


def kubeflow_releases(settings: Settings) -> Iterator[Release]:
    """Yield the releases of Kubeflow's own components, none where the environment has none of it."""
    yield from _ours("kubeflow-definitions", SYSTEM, "foundations", definitions.objects(settings))
    yield from _ours("kubeflow-roles", KUBEFLOW, "platform", roles.objects(settings))
    yield from _ours(tenant_services.NAME, KUBEFLOW, "platform", tenant_services.objects(settings))
    if settings.kubeflow.has("profiles"):
        yield from _ours("profiles", KUBEFLOW, "platform", profiles.objects(settings))
    if settings.kubeflow.has("pod-defaults"):
        yield from _ours("pod-defaults", KUBEFLOW, "platform", pod_defaults.objects(settings))
    if settings.kubeflow.has("dashboard"):
        yield from _ours("access-management", KUBEFLOW, "platform", access_management.objects(settings))
        yield from _ours("dashboard", KUBEFLOW, "platform", dashboard.objects(settings))


def _ours(name: str, namespace: str, wave: str, objects: Sequence[Object]) -> Iterator[Release]:
    """Yield the release of a component, unless the environment has nothing of it."""
    if objects:
        yield Release(name, namespace, wave, objects=objects)
