"""The platform of this machine in Go's words, by which programs are named and built.

Separate because the programs that are built and those that come ready are both chosen by it.
"""

import platform
import sys

_ARCHITECTURES = {"x86_64": "amd64", "amd64": "amd64", "aarch64": "arm64", "arm64": "arm64"}


def _platform() -> str:
    machine = platform.machine().lower()
    return f"{sys.platform}-{_ARCHITECTURES.get(machine, machine)}"


PLATFORM = _platform()
"""For example `linux-amd64` or `darwin-arm64`."""
