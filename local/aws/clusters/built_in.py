"""Karpenter and two pools for a cluster whose environment brings none: what a demonstration of a GPU job needs.

Separate because it stands in for stacks and releases, and stays away where they are there.
"""

import json
import time
from collections.abc import Callable
from typing import Any

from mlplatform.local.aws.clusters.running import RunningCluster
from mlplatform.local.aws.compute import events
from mlplatform.local.aws.resources.contract import client_of
from mlplatform.local.aws.services import eks
from mlplatform.local.cluster import pools
from mlplatform.local.cluster.api import Object
from mlplatform.local.cluster.karpenter_crds import crds_established, install_crds
from mlplatform.local.cluster.karpenter_settings import given, installed

_CLASS = "/apis/karpenter.k8s.aws/v1/ec2nodeclasses/built-in"
_SECONDS = 90.0
_AUDIENCE = "sts.amazonaws.com"
_SUBJECT = "system:serviceaccount:kube-system:default"
"""The ServiceAccount whose token Karpenter carries where no release names one."""
_EVENTS = (events.INTERRUPTION, events.REBALANCE, events.STATE_CHANGE)


class BuiltInRefusedError(Exception):
    """Karpenter cannot act in this cluster, or did not in time."""


def ensure(cluster: RunningCluster, endpoint: str) -> None:
    """See that Karpenter acts in a cluster: as its release says, or else with a GPU pool and a CPU pool of ours.

    Raises:
        BuiltInRefusedError: Karpenter, or what it needs, was not ready in time, or no role for nodes is admitted.
    """
    if not installed(cluster.plane.api):
        _install(cluster, endpoint)
    else:
        _wait_for_karpenter(cluster)


def _install(cluster: RunningCluster, endpoint: str) -> None:
    api = cluster.plane.api
    node_role = _node_role(cluster.identity)
    install_crds(api)
    _wait(lambda: crds_established(api), "the API server serves Karpenter's kinds")
    if cluster.given is None:
        name = f"{cluster.identity.name[:55]}-built-in"
        account = _Account(cluster.identity, endpoint)
        account.queue(name)
        cluster.given = given(cluster=cluster.identity.name, queue=name, role_arn=account.role(name))
    _wait_for_karpenter(cluster)
    first, *others = pools.built_in(pools.Surroundings(cluster.identity.name, cluster.identity.region, node_role))
    pools.apply(api, [first])
    _wait(lambda: _is_ready(api.get(_CLASS)), "Karpenter takes the node class for ready")
    pools.apply(api, others)


def _wait_for_karpenter(cluster: RunningCluster) -> None:
    _wait(lambda: cluster.karpenter_runs, lambda: f"Karpenter runs ({cluster.karpenter_problem or 'it was not started'})")


class _Account:
    """Makes in IAM and SQS what an environment's stack makes for Karpenter."""

    def __init__(self, identity: eks.ClusterIdentity, endpoint: str) -> None:
        self._identity = identity
        self._client: Callable[[str], Any] = lambda service: client_of(service, identity.region, endpoint)

    def queue(self, name: str) -> None:
        """Make the queue that interruptions come by, and the rules that put them there."""
        sqs, rules = self._client("sqs"), self._client("events")
        url = sqs.create_queue(QueueName=name)["QueueUrl"]
        arn = sqs.get_queue_attributes(QueueUrl=url, AttributeNames=["QueueArn"])["Attributes"]["QueueArn"]
        for index, detail_type in enumerate(_EVENTS):
            rules.put_rule(Name=f"{name}-{index}", EventPattern=json.dumps({"source": ["aws.ec2"], "detail-type": [detail_type]}))
            rules.put_targets(Rule=f"{name}-{index}", Targets=[{"Id": "queue", "Arn": arn}])

    def role(self, name: str) -> str:
        """Make the controller's role, without a policy: the local AWS checks none."""
        iam, host = self._client("iam"), self._identity.issuer.removeprefix("https://")
        provider = f"arn:{self._identity.partition}:iam::{self._identity.account}:oidc-provider/{host}"
        if provider not in {known["Arn"] for known in iam.list_open_id_connect_providers()["OpenIDConnectProviderList"]}:
            iam.create_open_id_connect_provider(Url=self._identity.issuer, ClientIDList=[_AUDIENCE])
        statement = {
            "Effect": "Allow",
            "Principal": {"Federated": provider},
            "Action": "sts:AssumeRoleWithWebIdentity",
            "Condition": {"StringEquals": {f"{host}:aud": _AUDIENCE, f"{host}:sub": _SUBJECT}},
        }
        trust = json.dumps({"Version": "2012-10-17", "Statement": [statement]})
        try:
            return str(iam.create_role(RoleName=name, AssumeRolePolicyDocument=trust)["Role"]["Arn"])
        except iam.exceptions.EntityAlreadyExistsException:
            iam.update_assume_role_policy(RoleName=name, PolicyDocument=trust)
            return str(iam.get_role(RoleName=name)["Role"]["Arn"])


def _node_role(identity: eks.ClusterIdentity) -> str:
    admitted = [entry.principal_arn for entry in eks.entries(identity) if entry.type == "EC2_LINUX"]
    if not admitted:
        raise BuiltInRefusedError(f"{identity.name} has no access entry of type EC2_LINUX, so no node could join; add a node group or one")
    return admitted[0].rpartition("/")[2]


def _wait(condition: Callable[[], bool], what: str | Callable[[], str]) -> None:
    end = time.monotonic() + _SECONDS
    while not condition():
        if time.monotonic() > end:
            raise BuiltInRefusedError(f"waited {_SECONDS:.0f} s in vain until {what if isinstance(what, str) else what()}")
        time.sleep(0.1)


def _is_ready(item: Object) -> bool:
    conditions: list[dict[str, str]] = item.get("status", {}).get("conditions") or []
    return any(condition["type"] == "Ready" and condition["status"] == "True" for condition in conditions)
