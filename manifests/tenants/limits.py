"""How much of the platform a tenant may take, all together and with one container.

Separate from the Profile, which could hold a quota too: this one is there before the first pod and without a controller.
The profile controller writes and deletes a quota named `kf-resource-quota`; ours has another name, and both would hold.
"""

from mlplatform.config.sections import Tenant
from mlplatform.manifests.compute.labels import GPU
from mlplatform.manifests.objects import Object
from mlplatform.manifests.shapes import metadata, obj
from mlplatform.manifests.tenants.namespace import kept

NAME = "tenant"
"""Of both."""


def quota(namespace: str, tenant: Tenant) -> Object:
    """Return what all pods of a tenant may ask for: https://kubernetes.io/docs/concepts/policy/resource-quotas/."""
    asked = tenant.quota
    hard = {
        "requests.cpu": asked.cpu,
        "requests.memory": asked.memory,
        "limits.memory": asked.memory,
        f"requests.{GPU}": str(asked.gpus),
        "requests.storage": asked.storage,
        "pods": str(asked.pods),
        # People come in by the gateway, which asks who they are; these would be ways around it, and a load balancer a public one.
        "services.loadbalancers": "0",
        "services.nodeports": "0",
        "count/ingresses.networking.k8s.io": "0",
    }
    return obj("v1", "ResourceQuota", metadata(NAME, namespace, annotations=kept(tenant)), spec={"hard": hard})


def limit_range(namespace: str, tenant: Tenant) -> Object:
    """Return what a container gets that asks for nothing, and the most that one may have.

    Kubernetes limits a container's CPU wherever it has a largest one, so this says the same: https://kubernetes.io/docs/concepts/policy/limit-range/.
    """
    defaults = tenant.containers
    largest = {key: value for key, value in (("cpu", defaults.largest_cpu), ("memory", defaults.largest_memory)) if value}
    item = {
        "type": "Container",
        "defaultRequest": {"cpu": defaults.cpu, "memory": defaults.memory},
        "default": {"memory": defaults.memory, **({"cpu": largest["cpu"]} if "cpu" in largest else {})},
        **({"max": largest} if largest else {}),
    }
    return obj("v1", "LimitRange", metadata(NAME, namespace, annotations=kept(tenant)), spec={"limits": [item]})
