"""What Karpenter's controller really calls for an environment's pools, judged by the role that our stack attaches."""

from collections.abc import Iterable, Sequence

import pytest

from mlplatform.config.settings import Settings
from mlplatform.local.cluster.api import Object
from mlplatform.local.iam import Decision, Request, evaluate, location, policies_of_role, requests_from
from tests.cluster.karpenter.lab import CLUSTER, IDLE, Lab, wait
from tests.cluster.karpenter.own import own_pools, settings_for
from tests.cluster.karpenter.pods import deployment, running
from tests.constructs.karpenter_stack import names_of, template

_DEPLOYMENTS = "/apis/apps/v1/namespaces/default/deployments"


def asked(lab: Lab, settings: Settings, after: Sequence[Request] = ()) -> list[Request]:
    """Return what the environment's controller asked IAM for, after what it had asked for before."""
    names = settings.names
    return requests_from(lab.calls.all(), account=names.account, role=names.role("karpenter"))[len(after) :]


def judged(settings: Settings, requests: Iterable[Request], cluster: str) -> list[Decision]:
    """Judge requests by the role that our stack makes for a cluster's controller."""
    names = settings.names
    here = location(names.account, names.place.name)
    role = names_of(cluster, names.place.name).role("karpenter")
    return evaluate(requests, policies_of_role(template(cluster, names.place.name), role, here))


def actions(decisions: Iterable[Decision], *, allowed: bool) -> set[str]:
    return {decision.request.action for decision in decisions if decision.allowed is allowed}


def ended(requests: Iterable[Request]) -> set[str]:
    """Return the instances whose end is asked for."""
    return {request.resource.rpartition("/")[2] for request in requests if request.action == "ec2:TerminateInstances"}


def events_of(lab: Lab, claim: Object) -> set[str]:
    """Return the reasons of what Karpenter says of a NodeClaim."""
    name = claim["metadata"]["name"]
    return {event["reason"] for event in lab.api.get("/api/v1/events")["items"] if event["involvedObject"].get("name") == name}


@pytest.mark.both_partitions
def test_our_role_allows_a_launch_an_interruption_and_a_consolidation_and_that_of_another_cluster_none(lab: Lab) -> None:
    settings = settings_for(lab, "dev")
    before = asked(lab, settings)
    with own_pools(lab, settings) as own:
        lab.api.create(_DEPLOYMENTS, deployment("serving", gpus=1))
        wait(lambda: list(running(lab.pods())), "the server runs")
        [claim] = lab.claims()
        assert claim["metadata"]["labels"]["karpenter.sh/capacity-type"] == "spot"
        spot = own.instance_of(claim)["InstanceId"]
        launch = asked(lab, settings, before)

        # EC2 warns and never comes for it, so that only Karpenter can have ended it.
        assert lab.control(f"interrupt/{spot}", seconds=None) == {"rules": 1}
        wait(lambda: spot not in {each["InstanceId"] for each in lab.instances()}, "the interrupted one is gone")
        wait(lambda: list(running(lab.pods())), "the server runs elsewhere")
        assert "SpotInterrupted" in events_of(lab, claim)
        wait(lambda: not waiting(lab), "the warning is dealt with")
        interruption = asked(lab, settings, [*before, *launch])

        [second] = [each["InstanceId"] for each in lab.instances()]
        lab.api.delete(f"{_DEPLOYMENTS}/serving", {"propagationPolicy": "Background"})
        wait(lambda: not lab.instances() and not lab.claims(), "every node is gone", IDLE + 60)
        consolidation = asked(lab, settings, [*before, *launch, *interruption])
        own.uninstall_pools()
        every = asked(lab, settings, before)

        made = {"ec2:CreateLaunchTemplate", "ec2:RunInstances", "ec2:CreateFleet", "ec2:CreateTags", "iam:PassRole"}
        profile = {"iam:CreateInstanceProfile", "iam:AddRoleToInstanceProfile"}
        assert actions(judged(settings, launch, CLUSTER), allowed=True) >= made | profile
        assert actions(judged(settings, interruption, CLUSTER), allowed=True) >= {
            "sqs:ReceiveMessage",
            "sqs:DeleteMessage",
            "ec2:CreateFleet",
            "ec2:TerminateInstances",
        }
        assert (ended(launch), ended(interruption), ended(consolidation)) == (set(), {spot}, {second})
        ours = judged(settings, every, CLUSTER)
        assert actions(ours, allowed=True) >= {"ec2:DeleteLaunchTemplate", "iam:DeleteInstanceProfile"}
        assert [str(decision) for decision in ours if not decision.allowed] == []

        foreign = judged(settings, every, "other")
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
            "sqs:DeleteMessage",
            "eks:DescribeCluster",
        }


def waiting(lab: Lab) -> bool:
    """Whether the queue holds a message that nobody has dealt with."""
    sqs = lab.client("sqs")
    url = sqs.get_queue_url(QueueName=CLUSTER)["QueueUrl"]
    names = ["ApproximateNumberOfMessages", "ApproximateNumberOfMessagesNotVisible"]
    return any(int(count) for count in sqs.get_queue_attributes(QueueUrl=url, AttributeNames=names)["Attributes"].values())
