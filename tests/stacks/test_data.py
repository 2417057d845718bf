"""The data stack: a database that its clients alone reach, and buckets that keep what they should."""

import json
from typing import Any

import pytest

from mlplatform.config.load import load
from tests.stacks.synthesis import ENVIRONMENTS, Template, committed, varied

AURORA = {"engine": "aurora-mysql", "version": "8.0.mysql_aurora.3.10.4", "instance_class": "db.r6g.large"}


def data(name: str) -> Template:
    return committed()[f"{name}-data"]


def aurora(name: str, **settings: Any) -> Template:
    return varied(f"{name}-data", database={**AURORA, **settings})


def late(text: dict[str, Any], partition: str) -> str:
    """Return a text with the partition where AWS::Partition is."""
    return "".join(part if isinstance(part, str) else partition for part in text["Fn::Join"][1])


@pytest.mark.parametrize("name", ENVIRONMENTS)
def test_the_database_is_encrypted_backed_up_and_away_from_the_internet(name: str) -> None:
    settings, database = load(name).database, data(name).one("AWS::RDS::DBInstance")
    assert database["StorageEncrypted"] is True
    assert database["KmsKeyId"]["Fn::GetAtt"][0].startswith("Key")
    assert database["PubliclyAccessible"] is False
    assert database["BackupRetentionPeriod"] == settings.backup_days
    assert database["MultiAZ"] is settings.multi_az
    assert database["DBInstanceClass"] == settings.instance_class
    subnets = data(name).one("AWS::RDS::DBSubnetGroup")["SubnetIds"]
    assert all("databaseSubnet" in subnet["Fn::ImportValue"] for subnet in subnets)


@pytest.mark.parametrize("name", ENVIRONMENTS)
def test_the_database_admits_its_clients_on_its_port_alone(name: str) -> None:
    group = data(name).one("AWS::EC2::SecurityGroup")
    [rule] = group["SecurityGroupIngress"]
    assert (rule["IpProtocol"], rule["FromPort"], rule["ToPort"]) == ("tcp", 3306, 3306)
    assert "DatabaseClients" in rule["SourceSecurityGroupId"]["Fn::ImportValue"]


@pytest.mark.parametrize("template", [data("china-dev"), aurora("china-dev")], ids=["mysql", "aurora-mysql"])
def test_the_password_is_generated_and_the_secret_gets_host_and_port(template: Template) -> None:
    secret = template.one("AWS::SecretsManager::Secret")
    assert secret["Name"] == "china-dev/database"
    assert json.loads(secret["GenerateSecretString"]["SecretStringTemplate"]).keys() == {"username"}
    assert template.one("AWS::SecretsManager::SecretTargetAttachment")["SecretId"]["Ref"].startswith("DatabaseCredentials")
    [database] = template.all("AWS::RDS::DBInstance", named="Instance")[:1] or template.all("AWS::RDS::DBCluster")
    assert "resolve:secretsmanager" in json.dumps(
        database.get("MasterUserPassword", "") or template.one("AWS::RDS::DBCluster")["MasterUserPassword"]
    )


def test_the_password_fits_a_connection_string_as_it_is() -> None:
    generated = data("global-prod").one("AWS::SecretsManager::Secret")["GenerateSecretString"]
    assert generated["ExcludePunctuation"] is True
    assert "IncludeSpace" not in generated
    assert generated["PasswordLength"] >= 32


@pytest.mark.parametrize("name", ["china-dev", "global-prod"])
def test_mysql_8_4_is_told_how_kubeflows_metadata_store_signs_in_and_that_it_has_no_tls(name: str) -> None:
    group = data(name).one("AWS::RDS::DBParameterGroup")
    assert group["Family"] == "mysql8.4"
    assert group["Parameters"]["authentication_policy"] == "*:mysql_native_password"
    assert group["Parameters"]["require_secure_transport"] == "0"


@pytest.mark.parametrize(
    ("version", "family", "policy"),
    [
        ("8.0.mysql_aurora.3.10.4", "aurora-mysql8.0", None),
        ("8.4.mysql_aurora.8.4.7", "aurora-mysql8.4", "*:mysql_native_password"),
    ],
)
def test_aurora_is_told_the_same_where_its_version_would_do_otherwise(version: str, family: str, policy: str | None) -> None:
    group = aurora("global-dev", version=version).one("AWS::RDS::DBClusterParameterGroup")
    assert group["Family"] == family
    assert group["Parameters"].get("authentication_policy") == policy
    assert group["Parameters"]["require_secure_transport"] == "OFF"


def test_aurora_is_encrypted_backed_up_and_away_from_the_internet() -> None:
    template = aurora("china-prod", multi_az=True, backup_days=14)
    cluster = template.one("AWS::RDS::DBCluster")
    assert cluster["DBClusterIdentifier"] == "china-prod"
    assert cluster["StorageEncrypted"] is True
    assert cluster["BackupRetentionPeriod"] == 14
    assert cluster["DeletionProtection"] is True
    instances = template.all("AWS::RDS::DBInstance")
    assert [each["DBInstanceIdentifier"] for each in instances] == ["china-prod-writer", "china-prod-reader"]
    assert not any(each["PubliclyAccessible"] for each in instances)


def test_a_single_zone_aurora_has_no_reader() -> None:
    assert len(aurora("global-dev", multi_az=False).all("AWS::RDS::DBInstance")) == 1


def test_serverless_aurora_says_how_far_it_scales() -> None:
    template = aurora("china-dev", instance_class="db.serverless")
    assert template.one("AWS::RDS::DBInstance")["DBInstanceClass"] == "db.serverless"
    assert template.one("AWS::RDS::DBCluster")["ServerlessV2ScalingConfiguration"] == {"MinCapacity": 0.5, "MaxCapacity": 16}


