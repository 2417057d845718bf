"""`python -m mlplatform.ops`: the `mlp` command without its launcher."""

import sys

from mlplatform.ops.main import run

if __name__ == "__main__":
    run(sys.argv[1:])
