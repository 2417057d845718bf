import pytest

from tests.config.files import DEV, problems, settings


@pytest.mark.parametrize(
    ("base", "line", "said"),
    [
        (
            DEV,
            "network: {cidr: 10.0.0.0/19}",
            (
                "5: network.cidr: 10.0.0.0/19 is too small: its private subnets would be /21, and need /20 (allowed: /16 to /18); "
                "choose a range of /16 to /18"
            ),
        ),
        (
            DEV,
            "network: {cidr: 10.0.0.0/12}",
            "5: network.cidr: 10.0.0.0/12 is larger than AWS allows (allowed: /16 to /18); choose a range of /16 to /18",
        ),
        (
            DEV,
            "network: {cidr: 8.8.0.0/16}",
            (
                "5: network.cidr: 8.8.0.0/16 is outside the ranges that may be used (allowed: 10.0.0.0/8, 172.16.0.0/12, 192.168.0.0/16, "
                "100.64.0.0/10); choose a range inside one of them"
            ),
        ),
        (
            DEV,
            "network: {pod_cidr: 172.16.0.0/16}",
            (
                "5: network.pod_cidr: 172.16.0.0/16 is outside the ranges that may be used (allowed: 100.64.0.0/10, 10.0.0.0/8); "
                "choose a range inside one of them"
            ),
        ),
        (
            DEV,
            "network: {pod_cidr: 10.0.128.0/17}",
            "5: network.pod_cidr: 10.0.128.0/17 overlaps network.cidr, which is 10.0.0.0/16; choose a range apart from it",
        ),
        (
            DEV,
            "cluster: {service_cidr: 10.0.0.0/20}",
            "5: cluster.service_cidr: 10.0.0.0/20 overlaps network.cidr, which is 10.0.0.0/16; choose a range apart from it",
        ),
        (
            DEV,
            "cluster: {service_cidr: 172.20.0.0/25}",
            "5: cluster.service_cidr: 172.20.0.0/25 has a size that EKS refuses (allowed: /12 to /24); choose a range of /12 to /24",
        ),
        (
            DEV,
            "cluster: {service_cidr: 100.64.0.0/16}",
            (
                "5: cluster.service_cidr: 100.64.0.0/16 is outside the ranges that may be used (allowed: 10.0.0.0/8, 172.16.0.0/12, "
                "192.168.0.0/16); choose a range inside one of them"
            ),
        ),
        (
            DEV + "    network: {cidr: 10.0.0.0/18}\n",
            "cluster: {system_nodes: {maximum: 100}}",
            (
                "6: cluster.system_nodes.maximum: 100 nodes of 110 pods in 3 zones do not fit subnets that have 4027 addresses free: "
                "each takes 132 (allowed: 87 or less); write 87 or less, or give pods a range of their own in network.pod_cidr"
            ),
        ),
    ],
)
def test_a_mistake_is_one_problem_with_its_remedy(base: str, line: str, said: str):
    assert problems(f"{base}    {line}") == [said]


def test_a_range_for_pods_makes_room_for_more_nodes():
    network = "network: {cidr: 10.0.0.0/18, pod_cidr: 100.64.0.0/16}"
    assert settings(f"{DEV}    {network}\n    cluster: {{system_nodes: {{maximum: 100}}}}")
