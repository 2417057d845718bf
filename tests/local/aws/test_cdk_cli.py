"""The real CDK CLI against the local AWS: what it prints and how it ends is what a person sees."""

import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import aws_cdk as cdk
import pytest
from aws_cdk import aws_ec2 as ec2
from aws_cdk import aws_eks_v2 as eks
from aws_cdk import aws_s3_assets as assets
from aws_cdk import aws_ssm as ssm
from aws_cdk.lambda_layer_kubectl_v36 import KubectlV36Layer

from mlplatform.local.aws.process import LocalAws

pytestmark = pytest.mark.slow

ROOT = Path(__file__).parents[3]
REGION, ACCOUNT = "cn-north-1", "123456789012"
ZONES = {f"availability-zones:account={ACCOUNT}:region={REGION}": [f"{REGION}{letter}" for letter in "abd"]}
CONTEXT = {"@aws-cdk/core:defaultCrossStackReferences": "strong", **ZONES}
NODE = Path(sys.executable).with_name("node")


@dataclass
class Cli:
    """The pinned CDK CLI, led to a local AWS."""

    environment: dict[str, str]
    folder: Path

    def __call__(self, *arguments: str | Path) -> tuple[int, str]:
        """Run it; return its exit code and all that it said."""
        command = [NODE, ROOT / "node_modules/aws-cdk/bin/cdk", "--no-color", "--no-notices", *arguments]
        done = subprocess.run(
            command, env=self.environment, cwd=self.folder, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, check=False
        )
        return done.returncode, done.stdout

    def deploy(self, assembly: Path, *more: str) -> tuple[int, str]:
        return self("deploy", "--app", assembly, "--all", "--require-approval", "never", *more)


@pytest.fixture(scope="module")
def cli(aws: LocalAws, tmp_path_factory: pytest.TempPathFactory) -> Cli:
    folder = tmp_path_factory.mktemp("cli")
    # A home of its own: the CLI keeps accounts by access key there.
    cli = Cli({**aws.environment(REGION), "HOME": str(folder)}, folder)
    code, said = cli("bootstrap", f"aws://{ACCOUNT}/{REGION}")
    assert code == 0, said
    return cli


def assembly(folder: Path, build: Callable[[cdk.App, cdk.Environment], None]) -> Path:
    app = cdk.App(outdir=str(folder), context=CONTEXT, analytics_reporting=False)
    build(app, cdk.Environment(account=ACCOUNT, region=REGION))
    app.synth()
    return folder


def two_stacks(prefix: str, value: str, name: str = "first", *, broken: bool = False) -> Callable[[cdk.App, cdk.Environment], None]:
    """One stack exports a parameter, another imports it; `broken` makes a parameter whose name is taken."""

    def build(app: cdk.App, env: cdk.Environment) -> None:
        giver, taker = cdk.Stack(app, f"{prefix}-giver", env=env), cdk.Stack(app, f"{prefix}-taker", env=env)
        given = ssm.StringParameter(giver, "Given", parameter_name=f"/{prefix}/given", string_value=value)
        ssm.StringParameter(giver, "Named", parameter_name=f"/{prefix}/{name}", string_value=value)
        ssm.StringParameter(taker, "Taken", string_value=given.parameter_arn)
        if broken:
            ssm.CfnParameter(taker, "Broken", type="String", value="x", name=f"/{prefix}/given")

    return build


def parameter(client: Any, name: str) -> str:
    return str(client("ssm").get_parameter(Name=name)["Parameter"]["Value"])


def test_a_deployment_lives_through_its_whole_life(cli: Cli, client: Any, tmp_path: Path) -> None:
    first, second = assembly(tmp_path / "1", two_stacks("life", "1")), assembly(tmp_path / "2", two_stacks("life", "2", "second"))
    broken = assembly(tmp_path / "3", two_stacks("life", "2", "second", broken=True))

    code, said = cli.deploy(first)
    assert code == 0, said
    assert parameter(client, "/life/given") == "1"

    code, said = cli.deploy(first)
    assert (code, said.count("(no changes)")) == (0, 2)

    code, said = cli("diff", "--app", second)
    assert "Number of stacks with differences: 1" in said
    assert "Name (requires replacement)" in said
    assert "[-] /life/first" in said
    assert "[+] /life/second" in said

    code, said = cli.deploy(second)
    assert code == 0, said
    assert parameter(client, "/life/given") == parameter(client, "/life/second") == "2"
    assert client("ssm").describe_parameters(ParameterFilters=[{"Key": "Name", "Values": ["/life/first"]}])["Parameters"] == []

    code, said = cli.deploy(broken)
    assert code == 1
    assert "ParameterAlreadyExists" in said
    assert client("cloudformation").describe_stacks(StackName="life-taker")["Stacks"][0]["StackStatus"] == "UPDATE_ROLLBACK_COMPLETE"

    code, said = cli("destroy", "--app", second, "life-giver", "--exclusively", "--force")
    assert code == 1
    assert "in use by life-taker" in said

    code, said = cli("destroy", "--app", second, "--all", "--force")
    assert code == 0, said
    assert (
        client("ssm").describe_parameters(ParameterFilters=[{"Key": "Name", "Option": "BeginsWith", "Values": ["/life"]}])["Parameters"]
        == []
    )


