"""The role of a tenant's pods, judged by IAM's own rules: what it reaches, and what it does not."""

from collections.abc import Mapping
from functools import cache
from typing import Any

import pytest
from aws_cdk import App, Environment, Stack
from aws_cdk import aws_iam as iam
from aws_cdk.assertions import Template

from mlplatform.config.names import Names
from mlplatform.constructs.pod_role import TokenIssuer
from mlplatform.constructs.tenant_role import TenantRole
from mlplatform.local.iam import Location, Request, evaluate, location, policies_of_role
from tests.constructs.karpenter_stack import ACCOUNT, names_of

TENANTS = ("vision", "vision-two", "speech")
REGION_OF = {"china-dev": "cn-north-1", "global-prod": "us-west-2"}
in_both_partitions = pytest.mark.parametrize("environment", list(REGION_OF))
of_another = pytest.mark.parametrize(("tenant", "other"), [("vision", "speech"), ("speech", "vision"), ("vision", "vision-two")])
OBJECT_ACTIONS = ("s3:GetObject", "s3:PutObject", "s3:DeleteObject", "s3:AbortMultipartUpload")


def names(environment: str) -> Names:
    return names_of(environment, REGION_OF[environment])


def here(environment: str) -> Location:
    return location(ACCOUNT, REGION_OF[environment])


def key_arn(environment: str) -> str:
    return here(environment).arn("kms", "key/11111111-2222-3333-4444-555555555555")


@cache
def template(environment: str) -> Mapping[str, Any]:
    stack = Stack(App(analytics_reporting=False), "stack", env=Environment(account=ACCOUNT, region=REGION_OF[environment]))
    host = f"oidc.eks.{REGION_OF[environment]}.{names(environment).place.partition.url_suffix}/id/ABC"
    issuer = TokenIssuer(here(environment).arn("iam", f"oidc-provider/{host}", region=""), host)
    for tenant in TENANTS:
        TenantRole(stack, tenant, names=names(environment), tenant=tenant, issuer=issuer, key_arn=key_arn(environment))
    return Template.from_stack(stack).to_json()


class Pod:
    """A tenant's pod, which asks IAM for something."""

    def __init__(self, environment: str, tenant: str = "vision") -> None:
        self._environment, self.names, self._here = environment, names(environment), here(environment)
        self._role = self.names.tenant_role(tenant)

    def bucket(self, name: str = "", key: str = "") -> str:
        return self._here.arn("s3", (name or self.names.artifacts_bucket) + (f"/{key}" if key else ""), region="", account="")

    def object(self, action: str, key: str, bucket: str = "") -> Request:
        return self._request(action, self.bucket(bucket, key))

    def listing(self, prefix: str | None, bucket: str = "") -> Request:
        return self._request("s3:ListBucket", self.bucket(bucket), **({} if prefix is None else {"s3:prefix": prefix}))

    def key(self, action: str, *, context: str | None = None, via: str | None = "s3") -> Request:
        """Ask for the data key as S3 does for an object of the bucket, which has a bucket key."""
        service = f"{via}.{self._here.region}.{self._here.partition.url_suffix}"
        encryption = {"kms:EncryptionContext:aws:s3:arn": self.bucket() if context is None else context}
        return self._request(action, key_arn(self._environment), **encryption, **({"kms:ViaService": service} if via else {}))

    def may(self, *requests: Request) -> list[bool]:
        """Return whether each is allowed."""
        policies = policies_of_role(template(self._environment), self._role, self._here)
        return [decision.allowed for decision in evaluate(requests, policies)]

    def _request(self, action: str, resource: str, **context: str) -> Request:
        principal = self._here.arn("iam", f"role/{self._role}", region="")
        return Request(action, resource, principal, ACCOUNT, {"aws:SecureTransport": "true", **context})


@in_both_partitions
def test_a_tenant_reads_and_writes_its_own_artifacts(environment: str) -> None:
    pod = Pod(environment)
    keys = ("private-artifacts/vision/v2/artifacts/a/b/model", "private-artifacts/vision/run-1/2026/11/25/pod/main.log")
    assert all(pod.may(*(pod.object(action, key) for action in OBJECT_ACTIONS for key in keys)))


