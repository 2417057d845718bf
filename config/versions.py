"""Versions that were matched to each other: Kubernetes, its add-ons, Karpenter, Kubeflow and the tools that talk to them.

Separate so that an upgrade is one reviewed change in one place.
"""

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True)
class MatchedSet:
    """What goes with one Kubernetes minor version."""

    kubernetes: str
    """The minor version, as EKS names it."""
    control_plane: str
    """The patch version that the local control plane is built from."""
    kubectl_layer: str
    """The minor version of the kubectl and Helm that deploy to it."""
    addons: Mapping[str, str]
    """Versions of EKS add-ons by name, as `aws eks describe-addon-versions` gives them."""
    ami: str
    """The release of EKS's Amazon Linux 2023 images that pools' nodes boot: https://github.com/awslabs/amazon-eks-ami/releases"""
    karpenter: str
    """The version of Karpenter and of its chart."""
    kubeflow: str
    """The release of Kubeflow's manifests that the platform's objects conform to."""
    cert_manager: str
    """The version of cert-manager, its chart and images, with the `v`."""
    istio: str
    """The version of Istio, its charts and images."""
    external_secrets: str
    """The version of External Secrets and its chart."""
    load_balancer_controller: str
    """The version of the AWS Load Balancer Controller and its chart."""
    mysql: str
    """RDS for MySQL, full version."""
    aurora_mysql: str
    """Aurora MySQL, full version."""


# Add-ons: versions that clusters of that minor version run, as their public configurations pin them; `aws eks describe-addon-versions
# --kubernetes-version 1.36` lists newer ones. Karpenter: https://karpenter.sh/docs/upgrading/compatibility/ (1.36 needs 1.13 or newer).
# cert-manager and Istio: those that this release of Kubeflow was tested with; External Secrets:
# https://external-secrets.io/latest/introduction/stability-support/; the load balancer controller:
# https://kubernetes-sigs.github.io/aws-load-balancer-controller/latest/deploy/installation/#kubernetes-version-requirements.
# MySQL: `aws rds describe-db-engine-versions` by way of cfn-lint 1.58.0; MySQL 8.0 left standard support in July 2026, Aurora's 3.10 is
# the one with long-term support.
MATCHED_SETS: Mapping[str, MatchedSet] = {
    "1.36": MatchedSet(
        kubernetes="1.36",
        control_plane="1.36.3",
        kubectl_layer="1.36",
        addons={
            "vpc-cni": "v1.22.3-eksbuild.1",
            "kube-proxy": "v1.36.0-eksbuild.13",
            "coredns": "v1.14.3-eksbuild.3",
            "aws-ebs-csi-driver": "v1.63.1-eksbuild.1",
            "aws-efs-csi-driver": "v3.3.0-eksbuild.1",
            "eks-pod-identity-agent": "v1.3.10-eksbuild.3",
            "metrics-server": "v0.9.0-eksbuild.11",
        },
        ami="v20260724",
        karpenter="1.14.1",
        kubeflow="26.03.1",
        cert_manager="v1.20.2",
        istio="1.30.1",
        external_secrets="2.9.0",
        load_balancer_controller="3.2.2",
        mysql="8.4.9",
        aurora_mysql="8.0.mysql_aurora.3.10.4",
    )
}


def matched_set(kubernetes: str) -> MatchedSet:
    """Return the versions matched to a Kubernetes minor version.

    Raises:
        KeyError: None are; `MATCHED_SETS` has the versions that there are.
    """
    return MATCHED_SETS[kubernetes]
