"""The releases of the way in, each with the wave that it is installed in.

Separate from the components because their order is one list that a reader sees at a glance.
"""

from collections.abc import Iterator

from mlplatform.config.settings import Settings
from mlplatform.manifests.entrance import (
    balancer,
    cert_manager,
    external_secrets,
    gateway,
    issuers,
    istio,
    istio_kinds,
    load_balancer_controller,
    mesh,
    network_policies,
)
from mlplatform.manifests.release import Release


def entrance_releases(settings: Settings) -> Iterator[Release]:
    """Yield the releases of the way in, none where the environment has none of it.

    Policies and kinds come first, the door to the outside last.
    """
    if not settings.kubeflow.has("entrance"):
        return
    yield network_policies.release(settings)
    yield cert_manager.release(settings)
    yield istio_kinds.release(settings)
    yield issuers.release(settings)
    yield external_secrets.release(settings)
    yield istio.node_agent(settings)
    yield istio.control_plane(settings)
    yield from load_balancer_controller.releases(settings)
    yield gateway.release(settings)
    yield mesh.release(settings)
    yield from balancer.releases(settings)
