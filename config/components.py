"""The components of Kubeflow that an environment can have, and what each needs of the others.

Separate so that settings, checks and manifests agree on the names, and so that a component is one line.
"""

from collections.abc import Mapping

COMPONENTS: Mapping[str, tuple[str, ...]] = {
    # The way in: load balancer, mesh, gateway.
    "entrance": (),
    "sign-in": ("entrance",),
    # Namespaces of tenants and who may use them.
    "profiles": ("entrance",),
    "pod-defaults": ("profiles",),
    "dashboard": ("sign-in", "profiles"),
}
"""By name, the components that each needs; in the order in which they are installed."""
