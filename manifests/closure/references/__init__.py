"""Every kind of reference that the closure check follows, as a list.

Separate modules, one a kind of reference: each says where objects hold it and what must be there.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from mlplatform.manifests.closure.inventory import Inventory
from mlplatform.manifests.closure.item import Item
from mlplatform.manifests.closure.need import Need
from mlplatform.manifests.closure.references import (
    api_service,
    config_map,
    host,
    ingress,
    kind,
    link,
    namespace,
    network_path,
    pod_class,
    port,
    role,
    secret,
    selector,
    service_account,
    source,
    virtual_service,
    volume_claim,
    webhook,
)


@dataclass(frozen=True)
class Reference:
    """One kind of reference."""

    name: str
    must: str
    """What must be there, as the end of a sentence that begins with the name."""
    needs: Callable[[Item, Inventory], Iterator[Need]]


NAMESPACE = Reference("namespace", "is named by every object that needs one, and exists", namespace.needs)
REFERENCES = (
    Reference("kind", "is built in or defined, in the version that is written", kind.needs),
    NAMESPACE,
    Reference("Secret", "exists with the keys that pods, ServiceAccounts, Ingresses and Gateways take", secret.needs),
    Reference("ConfigMap", "exists with the keys that pods take", config_map.needs),
    Reference("ServiceAccount", "exists for pods, bindings and the mesh's policies", service_account.needs),
    Reference("PersistentVolumeClaim", "exists, and so do its StorageClass and driver", volume_claim.needs),
    Reference("named port", "is declared by the container that probes and Services mean", port.needs),
    Reference("selector", "selects pods: of Services, disruption budgets and the mesh", selector.needs),
    Reference("webhook", "has its Service, port and Certificate", webhook.needs),
    Reference("APIService", "has its Service and port", api_service.needs),
    Reference("route", "has its gateways and destinations in the mesh", virtual_service.needs),
    Reference("Ingress", "has its class, Services and ports", ingress.needs),
    Reference("host", "in any text is a Service with that port", host.needs),
    Reference("network path", "to a Service is admitted by the NetworkPolicies on both ends", network_path.needs),
    Reference("role", "exists for the binding that grants it", role.needs),
    Reference("PriorityClass", "exists", pod_class.priority),
    Reference("RuntimeClass", "exists", pod_class.runtime),
    Reference("link", "from an object to one other ends at something", link.needs),
)
"""What is asked of every object that we install."""

BROUGHT = (Reference("source", "of what a controller makes exists", source.needs),)
"""What is asked of everything that is declared to come from a controller."""
