"""What every test needs before anything else is imported, and which tests stay together."""

from typing import Any

import pytest
from hypothesis import HealthCheck, settings
from xdist.scheduler import LoadScopeScheduling

# aws_cdk starts Node.js when it is imported, in whatever version is on the PATH unless this has named the locked one.
import mlplatform  # noqa: F401  # pyright: ignore[reportUnusedImport] - for its effect

# Machines that build are shared and slow: a test fails for what it finds, never for how long it took, and finds the same every time.
settings.register_profile("repeatable", deadline=None, derandomize=True, database=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("repeatable")

_LABS = "tests/cluster/karpenter/"
_CLOUDS = "tests/cluster/eks/"


class _Together(LoadScopeScheduling):
    """Hands out single tests, and those of one lab or local AWS to one worker: each worker would start a control plane of its own for them."""

    def _split_scope(self, nodeid: str) -> str:
        if nodeid.startswith(_CLOUDS):
            return nodeid.partition("::")[0]
        # Their parameters begin with the lab's region.
        return _LABS + nodeid.partition("[")[2].partition("-")[0] if nodeid.startswith(_LABS) else nodeid


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> LoadScopeScheduling:
    # xdist 3.8's own `--dist loadgroup` renames tests in a way that pytest 9.2 does not see.
    return _Together(config, log)
