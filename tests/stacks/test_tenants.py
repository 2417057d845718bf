"""The roles of the committed environments' tenants, as they would be deployed: whose they are, and what they reach of each other."""

import json
import re
from itertools import permutations
from typing import Any

import pytest

from mlplatform.config.load import load
from mlplatform.config.names import artifacts_prefix
from mlplatform.local.iam import Request, evaluate, location_of, policies_of_role
from mlplatform.manifests import releases
from tests.stacks.synthesis import ENVIRONMENTS, committed

NAMES = pytest.mark.parametrize("name", ENVIRONMENTS)


def known(body: Any, key_arn: str) -> dict[str, str]:
    """Return a value for each export of another stack that the template names: the roles of tenants use the data key alone."""
    return dict.fromkeys(re.findall(r'"Fn::ImportValue": "([^"]+)"', json.dumps(body)), key_arn)


@NAMES
def test_each_profile_names_a_role_of_the_stack(name: str) -> None:
    settings, template = load(name), committed()[f"{name}-kubeflow"]
    named = {
        plugin["spec"]["awsIamRole"]
        for release in releases(settings)
        for obj in release.objects
        if obj["kind"] == "Profile"
        for plugin in obj["spec"]["plugins"]
    }
    made = {
        location_of(settings).arn("iam", f"role/{role['RoleName']}", region="") for role in template.all("AWS::IAM::Role", named="Tenants")
    }
    assert named == made
    assert len(named) == len(settings.tenants) == 2


@NAMES
def test_no_tenant_reaches_anothers_artifacts_and_each_reaches_its_own(name: str) -> None:
    settings, body = load(name), committed()[f"{name}-kubeflow"].body
    here, bucket = location_of(settings), settings.names.artifacts_bucket
    key = here.arn("kms", "key/11111111-2222-3333-4444-555555555555")

    def may(tenant: str, whose: str) -> list[bool]:
        role, prefix = settings.names.tenant_role(tenant), artifacts_prefix(whose)
        principal, account = here.arn("iam", f"role/{role}", region=""), settings.account
        actions = ("s3:GetObject", "s3:PutObject", "s3:DeleteObject")
        target = here.arn("s3", f"{bucket}/{prefix}v2/artifacts/model", region="", account="")
        listing = Request("s3:ListBucket", here.arn("s3", bucket, region="", account=""), principal, account, {"s3:prefix": prefix})
        asked = [*(Request(action, target, principal, account) for action in actions), listing]
        return [decision.allowed for decision in evaluate(asked, policies_of_role(body, role, here, known(body, key)))]

    for tenant, other in permutations(settings.tenants, 2):
        assert may(tenant, tenant) == [True] * 4
        assert may(tenant, other) == [False] * 4
