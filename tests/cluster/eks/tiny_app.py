"""A small CDK app with a cluster, nodes and releases: one chart of its own, one that a Go module carries, one that nobody has.

Separate from the test so that what changes between its deployments is one argument.
"""

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import aws_cdk as cdk
from aws_cdk import aws_ec2 as ec2
from aws_cdk import aws_eks_v2 as eks
from aws_cdk import aws_iam as iam
from aws_cdk import aws_s3_assets as assets
from aws_cdk.lambda_layer_kubectl_v36 import KubectlV36Layer

from mlplatform.config.regions import REGIONS
from mlplatform.local.cluster.catalogue import KARPENTER
from tests.cluster.eks.cloud import ACCOUNT

REGION, STACK, CLUSTER = "cn-north-1", "tiny", "tiny"
_ZONES = {f"availability-zones:account={ACCOUNT}:region={REGION}": [f"{REGION}{letter}" for letter in "ab"]}
_LABELS = "{app: web}"
_CHART = {
    "Chart.yaml": "apiVersion: v2\nname: web\nversion: 0.1.0\n",
    "templates/map.yaml": "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: web}\ndata: {message: {{ .Values.message | quote }}}\n",
    "templates/metrics.yaml": """\
apiVersion: apiregistration.k8s.io/v1
kind: APIService
metadata:
  name: v1beta1.metrics.k8s.io
spec:
  service: {name: web, namespace: {{ .Release.Namespace }}}
  group: metrics.k8s.io
  version: v1beta1
  groupPriorityMinimum: 100
  versionPriority: 100
""",
    "templates/deployment.yaml": f"""\
apiVersion: apps/v1
kind: Deployment
metadata: {{name: web}}
spec:
  replicas: 2
  selector: {{matchLabels: {_LABELS}}}
  template:
    metadata: {{labels: {_LABELS}}}
    spec:
      nodeSelector: {{{{ .Values.nodes | toJson }}}}
      containers: [{{name: web, image: example/web:1}}]
""",
}


@dataclass(frozen=True)
class Tiny:
    """One state of the app."""

    message: str = "first"
    nodes: dict[str, str] | None = None
    """Which nodes the chart's pods want; any of them unless said otherwise."""
    admits_handler: bool = True
    """Whether the role of CDK's handler has its access entry."""
    wait_seconds: int = 120

    def synthesise(self, folder: Path) -> Path:
        """Write the cloud assembly and return its folder."""
        app = cdk.App(outdir=str(folder / "assembly"), context=_ZONES, analytics_reporting=False)
        stack = cdk.Stack(app, STACK, env=cdk.Environment(account=ACCOUNT, region=REGION))
        cluster: Any = _cluster(stack)  # Any: jsii renames parameters of what a cluster implements
        nodes = _nodes(stack, cluster)
        releases = [
            eks.HelmChart(
                stack,
                "Web",
                cluster=cluster,
                release="web",
                chart_asset=assets.Asset(stack, "Chart", path=str(_chart(folder / "web"))),
                values={"message": self.message, "nodes": self.nodes or {}},
                namespace="default",
                create_namespace=False,
                wait=True,
                timeout=cdk.Duration.seconds(self.wait_seconds),
            ),
            eks.HelmChart(
                stack,
                "Carried",
                cluster=cluster,
                release="karpenter-crd",
                chart="karpenter-crd",
                repository="oci://public.ecr.aws/karpenter/karpenter-crd",
                version=KARPENTER.version,
                namespace="kube-system",
                create_namespace=False,
            ),
            eks.HelmChart(
                stack,
                "Absent",
                cluster=cluster,
                release="absent",
                chart="nobody-has-it",
                repository="https://charts.invalid",
                version="1.2.3",
                namespace="default",
                create_namespace=False,
            ),
        ]
        for release in releases:
            release.node.add_dependency(nodes)
        if not self.admits_handler:
            _forget_entries(stack)
        app.synth()
        return folder / "assembly"


def _cluster(stack: cdk.Stack) -> eks.Cluster:
    public = ec2.SubnetConfiguration(name="public", subnet_type=ec2.SubnetType.PUBLIC)
    vpc = ec2.Vpc(stack, "Vpc", max_azs=2, nat_gateways=0, subnet_configuration=[public])
    return eks.Cluster(
        stack,
        "Cluster",
        cluster_name=CLUSTER,
        version=eks.KubernetesVersion.of("1.36"),
        vpc=vpc,
        vpc_subnets=[ec2.SubnetSelection(subnet_type=ec2.SubnetType.PUBLIC)],
        endpoint_access=eks.EndpointAccess.PUBLIC,
        default_capacity_type=eks.DefaultCapacityType.NODEGROUP,
        default_capacity=0,
        kubectl_provider_options=eks.KubectlProviderOptions(kubectl_layer=KubectlV36Layer(stack, "Layer")),
    )


def _nodes(stack: cdk.Stack, cluster: Any) -> eks.Nodegroup:
    principals = map(iam.ServicePrincipal.from_static_service_principle_name, REGIONS[REGION].partition.node_principals)
    trusted: Any = iam.CompositePrincipal(*principals)  # pyright: ignore[reportArgumentType] - jsii renames parameters of what it implements
    role: Any = iam.Role(stack, "NodeRole", assumed_by=trusted)
    return eks.Nodegroup(
        stack,
        "Nodes",
        cluster=cluster,
        node_role=role,
        instance_types=[ec2.InstanceType("m5.large")],
        ami_type=eks.NodegroupAmiType.AL2023_X86_64_STANDARD,
        min_size=2,
        desired_size=2,
        max_size=3,
    )


def _forget_entries(stack: cdk.Stack) -> None:
    for found in stack.node.find_all():
        if isinstance(found, eks.CfnAccessEntry) and found.node.scope:
            found.node.scope.node.try_remove_child(found.node.id)


def _chart(folder: Path) -> Path:
    (folder / "templates").mkdir(parents=True)
    for name, text in _CHART.items():
        (folder / name).write_text(text)
    (folder / "values.yaml").write_text(json.dumps({"message": "", "nodes": {}}))
    return folder
