"""What keeps the data of prod, and lets go of that of dev."""

import pytest

from mlplatform.app import build
from mlplatform.config.load import load
from mlplatform.stacks.root import new_app
from tests.stacks.synthesis import CONCERNS, committed, varied

STATEFUL = {
    "AWS::KMS::Key",
    "AWS::Logs::LogGroup",
    "AWS::RDS::DBCluster",
    "AWS::RDS::DBInstance",
    "AWS::S3::Bucket",
    "AWS::SecretsManager::Secret",
}
NAMES = {
    "AWS::Logs::LogGroup": "LogGroupName",
    "AWS::RDS::DBInstance": "DBInstanceIdentifier",
    "AWS::S3::Bucket": "BucketName",
    "AWS::SecretsManager::Secret": "Name",
    "AWS::EKS::Cluster": "Name",
}
MADE_UP = "SignIn"
"""Secrets that Secrets Manager makes up: kept, their names would be in the way of new ones, which are as good."""


def policies(name: str) -> set[tuple[str, str]]:
    return {
        (resource["DeletionPolicy"], resource["UpdateReplacePolicy"])
        for concern in CONCERNS
        for key, resource in committed()[f"{name}-{concern}"].resources.items()
        if resource["Type"] in STATEFUL and not key.startswith(MADE_UP)
    }


@pytest.mark.parametrize("name", ["china-prod", "global-prod"])
def test_prod_keeps_what_it_stores_except_what_a_failed_creation_made(name: str) -> None:
    assert policies(name) == {("RetainExceptOnCreate", "Retain")}


@pytest.mark.parametrize("name", ["china-dev", "global-dev"])
def test_dev_leaves_nothing_behind(name: str) -> None:
    assert policies(name) == {("Delete", "Delete")}


@pytest.mark.parametrize("name", ["china-prod", "global-dev"])
def test_secrets_that_can_be_made_up_again_go_with_sign_in(name: str) -> None:
    secrets = [
        each for key, each in committed()[f"{name}-kubeflow"].resources.items() if key.startswith(MADE_UP) and "Secret" in each["Type"]
    ]
    assert secrets
    assert {secret.get("DeletionPolicy", "Delete") for secret in secrets} == {"Delete"}


def test_the_file_decides_what_stays() -> None:
    template = varied("global-dev-data", storage={"on_removal": "retain"})
    assert template.whole("AWS::S3::Bucket", named="Artifacts")["DeletionPolicy"] == "RetainExceptOnCreate"


@pytest.mark.parametrize(("name", "protected"), [("china-prod", True), ("global-dev", False)])
def test_the_database_the_cluster_and_the_stacks_refuse_deletion_in_prod(name: str, *, protected: bool) -> None:
    app = new_app()
    build(app, load(name))
    assert {stack.termination_protection or False for stack in app.synth().stacks} == {protected}
    assert committed()[f"{name}-data"].one("AWS::RDS::DBInstance")["DeletionProtection"] is protected
    assert committed()[f"{name}-cluster"].one("AWS::EKS::Cluster")["DeletionProtection"] is protected


@pytest.mark.parametrize("name", ["china-prod", "global-dev"])
def test_a_change_that_would_replace_what_is_kept_fails_because_its_name_is_taken(name: str) -> None:
    for concern in CONCERNS:
        for key, resource in committed()[f"{name}-{concern}"].resources.items():
            # Lambda's log groups are named after their functions, which are new when they are replaced.
            if resource["Type"] in NAMES and "KubectlProvider" not in key:
                assert isinstance(resource["Properties"][NAMES[resource["Type"]]], str), key


def test_a_retained_database_keeps_its_group_its_parameters_and_its_password() -> None:
    resources = committed()["china-prod-data"].resources
    assert {each["DeletionPolicy"] for key, each in resources.items() if key.startswith("Database")} == {"RetainExceptOnCreate"}
