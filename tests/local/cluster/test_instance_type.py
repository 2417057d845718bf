import pytest

from mlplatform.local.cluster.instance_type import UnknownInstanceTypeError, instance_type


@pytest.mark.parametrize(("name", "pods"), [("m5.large", 110), ("m5.xlarge", 110), ("m5.12xlarge", 250), ("t3.nano", 34)])
def test_pods_are_those_of_prefix_delegation(name: str, pods: int):
    assert instance_type(name).max_pods == pods


def test_a_node_sees_less_memory_than_ec2_names_and_more_than_karpenter_reckons_with():
    visible = int(instance_type("m5.xlarge").capacity(20, 110)["memory"].removesuffix("Ki"))
    nominal = 16 * 1024 * 1024
    assert 0.925 * nominal < visible < nominal


def test_processors_held_back_are_those_of_eks_nodes():
    assert instance_type("m5.large").allocatable(20, 110)["cpu"] == "1930m"
    assert instance_type("m5.xlarge").allocatable(20, 110)["cpu"] == "3920m"


def test_memory_held_back_grows_with_the_pods():
    kind = instance_type("m5.xlarge")
    few, many = (int(kind.allocatable(20, pods)["memory"].removesuffix("Ki")) for pods in (10, 110))
    assert few - many == 100 * 11 * 1024


def test_accelerators_are_counted_by_resource():
    assert instance_type("g4dn.12xlarge").accelerators == {"nvidia.com/gpu": 4}
    assert instance_type("inf2.48xlarge").accelerators == {"aws.amazon.com/neuron": 12}
    assert instance_type("m5.large").accelerators == {}


def test_graviton_is_arm64():
    assert instance_type("m6g.large").architecture == "arm64"


def test_an_unknown_type_is_refused_with_those_of_its_family():
    with pytest.raises(UnknownInstanceTypeError, match=r"'g4dn\.small' is no EC2 instance type; there are g4dn\.12xlarge, .*g4dn\.xlarge"):
        instance_type("g4dn.small")


def test_a_mac_is_no_node():
    with pytest.raises(UnknownInstanceTypeError):
        instance_type("mac2.metal")
