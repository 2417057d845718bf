"""What the dashboard leads to."""

import json
from typing import Any

from mlplatform.manifests.kubeflow.dashboard_links import LINKS, Links, item, section, shown
from tests.config.files import DEV, PROD, settings

OWN = {
    "profiles": Links(
        menu=[item("Here", "/here/", "book"), section("Several", "kubeflow:katib", [item("One", "/one/")])],
        quick=[("Make one", "A thing", "/here/new")],
        documentation=[("Here", "All about it", "/docs/here/")],
    ),
    "pod-defaults": Links(menu=[item("There", "/there/", "storage")]),
}
FEWER = "    kubeflow: {components: [entrance, profiles]}\n"


def links(text: str) -> Any:
    return json.loads(shown(settings(text), OWN))


def test_nobody_sees_a_link_to_what_is_not_installed() -> None:
    assert [entry["text"] for entry in links(PROD + FEWER)["menuLinks"]] == ["Here", "Several"]
    assert [entry["text"] for entry in links(DEV)["menuLinks"]] == ["Here", "Several", "There"]


def test_links_are_written_as_the_dashboard_reads_them() -> None:
    assert links(PROD + FEWER) == {
        "menuLinks": [
            {"type": "item", "link": "/here/", "text": "Here", "icon": "book"},
            {
                "type": "section",
                "text": "Several",
                "icon": "kubeflow:katib",
                "items": [{"type": "item", "link": "/one/", "text": "One"}],
            },
        ],
        "externalLinks": [],
        "quickLinks": [{"text": "Make one", "desc": "A thing", "link": "/here/new"}],
        "documentationItems": [{"text": "Here", "desc": "All about it", "link": "https://www.kubeflow.org/docs/here/"}],
    }


def test_documentation_is_linked_where_the_environment_may_name_its_host() -> None:
    assert links(DEV)["documentationItems"] == []
    listed = "    images: {public_hosts: [www.kubeflow.org]}\n"
    assert len(links(DEV + listed)["documentationItems"]) == 1


def test_every_link_of_ours_stays_on_the_gateway() -> None:
    entries = [entry for own in LINKS.values() for entry in own.menu]
    paths = [part["link"] for entry in entries for part in entry.get("items", [entry])]
    paths += [path for own in LINKS.values() for _, _, path in (*own.quick, *own.documentation)]
    assert paths
    assert all(path.startswith("/") for path in paths)
