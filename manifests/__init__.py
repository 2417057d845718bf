"""Settings to Kubernetes objects: pure functions that know neither CDK, nor a network, nor a clock."""

from mlplatform.manifests.environment import releases, waves
from mlplatform.manifests.release import Release
from mlplatform.manifests.wave import Brought, Connection, Wave

__all__ = ["Brought", "Connection", "Release", "Wave", "releases", "waves"]
