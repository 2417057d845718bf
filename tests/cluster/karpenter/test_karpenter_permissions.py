"""What Karpenter's controller really calls, judged by the permissions that its documentation gives it."""

import pytest

from mlplatform.local.aws.account import played_account
from mlplatform.local.iam import Decision, evaluate, location, policies_of_role, requests_from
from tests.cluster.karpenter.lab import CLUSTER, IDLE, Lab, wait
from tests.cluster.karpenter.pods import pod
from tests.local.iam import karpenter


def decisions(lab: Lab, cluster: str) -> list[Decision]:
    """Judge everything that was called so far by the role of a cluster's controller."""
    here = location(played_account(), lab.region)
    requests = requests_from(lab.calls.all(), account=here.account, role=karpenter.ROLE)
    return evaluate(requests, policies_of_role(karpenter.template(of=cluster, node_role="node"), karpenter.ROLE, here))


@pytest.mark.both_partitions
def test_a_nodes_whole_life_is_allowed_and_nothing_of_it_to_the_controller_of_another_cluster(lab: Lab) -> None:
    lab.start(capacity_types=("on-demand", "spot"))
    lab.run(pod("job", gpus=1, cpu="2", memory="8Gi", run_seconds=3))
    wait(lambda: all(item["status"]["phase"] == "Succeeded" for item in lab.pods()), "the job is done")
    wait(lambda: not lab.instances() and not lab.claims(), "the node is gone", IDLE + 60)

    own = decisions(lab, CLUSTER)
    assert {decision.request.action for decision in own} >= {
        "ec2:CreateFleet",
        "ec2:TerminateInstances",
        "iam:PassRole",
        "sqs:ReceiveMessage",
    }
    assert [str(decision) for decision in own if not decision.allowed] == []

    foreign = {decision.request.action for decision in decisions(lab, "other") if decision.allowed}
    changing = {action for action in foreign if not action.partition(":")[2].startswith(("Describe", "Get", "List"))}
    # Images, subnets and security groups are anybody's to launch from, and the node role is this controller's own in both.
    assert changing == {"ec2:CreateFleet", "ec2:RunInstances", "iam:PassRole"}
