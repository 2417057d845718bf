"""Templates of the committed environments, made once a process, and of variations of them."""

from collections.abc import Mapping
from functools import cache
from typing import Any

from mlplatform.app import build
from mlplatform.config.load import environments, load
from mlplatform.config.settings import Settings
from mlplatform.stacks.root import new_app

ENVIRONMENTS = environments()
CONCERNS = ("network", "cluster", "compute", "data", "kubeflow")


class Template:
    """A template, not to be changed."""

    def __init__(self, body: Mapping[str, Any]) -> None:
        self.body = body
        self.resources: Mapping[str, Any] = body["Resources"]

    def all(self, resource_type: str, *, named: str = "") -> list[dict[str, Any]]:
        """Return the properties of each resource of a type, of those whose logical id holds a name."""
        return [
            resource.get("Properties", {}) for key, resource in self.resources.items() if resource["Type"] == resource_type and named in key
        ]

    def one(self, resource_type: str, *, named: str = "") -> dict[str, Any]:
        """Return the properties of the only resource of a type, whose logical id holds a name."""
        [properties] = self.all(resource_type, named=named)
        return properties

    def whole(self, resource_type: str, *, named: str = "") -> dict[str, Any]:
        """Return the only resource of a type with what stands beside its properties."""
        [resource] = [each for key, each in self.resources.items() if each["Type"] == resource_type and named in key]
        return resource


def templates(*settings: Settings) -> dict[str, Template]:
    """Return the templates of some environments, by stack name."""
    app = new_app()
    for each in settings:
        build(app, each)
    return {stack.stack_name: Template(stack.template) for stack in app.synth().stacks}


@cache
def committed() -> dict[str, Template]:
    """Return the templates of every committed environment, by stack name."""
    return templates(*map(load, ENVIRONMENTS))


def varied(stack: str, **sections: Mapping[str, Any]) -> Template:
    """Return a stack's template with some settings changed: `varied("global-dev-data", database={"multi_az": True})`."""
    settings = load(stack.rpartition("-")[0])
    changed = {name: getattr(settings, name).model_copy(update=dict(values)) for name, values in sections.items()}
    return templates(settings.model_copy(update=changed))[stack]
