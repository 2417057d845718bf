"""The kinds Profile and PodDefault."""

import json
import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any, cast

import pytest
from ruamel.yaml import YAML

from mlplatform.manifests.kubeflow import definitions
from mlplatform.manifests.kubeflow.definitions import pod_default, profile
from mlplatform.manifests.objects import Object
from tests.config.files import DEV, settings

KINDS = [profile(), pod_default()]


def test_a_kind_stays_with_its_objects_when_its_release_goes() -> None:
    assert [obj["metadata"]["annotations"]["helm.sh/resource-policy"] for obj in KINDS] == ["keep", "keep"]


def test_profiles_are_stored_in_v1_and_access_management_asks_for_them_in_v1beta1() -> None:
    versions = profile()["spec"]["versions"]
    assert [(each["name"], each["served"], each["storage"]) for each in versions] == [("v1", True, True), ("v1beta1", True, False)]
    # No webhook converts one into the other.
    assert versions[0]["schema"] == versions[1]["schema"]


@pytest.mark.parametrize(
    ("components", "kinds"),
    [
        ("[entrance]", []),
        ("[entrance, profiles]", ["Profile"]),
        ("[entrance, profiles, pod-defaults]", ["Profile", "PodDefault"]),
    ],
)
def test_an_environment_has_the_kinds_of_its_components(components: str, kinds: list[str]) -> None:
    environment = settings(f"{DEV}    kubeflow: {{components: {components}}}\n")
    assert [obj["spec"]["names"]["kind"] for obj in definitions.objects(environment)] == kinds


@pytest.mark.parametrize("ours", KINDS, ids=["Profile", "PodDefault"])
def test_a_kind_has_upstreams_names_scope_and_versions_and_keeps_every_field_that_upstream_knows(ours: Object) -> None:
    theirs = _upstream(ours["metadata"]["name"])
    for field in ("group", "names", "scope"):
        assert ours["spec"][field] == theirs["spec"][field]
    for own, given in zip(ours["spec"]["versions"], theirs["spec"]["versions"], strict=True):
        for field in ("name", "served", "storage", "subresources", "additionalPrinterColumns"):
            assert own.get(field) == given.get(field)
        schemas = (version["schema"]["openAPIV3Schema"] for version in (own, given))
        assert _lost(*schemas) == []


def _lost(own: Mapping[str, Any], given: Mapping[str, Any], path: str = "") -> list[str]:
    """Return the paths of fields that upstream's schema knows and ours would drop."""
    if own.get("x-kubernetes-preserve-unknown-fields") or own.get("additionalProperties") or path == ".metadata":
        return []
    if "items" in given:
        return _lost(own["items"], given["items"], f"{path}[]")
    lost = list[str]()
    for name, field in given.get("properties", {}).items():
        known = own.get("properties", {}).get(name)
        lost += _lost(known, field, f"{path}.{name}") if known else [f"{path}.{name}"]
    return lost


def _upstream(name: str) -> dict[str, Any]:
    folder = os.environ.get("MLP_UPSTREAM")
    if not folder:
        pytest.skip("name the folder with upstream's rendered manifests in MLP_UPSTREAM to hold our kinds against upstream's")
    file = {"profiles.kubeflow.org": "profiles.yaml", "poddefaults.kubeflow.org": "admission-webhook.yaml"}[name]
    parser: Any = YAML(typ="safe")
    [path] = Path(folder).glob(f"kubeflow-*/{file}")
    documents = cast("list[dict[str, Any]]", [*parser.load_all(path)])
    [found] = [document for document in documents if document["kind"] == "CustomResourceDefinition"]
    return found


def test_a_schema_is_small_enough_to_be_read() -> None:
    # Upstream's of PodDefault has 270 KB.
    assert all(len(json.dumps(obj)) < 10_000 for obj in KINDS)
