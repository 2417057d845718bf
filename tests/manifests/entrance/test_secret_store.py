"""Where a namespace's secrets come from."""

import pytest

from mlplatform.config.load import load
from mlplatform.manifests.entrance.secret_store import secret_store
from mlplatform.manifests.objects import Object, at


def named(kind: str, environment: str = "global-dev", namespace: str = "auth") -> Object:
    [found] = [obj for obj in secret_store(load(environment), namespace) if obj["kind"] == kind]
    return found


@pytest.mark.parametrize(("environment", "region"), [("global-dev", "us-west-2"), ("china-dev", "cn-north-1")])
def test_a_store_reads_secrets_manager_of_the_environments_region_as_its_own_account(environment: str, region: str) -> None:
    assert at(named("SecretStore", environment), "spec", "provider", "aws") == {
        "service": "SecretsManager",
        "region": region,
        "auth": {"jwt": {"serviceAccountRef": {"name": "secret-reader"}}},
    }


def test_the_account_has_the_role_of_its_namespace() -> None:
    account = named("ServiceAccount", "china-dev")
    role = "arn:aws-cn:iam::123456789012:role/china-dev-cn-north-1-secrets-auth"
    assert at(account, "metadata", "annotations", "eks.amazonaws.com/role-arn") == role


def test_the_controller_gets_tokens_of_that_account_alone() -> None:
    assert named("Role")["rules"] == [
        {"apiGroups": [""], "resources": ["serviceaccounts/token"], "verbs": ["create"], "resourceNames": ["secret-reader"]}
    ]
    assert named("RoleBinding")["subjects"] == [{"kind": "ServiceAccount", "name": "external-secrets", "namespace": "external-secrets"}]
    assert all(at(obj, "metadata", "namespace") == "auth" for obj in secret_store(load("global-dev"), "auth"))
