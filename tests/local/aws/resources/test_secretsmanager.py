"""Secrets: generated, attached to databases, guarded and rotated."""

import json
from typing import Any

import pytest
from botocore.exceptions import ClientError

from mlplatform.local.aws.resources.contract import ResourceFailedError
from tests.local.aws.resources.making import ACCOUNT, Stack, allowing, as_map, in_both_partitions, trusting

GENERATED = {
    "SecretStringTemplate": '{"username":"admin"}',
    "GenerateStringKey": "password",
    "PasswordLength": "30",
    "ExcludePunctuation": True,
}


def value(stack: Stack, secret: str) -> Any:
    text = stack.client("secretsmanager").get_secret_value(SecretId=secret)["SecretString"]
    return json.loads(text) if text.startswith("{") else text


def database(stack: Stack) -> str:
    given = {"Engine": "mysql", "DBInstanceClass": "db.t4g.medium", "MasterUsername": "admin", "MasterUserPassword": "not-a-secret"}
    return stack.make(
        "RDS::DBInstance", "Database", DBInstanceIdentifier=stack.name, AllocatedStorage=20, DBName="kubeflow", **given
    ).physical_id


@in_both_partitions
def test_a_secret_is_generated_by_its_rules(stack: Stack) -> None:
    made = stack.make(
        "SecretsManager::Secret", Name=stack.name, Description="d", GenerateSecretString=GENERATED, Tags=[{"Key": "a", "Value": "b"}]
    )
    generated = value(stack, stack.name)
    assert generated["username"] == "admin"
    assert len(generated["password"]) == 30
    assert generated["password"].isalnum()
    shown = stack.client("secretsmanager").describe_secret(SecretId=stack.name)
    assert made.physical_id == shown["ARN"]
    assert shown["ARN"].startswith(stack.arn("secretsmanager", f"secret:{stack.name}-"))
    assert (shown["Description"], as_map(shown["Tags"])) == ("d", {"team": "ml", "a": "b"})


def test_a_password_alone_is_generated_without_a_template(stack: Stack) -> None:
    made = stack.make("SecretsManager::Secret", GenerateSecretString={"PasswordLength": 20, "ExcludeCharacters": '"@/\\'})
    generated = value(stack, made.physical_id)
    assert len(generated) == 20
    assert not set('"@/\\') & set(generated)


def test_a_secret_keeps_its_value_until_how_it_is_made_changes(stack: Stack) -> None:
    secret = stack.make("SecretsManager::Secret", GenerateSecretString=GENERATED).physical_id
    before = value(stack, secret)
    stack.change(Description="e")
    assert value(stack, secret) == before
    stack.change(GenerateSecretString={**GENERATED, "PasswordLength": 40})
    assert len(value(stack, secret)["password"]) == 40


def test_a_template_that_is_no_json_fails_with_its_path(stack: Stack) -> None:
    with pytest.raises(ResourceFailedError, match=r"GenerateSecretString\.SecretStringTemplate: is no JSON"):
        stack.make("SecretsManager::Secret", GenerateSecretString={**GENERATED, "SecretStringTemplate": "{"})


def test_a_deleted_secret_leaves_its_name_free(stack: Stack) -> None:
    for _ in range(2):
        stack.make("SecretsManager::Secret", Name=stack.name, SecretString="x")
        stack.remove()


def test_an_attached_secret_says_where_its_database_is(stack: Stack) -> None:
    secret = stack.make("SecretsManager::Secret", "Secret", GenerateSecretString=GENERATED).physical_id
    generated = value(stack, secret)
    target = database(stack)
    made = stack.make("SecretsManager::SecretTargetAttachment", SecretId=secret, TargetId=target, TargetType="AWS::RDS::DBInstance")
    assert made.physical_id == secret
    host = stack.client("rds").describe_db_instances(DBInstanceIdentifier=target)["DBInstances"][0]["Endpoint"]["Address"]
    connection = {"engine": "mysql", "host": host, "port": 3306, "dbname": "kubeflow", "dbInstanceIdentifier": stack.name}
    assert value(stack, secret) == {**generated, **connection}
    stack.remove()
    assert value(stack, secret) == generated


def test_a_secret_that_is_no_json_cannot_be_attached(stack: Stack) -> None:
    secret = stack.make("SecretsManager::Secret", "Secret", SecretString="plain").physical_id
    with pytest.raises(ResourceFailedError, match="is no JSON, so that no connection can be added"):
        stack.make("SecretsManager::SecretTargetAttachment", SecretId=secret, TargetId=database(stack), TargetType="AWS::RDS::DBInstance")


def test_a_target_that_is_not_played_fails_with_those_that_are(stack: Stack) -> None:
    secret = stack.make("SecretsManager::Secret", "Secret", SecretString="{}").physical_id
    with pytest.raises(ResourceFailedError, match="TargetType: AWS::DocDB::DBCluster is not played; one of AWS::RDS::DBCluster"):
        stack.make("SecretsManager::SecretTargetAttachment", SecretId=secret, TargetId="x", TargetType="AWS::DocDB::DBCluster")


def test_a_rotation_is_scheduled_and_leaves_the_value(stack: Stack) -> None:
    secret = stack.make("SecretsManager::Secret", "Secret", SecretString="{}").physical_id
    role = stack.make("IAM::Role", "Role", AssumeRolePolicyDocument=trusting("lambda.amazonaws.com")).attributes["Arn"]
    code = {"ZipFile": "def handler(event, context): return event"}
    function = stack.make("Lambda::Function", "Function", Role=role, Runtime="python3.13", Handler="index.handler", Code=code).attributes[
        "Arn"
    ]
    rules = {"AutomaticallyAfterDays": "30"}
    stack.make("SecretsManager::RotationSchedule", SecretId=secret, RotationLambdaARN=function, RotationRules=rules)
    shown = stack.client("secretsmanager").describe_secret(SecretId=secret)
    assert (shown["RotationEnabled"], shown["RotationLambdaARN"], shown["RotationRules"]) == (
        True,
        function,
        {"AutomaticallyAfterDays": 30},
    )
    assert value(stack, secret) == {}
    stack.remove()
    assert stack.client("secretsmanager").describe_secret(SecretId=secret)["RotationEnabled"] is False


@in_both_partitions
def test_a_rotation_needs_a_function_that_exists(stack: Stack) -> None:
    secret = stack.make("SecretsManager::Secret", "Secret", SecretString="{}").physical_id
    with pytest.raises(ClientError, match="Resource not found for ARN"):
        stack.make("SecretsManager::RotationSchedule", SecretId=secret, RotationLambdaARN=stack.arn("lambda", "function:none"))


def test_a_secret_is_guarded_by_a_policy(stack: Stack) -> None:
    secret = stack.make("SecretsManager::Secret", "Secret", SecretString="{}").physical_id
    policy = allowing("secretsmanager:GetSecretValue", Principal={"AWS": ACCOUNT})
    stack.make("SecretsManager::ResourcePolicy", SecretId=secret, ResourcePolicy=policy)
    assert json.loads(stack.client("secretsmanager").get_resource_policy(SecretId=secret)["ResourcePolicy"]) == policy
