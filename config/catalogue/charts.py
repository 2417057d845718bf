"""The charts of publishers.

Separate so that an upgrade of a chart is one line; what we write ourselves has no chart here.
"""

from collections.abc import Iterator

from mlplatform.config.catalogue.entry import Chart
from mlplatform.config.versions import MatchedSet

_KARPENTER = "oci://public.ecr.aws/karpenter"


def charts(versions: MatchedSet) -> Iterator[Chart]:
    """Yield every chart that the platform installs, as its publisher names it."""
    yield Chart("karpenter-crd", "AWS", _KARPENTER, versions.karpenter, used_by=("karpenter-crd",))
    yield Chart("karpenter", "AWS", _KARPENTER, versions.karpenter, used_by=("karpenter",))
