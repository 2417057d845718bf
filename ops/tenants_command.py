"""`mlp tenants`: the teams of an environment, what each has, and what removing it would do."""

from typing import Any

import click

from mlplatform.config.load import load
from mlplatform.config.names import artifacts_prefix, tenant_purpose
from mlplatform.config.sections import Tenant
from mlplatform.config.settings import Settings
from mlplatform.ops.console import as_json, out, print_json, table

_KEPT = (
    "stays when its entry is removed: the namespace and everything in it, its Profile and quota. Its members lose their rights and its "
    "IAM role goes; the same entry again takes it back. To delete it, set `removal: delete`, deploy, remove the entry, and deploy"
)
_DELETED = "is deleted when its entry is removed: the namespace with everything in it, and its IAM role. What it has in {bucket} stays"


@click.command()
@click.argument("name")
@as_json
def tenants(name: str, *, as_json: bool) -> None:
    """Show the tenants of environment NAME: who may use each, how much it may take, its IAM role, and what removing it would do.

    Owner and members are as the file says; people whom owners invited in the dashboard are in the cluster alone.

    Example: mlp tenants china-prod
    """
    settings = load(name)
    rows = [_row(settings, tenant, said) for tenant, said in settings.tenants.items()]
    if as_json:
        print_json(rows)
        return
    if not rows:
        out.print(f"{name} has no tenants: name one under `tenants` in its file.", markup=False)
        return
    cells = [{**row, "members": _listed(row["members"]), "pools": ", ".join(row["pools"])} for row in rows]
    table(cells, "tenant", "owner", "members", "cpu", "memory", "gpus", "storage", "pods", "pools", "removal")
    out.print("")
    table(rows, "tenant", "role_arn", "artifacts")
    out.print("")
    for row in rows:
        out.print(f"{row['tenant']} {row['on_removal']}.", markup=False)


def _row(settings: Settings, name: str, tenant: Tenant) -> dict[str, Any]:
    bucket = f"s3://{settings.names.artifacts_bucket}"
    return {
        "tenant": name,
        "owner": tenant.owner,
        "members": tenant.members,
        **tenant.quota.model_dump(),
        "pools": list(settings.compute.pools if tenant.pools is None else tenant.pools),
        "removal": tenant.removal,
        "role_arn": settings.names.role_arn(tenant_purpose(name)),
        "artifacts": f"{bucket}/{artifacts_prefix(name)}",
        "on_removal": _KEPT if tenant.removal == "keep" else _DELETED.format(bucket=bucket),
    }


def _listed(members: dict[str, str]) -> str | None:
    return ", ".join(f"{email} ({role})" for email, role in members.items()) or None
