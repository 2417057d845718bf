"""Every release of an environment on a real API server: accepted, upgraded without a change, removed."""

import json
from base64 import b64decode
from collections.abc import Generator, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from mlplatform.config.load import load
from mlplatform.local.aws.custom_resources.without_backends import KINDS
from mlplatform.local.cluster.catalogue import ProgramPaths
from mlplatform.local.cluster.nodes import JoiningNode
from mlplatform.local.cluster.options import Options, eks_issuer
from mlplatform.local.cluster.plane import ControlPlane
from mlplatform.manifests import Release, releases
from mlplatform.manifests.objects import Object
from mlplatform.manifests.package import RECORD_LIMIT
from mlplatform.ops.rendering import Rendered, render
from tests.cluster.charts import history, installed, laid_out
from tests.cluster.cluster import Cluster, RefusedError
from tests.cluster.cluster import Object as There

# One with a mirror, overlays and metrics-server, and one with none of them.
ENVIRONMENTS = ("china-prod", "global-dev")


class Lab:
    """A cluster with the releases of one environment, installed once and upgraded once."""

    def __init__(self, cluster: Cluster, name: str, folder: Path) -> None:
        self.cluster, self.settings = cluster, load(name)
        self.releases: list[Release] = []
        """Those that this machine has a chart of, or the kinds of one."""
        self._charts: dict[str, tuple[Path, bool]] = {}
        for release in releases(self.settings):
            if found := laid_out(self.settings, release, folder / release.name):
                self.releases.append(release)
                self._charts[release.name] = found
        self.before: Mapping[str, str] = {}
        self._values = {release.name: _values(folder, release) for release in self.releases}

    def install(self) -> None:
        for release in self.releases:
            self.install_one(release)

    def install_one(self, release: Release) -> None:
        chart, whole = self._charts[release.name]
        installed(self.cluster, release, chart, *(("--values", str(self._values[release.name])) if whole else ()))

    def remove(self, release: Release) -> None:
        self.cluster.helm("uninstall", release.name, "--namespace", release.namespace, "--wait", "--timeout", "60s")

    def holds(self, obj: Object) -> bool:
        """Whether the cluster has an object, and its kind."""
        try:
            self.get(obj)
        except RefusedError as error:
            if "NotFound" in str(error) or "the server doesn't have a resource type" in str(error):
                return False
            raise
        return True

    def versions(self) -> dict[str, int]:
        """Return the generation of everything that releases own: what a controller or Helm changes, changes it."""
        found: dict[str, int] = {}
        for result in self.rendered():
            for obj in result.objects:
                there = self.get(obj)
                found[f"{obj['kind']} {obj['metadata']['name']}"] = there["metadata"].get("generation", 0)
        return found

    def rendered(self) -> list[Rendered]:
        """Return what releases install here: all but what a pod that runs would answer for."""
        return [replace(result, objects=[obj for obj in result.objects if obj["kind"] not in KINDS]) for result in self._rendered()]

    def _rendered(self) -> list[Rendered]:
        return render(self.settings, self.releases)

    def get(self, obj: Object) -> There:
        group = obj["apiVersion"].rpartition("/")[0]
        kind = f"{obj['kind']}.{obj['apiVersion'].rpartition('/')[2]}.{group}" if group else obj["kind"]
        return self.cluster.get(kind, obj["metadata"]["name"], namespace=obj["metadata"].get("namespace"))


def _values(folder: Path, release: Release) -> Path:
    path = folder / f"{release.name}.values.json"
    path.write_text(json.dumps(dict(release.values)))
    return path


