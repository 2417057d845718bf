"""The releases of the tenants, each with the wave that it is installed in.

Separate from the parts of a tenant because their order is one list that a reader sees at a glance.
"""

from collections.abc import Iterator

from mlplatform.config.sections import Tenant
from mlplatform.config.settings import Settings
from mlplatform.manifests.namespaces import KUBEFLOW
from mlplatform.manifests.release import Release
from mlplatform.manifests.tenants import pools
from mlplatform.manifests.tenants.limits import limit_range, quota
from mlplatform.manifests.tenants.members import members
from mlplatform.manifests.tenants.namespace import namespace, profile
from mlplatform.manifests.tenants.network_policies import network_policies


def tenants_releases(settings: Settings) -> Iterator[Release]:
    """Yield a release for each tenant, none where the environment has no Profiles."""
    if not settings.kubeflow.has("profiles"):
        return
    yield pools.release()
    for name, tenant in settings.tenants.items():
        yield tenant_release(settings, name, tenant)


def tenant_release(settings: Settings, name: str, tenant: Tenant) -> Release:
    """Return a tenant's release, recorded outside of the namespace that it makes, where people of the tenant cannot change it."""
    return Release(
        f"tenant-{name}",
        KUBEFLOW,
        "tenants",
        objects=[
            namespace(name, tenant),
            *network_policies(name, tenant),
            quota(name, tenant),
            limit_range(name, tenant),
            *members(name, tenant),
            profile(settings.names, name, tenant),
        ],
    )
