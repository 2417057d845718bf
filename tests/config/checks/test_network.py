import pytest

from tests.config.files import DEV, PROD, problems, settings

VPC = "vpc_id: vpc-0123456789abcdef0"
PRIVATE = "private_subnets: [subnet-00000001, subnet-00000002, subnet-00000003]"
DATABASE = "database_subnets: [subnet-00000004, subnet-00000005, subnet-00000006]"


@pytest.mark.parametrize(
    ("base", "line", "said"),
    [
        (
            DEV,
            "network: {availability_zones: [cn-north-1a, cn-north-1c]}",
            (
                "5: network.availability_zones[1]: 'cn-north-1c' is not a zone of cn-north-1 (allowed: cn-north-1a, cn-north-1b, cn-north-1d); "
                "name one of them, or remove the list"
            ),
        ),
        (
            DEV,
            "network: {availability_zones: [cn-north-1a, cn-north-1a]}",
            "5: network.availability_zones[1]: 'cn-north-1a' is listed twice; remove it",
        ),
        (
            DEV,
            "network: {availability_zones: [cn-north-1a, cn-north-1b], nat_gateways: 3}",
            "5: network.nat_gateways: 3 are more than one a zone (allowed: 0 to 2); write 2 or less",
        ),
        (
            PROD,
            f"network: {{existing: {{{VPC}, {PRIVATE}, database_subnets: [subnet-00000004, subnet-00000005]}}}}",
            (
                "5: network.existing.database_subnets: has 2 subnets for 3 zones; list one for each of us-west-2a, us-west-2b, us-west-2c, "
                "in that order, or name other zones in network.availability_zones"
            ),
        ),
        (
            PROD,
            f"network: {{existing: {{{VPC}, {PRIVATE}, {DATABASE.replace('5', '4')}}}}}",
            "5: network.existing.database_subnets[1]: 'subnet-00000004' is listed twice; remove it",
        ),
        (
            PROD,
            f"network: {{existing: {{{VPC}, {PRIVATE}, {DATABASE}, {PRIVATE.replace('private', 'public').replace('1', '7').replace('2', '8')}}}}}",
            "5: network.existing.public_subnets[2]: 'subnet-00000003' is listed as private too; list each subnet by the routes that it has",
        ),
        (
            PROD,
            f"network: {{existing: {{{VPC}, {PRIVATE}, {DATABASE}}}, nat_gateways: 1}}",
            (
                "5: network.nat_gateways: 1 would be made in an existing VPC (allowed: 0 with network.existing); "
                "remove it, and have it made by whoever manages the VPC"
            ),
        ),
        (
            PROD,
            f"network: {{existing: {{{VPC}, {PRIVATE}, {DATABASE}}}, interface_endpoints: [sts]}}",
            (
                "5: network.interface_endpoints: sts would be made in an existing VPC (allowed: [] with network.existing); "
                "remove it, and have it made by whoever manages the VPC"
            ),
        ),
        (
            PROD,
            f"network: {{existing: {{{VPC}, {PRIVATE}, {DATABASE}}}, pod_cidr: 100.64.0.0/16}}",
            (
                "5: network.pod_cidr: 100.64.0.0/16 would be added to an existing VPC (allowed: none with network.existing); "
                "remove it, and have it made by whoever manages the VPC"
            ),
        ),
    ],
)
def test_a_mistake_is_one_problem_with_its_remedy(base: str, line: str, said: str):
    assert problems(f"{base}    {line}") == [said]


def test_an_existing_vpc_takes_neither_gateways_nor_endpoints_by_default():
    network = settings(f"{PROD}    network: {{existing: {{{VPC}, {PRIVATE}, {DATABASE}}}}}").network
    assert (network.nat_gateways, network.interface_endpoints) == (0, ())
