"""What an EKS cluster and its add-ons bring, as far as objects of ours may rely on it.

Separate because it is AWS's doing: no release holds it, and the local cluster has it only where the add-on is played.
"""

from collections.abc import Iterator

from mlplatform.config.sections import ClusterSettings
from mlplatform.manifests import brought
from mlplatform.manifests.wave import Brought

_SYSTEM = "kube-system"


def brought_by_eks(cluster: ClusterSettings) -> Iterator[Brought]:
    """Yield what is there once the cluster, its nodes and its add-ons are."""
    # https://docs.aws.amazon.com/eks/latest/userguide/create-storage-class.html : gp2 is there and no default since 1.30.
    yield brought.named("storage.k8s.io/v1", "StorageClass", "gp2", by="EKS")
    # What lets an API server of an extension trust the front proxy: https://kubernetes.io/docs/tasks/extend-kubernetes/configure-aggregation-layer/
    keys = ("client-ca-file", "requestheader-client-ca-file", "requestheader-allowed-names", "requestheader-extra-headers-prefix")
    yield brought.config_map(_SYSTEM, "extension-apiserver-authentication", keys, by="EKS")
    yield from _vpc_cni()
    yield from _coredns()
    yield _account("kube-proxy", "add-on kube-proxy")
    yield from _csi_driver("ebs.csi.aws.com", "ebs-csi", "add-on aws-ebs-csi-driver")
    if cluster.addons.efs_csi:
        yield from _csi_driver("efs.csi.aws.com", "efs-csi", "add-on aws-efs-csi-driver")


def _vpc_cni() -> Iterator[Brought]:
    """https://github.com/aws/amazon-vpc-cni-k8s/blob/master/charts/aws-vpc-cni/crds/customresourcedefinition.yaml ."""
    by = "add-on vpc-cni"
    yield _account("aws-node", by)
    yield brought.kind("eniconfigs", "ENIConfig", "crd.k8s.amazonaws.com", ["v1alpha1"], by=by, namespaced=False)
    yield brought.kind("cninodes", "CNINode", "vpcresources.k8s.aws", ["v1alpha1"], by=by, namespaced=False)
    yield brought.kind("policyendpoints", "PolicyEndpoint", "networking.k8s.aws", ["v1alpha1"], by=by)


def _coredns() -> Iterator[Brought]:
    by = "add-on coredns"
    labels = {"k8s-app": "kube-dns"}
    yield _account("coredns", by)
    yield brought.service(_SYSTEM, "kube-dns", {"dns": 53, "dns-tcp": 53, "metrics": 9153}, by=by, pods=labels)
    yield brought.pods(_SYSTEM, "coredns", labels, {"dns": 53, "metrics": 9153}, by=by)


def _csi_driver(driver: str, prefix: str, by: str) -> Iterator[Brought]:
    yield brought.named("storage.k8s.io/v1", "CSIDriver", driver, by=by)
    for part in ("controller", "node"):
        yield _account(f"{prefix}-{part}-sa", by)


def _account(name: str, by: str) -> Brought:
    return brought.named("v1", "ServiceAccount", name, _SYSTEM, by=by)
