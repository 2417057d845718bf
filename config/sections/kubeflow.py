"""The kubeflow section: which of its components an environment has."""

from typing import Annotated

from pydantic import Field

from mlplatform.config.components import COMPONENTS
from mlplatform.config.sections.section import Change, Section, on_change


class KubeflowSettings(Section):
    """Kubeflow on the cluster."""

    components: Annotated[
        tuple[str, ...],
        Field(
            max_length=len(COMPONENTS),
            examples=[["entrance", "profiles"]],
            json_schema_extra=on_change(Change.UNINSTALLS, items={"enum": list(COMPONENTS)}),
        ),
    ] = tuple(COMPONENTS)
    """What is installed, all unless named here; a component that needs another is refused without it, and [] leaves Kubeflow out."""

    def has(self, component: str) -> bool:
        """Whether the environment has a component, by its name in `COMPONENTS`."""
        return component in self.components