@pytest.mark.parametrize(
    ("template", "kind", "database"),
    [(data("global-dev"), "instance", "AWS::RDS::DBInstance"), (aurora("global-dev"), "cluster", "AWS::RDS::DBCluster")],
    ids=["mysql", "aurora-mysql"],
)
def test_the_databases_logs_are_in_groups_that_end_and_are_there_before_it(template: Template, kind: str, database: str) -> None:
    groups = {key: each["Properties"] for key, each in template.resources.items() if each["Type"] == "AWS::Logs::LogGroup"}
    assert {each["LogGroupName"] for each in groups.values()} == {f"/aws/rds/{kind}/global-dev/{log}" for log in ("error", "slowquery")}
    assert all(each["RetentionInDays"] == 30 for each in groups.values())
    assert set(template.one(database)["EnableCloudwatchLogsExports"]) == {"error", "slowquery"}
    assert set(template.whole(database)["DependsOn"]) >= set(groups)


@pytest.mark.parametrize("name", ENVIRONMENTS)
def test_no_bucket_is_public_unversioned_or_without_an_owner(name: str) -> None:
    buckets = data(name).all("AWS::S3::Bucket")
    assert len(buckets) == 3
    for bucket in buckets:
        assert all(bucket["PublicAccessBlockConfiguration"].values())
        assert len(bucket["PublicAccessBlockConfiguration"]) == 4
        assert bucket["VersioningConfiguration"] == {"Status": "Enabled"}
        assert bucket["OwnershipControls"] == {"Rules": [{"ObjectOwnership": "BucketOwnerEnforced"}]}


@pytest.mark.parametrize("name", ENVIRONMENTS)
def test_every_bucket_refuses_requests_without_tls(name: str) -> None:
    policies = data(name).all("AWS::S3::BucketPolicy")
    assert len(policies) == 3
    for policy in policies:
        denied = [each for each in policy["PolicyDocument"]["Statement"] if each["Effect"] == "Deny"]
        assert [each["Condition"] for each in denied] == [{"Bool": {"aws:SecureTransport": "false"}}]


@pytest.mark.parametrize("name", ENVIRONMENTS)
def test_artifacts_and_definitions_are_encrypted_with_our_key_and_their_use_is_recorded(name: str) -> None:
    names = load(name).names
    for concern, bucket_name in (("Artifacts", names.artifacts_bucket), ("Definitions", names.definitions_bucket)):
        bucket = data(name).one("AWS::S3::Bucket", named=concern)
        [rule] = bucket["BucketEncryption"]["ServerSideEncryptionConfiguration"]
        assert bucket["BucketName"] == bucket_name
        assert rule["BucketKeyEnabled"] is True
        assert rule["ServerSideEncryptionByDefault"]["SSEAlgorithm"] == "aws:kms"
        assert bucket["LoggingConfiguration"]["DestinationBucketName"]["Ref"].startswith("AccessLogs")
        assert bucket["LoggingConfiguration"]["LogFilePrefix"] == f"{bucket_name}/"


@pytest.mark.parametrize("name", ["china-dev", "china-prod"])
def test_what_was_overwritten_or_recorded_ends_after_the_days_that_the_file_says(name: str) -> None:
    storage = load(name).storage
    for concern, days in (("Artifacts", storage.noncurrent_days), ("Definitions", storage.noncurrent_days), ("AccessLogs", 1)):
        rules = data(name).one("AWS::S3::Bucket", named=concern)["LifecycleConfiguration"]["Rules"]
        assert [rule["NoncurrentVersionExpiration"]["NoncurrentDays"] for rule in rules if "NoncurrentVersionExpiration" in rule] == [days]
    [logs] = data(name).one("AWS::S3::Bucket", named="AccessLogs")["LifecycleConfiguration"]["Rules"]
    assert logs["ExpirationInDays"] == storage.access_log_days


@pytest.mark.parametrize(("name", "partition"), [("china-dev", "aws-cn"), ("global-prod", "aws")])
def test_s3_may_record_the_use_of_the_environments_buckets_and_of_no_other(name: str, partition: str) -> None:
    template, names = data(name), load(name).names
    policy = template.one("AWS::S3::BucketPolicy", named="AccessLogs")["PolicyDocument"]
    [allowed] = [each for each in policy["Statement"] if each["Effect"] == "Allow"]
    assert allowed["Principal"] == {"Service": "logging.s3.amazonaws.com"}
    sources = [late(arn, partition) for arn in allowed["Condition"]["ArnEquals"]["aws:SourceArn"]]
    assert sources == [f"arn:{partition}:s3:::{bucket}" for bucket in (names.artifacts_bucket, names.definitions_bucket)]


def test_s3_is_asked_to_record_once_it_may() -> None:
    bucket = data("china-dev").whole("AWS::S3::Bucket", named="Artifacts")
    assert set(bucket["DependsOn"]) == {"AccessLogsBucketCD784A59", "AccessLogsBucketPolicy3D5B5143"}


def test_artifacts_move_to_cheaper_storage_and_end_when_the_file_says_so() -> None:
    template = varied("global-dev-data", storage={"infrequent_access_days": 60, "expire_artifacts_days": 400})
    rules = {rule["Id"]: rule for rule in template.one("AWS::S3::Bucket", named="Artifacts")["LifecycleConfiguration"]["Rules"]}
    assert rules["infrequent-access"]["Transitions"] == [{"StorageClass": "STANDARD_IA", "TransitionInDays": 60}]
    assert rules["expire"]["ExpirationInDays"] == 400
    kept = template.one("AWS::S3::Bucket", named="Definitions")["LifecycleConfiguration"]["Rules"]
    assert [rule["Id"] for rule in kept] == ["old-versions"]