@pytest.fixture(scope="module", params=ENVIRONMENTS)
def lab(request: pytest.FixtureRequest, programs: ProgramPaths, tmp_path_factory: pytest.TempPathFactory) -> Generator[Lab]:
    """A cluster of its own: its policies act on every pod, and would on those of other tests."""
    name, folder = str(request.param), tmp_path_factory.mktemp(str(request.param))
    settings = load(name)
    with ControlPlane(folder / "plane", Options(issuer=eks_issuer(settings.region, "F" * 32)), programs) as plane:
        for number, zone in enumerate(settings.network.availability_zones, start=10):
            plane.nodes.add(
                JoiningNode(
                    name=f"ip-10-0-0-{number}.{settings.region}.compute.internal",
                    instance_id=f"i-{number:017x}",
                    instance_type="m5.xlarge",
                    region=settings.region,
                    zone=zone,
                    address=f"10.0.0.{number}",
                    labels={"eks.amazonaws.com/nodegroup": "system"},
                )
            )
        made = Lab(Cluster(plane.kubeconfig, local=True), name, folder)
        made.install()
        made.before = {key: str(value) for key, value in made.versions().items()}
        made.install()
        yield made


def test_an_upgrade_without_a_change_changes_nothing(lab: Lab) -> None:
    assert {release.name: history(lab.cluster, release) for release in lab.releases} == {
        release.name: ["superseded", "deployed"] for release in lab.releases
    }
    assert {key: str(value) for key, value in lab.versions().items()} == lab.before


def test_the_cluster_holds_what_mlp_render_shows(lab: Lab) -> None:
    shown = [obj for result in lab.rendered() for obj in result.objects]
    assert len(shown) > len(lab.releases)
    for obj in shown:
        there = lab.get(obj)
        assert _within(obj.get("spec"), there.get("spec")), obj["metadata"]["name"]
        assert _within(obj.get("data"), there.get("data")), obj["metadata"]["name"]


def test_helms_records_are_as_large_as_is_said_and_far_below_the_limit(lab: Lab) -> None:
    for result in lab.rendered():
        release = result.release
        secret = lab.cluster.get("secret", f"sh.helm.release.v1.{release.name}.v2", namespace=release.namespace)
        actual = len(b64decode(secret["data"]["release"]))
        assert actual < RECORD_LIMIT // 2, release.name
        # Helm adds its own notes, and compresses a little differently.
        assert abs(actual - result.record_bytes) < 1500 + actual // 10, (release.name, actual, result.record_bytes)


def test_kinds_and_what_is_made_of_them_stay_when_their_release_goes(lab: Lab) -> None:
    kinds = [release for release in lab.releases if release.wave == "definitions"]
    pools = sorted(_names(lab, "nodepools"))
    assert pools
    for release in kinds:
        lab.remove(release)
    assert sorted(_names(lab, "nodepools")) == pools
    for release in kinds * 2:
        # What is kept is taken over again.
        lab.install_one(release)


def test_releases_go_in_the_order_that_is_the_reverse_of_their_coming_and_leave_kinds_alone(lab: Lab) -> None:
    known = _names(lab, "crds")
    for release in reversed(lab.releases):
        lab.remove(release)
    assert lab.cluster.helm("list", "--all-namespaces", "--short") == ""
    assert _names(lab, "crds") == known
    left = [obj for result in lab.rendered() for obj in result.objects if lab.holds(obj)]
    assert {"NodePool", "EC2NodeClass", "Deployment", "DaemonSet", "StorageClass"}.isdisjoint(obj["kind"] for obj in left)
    assert [obj["metadata"]["name"] for obj in left if not _is_kept(obj)] == []
    # As every test of this cluster finds it.
    lab.install()
    lab.install()


def _is_kept(obj: Object) -> bool:
    return obj["kind"] == "CustomResourceDefinition" or obj["metadata"].get("annotations", {}).get("helm.sh/resource-policy") == "keep"


def _names(lab: Lab, what: str) -> list[str]:
    return [item["metadata"]["name"] for item in lab.cluster.get(what)["items"]]


def _within(part: Any, whole: Any) -> bool:
    """Whether everything that a part says is in the whole, which may say more: defaults."""
    if isinstance(part, dict):
        return isinstance(whole, dict) and all(_within(value, whole.get(key)) for key, value in part.items() if value is not None)  # pyright: ignore[reportUnknownVariableType, reportUnknownArgumentType, reportUnknownMemberType] - JSON
    if isinstance(part, list):
        return isinstance(whole, list) and len(part) == len(whole) and all(map(_within, part, whole))  # pyright: ignore[reportUnknownArgumentType] - JSON
    return part == whole or not part
