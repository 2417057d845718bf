"""What the dashboard's menu and start page lead to, by component.

Separate from the dashboard so that a component brings its links in one entry, and nobody sees a link to what is not installed.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from mlplatform.config.settings import Settings

_DOCUMENTATION = "www.kubeflow.org"


@dataclass(frozen=True)
class Links:
    """Links of one component, each as the dashboard has it: https://www.kubeflow.org/docs/components/central-dash/customize/ ."""

    menu: Sequence[Mapping[str, Any]] = ()
    """Entries of the menu: `item("Notebooks", "/jupyter/", "book")`."""
    quick: Sequence[tuple[str, str, str]] = ()
    """Short ways on the start page: text, description, path."""
    documentation: Sequence[tuple[str, str, str]] = ()
    """Pages of Kubeflow's documentation: text, description, path below its host."""


def item(text: str, link: str, icon: str = "") -> dict[str, str]:
    """Return an entry of the menu, or without an icon one of a section."""
    return {"type": "item", "link": link, "text": text, **({"icon": icon} if icon else {})}


def section(text: str, icon: str, items: Sequence[Mapping[str, str]]) -> dict[str, Any]:
    """Return a part of the menu that opens."""
    return {"type": "section", "text": text, "icon": icon, "items": [dict(entry) for entry in items]}


LINKS: Mapping[str, Links] = {
    "dashboard": Links(documentation=[("Kubeflow", "What Kubeflow is and has", "/docs/")]),
    "profiles": Links(documentation=[("Profiles", "Namespaces, and who may use them", "/docs/components/central-dash/profiles/")]),
}
"""By component, in the order in which the menu shows them."""


def shown(settings: Settings, links: Mapping[str, Links] = LINKS) -> str:
    """Return the dashboard's `links`, as JSON: those of the components that the environment has.

    Documentation is left out where the environment names no public host, as in China, unless `images.public_hosts` lists it.
    """
    chosen = [own for component, own in links.items() if settings.kubeflow.has(component)]
    reached = settings.mirror is None or _DOCUMENTATION in settings.images.public_hosts
    documentation = [entry for own in chosen for entry in own.documentation] if reached else []
    content = {
        "menuLinks": [entry for own in chosen for entry in own.menu],
        "externalLinks": list[str](),
        "quickLinks": [{"text": text, "desc": desc, "link": link} for own in chosen for text, desc, link in own.quick],
        "documentationItems": [
            {"text": text, "desc": desc, "link": f"https://{_DOCUMENTATION}{path}"} for text, desc, path in documentation
        ],
    }
    return f"{json.dumps(content, indent=2)}\n"
