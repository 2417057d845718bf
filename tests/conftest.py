"""What every test needs before anything else is imported."""

# aws_cdk starts Node.js when it is imported, in whatever version is on the PATH unless this has named the locked one.
import mlplatform  # noqa: F401
