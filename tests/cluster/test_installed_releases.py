"""Every release of an environment on a real API server: accepted, upgraded without a change and with one, removed, taken over again."""

from base64 import b64decode
from collections.abc import Generator
from dataclasses import dataclass
from typing import Any

import pytest

from mlplatform.config.load import load
from mlplatform.local.cluster.catalogue import ProgramPaths
from mlplatform.local.cluster.nodes import JoiningNode
from mlplatform.local.cluster.options import Options, eks_issuer
from mlplatform.local.cluster.plane import ControlPlane
from mlplatform.manifests.package import RECORD_LIMIT
from tests.cluster.cluster import Cluster
from tests.cluster.life import CHANGE, Key, Life, Seen, key

# One with a mirror, overlays, metrics-server and a balancer, and one with none of them.
ENVIRONMENTS = ("china-prod", "global-dev")


@dataclass(frozen=True)
class Lived:
    """An environment's releases and what was seen of them."""

    life: Life
    seen: Seen


@pytest.fixture(scope="module", params=ENVIRONMENTS)
def lived(request: pytest.FixtureRequest, programs: ProgramPaths, tmp_path_factory: pytest.TempPathFactory) -> Generator[Lived]:
    """A cluster of its own: its policies act on every pod, and would on those of other tests."""
    name = str(request.param)
    folder, settings = tmp_path_factory.mktemp(name), load(name)
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
        life = Life(Cluster(plane.kubeconfig, local=True), settings, folder)
        yield Lived(life, life.live())


def test_the_cluster_holds_what_mlp_render_shows(lived: Lived) -> None:
    shown = lived.life.objects()
    assert len(shown) > len(lived.life.releases)
    for obj in shown:
        there = lived.seen.installed[key(obj)]
        for part in ("spec", "data", "rules", "subjects"):
            assert _within(obj.get(part), there.get(part)), (key(obj), part)


def test_every_tenant_is_there_with_its_profile_quota_and_members(lived: Lived) -> None:
    tenants, held = lived.life.settings.tenants, lived.seen.installed
    assert tenants
    for name, tenant in tenants.items():
        assert held["Namespace", "", name]["metadata"]["annotations"]["owner"] == tenant.owner
        assert held["Profile", "", name]["spec"]["owner"]["name"] == tenant.owner
        hard = held["ResourceQuota", name, "tenant"]["spec"]["hard"]
        assert (hard["requests.cpu"], hard["requests.nvidia.com/gpu"]) == (tenant.quota.cpu, str(tenant.quota.gpus))
        bound = {
            (subject["name"], item["roleRef"]["name"])
            for (kind, namespace, _), item in held.items()
            if (kind, namespace) == ("RoleBinding", name)
            for subject in item["subjects"]
        }
        assert bound == {(email, f"kubeflow-{role}") for email, role in tenant.members.items()}


def test_an_upgrade_without_a_change_changes_nothing(lived: Lived) -> None:
    assert _generations(lived, "again") == _generations(lived, "installed")
    assert {release.name for release in lived.life.releases} == set(lived.seen.records)


def test_helms_records_are_as_large_as_is_said_and_far_below_the_limit(lived: Lived) -> None:
    for result in lived.life.rendered:
        actual = len(b64decode(lived.seen.records[result.release.name]["data"]["release"]))
        assert actual < RECORD_LIMIT // 2, result.release.name
        # Helm adds its own notes, leaves out what a publisher ignores, and compresses a little differently; of a chart that cannot
        # be had, there are kinds alone.
        if not result.absent:
            assert abs(actual - result.record_bytes) < 1500 + actual // 6, (result.release.name, actual, result.record_bytes)


def test_an_upgrade_with_a_change_reaches_every_object_of_ours(lived: Lived) -> None:
    ours = [obj for release in lived.life.releases for obj in release.objects if key(obj) in lived.seen.installed]
    assert ours
    without = [key(obj) for obj in ours if CHANGE not in lived.seen.changed[key(obj)]["metadata"].get("annotations", {})]
    assert without == []


def test_removed_releases_leave_kinds_and_tenants_that_are_kept_and_nothing_else(lived: Lived) -> None:
    assert lived.seen.listed == ""
    left = [obj for obj in lived.life.objects() if key(obj) in lived.seen.left]
    assert [key(obj) for obj in left if not _is_kept(obj)] == []
    kept = {key(obj) for obj in lived.life.objects() if obj["kind"] == "CustomResourceDefinition"}
    tenants = lived.life.settings.tenants.items()
    there = {(kind, "", name) for name, tenant in tenants if tenant.removal == "keep" for kind in ("Namespace", "Profile")}
    gone = {(kind, "", name) for name, tenant in tenants if tenant.removal == "delete" for kind in ("Namespace", "Profile")}
    assert there
    assert kept | there <= set(lived.seen.left)
    assert gone.isdisjoint(lived.seen.left)


def test_what_stayed_is_taken_over_by_the_same_releases(lived: Lived) -> None:
    for obj in lived.life.objects():
        if _is_kept(obj):
            before, after = lived.seen.left[key(obj)]["metadata"], lived.seen.adopted[key(obj)]["metadata"]
            assert after["uid"] == before["uid"], key(obj)


def _generations(lived: Lived, step: str) -> dict[Key, int]:
    """Return the generation of everything that releases own: what a controller or Helm changes, changes it."""
    held = getattr(lived.seen, step)
    return {key(obj): held[key(obj)]["metadata"].get("generation", 0) for obj in lived.life.objects()}


def _is_kept(obj: Any) -> bool:
    return obj["kind"] == "CustomResourceDefinition" or obj["metadata"].get("annotations", {}).get("helm.sh/resource-policy") == "keep"


def _within(part: Any, whole: Any) -> bool:
    """Whether everything that a part says is in the whole, which may say more: defaults."""
    if isinstance(part, dict):
        return isinstance(whole, dict) and all(_within(value, whole.get(key)) for key, value in part.items() if value is not None)  # pyright: ignore[reportUnknownVariableType, reportUnknownArgumentType, reportUnknownMemberType] - JSON
    if isinstance(part, list):
        return isinstance(whole, list) and len(part) == len(whole) and all(map(_within, part, whole))  # pyright: ignore[reportUnknownArgumentType] - JSON
    return part == whole or not part
