"""Effective settings as the YAML that would say them all.

Separate from loading because what is written here is read by people, and by `load` again.
"""

import io
from typing import Any

from ruamel.yaml import YAML

from mlplatform.config.settings import Settings


def as_yaml(settings: Settings) -> str:
    """Return every setting with its value, defaults included, in the order of the sections' definitions."""
    yaml: Any = YAML()
    yaml.indent(mapping=2, sequence=4, offset=2)
    yaml.width = 120
    yaml.representer.add_representer(type(None), _null)
    stream = io.StringIO()
    yaml.dump(settings.model_dump(mode="json", exclude={"name"}), stream)
    return stream.getvalue()


def _null(representer: Any, _: None) -> Any:
    return representer.represent_scalar("tag:yaml.org,2002:null", "null")
