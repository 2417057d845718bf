"""Every object of upstream's and every one of ours has its place in every environment."""

import re
from collections.abc import Iterator
from functools import cache

import pytest

from mlplatform.config.load import environments, load
from mlplatform.manifests import releases
from mlplatform.manifests.conformance import compared
from mlplatform.manifests.conformance.compare import Comparison, stale
from mlplatform.manifests.conformance.facts.texts import leaves
from mlplatform.manifests.conformance.index import read
from mlplatform.manifests.conformance.reason import FromChart, Reason
from mlplatform.manifests.conformance.reasons import COMPONENTS
from mlplatform.manifests.objects import Ref, at


@cache
def comparison(environment: str) -> Comparison:
    return compared(load(environment))


@pytest.mark.parametrize("environment", environments())
def test_nothing_is_unaccounted(environment: str) -> None:
    wrong = [
        f"{row.component}: {row.object}: {[*map(str, row.unexplained)]}"
        for row in comparison(environment).rows
        if row.status == "unaccounted"
    ]
    assert wrong == []


@pytest.mark.parametrize("environment", environments())
def test_every_object_of_upstreams_is_there_once(environment: str) -> None:
    rows = [(row.component, row.object) for row in comparison(environment).rows if row.upstream]
    assert sorted(rows) == sorted((component.name, str(ref)) for component in COMPONENTS for ref in read(component.name).objects)


def test_every_reason_is_needed_in_some_environment() -> None:
    left_over = stale([comparison(environment) for environment in environments()], COMPONENTS)
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
