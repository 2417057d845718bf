"""Karpenter's own files, of the release that the local cluster is built from, where this machine has them.

Separate because no copy of them is kept: they are in Go's module cache, or in the folder that MLP_UPSTREAM names.
"""

import os
from functools import cache
from pathlib import Path
from typing import Any, cast

import pytest
from ruamel.yaml import YAML

from mlplatform.local.cluster.catalogue import KARPENTER
from mlplatform.local.cluster.golang import ProgramsUnavailableError, module_folder


@cache
def module() -> Path:
    """Return the folder of Karpenter's module, or skip the test: nothing is fetched."""
    before = os.environ.get("GOPROXY")
    os.environ["GOPROXY"] = "off"
    try:
        return module_folder(KARPENTER.folder, KARPENTER.release)
    except ProgramsUnavailableError as error:
        pytest.skip(f"Karpenter's module is not in Go's cache, `make cluster` brings it: {error}")
    finally:
        if before is None:
            del os.environ["GOPROXY"]
        else:
            os.environ["GOPROXY"] = before


def definitions() -> dict[str, Any]:
    """Return Karpenter's custom resource definitions by kind, or skip the test."""
    upstream = os.environ.get("MLP_UPSTREAM")
    folder = Path(upstream, f"karpenter-{KARPENTER.version}", "crds") if upstream else None
    return _read(folder if folder and folder.is_dir() else module() / "pkg" / "apis" / "crds")


@cache
def _read(folder: Path) -> dict[str, Any]:
    parser: Any = YAML(typ="safe")
    found = [cast("dict[str, Any]", parser.load(file)) for file in sorted(folder.glob("*.yaml"))]
    return {definition["spec"]["names"]["kind"]: definition for definition in found}