@in_both_partitions
@of_another
def test_a_tenant_neither_reads_nor_writes_nor_lists_anothers_artifacts(environment: str, tenant: str, other: str) -> None:
    pod = Pod(environment, tenant)
    prefix = f"private-artifacts/{other}/"
    asked = [pod.object(action, f"{prefix}v2/artifacts/model") for action in OBJECT_ACTIONS]
    assert not any(pod.may(*asked, pod.listing(prefix), pod.listing(f"{prefix}v2/")))


@in_both_partitions
def test_a_tenant_lists_its_own_artifacts_and_nothing_in_which_another_could_be(environment: str) -> None:
    pod = Pod(environment)
    assert all(pod.may(pod.listing("private-artifacts/vision/"), pod.listing("private-artifacts/vision/v2/artifacts/")))
    wider = (None, "", "private-artifacts/", "private-artifacts/vision", "pipelines/")
    assert not any(pod.may(*map(pod.listing, wider)))


@in_both_partitions
def test_a_tenant_reaches_nothing_else_in_the_bucket_and_no_other_bucket(environment: str) -> None:
    pod = Pod(environment)
    keys = ("pipelines/1", "private-artifacts/vision", "vision/private-artifacts/vision/x", "x")
    others = (pod.names.definitions_bucket, pod.names.access_logs_bucket)
    own = "private-artifacts/vision/"
    asked = [pod.object(action, key) for action in OBJECT_ACTIONS for key in keys]
    asked += [pod.object(action, f"{own}x", bucket) for action in OBJECT_ACTIONS for bucket in others]
    asked += [pod.listing(own, bucket) for bucket in others]
    asked += [pod.object(action, "") for action in ("s3:PutBucketPolicy", "s3:DeleteBucket", "s3:PutLifecycleConfiguration")]
    assert not any(pod.may(*asked))


@in_both_partitions
@pytest.mark.parametrize("action", ["kms:Decrypt", "kms:GenerateDataKey"])
def test_the_key_opens_the_artifacts_through_s3_and_nothing_else_for_anyone(environment: str, action: str) -> None:
    pod = Pod(environment)
    elsewhere = pod.key(action, context=pod.bucket(pod.names.definitions_bucket))
    assert pod.may(pod.key(action), pod.key(action, via=None), pod.key(action, via="secretsmanager"), elsewhere) == [True] + [False] * 3


@in_both_partitions
def test_a_tenant_does_nothing_else_with_the_key(environment: str) -> None:
    pod = Pod(environment)
    assert not any(pod.may(*map(pod.key, ("kms:Encrypt", "kms:ScheduleKeyDeletion", "kms:CreateGrant", "kms:PutKeyPolicy"))))


@in_both_partitions
def test_the_role_trusts_the_one_service_account_that_the_profile_controller_annotates(environment: str) -> None:
    for tenant in TENANTS:
        [role] = [
            each for each in template(environment)["Resources"].values() if each["Properties"]["RoleName"].endswith(f"tenant-{tenant}")
        ]
        text, _ = role["Properties"]["AssumeRolePolicyDocument"]["Fn::Sub"]
        assert f'"${{Issuer}}:sub": "system:serviceaccount:{tenant}:default-editor"' in text
        assert '"${Issuer}:aud": "sts.amazonaws.com"' in text


def test_later_services_add_what_they_give_a_tenant() -> None:
    stack = Stack(App(analytics_reporting=False), "stack", env=Environment(account=ACCOUNT, region="us-west-2"))
    started = iam.PolicyStatement(
        sid="OwnJobs", actions=["sagemaker:DescribeTrainingJob"], resources=["arn:aws:sagemaker:us-west-2::job/x"]
    )
    issuer = TokenIssuer("arn:aws:iam::123456789012:oidc-provider/issuer/id/ABC", "issuer/id/ABC")
    own = names("global-prod")
    TenantRole(stack, "vision", names=own, tenant="vision", issuer=issuer, key_arn=key_arn("global-prod"), statements=[started])
    [policy] = policies_of_role(Template.from_stack(stack).to_json(), own.tenant_role("vision"), here("global-prod"))
    assert [statement["Sid"] for statement in policy.document["Statement"]] == [
        "OwnArtifacts",
        "ListOwnArtifacts",
        "ArtifactsKey",
        "OwnJobs",
    ]
