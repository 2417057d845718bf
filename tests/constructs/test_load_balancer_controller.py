"""The role of the AWS Load Balancer Controller: upstream's policy action by action, and whose balancers it reaches."""

import json
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from aws_cdk import App, Environment, Stack
from aws_cdk.assertions import Template

from mlplatform.constructs.load_balancer_controller import LoadBalancerController
from mlplatform.constructs.pod_role import TokenIssuer
from mlplatform.local.iam import Decision, Location, Request, evaluate, location, policies_of_role
from tests.constructs.karpenter_index import listed
from tests.constructs.karpenter_stack import ACCOUNT, names_of

REGION_OF = {"china-prod": "cn-north-1", "global-prod": "us-west-2"}
VPC = "vpc-0123456789abcdef0"
INDEX: list[dict[str, Any]] = json.loads((Path(__file__).parent / "load_balancer_statements.json").read_text())
UPSTREAM = {action for statement in INDEX for action in statement["actions"]}
_NOT_CALLED = "this version of the controller never calls it"
_OTHER_KIND = "application load balancers alone have it, and the gateway's is a network load balancer"
_NOT_FOUND = "certificates are named by ARN in our Service, and not looked for"
LEFT_OUT = {
    **dict.fromkeys(
        (
            *("ec2:DescribeAccountAttributes", "ec2:DescribeAddresses", "ec2:DescribeInternetGateways", "ec2:DescribeTags"),
            *("ec2:DescribeVpcPeeringConnections", "ec2:GetSecurityGroupsForVpc", "elasticloadbalancing:DescribeSSLPolicies"),
        ),
        _NOT_CALLED,
    ),
    **dict.fromkeys(
        (
            *("elasticloadbalancing:CreateRule", "elasticloadbalancing:DeleteRule", "elasticloadbalancing:DescribeRules"),
            *("elasticloadbalancing:ModifyRule", "elasticloadbalancing:SetRulePriorities", "elasticloadbalancing:DescribeTrustStores"),
            *("elasticloadbalancing:ModifyIpPools", "ec2:DescribeIpamPools", "cognito-idp:DescribeUserPoolClient"),
        ),
        _OTHER_KIND,
    ),
    **dict.fromkeys(
        (
            *("waf-regional:GetWebACL", "waf-regional:GetWebACLForResource", "waf-regional:AssociateWebACL"),
            *("waf-regional:DisassociateWebACL", "wafv2:GetWebACL", "wafv2:GetWebACLForResource", "wafv2:AssociateWebACL"),
            *("wafv2:DisassociateWebACL", "elasticloadbalancing:SetWebAcl"),
        ),
        "a web application firewall stands before application load balancers, and the chart's values switch it off",
    ),
    **dict.fromkeys(
        ("shield:GetSubscriptionState", "shield:DescribeProtection", "shield:CreateProtection", "shield:DeleteProtection"),
        "Shield does not exist in China, and the chart's values switch it off everywhere",
    ),
    **dict.fromkeys(
        ("acm:ListCertificates", "acm:DescribeCertificate", "iam:ListServerCertificates", "iam:GetServerCertificate"), _NOT_FOUND
    ),
    **dict.fromkeys(("ec2:GetCoipPoolUsage", "ec2:DescribeCoipPools"), "addresses of a customer's own are of Outposts"),
}
"""What upstream grants and we do not, each with its reason."""

in_both_partitions = pytest.mark.parametrize("environment", list(REGION_OF))


@cache
def template(environment: str) -> Mapping[str, Any]:
    region = REGION_OF[environment]
    stack = Stack(App(analytics_reporting=False), "stack", env=Environment(account=ACCOUNT, region=region))
    issuer = TokenIssuer("arn:aws:iam::123456789012:oidc-provider/issuer/id/ABC", "issuer/id/ABC")
    LoadBalancerController(stack, "Controller", names=names_of(environment, region), issuer=issuer, vpc_id=VPC)
    return Template.from_stack(stack).to_json()


def here(environment: str) -> Location:
    return location(ACCOUNT, REGION_OF[environment])


def role(environment: str) -> str:
    return names_of(environment, REGION_OF[environment]).role("load-balancer-controller")


def granted(environment: str) -> list[Mapping[str, Any]]:
    [policy] = policies_of_role(template(environment), role(environment), here(environment))
    return policy.document["Statement"]


def decide(environment: str, action: str, resource: str, **context: str | list[str]) -> Decision:
    """Return what IAM says to the controller; keys of the context have `__` for the characters that a name cannot have."""
    place = here(environment)
    principal = place.arn("iam", f"role/{role(environment)}", region="")
    keys = {"aws:RequestedRegion": place.region, **{key.replace("__", ":"): value for key, value in context.items()}}
    policies = policies_of_role(template(environment), role(environment), place)
    [decision] = evaluate([Request(action, resource, principal, ACCOUNT, keys)], policies)
    return decision


def tagged(kind: str, cluster: str) -> dict[str, str]:
    return {f"aws__{kind}Tag/elbv2.k8s.aws/cluster": cluster}


@in_both_partitions
def test_every_action_of_upstreams_is_granted_or_left_out_for_a_reason(environment: str) -> None:
    ours = {action for statement in granted(environment) for action in listed(statement["Action"])}
    assert ours | set(LEFT_OUT) == UPSTREAM
    assert ours & set(LEFT_OUT) == set()


