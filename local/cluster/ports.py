"""Free ports on loopback.

Separate because every part that listens asks here, and asks for all it needs at once so that no two get the same.
"""

import random
import socket
from contextlib import ExitStack

# Below what Linux and macOS give to outgoing connections: a port from there could be taken between this check and its use.
_RANGE = range(20_000, 32_000)
_TRIES = 200


class NoFreePortError(Exception):
    """Not as many free ports as asked for were found."""


def free_ports(count: int) -> list[int]:
    """Return ports of 127.0.0.1 that nobody listens on.

    Raises:
        NoFreePortError: There are not enough.
    """
    found: list[int] = []
    with ExitStack() as held:
        for port in random.sample(_RANGE, _TRIES):
            if len(found) == count:
                return found
            listener = held.enter_context(socket.socket())
            try:
                listener.bind(("127.0.0.1", port))
            except OSError:
                continue
            found.append(port)
    raise NoFreePortError(f"{count} free ports were asked for and {len(found)} found among {_TRIES} of {_RANGE.start}-{_RANGE.stop - 1}")


def listens(port: int) -> bool:
    """Say whether somebody listens on a port of 127.0.0.1."""
    with socket.socket() as client:
        return client.connect_ex(("127.0.0.1", port)) == 0
