"""Every object of upstream's and every one of ours has its place in every environment."""

import re
from collections.abc import Iterator

import pytest

from mlplatform.config.load import environments, load
from mlplatform.manifests import releases
from mlplatform.manifests.conformance.compare import stale
from mlplatform.manifests.conformance.facts.texts import leaves
from mlplatform.manifests.conformance.index import read
from mlplatform.manifests.conformance.reason import FromChart, Reason
from mlplatform.manifests.conformance.reasons import COMPONENTS
from mlplatform.manifests.objects import Ref, at
from tests.manifests.conformance.kinds import KINDS, comparison


@pytest.mark.parametrize("kind", KINDS)
def test_nothing_is_unaccounted(kind: str) -> None:
    rows = comparison(kind).rows
    assert [f"{row.component}: {row.object}: {[*map(str, row.unexplained)]}" for row in rows if row.status == "unaccounted"] == []


@pytest.mark.parametrize("environment", environments())
def test_every_object_of_upstreams_is_there_once(environment: str) -> None:
    rows = [(row.component, row.object) for row in comparison(environment).rows if row.upstream]
    assert sorted(rows) == sorted((component.name, str(ref)) for component in COMPONENTS for ref in read(component.name).objects)


def test_an_environment_without_kubeflow_has_nothing_of_upstreams() -> None:
    assert [row for row in comparison("no Kubeflow").rows if row.upstream] == []


def test_every_reason_is_needed_in_an_environment_of_some_kind() -> None:
    left_over = stale(map(comparison, KINDS), COMPONENTS)
    assert [(getattr(reason, "why", ""), pattern) for reason, pattern in left_over] == []


def reasons() -> Iterator[Reason]:
    for component in COMPONENTS:
        for reason in component.reasons:
            yield reason
            yield from reason.changes if isinstance(reason, FromChart) else ()


def test_every_reason_says_why_in_a_sentence_of_its_own() -> None:
    said = [reason.why for reason in reasons() if not isinstance(reason, FromChart)]
    assert [
        why for why in said if len(why.split()) < 4 or why.endswith(".") or re.search(r"\b(todo|tbd|fixme)\b", why, re.IGNORECASE)
    ] == []


def test_the_mesh_is_configured_as_upstreams() -> None:
    """Istio's chart makes the ConfigMap from these values, and adds what it always says."""
    [istiod] = [release for release in releases(load("global-prod")) if release.name == "istiod"]
    settings = read("istio-install").objects[Ref("ConfigMap", "istio", "istio-system")]["settings"]
    theirs = {line.removeprefix("mesh: ") for line in settings if line.startswith("mesh: ") and not line.startswith("mesh: defaultConfig.")}
    assert theirs - set(leaves(at(istiod.values, "meshConfig"))) == set()


def test_oauth2_proxys_arguments_say_what_upstreams_file_says() -> None:
    """Its options have underscores in a file, dashes as arguments, and are singular there: https://oauth2-proxy.github.io/oauth2-proxy/configuration/overview ."""
    objects = read("oauth2-proxy").objects[Ref("ConfigMap", "oauth2-proxy", "oauth2-proxy")]
    singular = {"upstreams[]": "upstream", "api_routes[]": "api_route"}
    ours_to_say = {"provider_display_name", "email_domains[]", "scope", "cookie_expire"}
    # The gateway's policy keeps Dex's own path out, and the page shows no logo.
    elsewhere = {"skip_auth_routes[]", "custom_sign_in_logo"}
    said = [line.removeprefix("oauth2_proxy.cfg: ").partition("=") for line in objects["settings"]]
    theirs = {f"--{singular.get(name, name).replace('_', '-')}={value}" for name, _, value in said if name not in ours_to_say | elsewhere}
    [proxy] = [release for release in releases(load("china-dev")) if release.name == "oauth2-proxy"]
    [pods] = [obj for obj in proxy.objects if obj["kind"] == "Deployment"]
    arguments = set(at(pods, "spec", "template", "spec", "containers", 0, "args"))
    # The same duration, with its unit.
    assert theirs - arguments == {"--cookie-refresh=0"}
    assert "--cookie-refresh=0s" in arguments
    assert {f"--{name.removesuffix('s[]').replace('_', '-')}" for name in ours_to_say} <= {
        argument.partition("=")[0] for argument in arguments
    }
