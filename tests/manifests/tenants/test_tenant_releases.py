"""A tenant's release: what is in it, where it is recorded, what stays when it goes."""

from mlplatform.config.load import load
from mlplatform.manifests.environment import WAVES
from mlplatform.manifests.objects import Object
from mlplatform.manifests.tenants.releases import tenants_releases
from tests.config.files import DEV, settings
from tests.manifests.tenants.tenants import VISION, environment, release

POLICY = "helm.sh/resource-policy"
STAYS = {"Namespace", "Profile", "ResourceQuota", "LimitRange", "NetworkPolicy"}


def stays(obj: Object) -> bool:
    return obj["metadata"].get("annotations", {}).get(POLICY) == "keep"


def test_each_tenant_has_a_release_of_its_own_after_what_places_pods():
    found = list(tenants_releases(environment(name="vision speech")))
    assert [each.name for each in found] == ["tenant-pools", "tenant-vision", "tenant-speech"]
    assert [WAVES.index(each.wave) for each in found] == sorted(WAVES.index(each.wave) for each in found)
    assert found[0].wave != found[1].wave


def test_a_release_is_recorded_where_people_of_the_tenant_cannot_change_it():
    assert release().namespace == "kubeflow"
    assert {each["metadata"]["name"] for each in release().objects if each["kind"] == "Namespace"} == {"vision"}


def test_what_a_tenant_has_and_what_bounds_and_closes_it_stays_when_its_release_goes():
    assert {each["kind"] for each in release().objects if stays(each)} == STAYS
    assert all(stays(each) for each in release().objects if each["kind"] in STAYS)


def test_members_leave_with_their_line_so_their_rights_never_stay():
    others = [each for each in release().objects if not stays(each)]
    assert {each["kind"] for each in others} == {"RoleBinding", "AuthorizationPolicy"}


def test_nothing_of_a_tenant_that_is_to_be_deleted_stays():
    objects = release(f"{VISION}, removal: delete").objects
    assert [each for each in objects if stays(each)] == []
    assert {each["kind"] for each in objects} >= STAYS


def test_an_environment_without_profiles_has_no_tenants():
    assert list(tenants_releases(settings(f"{DEV}    kubeflow: {{components: [entrance]}}\n"))) == []


def test_an_environment_without_tenants_still_says_where_pods_of_tenants_run():
    without = load("china-dev").model_copy(update={"tenants": {}})
    assert [each.name for each in tenants_releases(without)] == ["tenant-pools"]
