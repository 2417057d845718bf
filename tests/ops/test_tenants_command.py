"""`mlp tenants` as a person runs it."""

import json
from typing import Any

import pytest
from click.testing import CliRunner, Result

from mlplatform.config.load import ConfigError, load
from mlplatform.config.settings import Settings
from mlplatform.ops import tenants_command
from mlplatform.ops.main import main


def tenants(*arguments: str) -> Result:
    return CliRunner().invoke(main, ["tenants", *arguments])


def as_json(name: str) -> dict[str, Any]:
    return {row["tenant"]: row for row in json.loads(tenants(name, "--json").output)}


def test_a_tenant_is_shown_with_its_people_its_share_its_role_and_its_artifacts():
    settings = load("china-prod")
    found = as_json("china-prod")
    assert set(found) == set(settings.tenants)
    vision = found["vision"]
    assert vision["owner"] == settings.tenants["vision"].owner
    assert vision["members"] == settings.tenants["vision"].members
    assert {key: vision[key] for key in ("cpu", "memory", "gpus", "storage", "pods")} == settings.tenants["vision"].quota.model_dump()
    assert vision["role_arn"] == "arn:aws-cn:iam::123456789012:role/china-prod-cn-north-1-tenant-vision"
    assert vision["artifacts"] == "s3://china-prod-artifacts-123456789012-cn-north-1/private-artifacts/vision/"


def test_a_tenant_without_pools_of_its_own_has_all_of_them():
    settings = load("china-prod")
    pools = {name: row["pools"] for name, row in as_json("china-prod").items()}
    assert pools == {name: list(tenant.pools or settings.compute.pools) for name, tenant in settings.tenants.items()}
    assert {tenant.pools is None for tenant in settings.tenants.values()} == {True, False}


def test_what_removing_a_tenant_would_do_is_said_before_it_is_done():
    lines = tenants("china-dev").output.splitlines()
    [kept] = [line for line in lines if line.startswith("vision stays")]
    assert "the same entry again takes it back" in kept
    assert "set `removal: delete`, deploy, remove the entry, and deploy" in kept
    [deleted] = [line for line in lines if line.startswith("language is deleted")]
    assert "What it has in s3://china-dev-artifacts-123456789012-cn-north-1 stays." in deleted


def test_an_environment_without_tenants_says_where_they_are_named(monkeypatch: pytest.MonkeyPatch):
    def without(name: str) -> Settings:
        return load(name).model_copy(update={"tenants": {}})

    monkeypatch.setattr(tenants_command, "load", without)
    assert tenants("china-dev").output == "china-dev has no tenants: name one under `tenants` in its file.\n"


def test_an_environment_that_is_not_there_is_bad_input():
    with pytest.raises(ConfigError, match="'nowhere' is not an environment"):
        CliRunner().invoke(main, ["tenants", "nowhere"], catch_exceptions=False)
