"""EKS's clusters for real: the control plane, the nodes of node groups, sign-in and Karpenter behind the local AWS."""
