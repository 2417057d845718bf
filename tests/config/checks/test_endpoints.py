import pytest

from tests.config.files import DEV, PROD, problems, settings


@pytest.mark.parametrize(
    ("base", "line", "said"),
    [
        (
            DEV,
            "network: {interface_endpoints: [sts, elasticloadbalancing]}",
            (
                "5: network.interface_endpoints[1]: 'elasticloadbalancing' has no interface endpoint in cn-north-1 (allowed: ec2, ecr.api, "
                "ecr.dkr, eks, kms, lambda, logs, monitoring, sagemaker.api, sagemaker.runtime, secretsmanager, sqs, ssm, ssmmessages, ec2messages, "
                "states, sts); remove it: its API is reached through a NAT gateway"
            ),
        ),
        (
            DEV,
            "network: {interface_endpoints: [sts, sts]}",
            "5: network.interface_endpoints[1]: 'sts' is listed twice; remove it",
        ),
        (
            PROD.replace("us-west-2", "cn-north-1"),
            "network: {nat_gateways: 0}",
            (
                "5: network.nat_gateways: 0 leaves no way to elasticloadbalancing, which has no interface endpoint in cn-north-1 "
                "(allowed: 1 to 3); keep at least one"
            ),
        ),
        (
            PROD,
            (
                "network: {nat_gateways: 0, interface_endpoints: [ec2, ecr.api, ecr.dkr, eks, elasticloadbalancing, lambda, logs, sagemaker.api, sqs, "
                "ssm, ssmmessages, secretsmanager]}"
            ),
            (
                "5: network.nat_gateways: 0 leaves no way to sts (allowed: 1 to 3); keep at least one, or name them in "
                "network.interface_endpoints"
            ),
        ),
    ],
)
def test_a_mistake_is_one_problem_with_its_remedy(base: str, line: str, said: str):
    assert problems(f"{base}    {line}") == [said]


def test_an_environment_without_nat_gateways_is_accepted_where_every_endpoint_exists():
    assert settings(f"{PROD}    network: {{nat_gateways: 0}}").network.nat_gateways == 0
