"""The defaults that depend on the stage, the region or the engine, laid beneath what a file says.

Separate so that what `dev` and `prod` mean is one table, and so that effective settings hold every value.
"""

from collections.abc import Mapping
from typing import Any, TypeVar, cast

from mlplatform.config.pool_defaults import pool_defaults
from mlplatform.config.regions import REGIONS, Region
from mlplatform.config.tenant_defaults import tenant_defaults
from mlplatform.config.versions import MATCHED_SETS, MatchedSet

NODE_ENDPOINTS = (
    "ec2",
    "ecr.api",
    "ecr.dkr",
    "eks",
    "elasticloadbalancing",
    "lambda",
    "logs",
    "sagemaker.api",
    "secretsmanager",
    "sqs",
    "ssm",
    "ssmmessages",
    "sts",
)
"""What nodes, the platform's pods and the functions that run kubectl call, by the last part of an interface endpoint's name.

S3 has a gateway of its own."""

STAGES: Mapping[str, Mapping[str, Mapping[str, Any]]] = {
    "dev": {
        "network": {"nat_gateways": 1, "interface_endpoints": []},
        "cluster": {
            "endpoint_access": "public_and_private",
            "log_types": ["audit", "authenticator"],
            "system_nodes": {"instance_types": ["m5.xlarge"], "minimum": 2, "desired": 2, "maximum": 4},
        },
        "compute": {"logs": {"days": 30}},
        "images": {"source": "upstream"},
        "database": {"multi_az": False, "backup_days": 7, "deletion_protection": False},
        "storage": {"on_removal": "delete", "noncurrent_days": 30, "infrequent_access_days": None},
        "sign_in": {"session_hours": 24},
    },
    "prod": {
        "network": {"nat_gateways": 3, "interface_endpoints": list(NODE_ENDPOINTS)},
        "cluster": {
            "endpoint_access": "private",
            "log_types": ["api", "audit", "authenticator", "controllerManager", "scheduler"],
            "system_nodes": {"instance_types": ["m5.xlarge"], "minimum": 4, "desired": 4, "maximum": 8},
        },
        "compute": {"logs": {"days": 90}},
        "images": {"source": "upstream"},
        "database": {"multi_az": True, "backup_days": 30, "deletion_protection": True},
        "storage": {"on_removal": "retain", "noncurrent_days": 90, "infrequent_access_days": 90},
        "sign_in": {"session_hours": 12},
    },
}

INSTANCE_CLASSES: Mapping[tuple[str, str], str] = {
    ("dev", "mysql"): "db.t4g.medium",
    ("dev", "aurora-mysql"): "db.t4g.medium",
    ("prod", "mysql"): "db.m6g.large",
    ("prod", "aurora-mysql"): "db.r6g.large",
}
"""The database's class by stage and engine; both are offered in every region with tables."""

DEFAULT_ZONES = 3

_Row = TypeVar("_Row")


def with_defaults(values: Mapping[str, Any]) -> dict[str, Any]:
    """Return a file's values with the defaults of its stage, region and engine beneath them; wrong values are left as they are."""
    stage = values.get("stage")
    place = _lookup(REGIONS, values.get("region"))
    defaults = _deep_copy(STAGES[stage]) if isinstance(stage, str) and stage in STAGES else _deep_copy(STAGES["dev"])
    _network(defaults["network"], _section(values, "network"), place)
    _database(defaults["database"], values)
    _images(defaults["images"], place)
    _compute(defaults["compute"], values)
    defaults["ingress"] = {"access": "internal" if _section(values, "ingress").get("host") else "port-forward"}
    defaults["tenants"] = tenant_defaults(_section(values, "tenants"), _section(_section(values, "compute"), "pools"))
    return _over(defaults, values)


def _network(defaults: dict[str, Any], said: Mapping[str, Any], place: Region | None) -> None:
    if said.get("existing") is not None:
        defaults |= {"nat_gateways": 0, "interface_endpoints": []}
    if place:
        defaults["availability_zones"] = list(place.zones[:DEFAULT_ZONES])
        lacking = place.partition.missing_endpoints
        defaults["interface_endpoints"] = [name for name in defaults["interface_endpoints"] if name not in lacking]
    zones = said.get("availability_zones", defaults.get("availability_zones"))
    if isinstance(zones, list) and zones:
        defaults["nat_gateways"] = min(defaults["nat_gateways"], len(cast("list[Any]", zones)))


def _compute(defaults: dict[str, Any], values: Mapping[str, Any]) -> None:
    said = _section(_section(values, "compute"), "pools")
    pools = {name: _section(said, name) for name in said}
    stage = values.get("stage")
    defaults["pools"] = pool_defaults(pools, stage if isinstance(stage, str) and stage in STAGES else "dev")
    defaults["ami_version"] = _matched(values).ami


def _images(defaults: dict[str, Any], place: Region | None) -> None:
    if place and place.partition.unreachable_hosts:
        defaults["source"] = "mirror"


def _database(defaults: dict[str, Any], values: Mapping[str, Any]) -> None:
    stage = values.get("stage")
    engine = _section(values, "database").get("engine", "mysql")
    defaults["instance_class"] = INSTANCE_CLASSES.get((str(stage), str(engine)), INSTANCE_CLASSES["dev", "mysql"])
    matched = _matched(values)
    defaults["version"] = matched.aurora_mysql if engine == "aurora-mysql" else matched.mysql


def _matched(values: Mapping[str, Any]) -> MatchedSet:
    """Return the set that goes with a file's version of Kubernetes, the newest where it names none that is known."""
    return _lookup(MATCHED_SETS, _section(values, "cluster").get("version")) or next(iter(MATCHED_SETS.values()))


def _section(values: Mapping[str, Any], name: str) -> Mapping[str, Any]:
    section = values.get(name)
    return cast("dict[str, Any]", section) if isinstance(section, dict) else {}


def _lookup(table: Mapping[str, _Row], key: object) -> _Row | None:
    return table.get(key) if isinstance(key, str) else None


def _over(beneath: Mapping[str, Any], said: Mapping[str, Any]) -> dict[str, Any]:
    merged = dict(beneath)
    for key, value in said.items():
        under = _section(beneath, key)
        merged[key] = _over(under, cast("dict[str, Any]", value)) if under and isinstance(value, dict) else value
    return merged


def _deep_copy(table: Mapping[str, Any]) -> dict[str, Any]:
    return {key: _deep_copy(cast("Mapping[str, Any]", value)) if isinstance(value, Mapping) else value for key, value in table.items()}
