"""The JSON Schema of an environment's file, for editors.

Separate because a file is not quite the settings: it has no name of its own, and account, region and stage are all that it must say.
"""

import json
from pathlib import Path
from typing import Any, cast

from mlplatform.config.load import FOLDER
from mlplatform.config.settings import Settings

FILE = FOLDER / "schema.json"
"""The copy in the repository, which the first line of each file names."""


def schema() -> dict[str, Any]:
    """Return the schema: JSON Schema 2020-12, with `x-on-change` where changing a setting replaces or interrupts something."""
    made = _without_noise(Settings.model_json_schema())
    del made["properties"]["name"]
    made["required"].remove("name")
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        **made,
        "title": "Environment",
        "description": "One environment of the platform: what differs from the defaults of its stage.",
    }


def _without_noise(node: Any) -> Any:
    """Leave out titles, which repeat names, and defaults, which differ between stages and are said in descriptions."""
    if isinstance(node, list):
        return [_without_noise(item) for item in cast("list[Any]", node)]
    if isinstance(node, dict):
        kept = cast("dict[str, Any]", node)
        noise = {"title", "default"} if isinstance(kept.get("title", ""), str) else set[str]()
        return {key: _without_noise(value) for key, value in kept.items() if key not in noise}
    return node


def text() -> str:
    """Return the schema as the repository has it."""
    return json.dumps(schema(), indent=2, ensure_ascii=False) + "\n"


def write(root: Path) -> None:
    """Write the repository's copy."""
    (root / FILE).write_text(text(), encoding="utf-8")
