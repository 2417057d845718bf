"""What is another partition's is found wherever a template hides it."""

import json
from typing import Any

import pytest

from mlplatform.rules.template import Template
from tests.rules.templates import CHINA, GLOBAL, allow, broken, resource, role, template, trusts

NODES = "ec2.amazonaws.com"
NODES_IN_CHINA = ("ec2.amazonaws.com", "ec2.amazonaws.com.cn")


@pytest.mark.parametrize("place", [CHINA, GLOBAL])
@pytest.mark.parametrize(
    "hidden",
    [
        "arn:aws:iam::123456789012:role/x",
        {"Fn::Sub": "arn:aws:s3:::${Bucket}"},
        {"Fn::Join": ["", ["arn:aws:s3:::", {"Ref": "Bucket"}]]},
        json.dumps({"Resource": ["arn:aws:s3:::bucket"]}),
        {"arn:aws:s3:::bucket": "as a key"},
    ],
    ids=["text", "sub", "join", "json", "key"],
)
def test_an_arn_that_names_its_partition_is_found_in_any_form(place: str, hidden: Any) -> None:
    (violation,) = broken("literal-arn", template(place, R=resource("AWS::X::Y", Deep=[{"In": hidden}])))

    assert violation.logical_id == "R"
    assert "arn:aws:" in violation.message
    assert "AWS::Partition" in violation.remedy


def test_an_arn_with_the_partition_left_open_is_no_literal() -> None:
    joined = {"Fn::Join": ["", ["arn:", {"Ref": "AWS::Partition"}, ":iam::aws:policy/AmazonEKSClusterPolicy"]]}

    assert not broken("literal-arn", template(R=resource("AWS::X::Y", A=joined, B={"Fn::Sub": "arn:${AWS::Partition}:s3:::b"})))


@pytest.mark.parametrize(("place", "partition", "allowed"), [(CHINA, "aws-cn", True), (CHINA, "aws", False), (GLOBAL, "aws-cn", False)])
@pytest.mark.parametrize("kind", ["Custom::AWSCDK-EKS-HelmChart", "AWS::EKS::AccessEntry"])
def test_what_config_or_a_person_spells_out_may_name_its_own_partition_only(
    place: str, partition: str, kind: str, *, allowed: bool
) -> None:
    given = template(place, R=resource(kind, PrincipalArn=f"arn:{partition}:iam::123456789012:role/x"))

    assert (not broken("literal-arn", given)) is allowed


def test_an_arn_in_an_output_is_found_too() -> None:
    given = template()
    with_output = Template(given.stack, given.place, {"Outputs": {"O": {"Value": "arn:aws:s3:::bucket"}}})

    (violation,) = broken("literal-arn", with_output)

    assert violation.logical_id is None
    assert "Outputs.O.Value" in violation.message


@pytest.mark.parametrize("host", ["sts.amazonaws.com", "https://eks.cn-north-1.amazonaws.com/x", ".amazonaws.com"])
def test_a_host_of_the_global_partition_is_refused_in_china(host: str) -> None:
    (violation,) = broken("foreign-host", template(R=resource("AWS::X::Y", Url=host)))

    assert "amazonaws.com.cn" in violation.remedy


def test_tags_may_say_what_they_like() -> None:
    tags = [{"Key": "x", "Value": value} for value in ("arn:aws:iam::123456789012:role/x", "sts.amazonaws.com", "ghcr.io/x")]
    given = template(R=resource("AWS::S3::Bucket", Tags=tags))

    assert [broken(rule, given) for rule in ("literal-arn", "foreign-host", "unreachable-host")] == [[], [], []]


def test_a_host_of_china_is_refused_in_the_global_partition() -> None:
    assert broken("foreign-host", template(GLOBAL, R=resource("AWS::X::Y", Url="s3.cn-north-1.amazonaws.com.cn")))


@pytest.mark.parametrize(
    "named",
    [
        role(trust=trusts("eks.amazonaws.com")),
        resource("AWS::Lambda::Permission", Principal="events.amazonaws.com"),
        resource("AWS::IAM::OIDCProvider", ClientIdList=["sts.amazonaws.com"]),
        resource("AWS::X::Y", Condition={"StringEquals": {"issuer.amazonaws.com.cn:aud": "sts.amazonaws.com"}}),
        resource("AWS::EC2::VPCEndpoint", ServiceName="com.amazonaws.cn-north-1.s3", Other="s3.cn-north-1.amazonaws.com.cn"),
    ],
    ids=["principal", "permission", "client", "audience", "endpoint"],
)
def test_names_of_services_audiences_and_chinas_own_hosts_are_no_foreign_hosts(named: dict[str, Any]) -> None:
    assert not broken("foreign-host", template(R=named))


