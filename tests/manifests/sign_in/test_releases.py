"""The releases of sign-in and their order."""

from mlplatform.manifests.environment import WAVES
from tests.config.files import DEV, settings
from tests.manifests.sign_in.people import connectors, releases, users


def test_an_environment_without_sign_in_has_nothing_of_it() -> None:
    assert releases(settings(f"{DEV}    kubeflow: {{components: [entrance]}}")) == {}


def test_secrets_and_the_gateways_rules_are_there_before_who_needs_them() -> None:
    position = {name: WAVES.index(release.wave) for name, release in releases(users()).items()}
    assert position["sign-in-definitions"] < position["sign-in-secrets"] < position["dex"]
    assert position["reloader"] < position["sign-in-secrets"]
    assert position["sign-in-policies"] == WAVES.index("gateway") < position["oauth2-proxy"]


def test_no_object_is_in_two_releases() -> None:
    for of in (users(), connectors()):
        named = [
            (obj["kind"], obj["metadata"].get("namespace"), obj["metadata"]["name"])
            for release in releases(of).values()
            for obj in release.objects
        ]
        assert len(named) == len(set(named))
