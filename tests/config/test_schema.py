import json
from pathlib import Path
from typing import Any, cast

import jsonschema
import pytest
from pydantic.fields import FieldInfo

from mlplatform.config import schema
from mlplatform.config.document import read
from mlplatform.config.load import FOLDER, environments
from mlplatform.config.sections import Section
from mlplatform.config.settings import Settings
from tests.config.mutations import ROOT

EVERY_FILE = pytest.mark.parametrize("name", environments(ROOT))


def fields(section: type[Section], prefix: str = "") -> dict[str, FieldInfo]:
    found: dict[str, FieldInfo] = {}
    for name, field in section.model_fields.items():
        found[prefix + name] = field
        for kind in (field.annotation, *getattr(field.annotation, "__args__", ())):
            if isinstance(kind, type) and issubclass(kind, Section):
                found |= fields(kind, f"{prefix}{name}.")
    return found


def metadata(field: FieldInfo) -> dict[str, Any]:
    return cast("dict[str, Any]", field.json_schema_extra) if isinstance(field.json_schema_extra, dict) else {}


def test_the_repository_s_copy_is_current():
    copy = (ROOT / schema.FILE).read_text(encoding="utf-8")
    assert copy == schema.text(), "run `mlp config schema --write`"


def test_the_schema_is_one():
    jsonschema.Draft202012Validator.check_schema(schema.schema())


@EVERY_FILE
def test_editors_accept_each_file(name: str):
    jsonschema.validate(read(ROOT / FOLDER / f"{name}.yaml").values, schema.schema())


@EVERY_FILE
def test_the_first_line_of_each_file_names_the_schema(name: str):
    first = (ROOT / FOLDER / f"{name}.yaml").read_text(encoding="utf-8").splitlines()[0]
    assert first == f"# yaml-language-server: $schema={Path(schema.FILE).name}"


@pytest.mark.parametrize(
    "change", [{"name": "x"}, {"zone": "us-east-1a"}, {"region": "eu-west-9"}, {"account": 123456789012}, {"network": {"nat_gateways": 4}}]
)
def test_editors_mark_what_the_checks_refuse(change: dict[str, Any]):
    values = {"account": "123456789012", "region": "us-east-1", "stage": "dev", **change}
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.validate(values, schema.schema())


def test_every_setting_is_described():
    undescribed = [path for path, field in fields(Settings).items() if not (field.description or _is_section(field))]
    assert undescribed == []


def _is_section(field: FieldInfo) -> bool:
    return isinstance(field.annotation, type) and issubclass(field.annotation, Section)


def test_what_a_change_does_is_said_where_it_is_more_than_the_change():
    said = {path: metadata(field)["x-on-change"].split()[0] for path, field in fields(Settings).items() if "x-on-change" in metadata(field)}
    assert said == {
        "name": "replaces",
        "account": "replaces",
        "region": "replaces",
        "network.cidr": "replaces",
        "network.availability_zones": "replaces",
        "network.nat_gateways": "interrupts",
        "network.pod_cidr": "replaces",
        "network.existing": "replaces",
        "cluster.version": "replaces",
        "cluster.service_cidr": "is",
        "cluster.system_nodes.instance_types": "replaces",
        "cluster.system_nodes.disk_gib": "replaces",
        "cluster.addons.versions": "restarts",
        "compute.pools.disk": "replaces",
        "compute.pools.image_pull": "replaces",
        "compute.pools.instance_store": "replaces",
        "compute.pools.sharing": "replaces",
        "compute.pools.labels": "replaces",
        "compute.pools.taints": "replaces",
        "compute.ami_version": "replaces",
        "images.source": "restarts",
        "database.engine": "is",
        "database.version": "interrupts",
        "database.instance_class": "interrupts",
        "kubeflow.components": "uninstalls",
        "ingress.access": "interrupts",
        "ingress.host": "restarts",
        "ingress.certificate": "interrupts",
        "sign_in.users": "restarts",
        "sign_in.connectors": "restarts",
        "sign_in.email_domains": "restarts",
        "sign_in.session_hours": "restarts",
        "sign_in.machine_tokens": "restarts",
        "tenants": "uninstalls",
    }
    assert json.loads(schema.text())["$defs"]["ClusterSettings"]["properties"]["service_cidr"]["x-on-change"].startswith("is refused")
