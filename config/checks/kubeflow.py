"""Checks of which components of Kubeflow an environment has."""

from collections.abc import Iterator

from mlplatform.config.checks.lists import repeated
from mlplatform.config.checks.rule import rule
from mlplatform.config.components import COMPONENTS
from mlplatform.config.problems import Problem, listed, shown
from mlplatform.config.settings import Settings

_PATH = "kubeflow.components"


def _components_are_known(settings: Settings) -> Iterator[Problem]:
    for position, name in enumerate(settings.kubeflow.components):
        if name not in COMPONENTS:
            yield Problem(f"{_PATH}[{position}]", f"{shown(name)} is not a component", "use one of them", listed(COMPONENTS))
    yield from repeated(_PATH, settings.kubeflow.components)


def _components_have_what_they_need(settings: Settings) -> Iterator[Problem]:
    chosen = settings.kubeflow.components
    for position, name in enumerate(chosen):
        if lacking := [needed for needed in COMPONENTS.get(name, ()) if needed not in chosen]:
            message = f"{shown(name)} needs {listed(lacking)}, which the list lacks"
            yield Problem(f"{_PATH}[{position}]", message, f"add {listed(lacking)}, or remove {name}")


RULES = (rule(_components_are_known, _PATH), rule(_components_have_what_they_need, _PATH))
