"""Pools as Karpenter's NodePools and EC2NodeClasses.

Separate from the overlays because this is what an environment's file says, and nothing that it does not.
"""

from collections.abc import Sequence
from typing import Any

from mlplatform.config.sections import Budget, Limits, Pool
from mlplatform.config.settings import Settings
from mlplatform.manifests.compute.karpenter import API, AWS_API, NAMESPACE, NODE_ROLE
from mlplatform.manifests.compute.labels import GPU, node_labels
from mlplatform.manifests.compute.overlays import node_overlays, pool_types
from mlplatform.manifests.objects import Object
from mlplatform.manifests.release import Release
from mlplatform.manifests.shapes import metadata, obj

_ROOT_DEVICE = "/dev/xvda"
"""Of Amazon Linux 2023: https://docs.aws.amazon.com/linux/al2023/ug/ec2.html"""
_FAST_PULL = """\
apiVersion: node.eks.aws/v1alpha1
kind: NodeConfig
spec:
  featureGates:
    FastImagePull: true
"""
"""https://awslabs.github.io/amazon-eks-ami/nodeadm/doc/api/: layers are fetched and unpacked in parallel, by the SOCI snapshotter."""
_CSI_TAINTS = {"ebs": "ebs.csi.aws.com/agent-not-ready", "efs": "efs.csi.aws.com/agent-not-ready"}


def release(settings: Settings) -> Release:
    """Return the release of every pool, which needs a controller that runs."""
    return Release("pools", NAMESPACE, "nodes", objects=node_pools(settings))


def node_pools(settings: Settings) -> list[Object]:
    """Return each pool's EC2NodeClass and NodePool, then the overlays."""
    pools = settings.compute.pools.values()
    return [*(made for pool in pools for made in (node_class(settings, pool), node_pool(settings, pool))), *node_overlays(settings)]


def node_class(settings: Settings, pool: Pool) -> Object:
    """Return how nodes of a pool are launched: https://karpenter.sh/docs/concepts/nodeclasses/."""
    node_role = settings.names.role(NODE_ROLE)
    optional: dict[str, Any] = {
        "capacityReservationSelectorTerms": [{"id": reservation} for reservation in pool.capacity_reservations],
        "instanceStorePolicy": "RAID0" if pool.instance_store == "raid0" else None,
        "userData": _FAST_PULL if pool.image_pull == "fast" else None,
    }
    spec = {
        # Where IAM cannot be reached, Karpenter cannot make a profile for the role; the profile of the same name is there already.
        ("role" if settings.network.has_way_out else "instanceProfile"): node_role,
        # One release, so that nodes differ from each other on the day that somebody decides it.
        "amiSelectorTerms": [{"alias": f"al2023@{settings.compute.ami_version}"}],
        "subnetSelectorTerms": _subnets(settings, pool),
        "securityGroupSelectorTerms": [{"tags": {"aws:eks:cluster-name": settings.names.cluster}}],
        "blockDeviceMappings": [{"deviceName": _ROOT_DEVICE, "ebs": _disk(pool)}],
        "metadataOptions": {
            "httpEndpoint": "enabled",
            "httpProtocolIPv6": "disabled",
            # One hop: the node itself, and no pod on it.
            "httpPutResponseHopLimit": 1,
            "httpTokens": "required",
        },
        **{key: value for key, value in optional.items() if value},
        "tags": {**settings.tags, "mlplatform:environment": settings.name},
    }
    return obj(f"{AWS_API}/v1", "EC2NodeClass", metadata(pool.name, component="pools"), spec=spec)


def node_pool(settings: Settings, pool: Pool) -> Object:
    """Return which nodes a pool may have and when they go: https://karpenter.sh/docs/concepts/nodepools/."""
    labels = {**pool.labels, **node_labels(pool)}
    spec = {
        "template": {
            **({"metadata": {"labels": labels}} if labels else {}),
            "spec": {
                "nodeClassRef": {"group": AWS_API, "kind": "EC2NodeClass", "name": pool.name},
                "requirements": _requirements(pool, pool.zones or settings.network.availability_zones),
                **({"taints": taints} if (taints := _taints(pool)) else {}),
                "startupTaints": _startup_taints(settings),
                "expireAfter": f"{pool.expiry_hours}h" if pool.expiry_hours else "Never",
            },
        },
        "disruption": {
            # No job on a GPU is moved to make room: it would begin again.
            "consolidationPolicy": "WhenEmpty" if pool.has_gpus else "WhenEmptyOrUnderutilized",
            "consolidateAfter": f"{pool.idle_seconds}s",
            "budgets": _budgets(pool),
        },
        **({"limits": limits} if (limits := _limits(pool, pool.limits)) else {}),
        **({"weight": pool.weight} if pool.weight else {}),
    }
    return obj(f"{API}/v1", "NodePool", metadata(pool.name, component="pools"), spec=spec)