@in_both_partitions
def test_nothing_but_looking_is_granted_on_everything(environment: str) -> None:
    for statement in granted(environment):
        if "*" in listed(statement["Resource"]):
            assert all(action.split(":")[1].startswith("Describe") for action in listed(statement["Action"]))
        else:
            assert all(f":{REGION_OF[environment]}:{ACCOUNT}:" in arn or "aws-service-role" in arn for arn in listed(statement["Resource"]))


@in_both_partitions
def test_the_policy_fits_into_the_role(environment: str) -> None:
    # https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html
    assert len(json.dumps(granted(environment), separators=(",", ":"))) < 10_240


CHANGED = {
    "elasticloadbalancing:DeleteLoadBalancer": ("elasticloadbalancing", "loadbalancer/net/x/1"),
    "elasticloadbalancing:SetSecurityGroups": ("elasticloadbalancing", "loadbalancer/net/x/1"),
    "elasticloadbalancing:CreateListener": ("elasticloadbalancing", "loadbalancer/net/x/1"),
    "elasticloadbalancing:RegisterTargets": ("elasticloadbalancing", "targetgroup/x/1"),
    "elasticloadbalancing:ModifyTargetGroupAttributes": ("elasticloadbalancing", "targetgroup/x/1"),
    "elasticloadbalancing:ModifyListener": ("elasticloadbalancing", "listener/net/x/1/2"),
    "elasticloadbalancing:AddTags": ("elasticloadbalancing", "loadbalancer/net/x/1"),
    "elasticloadbalancing:RemoveTags": ("elasticloadbalancing", "loadbalancer/net/x/1"),
    "ec2:AuthorizeSecurityGroupIngress": ("ec2", "security-group/sg-1"),
    "ec2:DeleteSecurityGroup": ("ec2", "security-group/sg-1"),
    "ec2:CreateTags": ("ec2", "security-group/sg-1"),
}


@in_both_partitions
@pytest.mark.parametrize("action", CHANGED)
def test_it_changes_what_has_the_tag_of_its_cluster_and_nothing_of_anothers(environment: str, action: str) -> None:
    arn = here(environment).arn(*CHANGED[action])
    own = decide(environment, action, arn, **tagged("Resource", environment))
    assert own.allowed, own
    assert own.unknown_keys == ()
    assert not decide(environment, action, arn, **tagged("Resource", "another")).allowed
    assert not decide(environment, action, arn).allowed


@in_both_partitions
def test_nobody_elses_thing_becomes_its_own_by_a_tag(environment: str) -> None:
    arn = here(environment).arn("elasticloadbalancing", "loadbalancer/net/x/1")
    claim = {**tagged("Request", environment), "aws__TagKeys": ["elbv2.k8s.aws/cluster"]}
    assert not decide(environment, "elasticloadbalancing:AddTags", arn, **claim).allowed
    assert not decide(environment, "elasticloadbalancing:AddTags", arn, **claim, **tagged("Resource", "another")).allowed
    made = decide(environment, "elasticloadbalancing:AddTags", arn, **claim, elasticloadbalancing__CreateAction="CreateLoadBalancer")
    assert made.allowed, made


@in_both_partitions
def test_what_it_makes_it_must_tag_as_its_own(environment: str) -> None:
    for service, action, resource in (
        ("elasticloadbalancing", "elasticloadbalancing:CreateLoadBalancer", "loadbalancer/net/x/1"),
        ("elasticloadbalancing", "elasticloadbalancing:CreateTargetGroup", "targetgroup/x/1"),
        ("ec2", "ec2:CreateSecurityGroup", "security-group/sg-1"),
    ):
        arn = here(environment).arn(service, resource)
        made = decide(environment, action, arn, **tagged("Request", environment))
        assert made.allowed, made
        assert not decide(environment, action, arn, **tagged("Request", "another")).allowed
        assert not decide(environment, action, arn).allowed


@in_both_partitions
def test_it_makes_groups_in_its_own_vpc_and_no_application_load_balancers(environment: str) -> None:
    place = here(environment)
    assert decide(environment, "ec2:CreateSecurityGroup", place.arn("ec2", f"vpc/{VPC}")).allowed
    assert not decide(environment, "ec2:CreateSecurityGroup", place.arn("ec2", "vpc/vpc-1")).allowed
    application = place.arn("elasticloadbalancing", "loadbalancer/app/x/1")
    assert not decide(environment, "elasticloadbalancing:CreateLoadBalancer", application, **tagged("Request", environment)).allowed


@in_both_partitions
def test_it_lets_balancers_into_the_group_of_its_clusters_nodes_and_of_no_others(environment: str) -> None:
    group = here(environment).arn("ec2", "security-group/sg-nodes")
    own = {f"aws__ResourceTag/kubernetes.io/cluster/{environment}": "owned"}
    for action in ("ec2:AuthorizeSecurityGroupIngress", "ec2:RevokeSecurityGroupIngress"):
        assert decide(environment, action, group, **own).allowed
        assert not decide(environment, action, group, **{"aws__ResourceTag/kubernetes.io/cluster/another": "owned"}).allowed
    assert not decide(environment, "ec2:DeleteSecurityGroup", group, **own).allowed
