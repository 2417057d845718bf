"""The shape of the code: which folder may import which, and what is written in one place alone."""

import ast
import json
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import cast

import pytest

ROOT = Path(__file__).resolve().parents[1]
FLOW = ("config", "manifests", "constructs", "stacks", "rules", "app")
"""Nothing imports what is to its right."""
MAY_IMPORT = {
    **{layer: set(FLOW[: place + 1]) for place, layer in enumerate(FLOW)},
    # The cloud and the cluster on this machine know an environment's settings and nothing of what is deployed there.
    "local": {"config", "local"},
    "ops": {*FLOW, "local", "ops"},
}
MOST_LINES = 300
OUTSIDE = {
    "config": {"aws_cdk", "boto3", "botocore", "cdk8s", "constructs", "moto", "requests", "socket", "urllib"},
    "manifests": {"aws_cdk", "boto3", "botocore", "moto", "requests", "socket", "time", "urllib"},
    "constructs": {"boto3", "botocore", "moto", "requests", "socket", "urllib"},
    "stacks": {"boto3", "botocore", "moto", "requests", "socket", "urllib"},
}
"""Libraries that a layer has no business with: synthesis is pure, settings and objects know no CDK."""
CONNECTS_TO_NOTHING = {"urllib.parse"}
"""Modules of such libraries that only read text."""

LAYERS = pytest.mark.parametrize("layer", MAY_IMPORT)


@cache
def modules(layer: str) -> tuple[Path, ...]:
    return tuple(sorted((ROOT / layer).rglob("*.py"))) if layer != "app" else (ROOT / "app.py",)


def imports(module: Path) -> Iterator[str]:
    for node in ast.walk(ast.parse(module.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            yield from (f"{node.module}.{alias.name}" for alias in node.names) if node.module == "mlplatform" else (node.module,)


def named(module: Path) -> str:
    return str(module.relative_to(ROOT))


@LAYERS
def test_a_layer_imports_only_what_is_to_its_left(layer: str) -> None:
    wrong = [
        f"{named(module)} imports {name}"
        for module in modules(layer)
        for name in imports(module)
        if name.startswith("mlplatform.") and name.split(".")[1] not in MAY_IMPORT[layer]
    ]
    assert wrong == []


@pytest.mark.parametrize("layer", OUTSIDE)
def test_synthesis_knows_no_network_and_settings_know_no_cdk(layer: str) -> None:
    wrong = [
        f"{named(module)} imports {name}"
        for module in modules(layer)
        for name in imports(module)
        if name.split(".")[0] in OUTSIDE[layer] and name not in CONNECTS_TO_NOTHING
    ]
    assert wrong == []


@pytest.mark.parametrize("layer", [layer for layer in MAY_IMPORT if layer != "config"])
def test_only_config_knows_regions_by_their_names(layer: str) -> None:
    asks = re.compile(
        r"""startswith\(\(?["'](cn|us|eu|ap)-|["']cn-["']|[!=]= ["']aws-cn["']|["']aws-cn["'] [!=]=|["'](cn-north-1|cn-northwest-1)["']"""
    )
    wrong = [
        f"{named(module)}:{number}: {line.strip()}"
        for module in modules(layer)
        for number, line in enumerate(module.read_text(encoding="utf-8").splitlines(), start=1)
        if asks.search(line)
    ]
    assert wrong == []


def strings(module: Path) -> Iterator[str]:
    """Yield the texts of a module that are neither documentation nor what `replace` looks for in somebody else's text."""
    tree = ast.parse(module.read_text(encoding="utf-8"))
    statements = {id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Expr)}
    calls = [node for node in ast.walk(tree) if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute)]
    replaced = {id(call.args[0]) for call in calls if cast("ast.Attribute", call.func).attr == "replace" and call.args}
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in statements | replaced:
            yield node.value


@pytest.mark.parametrize("layer", [layer for layer in MAY_IMPORT if layer != "config"])
def test_no_arn_names_a_partition(layer: str) -> None:
    wrong = [f"{named(module)}: {text}" for module in modules(layer) for text in strings(module) if re.search(r"arn:aws(-cn)?:", text)]
    assert wrong == []


@pytest.mark.parametrize("layer", [*MAY_IMPORT, "tests", "mlplatform"])
def test_modules_stay_small(layer: str) -> None:
    lines = {named(module): len(module.read_text(encoding="utf-8").splitlines()) for module in modules(layer)}
    assert {name: count for name, count in lines.items() if count > MOST_LINES} == {}


def test_constructs_is_no_package_of_its_own() -> None:
    # https://github.com/aws/aws-cdk imports a library of that name, which a package here would shadow.
    assert not (ROOT / "constructs" / "__init__.py").exists()


def test_every_folder_of_code_is_under_the_import_root() -> None:
    folders = {layer for layer in MAY_IMPORT if (ROOT / layer).is_dir()}
    assert {link.name for link in (ROOT / "mlplatform").iterdir() if link.is_symlink()} >= folders


def test_locks_name_no_registry() -> None:
    requirements = (ROOT / "requirements.txt").read_text(encoding="utf-8")
    assert "://" not in requirements
    assert "--index-url" not in requirements
    packages = json.loads((ROOT / "package-lock.json").read_text(encoding="utf-8"))["packages"]
    assert [name for name, package in packages.items() if "resolved" in package] == []
    assert not re.search(r"^registry", (ROOT / ".npmrc").read_text(encoding="utf-8"), re.MULTILINE)
    assert not (ROOT / "uv.lock").exists()


def test_locks_pin_every_package_by_its_content() -> None:
    lines = (ROOT / "requirements.txt").read_text(encoding="utf-8").splitlines()
    pinned = [number for number, line in enumerate(lines) if re.match(r"[a-z0-9]", line)]
    assert pinned
    assert [lines[number] for number in pinned if "--hash=sha256:" not in lines[number + 1]] == []
