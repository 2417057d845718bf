"""Files of environments for tests, as a person would write them."""

from textwrap import dedent

from mlplatform.config.document import parse
from mlplatform.config.load import examine
from mlplatform.config.settings import Settings

DEV = """
    account: "123456789012"
    region: cn-north-1
    stage: dev
"""
PROD = """
    account: "123456789012"
    region: us-west-2
    stage: prod
"""


def settings(text: str, *, name: str = "test") -> Settings:
    """Return what a right file says."""
    found, problems = examine(name, parse(dedent(text).encode()))
    assert found, problems
    return found


def problems(text: str, *, name: str = "test") -> list[str]:
    """Return every problem of a file, each without the file's name."""
    found, wrong = examine(name, parse(dedent(text).encode()))
    assert not (found and wrong)
    return [str(problem).removeprefix(f"config/environments/{name}.yaml:").strip() for problem in wrong]
