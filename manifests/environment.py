"""An environment's waves, in the order in which they are installed.

Separate because what is deployed, rendered and checked is this one list.
"""

from mlplatform.config.settings import Settings
from mlplatform.manifests.eks import brought_by_eks
from mlplatform.manifests.wave import Wave


def waves(settings: Settings) -> list[Wave]:
    """Return the waves of an environment: what the cluster brings first, then the releases.

    Args:
        settings: The environment, whole.
    """
    return [Wave("cluster", brought=tuple(brought_by_eks(settings.cluster)))]
