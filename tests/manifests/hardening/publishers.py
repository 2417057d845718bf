"""What publishers' charts are told, by the values that they get: what is not said is the publisher's to change."""

from collections.abc import Iterator, Mapping
from typing import Any

from mlplatform.manifests.closure.labels import selects
from mlplatform.manifests.objects import at, entries, text, walk
from tests.manifests.hardening.installed import Installed

_IMAGES = ("image", "repository", "hub")
"""Keys whose texts name images or where they are."""


def does_not_say_what_its_pods_ask_for(installed: Installed) -> Iterator[str]:
    for _, release in installed.charts:
        yield from (f"{release.name}: {pod.name}" for pod in release.requests or () if "0" in (pod.cpu, pod.memory))


def does_not_limit_the_memory_of_all_its_pods(installed: Installed) -> Iterator[str]:
    for _, release in installed.charts:
        limited = [found for _, found in walk(release.values) if at(found, "resources", "limits", "memory")]
        if len(limited) < len(release.requests or ()):
            yield release.name


def asks_for_something_else_than_it_says(installed: Installed) -> Iterator[str]:
    for _, release in installed.charts:
        asked = {
            (text(found, "resources", "requests", "cpu"), text(found, "resources", "requests", "memory"))
            for _, found in walk(release.values)
            if at(found, "resources", "requests")
        }
        yield from (f"{release.name}: {pod.name}" for pod in release.requests or () if (pod.cpu, pod.memory) not in asked)


def names_an_image_that_the_catalogue_lacks(installed: Installed) -> Iterator[str]:
    for environment, release in installed.charts:
        known = [image.repository for image in installed.settings[environment].catalogue.images.values()]
        for path, value in walk(release.values):
            if path and path[-1] in _IMAGES and isinstance(value, str) and not any(_names(value, repository) for repository in known):
                yield f"{release.name}: {'.'.join(map(str, path))}"


def has_pods_of_a_chart_that_may_run_on_a_node_that_karpenter_takes_away(installed: Installed) -> Iterator[str]:
    node: Mapping[str, str] = {"kubernetes.io/os": "linux", "karpenter.sh/nodepool": "any"}
    for _, release in installed.charts:
        terms = [
            entries(found, "nodeAffinity", "requiredDuringSchedulingIgnoredDuringExecution", "nodeSelectorTerms")
            for path, found in walk(release.values)
            if path and path[-1] == "affinity"
        ]
        kept = [each for each in terms if each and not any(selects(term, node) for term in each)]
        if len(kept) < len([pod for pod in release.requests or () if not pod.on_every_node]):
            yield release.name


def may_lose_all_replicas_of_a_chart_to_a_drained_node(installed: Installed) -> Iterator[str]:
    for _, release in installed.charts:
        budgets = [found for path, found in walk(release.values) if path and path[-1] == "podDisruptionBudget" and _one_at_a_time(found)]
        if len(budgets) < len([pod for pod in release.requests or () if pod.replicas > 1]):
            yield release.name


def runs_a_chart_once(installed: Installed) -> Iterator[str]:
    for _, release in installed.charts:
        yield from (f"{release.name}: {pod.name}" for pod in release.requests or () if pod.replicas == 1 and not pod.on_every_node)


def _one_at_a_time(budget: Any) -> bool:
    return at(budget, "maxUnavailable") == 1 and at(budget, "enabled") is not False


def _names(value: str, repository: str) -> bool:
    return value == repository or value.startswith((f"{repository}:", f"{repository}@")) or repository.startswith(f"{value}/")
