"""An environment's releases and waves, in the order in which they are installed.

Separate because what is deployed, rendered and checked is this one list.
"""

from collections.abc import Iterator

from mlplatform.config.problems import ConfigError
from mlplatform.config.settings import Settings
from mlplatform.manifests import namespaces
from mlplatform.manifests.capacity import overfull
from mlplatform.manifests.compute.releases import compute_releases
from mlplatform.manifests.eks import brought_by_eks
from mlplatform.manifests.entrance.releases import entrance_releases
from mlplatform.manifests.foreign import foreign
from mlplatform.manifests.kubeflow.releases import kubeflow_releases
from mlplatform.manifests.release import Release
from mlplatform.manifests.sign_in.releases import sign_in_releases
from mlplatform.manifests.tenants.releases import tenants_releases
from mlplatform.manifests.wave import Wave

COMPUTE_WAVES = ("namespaces", "definitions", "controllers", "nodes")
"""Namespaces before all else, then kinds, then what acts on them, then what it acts on."""
KUBEFLOW_WAVES = ("foundations", "mesh", "gateway", "sign-in", "platform", "tenants")
"""Kinds and what signs and fetches, then what puts sidecars into pods, then the way in and the rules for it, then who comes in, then where to."""
WAVES = COMPUTE_WAVES + KUBEFLOW_WAVES
"""When releases are installed, by stack and in this order."""


def releases(settings: Settings) -> list[Release]:
    """Return every release of an environment, in the order in which they are installed.

    Args:
        settings: The environment, whole.

    Raises:
        ConfigError: They name what the environment does not reach, or system nodes do not hold their pods; it has every place.
    """
    every = sorted(_every(settings), key=lambda release: WAVES.index(release.wave))
    if problems := [*foreign(settings, every), *overfull(settings, every)]:
        raise ConfigError(problems)
    return every


def _every(settings: Settings) -> Iterator[Release]:
    yield namespaces.release(settings)
    yield from compute_releases(settings)
    yield from entrance_releases(settings)
    yield from sign_in_releases(settings)
    yield from kubeflow_releases(settings)
    yield from tenants_releases(settings)


def waves(settings: Settings) -> list[Wave]:
    """Return the waves of an environment: what the cluster brings first, then the releases.

    Args:
        settings: The environment, whole.
    """
    installed = releases(settings)
    return [
        Wave("cluster", brought=tuple(brought_by_eks(settings.cluster))),
        *(_wave(name, installed) for name in WAVES if any(r.wave == name for r in installed)),
    ]


def _wave(name: str, installed: list[Release]) -> Wave:
    own = [release for release in installed if release.wave == name]
    return Wave(
        name,
        objects=tuple(obj for release in own for obj in release.objects),
        brought=tuple(brought for release in own for brought in release.brought),
        connections=tuple(connection for release in own for connection in release.connections),
    )