def test_a_label_or_annotation_within_a_charts_values_is_no_foreign_host() -> None:
    def values(text: str) -> dict[str, Any]:
        # With a value that only the deployment knows, they are no JSON that could be looked into.
        return resource("Custom::Chart", Values={"Fn::Join": ["", [f'{{"{text}":"x","vpcId":"', {"Ref": "Vpc"}, '"}']]})

    assert not broken("foreign-host", template(R=values("eks.amazonaws.com/role-arn")))
    assert broken("foreign-host", template(R=values("https://eks.amazonaws.com/role-arn")))
    assert broken("foreign-host", template(R=values("sts.amazonaws.com/role-arn")))


@pytest.mark.parametrize(
    "image", ["registry.k8s.io/pause:3.10", "oci://ghcr.io/x", "https://charts.jetstack.github.io/x", "docker.io/library/a"]
)
def test_an_image_or_chart_from_a_host_that_china_does_not_reach_is_refused(image: str) -> None:
    given = resource("Custom::AWSCDK-EKS-HelmChart", Values=json.dumps({"image": image}))

    (violation,) = broken("unreachable-host", template(R=given))

    assert "registry" in violation.remedy
    assert not broken("unreachable-host", template(GLOBAL, R=given))


def test_an_image_in_the_environments_registry_is_reachable_whatever_its_path() -> None:
    image = "123456789012.dkr.ecr.cn-north-1.amazonaws.com.cn/mirror/quay.io.old/x"

    assert not broken("unreachable-host", template(R=resource("AWS::X::Y", Image=image)))


@pytest.mark.parametrize("service", ["eks.amazonaws.com.cn", "lambda.amazonaws.com.cn", "pods.eks.amazonaws.com.cn"])
def test_a_service_that_has_no_name_of_its_own_in_china_is_refused_there_with_one(service: str) -> None:
    assert broken("service-principal", template(R=role(trust=trusts(service))))


def test_the_second_name_of_ec2_is_known_in_china_and_nowhere_else() -> None:
    both = template(CHINA, R=role(trust=trusts(*NODES_IN_CHINA)))

    assert not broken("service-principal", both)
    assert broken("service-principal", template(GLOBAL, R=role(trust=trusts(*NODES_IN_CHINA))))


def test_a_role_of_nodes_without_chinas_name_of_ec2_is_refused_in_china_only() -> None:
    nodes = {
        "R": role(trust=trusts(NODES)),
        "N": resource("AWS::EKS::Nodegroup", NodeRole={"Fn::GetAtt": ["R", "Arn"]}),
    }

    (violation,) = broken("node-role", template(CHINA, **nodes))

    assert violation.logical_id == "R"
    assert "ec2.amazonaws.com.cn" in violation.message
    assert not broken("node-role", template(GLOBAL, **nodes))


def test_a_role_that_nodes_wear_must_trust_ec2_even_if_it_trusts_something_else() -> None:
    nodes = {"R": role(trust=trusts("lambda.amazonaws.com")), "P": resource("AWS::IAM::InstanceProfile", Roles=[{"Ref": "R"}])}

    assert broken("node-role", template(GLOBAL, **nodes))


def test_a_role_of_nodes_with_every_name_of_its_partition_is_accepted() -> None:
    assert not broken("node-role", template(CHINA, R=role(trust=trusts(*NODES_IN_CHINA))))


def test_permission_to_pass_a_role_to_nodes_names_ec2_as_china_does_too() -> None:
    def passing(*services: str) -> Template:
        condition = {"StringEquals": {"iam:PassedToService": list(services)}}
        return template(CHINA, R=role(allow("iam:PassRole", Condition=condition)))

    assert broken("node-role", passing(NODES))
    assert not broken("node-role", passing(*NODES_IN_CHINA))
    assert not broken("node-role", passing("sagemaker.amazonaws.com"))


def test_a_managed_policy_that_china_lacks_is_refused_unless_a_condition_decides() -> None:
    arn = {"Fn::Join": ["", ["arn:", {"Ref": "AWS::Partition"}, ":iam::aws:policy/AmazonElasticContainerRegistryPublicReadOnly"]]}
    decided = {"Fn::If": ["HasEcrPublic", arn, {"Ref": "AWS::NoValue"}]}

    assert broken("missing-managed-policy", template(CHINA, R=role(ManagedPolicyArns=[arn])))
    assert not broken("missing-managed-policy", template(CHINA, R=role(ManagedPolicyArns=[decided])))
    assert not broken("missing-managed-policy", template(GLOBAL, R=role(ManagedPolicyArns=[arn])))
