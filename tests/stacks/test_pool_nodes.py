"""What the nodes of pools wear, by the ways that their network has out."""

from typing import Any

from mlplatform.config.load import load
from mlplatform.config.stages import NODE_ENDPOINTS
from mlplatform.manifests.compute.pools import node_class
from tests.stacks.synthesis import templates

CLOSED = {"nat_gateways": 0, "interface_endpoints": NODE_ENDPOINTS}


def profiles(network: dict[str, Any]) -> tuple[list[str], str | None]:
    """Return the instance profiles of the compute stack, and the one that nodes are launched with."""
    open_one = load("global-dev")
    settings = open_one.model_copy(update={"network": open_one.network.model_copy(update=network)})
    made = [each["InstanceProfileName"] for each in templates(settings)["global-dev-compute"].all("AWS::IAM::InstanceProfile")]
    return made, node_class(settings, settings.compute.pools["gpu"])["spec"].get("instanceProfile")


def test_where_iam_is_out_of_reach_the_stack_makes_the_profile_that_nodes_are_launched_with() -> None:
    made, used = profiles(CLOSED)
    assert made == [used] == ["global-dev-us-west-2-pool-nodes"]


def test_elsewhere_karpenter_makes_its_own() -> None:
    assert profiles({}) == ([], None)
