"""The programs of the local cluster: where each comes from, in which version, and how it is built.

Separate so that a version is read from the go.mod that pins it and stands nowhere else.
"""

import hashlib
import re
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from mlplatform.local.host import PLATFORM
from mlplatform.local.programs import programs_cache

MODULES = Path(__file__).resolve().parent / "programs"
_KUBERNETES = "k8s.io/kubernetes"


@dataclass(frozen=True)
class Program:
    """One program, built from a Go module of its own because what they require differs."""

    name: str
    module: str
    """Folder under `programs/` with go.mod and go.sum."""
    release: str
    """The Go module whose version is the program's."""
    package: str
    """What `go build` is given."""
    seconds: int
    """Time to build it after those before it, on two cores with nothing cached: for the estimate alone."""

    @property
    def folder(self) -> Path:
        """Where `go build` runs."""
        return MODULES / self.module

    @cached_property
    def version(self) -> str:
        """The version that go.mod pins, without its `v`."""
        text = (self.folder / "go.mod").read_text()
        found = re.search(rf"^(?:require)?\s+{re.escape(self.release)} v(\S+)", text, re.MULTILINE)
        if found is None:
            raise LookupError(f"{self.folder / 'go.mod'}: {self.release} is not required; add it and run `go mod tidy`")
        return found[1]

    @property
    def linker_flags(self) -> str:
        """Flags that leave out debugging data and stamp the version, which each program takes from its linker."""
        return " ".join(("-s", "-w", *(f"-X {variable}={value}" for variable, value in self._stamps().items())))

    def _stamps(self) -> dict[str, str]:
        if self.release == _KUBERNETES:
            major, minor, _ = self.version.split(".", 2)
            # Without these the server calls itself v0.0.0-master and every chart's kubeVersion check fails.
            prefix = "k8s.io/component-base/version.git"
            return {f"{prefix}Version": f"v{self.version}", f"{prefix}Major": major, f"{prefix}Minor": minor}
        if self.name == "karpenter":
            return {"sigs.k8s.io/karpenter/pkg/operator.Version": self.version}
        return {}

    @property
    def path(self) -> Path:
        """Where the built program is kept: a folder by version, platform and what it is built from."""
        return programs_cache() / f"{self.name}-{self.version}-{PLATFORM}-{self._digest()}" / self.name

    def _digest(self) -> str:
        sources = hashlib.sha256(self.linker_flags.encode())
        for file in sorted(self.folder.iterdir()):
            sources.update(file.read_bytes())
        return sources.hexdigest()[:8]


ETCD = Program("etcd", "etcd", "go.etcd.io/etcd/server/v3", ".", seconds=40)
APISERVER = Program("kube-apiserver", "kubernetes", _KUBERNETES, f"{_KUBERNETES}/cmd/kube-apiserver", seconds=200)
CONTROLLER_MANAGER = Program("kube-controller-manager", "kubernetes", _KUBERNETES, f"{_KUBERNETES}/cmd/kube-controller-manager", seconds=65)
SCHEDULER = Program("kube-scheduler", "kubernetes", _KUBERNETES, f"{_KUBERNETES}/cmd/kube-scheduler", seconds=10)
KWOK = Program("kwok", "kwok", "sigs.k8s.io/kwok", "sigs.k8s.io/kwok/cmd/kwok", seconds=40)
KARPENTER = Program(
    "karpenter",
    "karpenter",
    "github.com/aws/karpenter-provider-aws",
    "github.com/aws/karpenter-provider-aws/cmd/controller",
    seconds=200,
)
PROGRAMS = (ETCD, APISERVER, CONTROLLER_MANAGER, SCHEDULER, KWOK, KARPENTER)


@dataclass(frozen=True)
class ProgramPaths:
    """Every program of the local cluster, ready to run."""

    etcd: Path
    kube_apiserver: Path
    kube_controller_manager: Path
    kube_scheduler: Path
    kwok: Path
    karpenter: Path

    @classmethod
    def of(cls, paths: dict[str, Path]) -> "ProgramPaths":
        """Make it from paths by program name."""
        return cls(**{name.replace("-", "_"): path for name, path in paths.items()})
