"""The local AWS that a demo deploys to: one that is up, one that stays up, or one that ends with the demo.

Separate because what a demo does is the same in all three.
"""

from collections.abc import Generator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

from mlplatform.config.settings import Settings
from mlplatform.local import session
from mlplatform.local.aws.process import LocalAws, RunningAws
from mlplatform.ops.console import err


@dataclass(frozen=True)
class Place:
    """Where a demo happens."""

    running: RunningAws
    environment: Mapping[str, str]
    """The variables that the CDK CLI runs with."""
    folder: Path
    kept: bool
    """Whether it stays up."""

    @property
    def log(self) -> Path:
        """The file for the CLI's output."""
        return self.folder / "cdk.log"

    @property
    def assembly(self) -> Path:
        """The cloud assembly's folder, of its own: two environments may be deployed at once."""
        return self.folder / "cdk.out"


@contextmanager
def place(settings: Settings, *, keep: bool, seed: int | None, cluster: bool) -> Generator[Place]:
    """Give the local AWS of an environment, for as long as it is to be there."""
    if existing := session.find(settings.name):
        err.print(f"Using the local AWS that is up since an earlier run: {existing.running.endpoint}")
        yield _kept(existing, settings)
    elif keep:
        started = session.start(settings.name, settings.account, seed=seed, cluster=cluster)
        _introduce(started.running)
        yield _kept(started, settings)
    else:
        try:
            with (
                TemporaryDirectory(prefix="mlplatform-demo-") as folder,
                LocalAws(account=settings.account, seed=seed, cluster=cluster) as aws,
            ):
                _introduce(aws.running)
                yield Place(aws.running, aws.environment(settings.region), Path(folder), kept=False)
        finally:
            err.print("Stopped the local AWS.")


def _kept(found: session.Session, settings: Settings) -> Place:
    return Place(found.running, found.running.environment(settings.region, found.environment()), found.folder, kept=True)


def _introduce(running: RunningAws) -> None:
    err.print(
        f"A local AWS plays account {running.account} at {running.endpoint} (loopback only, for trying and testing; "
        f"what nothing orders is created in the order of seed {running.seed})"
    )
    if running.cluster:
        err.print("EKS's clusters are real: a Kubernetes control plane each, on loopback, with kwok in place of kubelets")
