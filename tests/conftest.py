"""What every test needs before anything else is imported."""

from hypothesis import HealthCheck, settings

# aws_cdk starts Node.js when it is imported, in whatever version is on the PATH unless this has named the locked one.
import mlplatform  # noqa: F401  # pyright: ignore[reportUnusedImport] - for its effect

# Machines that build are shared and slow: a test fails for what it finds, never for how long it took, and finds the same every time.
settings.register_profile("repeatable", deadline=None, derandomize=True, database=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("repeatable")
