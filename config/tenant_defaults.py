"""The defaults of tenants that follow from the pools that their pods may run on.

Separate from the other sections' because a tenant is named by the user, as a pool is.
"""

from collections.abc import Mapping
from typing import Any, cast

GPUS = 2
"""GPUs that a tenant may take unless its file says otherwise, where there are any."""


def tenant_defaults(said: Mapping[str, Any], pools: Mapping[str, Any]) -> dict[str, dict[str, Any]]:
    """Return the defaults of each tenant that a file names.

    Args:
        said: What the file says of each tenant.
        pools: What it says of each pool.
    """
    with_gpus = {name for name, pool in pools.items() if _mapping(pool).get("accelerator") == "nvidia"}
    return {name: _defaults(_mapping(tenant), with_gpus) for name, tenant in said.items()}


def _defaults(tenant: Mapping[str, Any], with_gpus: set[str]) -> dict[str, Any]:
    said = tenant.get("pools")
    allowed = cast("list[Any]", said) if isinstance(said, list) else list(with_gpus)
    return {"quota": {"gpus": GPUS if any(pool in allowed for pool in with_gpus) else 0}}


def _mapping(value: object) -> Mapping[str, Any]:
    return cast("dict[str, Any]", value) if isinstance(value, dict) else {}
