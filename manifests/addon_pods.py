"""What the pods of EKS add-ons ask for: no object of ours says it, and they share the system nodes.

Separate because it is a table of AWS's doing, checked again when an add-on's version changes.
"""

from collections.abc import Mapping

from mlplatform.manifests.requests import PodRequests

ADDON_PODS: Mapping[str, tuple[PodRequests, ...]] = {
    # https://github.com/aws/amazon-vpc-cni-k8s/blob/master/config/master/aws-k8s-cni.yaml: the plugin and the agent of network policies.
    "vpc-cni": (PodRequests("aws-node", cpu="50m", on_every_node=True),),
    # https://github.com/awslabs/amazon-eks-ami/issues/1145 lists what a node's system pods ask for.
    "kube-proxy": (PodRequests("kube-proxy", cpu="100m", on_every_node=True),),
    # https://github.com/coredns/deployment/blob/master/kubernetes/coredns.yaml.sed
    "coredns": (PodRequests("coredns", replicas=2, cpu="100m", memory="70Mi"),),
    # https://github.com/kubernetes-sigs/aws-ebs-csi-driver/blob/master/charts/aws-ebs-csi-driver/values.yaml: 10m and 40Mi a container.
    "aws-ebs-csi-driver": (
        PodRequests("ebs-csi-controller", replicas=2, cpu="60m", memory="240Mi"),
        PodRequests("ebs-csi-node", cpu="30m", memory="120Mi", on_every_node=True),
    ),
    # https://github.com/kubernetes-sigs/aws-efs-csi-driver/blob/master/charts/aws-efs-csi-driver/values.yaml: none, yet they are pods.
    "aws-efs-csi-driver": (PodRequests("efs-csi-controller", replicas=2), PodRequests("efs-csi-node", on_every_node=True)),
    # https://github.com/aws/eks-pod-identity-agent/blob/main/charts/eks-pod-identity-agent/values.yaml
    "eks-pod-identity-agent": (PodRequests("eks-pod-identity-agent", on_every_node=True),),
    # https://docs.aws.amazon.com/eks/latest/userguide/metrics-server.html: two replicas of upstream's pod.
    "metrics-server": (PodRequests("metrics-server", replicas=2, cpu="100m", memory="200Mi"),),
}
"""By add-on, in the form of `Release.requests`."""
