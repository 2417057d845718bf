"""Outputs and exports: worked out when a stack is whole, and kept while another stack uses them.

Separate because this is where stacks constrain each other.
"""

from collections.abc import Iterable
from typing import Any

from mlplatform.local.aws.stacks.errors import ValidationError
from mlplatform.local.aws.stacks.intrinsics import Scope
from mlplatform.local.aws.stacks.state import Output, Region, Stack


def outputs_of(scope: Scope) -> tuple[Output, ...]:
    """Return the template's outputs, resolved, those left out whose condition does not hold."""
    outputs = scope.template.outputs.items()
    return tuple(_output(key, body, scope) for key, body in outputs if "Condition" not in body or scope.holds(body["Condition"]))


def publish(region: Region, stack: Stack, scope: Scope, imports: set[str]) -> None:
    """Give the stack its new outputs and imports, unless that takes from another stack what it uses.

    Raises:
        ValidationError: An export's name is taken, or one that another stack imports would change or go.
    """
    with region.changed:
        outputs = outputs_of(scope)
        exports = region.exports()
        now = {output.export: output.value for output in outputs if output.export}
        for name in now:
            owner = exports[name][0] if name in exports else stack
            if owner is not stack:
                raise ValidationError(f"Export with name {name} is already exported by stack {owner.name}")
        changed = [output.export for output in stack.outputs if output.export and now.get(output.export) != output.value]
        for name in changed:
            verb = "update" if name in now else "delete"
            _refuse_if_used(region, [name], f"Cannot {verb} export {{name}} as it is in use by {{users}}")
        stack.outputs, stack.imports = outputs, frozenset(imports)


def refuse_if_imported(region: Region, stack: Stack) -> None:
    """Refuse to delete a stack that another one imports from."""
    names = [output.export for output in stack.outputs if output.export]
    _refuse_if_used(region, names, "Delete canceled. Cannot delete export {name} as it is in use by {users}")


def _refuse_if_used(region: Region, names: Iterable[str], message: str) -> None:
    for name in names:
        users = region.importers(name)
        if users:
            raise ValidationError(message.format(name=name, users=", ".join(users)) + ".")


def _output(key: str, body: Any, scope: Scope) -> Output:
    if "Value" not in body:
        raise ValidationError(f"Template format error: Output {key} is malformed: it has no Value")
    export = body.get("Export")
    return Output(
        key=key,
        value=scope.text(body["Value"]),
        description=body.get("Description"),
        export=scope.text(export["Name"]) if export else None,
    )
