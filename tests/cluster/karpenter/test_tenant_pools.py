"""Pods of tenants with the real Karpenter: held to pools as admission holds them, they get their nodes."""

from typing import Any

from tests.cluster.karpenter.lab import IDLE, Lab, wait
from tests.cluster.karpenter.own import own_pools, settings_for
from tests.cluster.karpenter.pods import pod, running

POOL = "karpenter.sh/nodepool"
GOES = IDLE + 60


def held(name: str, expression: Any, **asks: Any) -> Any:
    made = pod(name, run_seconds=8, **asks)
    required = {"nodeSelectorTerms": [{"matchExpressions": [{"key": POOL, **expression}]}]}
    made["spec"]["affinity"] = {"nodeAffinity": {"requiredDuringSchedulingIgnoredDuringExecution": required}}
    return made


def test_pods_that_are_held_to_pools_get_nodes_of_those_alone(lab: Lab) -> None:
    with own_pools(lab, settings_for(lab, "dev")):
        one, any_pool = {"operator": "In", "values": ["cpu"]}, {"operator": "Exists"}
        lab.run(held("off-limits", one, gpus=1))
        lab.run(held("on-one", one, cpu="2", memory="2Gi"), held("on-any", any_pool, gpus=1, cpu="2", memory="4Gi"))
        wait(lambda: len(list(running(lab.pods()))) == 2, "both that can have a node run")
        nodes = {claim["status"]["nodeName"]: claim["metadata"]["labels"][POOL] for claim in lab.claims()}
        placed = {each["metadata"]["name"]: nodes.get(each["spec"].get("nodeName", "")) for each in lab.pods()}
        assert placed == {"off-limits": None, "on-one": "cpu", "on-any": "gpu"}
        wait(lambda: not lab.instances() and not lab.claims(), "both nodes are gone", GOES)
