"""What publishers' charts install, for comparisons that look into them.

Separate because it takes the real Helm, and charts that this machine may not have.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field

from mlplatform.config.settings import Settings
from mlplatform.manifests import releases
from mlplatform.manifests.conformance.reason import Component, FromChart
from mlplatform.manifests.objects import Object
from mlplatform.ops.rendering import render


@dataclass(frozen=True)
class Charts:
    """What was had."""

    objects: dict[str, list[Object]] = field(default_factory=dict[str, list[Object]])
    """By the name of the release."""
    absent: dict[str, str] = field(default_factory=dict[str, str])
    """Why a chart cannot be had here, by chart and version."""


def charts(settings: Settings, components: Iterable[Component]) -> Charts:
    """Return what the charts install that upstream's components come from.

    Raises:
        RenderingFailedError: Helm refused one.
        ProgramMissingError: There is no Helm.
    """
    wanted = {reason.release for component in components for reason in component.reasons if isinstance(reason, FromChart)}
    found = Charts()
    for rendered in render(settings, [release for release in releases(settings) if release.name in wanted and release.chart]):
        if rendered.absent and (chart := rendered.release.chart):
            found.absent[f"{chart.name} {chart.version}"] = rendered.absent
        else:
            found.objects[rendered.release.name] = rendered.objects
    return found
