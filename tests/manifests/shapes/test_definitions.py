"""Kinds of components."""

from typing import Any

import pytest

from mlplatform.manifests.shapes import Version, definition


def profile(*versions: Version) -> Any:
    return definition("Profile", "profiles", "kubeflow.org", versions, component="profiles", namespaced=False, short_names=["pr"])


def test_a_kind_outlives_its_release_and_is_named_as_kubernetes_wants_it() -> None:
    made = profile(Version("v1", stored=True))
    assert made["metadata"]["name"] == "profiles.kubeflow.org"
    assert made["metadata"]["annotations"] == {"helm.sh/resource-policy": "keep"}
    names = {"kind": "Profile", "listKind": "ProfileList", "plural": "profiles", "singular": "profile", "shortNames": ["pr"]}
    assert made["spec"]["names"] == names
    assert made["spec"]["scope"] == "Cluster"


def test_a_version_without_a_schema_takes_anything_and_one_with_a_schema_what_it_says() -> None:
    spec = {"spec": {"type": "object"}}
    columns = [("Age", "date", ".metadata.creationTimestamp")]
    old, new = profile(Version("v1beta1", served=False), Version("v1", spec, stored=True, status=True, columns=columns, required=["spec"]))[
        "spec"
    ]["versions"]
    assert old["schema"]["openAPIV3Schema"] == {"type": "object", "x-kubernetes-preserve-unknown-fields": True}
    assert (old["served"], old["storage"]) == (False, False)
    assert sorted(new["schema"]["openAPIV3Schema"]["properties"]) == ["apiVersion", "kind", "metadata", "spec"]
    assert new["schema"]["openAPIV3Schema"]["required"] == ["spec"]
    assert new["subresources"] == {"status": {}}
    assert new["additionalPrinterColumns"] == [{"name": "Age", "type": "date", "jsonPath": ".metadata.creationTimestamp"}]


@pytest.mark.parametrize(("stored", "found"), [(False, "no version"), (True, "v1 and v2")])
def test_objects_are_stored_in_one_version(stored: bool, found: str) -> None:  # noqa: FBT001 - a case, not an argument of ours
    with pytest.raises(ValueError, match=f"kind Profile.kubeflow.org: objects are stored in {found}; say `stored=True` of one"):
        profile(Version("v1", stored=stored), Version("v2", stored=stored))
