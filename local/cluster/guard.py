"""A process that waits for the owner of a control plane to end and then ends the plane.

Separate because it must survive a SIGKILL of the owner, on every system: it reads a pipe that only the owner holds open.
"""

import sys

from mlplatform.local.cluster import ownership


def main() -> None:
    """Wait until standard input closes, then end the plane named by the first argument."""
    sys.stdin.buffer.read()
    ownership.end(sys.argv[1])


if __name__ == "__main__":
    main()
