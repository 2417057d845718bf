"""Charts and kinds that Go modules carry, for machines that reach the module proxy and no registry of charts.

Separate because a publisher's source is not yet its chart: each lacks something that the publisher's release adds.
"""

import json
import re
import shutil
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, cast

from mlplatform.local.cluster.catalogue import KARPENTER, MODULES
from mlplatform.local.cluster.golang import module_folder

_FOLDER = MODULES / "charts"
_KEEP = {"helm.sh/resource-policy": "keep"}


@dataclass(frozen=True)
class Module:
    """A Go module of a version; go.sum in its folder says what it must be."""

    name: str
    folder: Path = _FOLDER

    def files(self) -> Path:
        """Return where its files are, fetched where they are not there yet.

        Raises:
            ProgramsUnavailableError: They are not there and no module proxy could be reached.
        """
        return module_folder(self.folder, self.name)


@dataclass(frozen=True)
class CarriedChart:
    """A chart among a module's files."""

    module: Module
    path: str
    version: str
    finish: Callable[[Path, "CarriedChart"], None] | None = None
    """Makes of a copy what the publisher's release makes of it."""

    def at(self, target: Path) -> Path:
        """Return the chart's folder: the module's own, or `target` with a finished copy.

        Raises:
            ProgramsUnavailableError: The module cannot be had.
        """
        found = self.module.files() / self.path
        if self.finish is None:
            return found
        copy_of_module(found, target)
        self.finish(target, self)
        return target


def copy_of_module(source: Path, target: Path) -> None:
    """Copy a folder that may be in Go's module cache, where nothing can be written to, and so neither could its copy, nor be removed."""
    shutil.copytree(source, target, dirs_exist_ok=True)
    for folder in (target, *(path for path in target.rglob("*") if path.is_dir())):
        folder.chmod(0o755)


def _versioned(chart: Path, carried: CarriedChart) -> None:
    """Write Chart.yaml from its template, with the version that cert-manager's release tool sets."""
    template = (chart / "Chart.template.yaml").read_text()
    (chart / "Chart.yaml").write_text(re.sub(r"v0\.0\.0$", carried.version, template, flags=re.MULTILINE))


_KARPENTER = Module(KARPENTER.release, KARPENTER.folder)
_CERT_MANAGER = Module("github.com/cert-manager/cert-manager@v1.20.2")
_LOAD_BALANCER_CONTROLLER = Module("sigs.k8s.io/aws-load-balancer-controller@v0.0.0-20260423195125-93ff3b5fdaad")
_EXTERNAL_SECRETS = Module("github.com/external-secrets/external-secrets@v1.3.2")
_ISTIO = Module("istio.io/api@v1.30.1")

CHARTS = {
    "karpenter": CarriedChart(_KARPENTER, "charts/karpenter", KARPENTER.version),
    "karpenter-crd": CarriedChart(_KARPENTER, "charts/karpenter-crd", KARPENTER.version),
    "cert-manager": CarriedChart(_CERT_MANAGER, "deploy/charts/cert-manager", "v1.20.2", _versioned),
    "aws-load-balancer-controller": CarriedChart(_LOAD_BALANCER_CONTROLLER, "helm/aws-load-balancer-controller", "3.2.2"),
}
"""Charts by name; that of Kubeflow Trainer needs charts that its module lacks, and Istio's module has no release's."""

KINDS: Mapping[str, tuple[Module, str]] = {
    "base": (_ISTIO, "kubernetes/customresourcedefinitions.gen.yaml"),
    "external-secrets": (_EXTERNAL_SECRETS, "deploy/crds/bundle.yaml"),
    "aws-load-balancer-controller": (_LOAD_BALANCER_CONTROLLER, "helm/aws-load-balancer-controller/crds/crds.yaml"),
}
"""The kinds of charts that cannot be had whole, by the chart's name, as files of definitions."""


def fetch() -> list[Module]:
    """Fetch every module into Go's own cache, so that it is there when no proxy is, and return them.

    Raises:
        ProgramsUnavailableError: One is not there and no module proxy could be reached.
    """
    modules = list(dict.fromkeys([*(chart.module for chart in CHARTS.values()), *(module for module, _ in KINDS.values())]))
    for module in modules:
        module.files()
    return modules


def kinds_chart(name: str, target: Path) -> Path | None:
    """Write a chart that installs the kinds of a publisher's chart and nothing else, and return its folder.

    Args:
        name: The publisher's chart.
        target: The folder to write.

    Raises:
        ProgramsUnavailableError: The module that carries them cannot be had.
    """
    if name not in KINDS:
        return None
    module, path = KINDS[name]
    (target / "templates").mkdir(parents=True)
    described = {"apiVersion": "v2", "name": name, "version": "0.0.0", "description": f"the kinds of {module.name}"}
    (target / "Chart.yaml").write_text(json.dumps(described))
    (target / "kinds.json").write_text("".join(f"---\n{json.dumps(kind)}\n" for kind in _kinds(module.files() / path)))
    # As a file, because their descriptions hold other engines' templates.
    (target / "templates" / "kinds.yaml").write_text('{{ .Files.Get "kinds.json" }}\n')
    return target


def _kinds(file: Path) -> Iterator[dict[str, Any]]:
    # Not at the top: Helm itself starts with this module, and rarely needs it.
    from ruamel.yaml import YAML  # noqa: PLC0415

    parser: Any = YAML(typ="safe")
    for kind in filter(None, parser.load_all(file.read_text())):
        annotations: dict[str, str] = kind["metadata"].get("annotations", {})
        yield {**_without_descriptions(kind), "metadata": {**kind["metadata"], "annotations": {**annotations, **_KEEP}}}


def _without_descriptions(value: Any, *, names: bool = False) -> Any:
    """Return a definition without its schemas' descriptions, with which Helm's record of the release would be too large.

    Args:
        value: A part of a definition.
        names: Whether its keys are names of properties, of which one may be `description`.
    """
    if isinstance(value, dict):
        inside = cast("dict[str, Any]", value)
        return {
            key: _without_descriptions(inner, names=key == "properties" and not names)
            for key, inner in inside.items()
            if names or key != "description"
        }
    return [_without_descriptions(inner) for inner in cast("list[Any]", value)] if isinstance(value, list) else value
