import os
import subprocess
from pathlib import Path

import mlplatform  # noqa: F401  # pyright: ignore[reportUnusedImport] - it names the locked Node.js

ROOT = Path(__file__).resolve().parents[2]


def test_every_picture_is_drawn_from_its_source() -> None:
    drawn = subprocess.run(
        [os.environ["JSII_NODE"], "docs/pictures/draw.mjs", "--check"], cwd=ROOT, check=False, capture_output=True, text=True
    )
    assert drawn.returncode == 0, drawn.stderr
