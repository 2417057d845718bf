"""The folder itself, whose name is that of a library."""

from pathlib import Path

import constructs

ROOT = Path(__file__).resolve().parents[2]


def test_the_folder_is_no_package_for_it_would_shadow_the_library() -> None:
    assert not (ROOT / "constructs" / "__init__.py").exists()
    assert Path(str(constructs.__file__)).parent != ROOT / "constructs"
