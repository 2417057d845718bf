"""What a claim for a volume gets that says no more than its size.

Separate because notebooks and databases of tenants wait for ever without it: EKS marks no class as the default since Kubernetes 1.30.
"""

from mlplatform.manifests.objects import Object
from mlplatform.manifests.shapes import metadata, obj

DEFAULT = "gp3"


def objects() -> list[Object]:
    """Return the default StorageClass."""
    return [default_class()]


def default_class() -> Object:
    """Return the class of encrypted gp3 volumes, each made in the zone where its first pod runs.

    https://github.com/kubernetes-sigs/aws-ebs-csi-driver/blob/master/docs/parameters.md
    """
    described = metadata(DEFAULT, annotations={"storageclass.kubernetes.io/is-default-class": "true"})
    return obj(
        "storage.k8s.io/v1",
        "StorageClass",
        described,
        provisioner="ebs.csi.aws.com",
        parameters={"type": "gp3", "encrypted": "true"},
        volumeBindingMode="WaitForFirstConsumer",
        allowVolumeExpansion=True,
        reclaimPolicy="Delete",
    )
