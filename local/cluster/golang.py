"""The Go toolchain that the locked packages bring, run in an environment that the user's shell cannot spoil.

Separate because which of Go's own words mean "no network" and which mean "the build is broken" is one question.
"""

import json
import os
import signal
import subprocess
import sysconfig
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

_USERS = (
    # Where Go finds modules, checksums and its caches, and how it gets through a proxy: the user's business.
    *("GOPROXY", "GOSUMDB", "GOPRIVATE", "GONOPROXY", "GONOSUMDB", "GOAUTH", "GOMODCACHE", "GOCACHE", "GOPATH"),
    *("HTTP_PROXY", "HTTPS_PROXY", "NO_PROXY", "http_proxy", "https_proxy", "no_proxy", "SSL_CERT_FILE", "SSL_CERT_DIR"),
    *("HOME", "TMPDIR", "XDG_CACHE_HOME", "XDG_CONFIG_HOME", "LANG"),
)
_UNREACHABLE = ('Get "', "reading http", "dial ", "disabled by GOPROXY")
_TAMPERED = "SECURITY ERROR"
WAIT_SECONDS = 15.0


class ProgramsUnavailableError(Exception):
    """The programs cannot be had on this machine as it is; the message says why and what would help."""


class BuildError(Exception):
    """Go reached its modules and failed; the message quotes it."""


def toolchain() -> Path:
    """Return the `go` of this Python environment.

    Raises:
        ProgramsUnavailableError: The development packages are not installed.
    """
    go = Path(sysconfig.get_path("scripts")) / "go"
    if not go.exists():
        raise ProgramsUnavailableError(f"{go}: there is no Go toolchain; install the development packages with `make setup`")
    return go


def download(folder: Path, package: str, waiting: Callable[[float], None]) -> None:
    """Fetch the modules that a package needs into Go's own cache, checked against go.sum.

    Raises:
        ProgramsUnavailableError: No module proxy could be reached.
        BuildError: A module is not what go.sum says, or go.mod lacks one.
    """
    code, said = _run(["list", "-deps", package], folder, waiting)
    if code == 0:
        return
    if _TAMPERED in said or not any(sign in said for sign in _UNREACHABLE):
        raise BuildError(f"{folder.name}: Go refuses the modules: {_end(said)}")
    raise ProgramsUnavailableError(
        f"no Go module proxy could be reached: {_end(said)}; name one that answers in GOPROXY, "
        "or name a folder with etcd and kube-apiserver in KUBEBUILDER_ASSETS"
    )


def compile_program(folder: Path, package: str, linker_flags: str, target: Path, waiting: Callable[[float], None]) -> None:
    """Build one program into `target`.

    Raises:
        BuildError: Go failed.
    """
    code, said = _run(["build", "-trimpath", "-buildvcs=false", "-ldflags", linker_flags, "-o", str(target), package], folder, waiting)
    if code:
        raise BuildError(f"{package}: go build failed: {_end(said)}")


def module_folder(folder: Path, module: str) -> Path:
    """Return where the files of a module are that the go.mod in `folder` pins, fetched where they are not there yet.

    Raises:
        ProgramsUnavailableError: They are not there and no module proxy could be reached.
    """
    answer = subprocess.run(
        [toolchain(), "mod", "download", "-json", module], cwd=folder, env=_environment(), capture_output=True, text=True, check=False
    )
    if answer.returncode:
        raise ProgramsUnavailableError(f"{module}: {_end(answer.stdout + answer.stderr)}; name a module proxy that answers in GOPROXY")
    return Path(json.loads(answer.stdout)["Dir"])


def _environment() -> dict[str, str]:
    # GOTOOLCHAIN: Go would otherwise fetch another version of itself. GOWORK: a go.work above would add modules of others.
    environment = {name: value for name, value in os.environ.items() if name in _USERS}
    return environment | {"CGO_ENABLED": "0", "GOFLAGS": "-mod=readonly", "GOTOOLCHAIN": "local", "GOWORK": "off", "PATH": "/usr/bin:/bin"}


def _run(arguments: list[str], folder: Path, waiting: Callable[[float], None]) -> tuple[int, str]:
    """Run Go to its end, telling `waiting` the seconds it took so far every now and then."""
    process = subprocess.Popen(
        [toolchain(), *arguments],
        cwd=folder,
        env=_environment(),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )
    waited = 0.0
    try:
        while True:
            try:
                _, said = process.communicate(timeout=WAIT_SECONDS)
            except subprocess.TimeoutExpired:
                waited += WAIT_SECONDS
                waiting(waited)
            else:
                return process.returncode, said
    except BaseException:
        # The compilers are Go's children: without its group they would go on after a Ctrl-C.
        with suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGTERM)
        process.wait()
        raise


def _end(said: str) -> str:
    lines = [line.strip() for line in said.splitlines() if line.strip() and not line.startswith("go: downloading")]
    return " / ".join(lines[-3:])
