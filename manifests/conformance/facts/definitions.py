"""What a CustomResourceDefinition promises to those who use the kind; schemas are left out.

Separate because it is what our definitions must keep of upstream's.
"""

from collections.abc import Iterator

from mlplatform.manifests.conformance.facts.installed import Installed
from mlplatform.manifests.conformance.facts.texts import Line
from mlplatform.manifests.objects import Object, at, entries, fields, text


def of_definition(obj: Object, _: Installed) -> Iterator[Line]:
    """Yield group, names, scope, versions, subresources and printer columns."""
    yield "group", text(obj, "spec", "group")
    yield "scope", text(obj, "spec", "scope")
    for key, value in fields(obj, "spec", "names").items():
        yield "names", f"{key}={' '.join(sorted(value)) if isinstance(value, list) else value}"  # pyright: ignore[reportUnknownArgumentType] - objects are JSON
    for version in entries(obj, "spec", "versions"):
        name = text(version, "name")
        words = [word for word, key in (("served", "served"), ("stored", "storage"), ("deprecated", "deprecated")) if at(version, key)]
        yield "versions", " ".join((name, *words))
        yield from (("subresources", f"{name}: {subresource}") for subresource in fields(version, "subresources"))
        for column in entries(version, "additionalPrinterColumns"):
            yield "columns", f"{name}: {text(column, 'name')} {text(column, 'type')} {text(column, 'jsonPath')}"
    if (strategy := text(obj, "spec", "conversion", "strategy")) and strategy != "None":
        yield "conversion", strategy