def test_a_deployment_that_was_killed_or_failed_is_continued(cli: Cli, client: Any, tmp_path: Path) -> None:
    whole = assembly(tmp_path / "1", two_stacks("again", "1"))
    broken = assembly(tmp_path / "2", two_stacks("again", "1", broken=True))
    cloudformation = client("cloudformation")
    # Killed between the change set and its execution: a stack under review, with a change set of the CLI's own name.
    template = (whole / "again-giver.template.json").read_text()
    cloudformation.create_change_set(
        StackName="again-giver",
        ChangeSetName="cdk-deploy-change-set",
        ChangeSetType="CREATE",
        TemplateBody=template,
        Parameters=[{"ParameterKey": "BootstrapVersion", "ParameterValue": "/cdk-bootstrap/hnb659fds/version"}],
    )

    code, said = cli.deploy(broken)
    assert code == 1
    states = {stack["StackName"]: stack["StackStatus"] for stack in cloudformation.describe_stacks()["Stacks"]}
    assert (states["again-giver"], states["again-taker"]) == ("CREATE_COMPLETE", "ROLLBACK_COMPLETE")

    code, said = cli.deploy(whole)
    assert code == 0, said


def test_what_is_not_played_ends_the_deployment_with_its_name(cli: Cli, tmp_path: Path) -> None:
    def build(app: cdk.App, env: cdk.Environment) -> None:
        stack = cdk.Stack(app, "unplayed", env=env)
        cdk.CfnResource(stack, "Zone", type="AWS::Route53::HostedZone", properties={"Name": "example.com"})

    code, said = cli.deploy(assembly(tmp_path, build))

    assert code == 1
    assert "the local AWS does not play the resource type AWS::Route53::HostedZone (Zone)" in said


def chart(folder: Path) -> Path:
    (folder / "templates").mkdir(parents=True)
    (folder / "Chart.yaml").write_text("apiVersion: v2\nname: demo\nversion: 0.1.0\n")
    (folder / "templates/map.yaml").write_text(
        'apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: {{ required "a name is needed" .Values.name }}\n'
    )
    return folder


def cluster(source: Path, values: dict[str, Any]) -> Callable[[cdk.App, cdk.Environment], None]:
    def build(app: cdk.App, env: cdk.Environment) -> None:
        stack = cdk.Stack(app, "charts", env=env)
        public = ec2.SubnetConfiguration(name="public", subnet_type=ec2.SubnetType.PUBLIC)
        vpc = ec2.Vpc(stack, "Vpc", nat_gateways=0, max_azs=2, subnet_configuration=[public], restrict_default_security_group=False)
        options = eks.KubectlProviderOptions(kubectl_layer=KubectlV36Layer(stack, "Layer"))
        made = eks.Cluster(
            stack,
            "Cluster",
            version=eks.KubernetesVersion.V1_36,
            vpc=vpc,
            vpc_subnets=[ec2.SubnetSelection(subnet_type=ec2.SubnetType.PUBLIC)],
            default_capacity_type=eks.DefaultCapacityType.NODEGROUP,
            default_capacity=0,
            kubectl_provider_options=options,
        )
        asset = assets.Asset(stack, "Chart", path=str(source))
        made.add_helm_chart("Release", chart_asset=asset, release="demo", namespace="demo", values=values, wait=True)
        made.add_manifest("Manifest", {"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": "plain"}})

    return build


def test_a_broken_chart_fails_the_deployment_with_helms_own_words(cli: Cli, client: Any, tmp_path: Path) -> None:
    source = chart(tmp_path / "chart")
    broken, whole = assembly(tmp_path / "1", cluster(source, {})), assembly(tmp_path / "2", cluster(source, {"name": "x"}))

    code, said = cli.deploy(broken)
    assert code == 1
    assert "execution error at (demo/templates/map.yaml:4:11): a name is needed" in " ".join(said.split())
    assert client("cloudformation").describe_stacks(StackName="charts")["Stacks"][0]["StackStatus"] == "ROLLBACK_COMPLETE"

    code, said = cli.deploy(whole)
    assert code == 0, said
    groups = client("logs").describe_log_groups(logGroupNamePrefix="/aws/lambda/charts-")["logGroups"]
    events = [
        event["message"] for group in groups for event in client("logs").filter_log_events(logGroupName=group["logGroupName"])["events"]
    ]
    assert any("release demo: rendered 1 objects" in message for message in events)
