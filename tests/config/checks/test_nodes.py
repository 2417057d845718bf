import pytest

from tests.config.files import DEV, problems


@pytest.mark.parametrize(
    ("base", "line", "said"),
    [
        (
            DEV,
            "cluster: {system_nodes: {desired: 6}}",
            (
                "5: cluster.system_nodes: minimum 2, desired 6 and maximum 4 are not in order; "
                "name all three so that each is no less than the one before it"
            ),
        ),
        (
            DEV,
            "cluster: {system_nodes: {instance_types: [m5.xlarge, m7i.xlarge]}}",
            (
                "5: cluster.system_nodes.instance_types[1]: 'm7i.xlarge' is not offered in cn-north-1 "
                "(allowed: families t3, m5, m5a, m6i, m8i, c5, c6i, c8i, r5, r6i, r8i); use a type of one of them"
            ),
        ),
        (
            DEV,
            "cluster: {system_nodes: {instance_types: [g4dn.xlarge]}}",
            (
                "5: cluster.system_nodes.instance_types[0]: 'g4dn.xlarge' is not of a family that system nodes can be of "
                "(allowed: families t3, m5, m5a, m6i, m8i, c5, c6i, c8i, r5, r6i, r8i); use a type of one of them"
            ),
        ),
        (
            DEV,
            "cluster: {system_nodes: {instance_types: [t3.micro]}}",
            (
                "5: cluster.system_nodes.instance_types[0]: 't3.micro' is not a type of t3 (allowed: t3.large, t3.xlarge, t3.2xlarge); "
                "use one of them"
            ),
        ),
    ],
)
def test_a_mistake_is_one_problem_with_its_remedy(base: str, line: str, said: str):
    assert problems(f"{base}    {line}") == [said]
