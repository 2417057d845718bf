"""What Karpenter is told about instance types that AWS does not tell it: shared GPUs, and prices where it finds none it can use.

Separate from the pools because overlays bend what is true of a type for every decision, and so each of them has its reason here.
"""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from mlplatform.config.instance_types import InstanceType, of_family
from mlplatform.config.offers import allows
from mlplatform.config.prices import restored
from mlplatform.config.sections import Pool
from mlplatform.config.settings import Settings
from mlplatform.manifests.compute.labels import GPU
from mlplatform.manifests.objects import Object
from mlplatform.manifests.shapes import metadata, obj

_COUNTS = (1, 2, 4, 8, 16)
"""GPUs that instance types have."""
_ABOVE = 100
"""The weight of an overlay that goes before those without one."""


def node_overlays(settings: Settings) -> list[Object]:
    """Return an environment's overlays, none where Karpenter knows all there is to know.

    https://karpenter.sh/docs/concepts/nodeoverlays/ describes them; the controller reads them behind a feature gate.
    """
    pools = settings.compute.pools.values()
    return [*(overlay for pool in pools for overlay in _shared(pool)), *_prices(settings)]


def pool_types(pool: Pool) -> Iterator[InstanceType]:
    """Yield the instance types that a pool may launch, in the order of its families."""
    for family in pool.families:
        yield from (kind for kind in of_family(family) if allows(pool, kind))


def _shared(pool: Pool) -> Iterator[Object]:
    """Yield how many GPUs the device plugin will show on a node whose GPUs are shared; Karpenter would launch a node for each pod."""
    if not pool.sharing:
        return
    for count in _COUNTS:
        if count <= pool.gpus_per_node:
            yield _overlay(
                f"shared-{pool.name}-{count}",
                [
                    {"key": "karpenter.sh/nodepool", "operator": "In", "values": [pool.name]},
                    {"key": "karpenter.k8s.aws/instance-gpu-count", "operator": "In", "values": [str(count)]},
                ],
                capacity={GPU: str(count * pool.sharing.replicas)},
            )


def _prices(settings: Settings) -> Iterator[Object]:
    """Yield on-demand prices where Karpenter has none of the region, or an old list; a type without a price is never launched."""
    currency = settings.place.partition.currency
    kinds = {kind.name for pool in settings.compute.pools.values() for kind in pool_types(pool)}
    known = {name: price for name in sorted(kinds) if (price := restored(currency, name)) is not None}
    if not known:
        return
    # A price holds for every way to buy a type. Spot and reservations keep their own, of which EC2 tells in every region.
    others = [{"key": "karpenter.sh/capacity-type", "operator": "NotIn", "values": ["on-demand"]}]
    yield _overlay("own-prices-but-on-demand", others, priceAdjustment="+0%", weight=_ABOVE)
    for name, price in known.items():
        # One requirement and a price, or Karpenter does not take it for a type that it has no price of.
        of_the_type = [{"key": "node.kubernetes.io/instance-type", "operator": "In", "values": [name]}]
        yield _overlay(f"price-{name}", of_the_type, price=f"{price:.5f}".rstrip("0").rstrip("."))


def _overlay(name: str, requirements: Sequence[Mapping[str, Any]], **spec: Any) -> Object:
    return obj("karpenter.sh/v1alpha1", "NodeOverlay", metadata(name, component="pools"), spec={"requirements": list(requirements), **spec})
