"""What Karpenter's controller really calls for an environment's pools, judged by the role that our stack attaches."""

from collections.abc import Iterable

import pytest

from mlplatform.local.iam import Decision, evaluate, location, policies_of_role, requests_from
from tests.cluster.karpenter.lab import CLUSTER, IDLE, Lab, wait
from tests.cluster.karpenter.own import OwnPools, own_pools, settings_for
from tests.cluster.karpenter.pods import deployment, running
from tests.constructs.karpenter_stack import names_of, template

_DEPLOYMENTS = "/apis/apps/v1/namespaces/default/deployments"


def judged(own: OwnPools, cluster: str) -> list[Decision]:
    """Judge every call that the controller made by the role of a cluster's controller."""
    names = own.settings.names
    here = location(names.account, names.place.name)
    requests = requests_from(own.lab.calls.all(), account=names.account, role=names.role("karpenter"))
    role = names_of(cluster, names.place.name).role("karpenter")
    return evaluate(requests, policies_of_role(template(cluster, names.place.name), role, here))


def actions(decisions: Iterable[Decision], *, allowed: bool) -> set[str]:
    return {decision.request.action for decision in decisions if decision.allowed is allowed}


@pytest.mark.both_partitions
def test_our_role_allows_a_launch_an_interruption_and_a_consolidation_and_that_of_another_cluster_none(lab: Lab) -> None:
    with own_pools(lab, settings_for(lab, "dev")) as own:
        lab.api.create(_DEPLOYMENTS, deployment("serving", gpus=1))
        wait(lambda: any("serving" in each["metadata"]["name"] for each in running(lab.pods())), "the server runs")
        [claim] = lab.claims()
        assert claim["metadata"]["labels"]["karpenter.sh/capacity-type"] == "spot"
        spot = own.instance_of(claim)
        lab.control(f"interrupt/{spot['InstanceId']}")
        wait(lambda: spot["InstanceId"] not in {each["InstanceId"] for each in lab.instances()}, "the interrupted one is gone")
        wait(lambda: list(running(lab.pods())), "the server runs elsewhere")
        lab.api.delete(f"{_DEPLOYMENTS}/serving", {"propagationPolicy": "Background"})
        wait(lambda: not lab.instances() and not lab.claims(), "every node is gone", IDLE + 60)
        own.uninstall_pools()

        ours = judged(own, CLUSTER)
        assert actions(ours, allowed=True) >= {
            "ec2:CreateLaunchTemplate",
            "ec2:RunInstances",
            "ec2:CreateFleet",
            "ec2:CreateTags",
            "ec2:TerminateInstances",
            "ec2:DeleteLaunchTemplate",
            "iam:CreateInstanceProfile",
            "iam:AddRoleToInstanceProfile",
            "iam:DeleteInstanceProfile",
            "iam:PassRole",
            "sqs:DeleteMessage",
            "sqs:ReceiveMessage",
        }
        assert [str(decision) for decision in ours if not decision.allowed] == []

        foreign = judged(own, "other")
        changing = {
            action for action in actions(foreign, allowed=True) if not action.partition(":")[2].startswith(("Describe", "Get", "List"))
        }
        # Of a launch, images, subnets and security groups alone are anybody's; everything that comes into being is refused.
        assert changing <= {"ec2:CreateFleet", "ec2:RunInstances"}
        assert actions(foreign, allowed=False) >= {
            "ec2:RunInstances",
            "ec2:CreateFleet",
            "ec2:CreateLaunchTemplate",
            "ec2:CreateTags",
            "ec2:TerminateInstances",
            "iam:PassRole",
            "iam:CreateInstanceProfile",
            "sqs:ReceiveMessage",
            "eks:DescribeCluster",
        }
