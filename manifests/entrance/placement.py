"""Where the pods of publishers' charts run, what they ask for and which image they are, in those charts' words.

Separate because every chart takes the same few values, and pods of ours say the same by way of their shapes.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from mlplatform.config.settings import Settings
from mlplatform.manifests.requests import PodRequests
from mlplatform.manifests.shapes import Resources, spread, system_node_affinity

CRITICAL = "system-cluster-critical"
"""For what nothing else works without: https://kubernetes.io/docs/tasks/administer-cluster/guaranteed-scheduling-critical-addon-pods/"""
SECCOMP: Mapping[str, str] = {"type": "RuntimeDefault"}


@dataclass(frozen=True)
class Placed:
    """Pods of one part of a chart."""

    name: str
    """Of the workload."""
    labels: Mapping[str, str]
    """What tells them from all others."""
    resources: Resources
    replicas: int = 2
    """At most, where the chart brings an autoscaler."""

    @property
    def requests(self) -> PodRequests:
        """What they ask of the system nodes."""
        return PodRequests(self.name, cpu=self.resources.cpu, memory=self.resources.memory, replicas=self.replicas)

    def values(self) -> dict[str, Any]:
        """Return the values `resources`, `affinity` and `topologySpreadConstraints`: system nodes, each replica on another."""
        return {
            "resources": self.resources.spec(),
            "affinity": {"nodeAffinity": system_node_affinity()},
            "topologySpreadConstraints": spread(self.labels),
        }


def image_values(settings: Settings, name: str) -> dict[str, str]:
    """Return the values `repository` and `tag` of an image of the catalogue, the tag with its digest where that is known."""
    image = settings.catalogue.images[name]
    return {"repository": image.repository, "tag": image.tag + (f"@{image.digest}" if image.digest else "")}
