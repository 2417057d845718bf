"""The closure check: everything that an object needs exists in its wave or an earlier one, or a named controller brings it.

Separate because it is the only place that compares waves; a local cluster cannot show it, as its pods are ready whatever they miss.
"""

from collections.abc import Iterator, Sequence

from mlplatform.config.problems import path_of
from mlplatform.manifests.closure.finding import Finding
from mlplatform.manifests.closure.inventory import Inventory
from mlplatform.manifests.closure.item import Item
from mlplatform.manifests.closure.need import Need
from mlplatform.manifests.closure.references import BROUGHT, NAMESPACE, REFERENCES, Reference
from mlplatform.manifests.wave import Wave

NOWHERE = "add it to this wave or an earlier one, or declare in `brought` which controller makes it"


def check(waves: Sequence[Wave]) -> list[Finding]:
    """Return what objects need and will not find, in the order of the waves.

    Args:
        waves: What is installed, in order; each object as a plain mapping.
    """
    inventory = Inventory(waves)
    found = dict.fromkeys(_findings(inventory))  # the same need at the same place is one finding
    return [*_undialled(waves, inventory), *sorted(found, key=lambda finding: _order(finding, inventory))]


def _findings(inventory: Inventory) -> Iterator[Finding]:
    for item in inventory.every():
        for reference in _asked(item, inventory):
            for need in reference.needs(item, inventory):
                if need.since is None or need.since > item.wave:
                    yield _finding(reference, item, need, inventory)


def _asked(item: Item, inventory: Inventory) -> tuple[Reference, ...]:
    if item.brought:
        return BROUGHT
    if inventory.namespaced(item.kind) and not item.namespace:
        # Nothing in it can be looked up before it says where it is.
        return (NAMESPACE,)
    return REFERENCES


def _finding(reference: Reference, item: Item, need: Need, inventory: Inventory) -> Finding:
    if need.since is None:
        found = f"{need.missing}, but {need.instead}" if need.instead else need.missing
        remedy = need.remedy or NOWHERE
    else:
        later, own = inventory.wave_name(need.since), inventory.wave_name(item.wave)
        found = f"found only from wave {later!r} on"
        remedy = f"move it to wave {own!r} or an earlier one, or this object to {later!r} or a later one"
    return Finding(reference.name, inventory.wave_name(item.wave), str(item.ref), path_of(need.path), need.what, found, remedy)


def _undialled(waves: Sequence[Wave], inventory: Inventory) -> Iterator[Finding]:
    for position, wave in enumerate(waves):
        for connection in wave.connections:
            source = connection.source
            if not any(item.wave == position for item in inventory.named(source.kind, source.name, source.namespace)):
                needed = f"to be in the wave that declares its connection to {connection.service}"
                remedy = "declare the connection in the wave of the workload"
                yield Finding("network path", wave.name, str(source), "", needed, "found nowhere in it", remedy)


def _order(finding: Finding, inventory: Inventory) -> tuple[int, str, str]:
    names = [wave.name for wave in inventory.waves]
    return (names.index(finding.wave) if finding.wave in names else -1, finding.object, finding.path)
