"""What later stacks build on: the cluster's issuer, its Helm step and the moment when pods can run."""

from aws_cdk import aws_eks_v2 as eks
from aws_cdk import aws_iam as iam

from mlplatform.config.load import load
from mlplatform.constructs.pod_role import PodRole, ServiceAccounts
from mlplatform.stacks.cluster import Cluster
from mlplatform.stacks.data import Data
from mlplatform.stacks.environment import Environment, EnvironmentStack
from mlplatform.stacks.network import Network
from mlplatform.stacks.root import new_app
from tests.stacks.synthesis import Template


def test_a_later_stack_makes_roles_for_its_pods_and_installs_charts_in_the_cluster() -> None:
    app, settings = new_app(), load("china-dev")
    environment = Environment.of(settings)
    network = Network(app, environment, settings.network)
    cluster = Cluster(app, environment, settings.cluster, network=network)
    data = Data(app, environment, settings.database, settings.storage, network=network)
    later = EnvironmentStack(app, "later", environment, description="A stack of pods")
    PodRole(
        later,
        "Role",
        role_name=settings.names.role("reader"),
        issuer=cluster.issuer,
        service_accounts=ServiceAccounts("kubeflow", ("reader",)),
        statements=[
            iam.PolicyStatement(actions=["s3:GetObject"], resources=[data.artifacts.arn_for_objects("models/*")]),
            iam.PolicyStatement(actions=["kms:Decrypt"], resources=[data.key.key_arn]),
        ],
    )
    chart = eks.HelmChart(later, "Chart", cluster=cluster.cluster, chart="x", repository="oci://example/x")  # pyright: ignore[reportArgumentType] - jsii renames parameters of what it implements
    chart.node.add_dependency(cluster.ready)
    [stack] = [each for each in app.synth().stacks if each.stack_name == "china-dev-later"]
    template = Template(stack.template)
    assert {each.id for each in stack.dependencies} >= {"china-dev-cluster", "china-dev-data"}
    assert template.one("AWS::IAM::Role")["RoleName"] == settings.names.role("reader")
    assert settings.names.role_arn("reader") == "arn:aws-cn:iam::123456789012:role/china-dev-cn-north-1-reader"
    # The handler that installs the chart is the cluster's own; nothing but the chart is made for it.
    assert "china-dev-cluster" in template.one("Custom::AWSCDK-EKS-HelmChart")["ServiceToken"]["Fn::ImportValue"]
    assert {each["Type"] for each in template.resources.values()} == {"AWS::IAM::Role", "Custom::AWSCDK-EKS-HelmChart"}
