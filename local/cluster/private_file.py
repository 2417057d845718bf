"""Files that hold a key or a token.

Separate so that none of them is readable by others even for the moment between creation and a later chmod.
"""

import os
from pathlib import Path

_MODE = 0o600


def write_private(path: Path, content: bytes) -> None:
    """Write a file that only this user can read."""
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, _MODE)
    with os.fdopen(descriptor, "wb") as file:
        file.write(content)
