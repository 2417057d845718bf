"""Every object of upstream's release and every object of ours, accounted for: the same, or different for a reason.

Separate from the objects themselves: nothing that is installed knows it.
"""

from mlplatform.config.settings import Settings
from mlplatform.manifests.conformance.compare import Charts, Comparison, compare
from mlplatform.manifests.conformance.index import read
from mlplatform.manifests.conformance.reasons import COMPONENTS
from mlplatform.manifests.environment import KUBEFLOW_WAVES, releases


def compared(settings: Settings, charts: Charts | None = None) -> Comparison:
    """Return what became of every object of upstream's, and of every object of ours in Kubeflow's releases and the one of namespaces.

    Args:
        settings: The environment, whole.
        charts: What publishers' charts install, by the name of the release, to look into those too.

    Raises:
        ConfigError: Its releases cannot be made.
    """
    every = releases(settings)
    held = [release for release in every if release.wave in KUBEFLOW_WAVES or release.name == "namespaces"]
    others = [release for release in every if release not in held]
    return compare(settings, [(component, read(component.name)) for component in COMPONENTS], held, others, charts)
