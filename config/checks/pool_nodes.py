"""Checks of what a pool's nodes are made of: disks, ways to pull images, labels and taints."""

import re
from collections.abc import Iterator

from mlplatform.config.offers import launchable
from mlplatform.config.problems import Problem, listed, path_of, shown
from mlplatform.config.sections import Pool
from mlplatform.config.settings import Settings

_KEY_ARN = re.compile(r"arn:(?P<partition>[a-z-]+):kms:(?P<region>[a-z0-9-]+):[0-9]{12}:key/[0-9a-zA-Z-]{1,128}")
_FAST_VCPUS = 4
_FAST_THROUGHPUT = 600
# A kubelet sets no other label of these domains, Karpenter sets those of its own, and the platform those of GPU nodes:
# https://kubernetes.io/docs/reference/access-authn-authz/admission-controllers/#noderestriction
_RESERVED = ("kubernetes.io", "k8s.io", "karpenter.sh", "karpenter.k8s.aws", "eks.amazonaws.com", "nvidia.com")
_OPEN = "node-restriction.kubernetes.io"


def _disk_can_be_made(pool: Pool, settings: Settings) -> Iterator[Problem]:
    """Follow https://docs.aws.amazon.com/ebs/latest/userguide/general-purpose.html#gp3-ebs-volume-type."""
    path, disk = f"compute.pools.{pool.name}.disk", pool.disk
    if disk.iops > max(3_000, 500 * disk.gib):
        most = max(3_000, 500 * disk.gib)
        yield Problem(
            f"{path}.iops", f"{disk.iops} are more than 500 for each of {disk.gib} GiB", f"write {most} or less", f"3000 to {most}"
        )
    elif disk.throughput * 4 > disk.iops:
        message = f"{disk.throughput} MiB a second are more than a quarter of {disk.iops} iops"
        yield Problem(f"{path}.throughput", message, f"write {disk.iops // 4} or less, or more iops", f"125 to {disk.iops // 4}")
    if disk.kms_key is not None:
        form = f"arn:{settings.place.partition.name}:kms:{settings.region}:ACCOUNT:key/ID"
        match = _KEY_ARN.fullmatch(disk.kms_key)
        if not match:
            yield Problem(f"{path}.kms_key", f"{shown(disk.kms_key)} is not the ARN of a KMS key", "write it in full", form)
        elif (match["partition"], match["region"]) != (settings.place.partition.name, settings.region):
            message = f"{shown(disk.kms_key)} is a key of another region, which cannot encrypt disks in {settings.region}"
            yield Problem(f"{path}.kms_key", message, "name a key of this one", form)


def _images_can_be_pulled_fast(pool: Pool, settings: Settings) -> Iterator[Problem]:
    """Follow https://awslabs.github.io/amazon-eks-ami/nodeadm/doc/examples/#enabling-fast-image-pull-experimental."""
    path, types = f"compute.pools.{pool.name}", launchable(pool, settings.region)
    if pool.image_pull != "fast":
        return
    small = [kind.name for kind in types if kind.vcpus < _FAST_VCPUS]
    if small:
        message = f"fast has no effect on nodes of fewer than {_FAST_VCPUS} vCPUs, as {listed(small, most=3)}"
        yield Problem(f"{path}.image_pull", message, "write standard, or name larger sizes")
    slow = [kind.name for kind in types if pool.instance_store == "none" or not kind.local_disks]
    if slow and pool.disk.throughput < _FAST_THROUGHPUT:
        message = f"{pool.disk.throughput} MiB a second would hold back image_pull: fast on {listed(slow, most=3)}"
        yield Problem(f"{path}.disk.throughput", message, f"write {_FAST_THROUGHPUT} or more", f"{_FAST_THROUGHPUT} or more with fast")


def _local_disks_exist(pool: Pool, settings: Settings) -> Iterator[Problem]:
    types = launchable(pool, settings.region)
    if pool.instance_store == "raid0" and types and not any(kind.local_disks for kind in types):
        message = f"raid0 has no effect: no type of {listed(pool.families)} has disks of its own"
        yield Problem(f"compute.pools.{pool.name}.instance_store", message, "write none")


def _labels_are_free(pool: Pool, _: Settings) -> Iterator[Problem]:
    for key in pool.labels:
        if _is_reserved(key):
            path = path_of(("compute", "pools", pool.name, "labels", key))
            yield Problem(path, f"{shown(key)} is in a reserved domain", "use a domain of your own", f"any but {listed(_RESERVED)}")


def _taints_are_free(pool: Pool, _: Settings) -> Iterator[Problem]:
    path, seen = f"compute.pools.{pool.name}.taints", set[tuple[str, str]]()
    for position, taint in enumerate(pool.taints):
        if _is_reserved(taint.key):
            message = f"{shown(taint.key)} is in a reserved domain"
            yield Problem(f"{path}[{position}].key", message, "use a domain of your own", f"any but {listed(_RESERVED)}")
        if (taint.key, taint.effect) in seen:
            message = f"{shown(taint.key)} with effect {taint.effect} is listed twice"
            yield Problem(f"{path}[{position}]", message, "remove it")
        seen.add((taint.key, taint.effect))


def _is_reserved(key: str) -> bool:
    domain = key.rpartition("/")[0]
    return domain != _OPEN and any(domain == reserved or domain.endswith(f".{reserved}") for reserved in _RESERVED)


_TYPES = ("accelerator", "families", "sizes", "gpus_per_node")
CHECKS = (
    (_disk_can_be_made, ("disk",), ("region",)),
    (_images_can_be_pulled_fast, (*_TYPES, "image_pull", "instance_store", "disk"), ("region",)),
    (_local_disks_exist, (*_TYPES, "instance_store"), ("region",)),
    (_labels_are_free, ("labels",), ()),
    (_taints_are_free, ("taints",), ()),
)