def _subnets(settings: Settings, pool: Pool) -> list[dict[str, Any]]:
    network = settings.network
    if network.existing is None:
        return [{"tags": {"karpenter.sh/discovery": settings.names.cluster}}]
    # Tags of somebody else's subnets are somebody else's; ids are in the order of the zones.
    by_zone = dict(zip(network.availability_zones, network.existing.private_subnets, strict=True))
    return [{"id": subnet} for zone, subnet in by_zone.items() if not pool.zones or zone in pool.zones]


def _disk(pool: Pool) -> dict[str, Any]:
    disk = pool.disk
    return {
        "volumeType": "gp3",
        "volumeSize": f"{disk.gib}Gi",
        "iops": disk.iops,
        "throughput": disk.throughput,
        "encrypted": True,
        "deleteOnTermination": True,
        **({"kmsKeyID": disk.kms_key} if disk.kms_key else {}),
    }


def _requirements(pool: Pool, zones: Sequence[str]) -> list[dict[str, Any]]:
    required = [
        _in("kubernetes.io/os", ["linux"]),
        _in("kubernetes.io/arch", ["amd64"]),
        _in(f"{AWS_API}/instance-family", pool.families),
        _in("karpenter.sh/capacity-type", pool.capacity),
        _in("topology.kubernetes.io/zone", zones),
        # Named where the file does not: families have metal types too, which take long to boot and are in no table.
        _in(f"{AWS_API}/instance-size", pool.sizes or list(dict.fromkeys(kind.size for kind in pool_types(pool)))),
    ]
    if pool.has_gpus:
        count = f"{AWS_API}/instance-gpu-count"
        required += [
            _in(f"{AWS_API}/instance-gpu-manufacturer", ["nvidia"]),
            # Types with a part of a GPU count none: pods without GPUs would land on them.
            {"key": count, "operator": "Gte", "values": ["1"]},
            {"key": count, "operator": "Lte", "values": [str(pool.gpus_per_node)]},
        ]
    return required


def _in(key: str, values: Sequence[str]) -> dict[str, Any]:
    return {"key": key, "operator": "In", "values": list(values)}


def _taints(pool: Pool) -> list[dict[str, str]]:
    own = [{"key": GPU, "effect": "NoSchedule"}] if pool.has_gpus else []
    return own + [{key: value for key, value in taint.model_dump().items() if value} for taint in pool.taints]


def _startup_taints(settings: Settings) -> list[dict[str, str]]:
    """Return taints that the storage drivers take off once they serve a node; pods that come before would wait for their volumes in vain.

    https://github.com/kubernetes-sigs/aws-ebs-csi-driver/blob/master/docs/install.md#configure-node-startup-taint
    """
    keys = [_CSI_TAINTS["ebs"], *([_CSI_TAINTS["efs"]] if settings.cluster.addons.efs_csi else [])]
    return [{"key": key, "effect": "NoExecute"} for key in keys]


def _budgets(pool: Pool) -> list[dict[str, Any]]:
    said = [_budget(budget) for budget in pool.budgets]
    # Karpenter's own default, a tenth at a time, would keep most empty nodes for minutes.
    every_empty_one = {"nodes": "100%", "reasons": ["Empty"]}
    busy = ["Drifted", "Underutilized"]
    if pool.has_gpus:
        # For a reason that no budget names there is no limit.
        return [*(said or [every_empty_one]), {"nodes": "0", "reasons": busy}]
    return said or [every_empty_one, {"nodes": "10%", "reasons": busy}]


def _budget(budget: Budget) -> dict[str, Any]:
    return {
        "nodes": budget.nodes,
        **({"reasons": list(budget.reasons)} if budget.reasons else {}),
        **({"schedule": budget.schedule, "duration": f"{budget.hours}h"} if budget.schedule else {}),
    }


def _limits(pool: Pool, limits: Limits) -> dict[str, str]:
    # Karpenter counts GPUs as pods do: a shared one as often as it is shared.
    replicas = pool.sharing.replicas if pool.sharing else 1
    named = {
        GPU: str(limits.gpus * replicas) if limits.gpus else None,
        "cpu": str(limits.vcpus) if limits.vcpus else None,
        "memory": f"{limits.memory_gib}Gi" if limits.memory_gib else None,
    }
    return {key: value for key, value in named.items() if value}
