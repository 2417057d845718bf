"""What one Helm release installs: objects of ours, or a publisher's chart with our values.

Separate because what is deployed, rendered and checked begins with this one description.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from mlplatform.config.catalogue import Chart
from mlplatform.manifests.objects import Object
from mlplatform.manifests.requests import PodRequests
from mlplatform.manifests.wave import Brought, Connection

LONGEST_WAIT = 600
"""Seconds that a release may wait: CDK's step is cut at 900, and what it leaves then is a release that nobody can upgrade."""


@dataclass(frozen=True)
class Release:
    """One Helm release."""

    name: str
    namespace: str
    """Where its pods are and where Helm records it; one that is there before it, or that the first release makes."""
    wave: str
    """When it is installed: one of `mlplatform.manifests.environment.WAVES`."""
    objects: Sequence[Object] = ()
    """What it installs, where it is ours."""
    chart: Chart | None = None
    """What it installs, where it is a publisher's."""
    values: Mapping[str, Any] = field(default_factory=dict[str, Any])
    """The publisher's chart's values."""
    requests: Sequence[PodRequests] | None = None
    """What the pods of a publisher's chart ask for, which every such release says, as its values have it; `()` where it has no pods:
    `requests=(PodRequests("karpenter", replicas=2, cpu="500m", memory="1Gi"), PodRequests("cni", cpu="100m", on_every_node=True))`.
    System nodes must hold them (`mlplatform.manifests.capacity`). Objects of ours say it in themselves."""
    sidecar: PodRequests | None = None
    """What it adds to each pod of ours in namespaces with the label `istio-injection: enabled`: `PodRequests("istio-proxy", cpu="100m", memory="128Mi")`."""
    timeout: int = 300
    """Seconds that its pods may take to be ready."""
    brought: Sequence[Brought] = ()
    """What its chart or its controllers make that others rely on."""
    connections: Sequence[Connection] = ()

    def __post_init__(self) -> None:
        """Refuse what could not be installed.

        Raises:
            ValueError: It has objects and a chart or neither, values and no chart, a chart and no requests, or waits too long.
        """
        if bool(self.objects) == bool(self.chart):
            raise ValueError(f"release {self.name}: has {'both' if self.chart else 'neither'} of objects and chart; give it one of them")
        if self.values and not self.chart:
            raise ValueError(f"release {self.name}: has values and no chart; write them into its objects")
        if bool(self.chart) != (self.requests is not None):
            remedy = "say what its pods ask for, `()` where it has none" if self.chart else "its objects say what their pods ask for"
            raise ValueError(f"release {self.name}: has {'a chart and no requests' if self.chart else 'objects and requests'}; {remedy}")
        if not 0 < self.timeout <= LONGEST_WAIT:
            raise ValueError(f"release {self.name}: waits {self.timeout} s; wait {LONGEST_WAIT} s at most")
