"""The cluster stack: who reaches the API server, what nodes and add-ons may do, and in which order they come."""

import json
import re
from ipaddress import IPv4Network
from typing import Any

import pytest

from mlplatform.config.load import load
from mlplatform.config.sections import AddonSettings
from tests.stacks.synthesis import ENVIRONMENTS, Template, committed, varied

EVERY_ADDON = AddonSettings(efs_csi=True, pod_identity_agent=True)


def cluster(name: str) -> Template:
    return committed()[f"{name}-cluster"]


def addons(template: Template) -> dict[str, dict[str, Any]]:
    """Return each add-on, whole, by its name."""
    return {each["Properties"]["AddonName"]: each for each in template.resources.values() if each["Type"] == "AWS::EKS::Addon"}


def trusted(statements: list[dict[str, Any]]) -> set[str]:
    """Return the services that a trust policy names."""
    services: list[str] = []
    for statement in statements:
        named: str | list[str] = statement["Principal"]["Service"]
        services += [named] if isinstance(named, str) else named
    return set(services)


def late(text: dict[str, Any]) -> str:
    """Return a text with the names of exports where their values will be."""
    return "".join(part if isinstance(part, str) else part["Fn::ImportValue"] for part in text["Fn::Join"][1])


def trust(role: dict[str, Any]) -> dict[str, Any]:
    """Return a pod role's trust policy with its late values left as ${Name}."""
    text, _ = role["AssumeRolePolicyDocument"]["Fn::Sub"]
    return json.loads(text)


@pytest.mark.parametrize("name", ENVIRONMENTS)
def test_access_is_by_entries_and_the_creator_has_none(name: str) -> None:
    access = cluster(name).one("AWS::EKS::Cluster")["AccessConfig"]
    assert access == {"AuthenticationMode": "API", "BootstrapClusterCreatorAdminPermissions": False}


@pytest.mark.parametrize(("name", "partition"), [("china-dev", "aws-cn"), ("global-dev", "aws")])
def test_administrators_have_every_right_in_the_cluster(name: str, partition: str) -> None:
    people = tuple(f"arn:{partition}:iam::123456789012:role/{role}" for role in ("platform", "on-call"))
    entries = varied(f"{name}-cluster", cluster={"administrators": people}).all("AWS::EKS::AccessEntry", named="Administrator")
    assert [entry["PrincipalArn"] for entry in entries] == list(people)
    for entry in entries:
        [policy] = entry["AccessPolicies"]
        assert policy["AccessScope"] == {"Type": "cluster"}
        assert "AmazonEKSClusterAdminPolicy" in json.dumps(policy["PolicyArn"])


def test_only_the_deployment_and_the_administrators_get_into_the_cluster() -> None:
    template = varied("global-prod-cluster", cluster={"administrators": ()})
    entry = template.one("AWS::EKS::AccessEntry")
    assert "KubectlProviderHandlerServiceRole" in json.dumps(entry["PrincipalArn"])


def test_the_api_server_of_prod_is_reached_from_its_network_alone() -> None:
    access = cluster("china-prod").one("AWS::EKS::Cluster")["ResourcesVpcConfig"]
    assert access["EndpointPrivateAccess"] is True
    assert access["EndpointPublicAccess"] is False


def test_a_public_endpoint_admits_the_addresses_that_the_file_names() -> None:
    office = IPv4Network("203.0.113.0/24")
    access = varied("global-dev-cluster", cluster={"public_access_cidrs": (office,)}).one("AWS::EKS::Cluster")["ResourcesVpcConfig"]
    assert access["EndpointPublicAccess"] is True
    assert access["PublicAccessCidrs"] == [str(office)]


@pytest.mark.parametrize("name", ENVIRONMENTS)
def test_the_secrets_of_kubernetes_are_encrypted_with_a_key_that_rotates(name: str) -> None:
    template = cluster(name)
    [encryption] = template.one("AWS::EKS::Cluster")["EncryptionConfig"]
    assert encryption["Resources"] == ["secrets"]
    assert encryption["Provider"]["KeyArn"]["Fn::GetAtt"][0].startswith("Key")
    assert template.one("AWS::KMS::Key")["EnableKeyRotation"] is True


@pytest.mark.parametrize("name", ["china-dev", "global-prod"])
def test_the_control_planes_logs_end_after_the_days_that_the_file_says(name: str) -> None:
    settings, template = load(name), cluster(name)
    enabled = template.one("AWS::EKS::Cluster")["Logging"]["ClusterLogging"]["EnabledTypes"]
    assert [each["Type"] for each in enabled] == list(settings.cluster.log_types)
    group = template.one("AWS::Logs::LogGroup", named="LogsLogGroup")
    assert group["LogGroupName"] == f"/aws/eks/{name}/cluster"
    assert group["RetentionInDays"] == settings.cluster.log_days


def test_the_log_group_is_there_before_eks_would_make_its_own() -> None:
    assert cluster("china-dev").whole("AWS::EKS::Cluster")["DependsOn"] == ["LogsLogGroupF3C6ECB9"]


@pytest.mark.parametrize(
    ("name", "principals"), [("china-dev", {"ec2.amazonaws.com", "ec2.amazonaws.com.cn"}), ("global-dev", {"ec2.amazonaws.com"})]
)
def test_a_nodes_role_trusts_the_principals_that_eks_asks_for_there(name: str, principals: set[str]) -> None:
    statements = cluster(name).one("AWS::IAM::Role", named="NodeRole")["AssumeRolePolicyDocument"]["Statement"]
    assert trusted(statements) == principals


@pytest.mark.parametrize("name", ENVIRONMENTS)
def test_a_node_may_join_pull_images_and_be_reached_and_nothing_else(name: str) -> None:
    role = cluster(name).one("AWS::IAM::Role", named="NodeRole")
    policies = {re.sub(r".*policy/", "", arn["Fn::Join"][1][-1]) for arn in role["ManagedPolicyArns"]}
    assert policies == {"AmazonEKSWorkerNodeMinimalPolicy", "AmazonEC2ContainerRegistryPullOnly", "AmazonSSMManagedInstanceCore"}
    assert "Policies" not in role


@pytest.mark.parametrize("name", ENVIRONMENTS)
def test_pods_cannot_take_their_nodes_credentials(name: str) -> None:
    data = cluster(name).one("AWS::EC2::LaunchTemplate")["LaunchTemplateData"]
    assert data["MetadataOptions"] == {"HttpPutResponseHopLimit": 1, "HttpTokens": "required"}


def test_a_nodes_disk_is_encrypted_and_as_large_as_the_file_says() -> None:
    data = cluster("china-prod").one("AWS::EC2::LaunchTemplate")["LaunchTemplateData"]
    [disk] = [each["Ebs"] for each in data["BlockDeviceMappings"]]
    assert (disk["Encrypted"], disk["VolumeType"], disk["VolumeSize"]) == (True, "gp3", load("china-prod").cluster.system_nodes.disk_gib)


def test_nodes_wear_the_clusters_group_and_that_of_database_clients() -> None:
    own, clients = cluster("china-dev").one("AWS::EC2::LaunchTemplate")["LaunchTemplateData"]["SecurityGroupIds"]
    assert own == {"Fn::GetAtt": ["ClusterEB0386A7", "ClusterSecurityGroupId"]}
    assert "DatabaseClients" in clients["Fn::ImportValue"]


@pytest.mark.parametrize("name", ENVIRONMENTS)
def test_instances_and_disks_carry_the_environments_tags(name: str) -> None:
    specifications = cluster(name).one("AWS::EC2::LaunchTemplate")["LaunchTemplateData"]["TagSpecifications"]
    assert {each["ResourceType"] for each in specifications} == {"instance", "volume"}
    for each in specifications:
        assert {"Key": "mlplatform:environment", "Value": name} in each["Tags"]


@pytest.mark.parametrize("name", ["china-prod", "global-prod"])
def test_prod_has_four_system_nodes_in_private_subnets(name: str) -> None:
    group = cluster(name).one("AWS::EKS::Nodegroup")
    assert group["ScalingConfig"]["DesiredSize"] == 4
    assert group["InstanceTypes"] == list(load(name).cluster.system_nodes.instance_types)
    assert group["AmiType"] == "AL2023_x86_64_STANDARD"
    assert all("privateSubnet" in subnet["Fn::ImportValue"] for subnet in group["Subnets"])


@pytest.mark.parametrize("name", ENVIRONMENTS)
def test_nodes_follow_the_version_of_the_control_plane(name: str) -> None:
    assert cluster(name).one("AWS::EKS::Cluster")["Version"] == load(name).cluster.version
    assert cluster(name).one("AWS::EKS::Nodegroup")["Version"] == load(name).cluster.version


def test_a_node_finds_its_network_when_it_starts_and_other_addons_find_a_node() -> None:
    template = varied("china-prod-cluster", cluster={"addons": EVERY_ADDON})
    found = addons(template)
    group = template.whole("AWS::EKS::Nodegroup")
    logical_ids = {each["Properties"]["AddonName"]: key for key, each in template.resources.items() if each["Type"] == "AWS::EKS::Addon"}
    assert set(group["DependsOn"]) == {logical_ids["vpc-cni"], logical_ids["kube-proxy"]}
    after = {name for name, addon in found.items() if any(each.startswith("SystemNodesGroup") for each in addon.get("DependsOn", []))}
    assert after == set(found) - {"vpc-cni", "kube-proxy"}


@pytest.mark.parametrize("name", ENVIRONMENTS)
def test_addons_have_the_versions_that_were_matched_to_kubernetes(name: str) -> None:
    matched = load(name).versions.addons
    found = {addon: each["Properties"]["AddonVersion"] for addon, each in addons(cluster(name)).items()}
    regional = ["metrics-server"] if name.startswith("global") else []
    expected = ["vpc-cni", "kube-proxy", "coredns", "aws-ebs-csi-driver", *regional]
    assert found == {addon: matched[addon] for addon in expected}


def test_an_addons_version_can_be_another_and_the_other_addons_come_when_asked_for() -> None:
    settings = EVERY_ADDON.model_copy(update={"versions": {"coredns": "v1.14.9-eksbuild.1"}})
    found = addons(varied("global-dev-cluster", cluster={"addons": settings}))
    assert found["coredns"]["Properties"]["AddonVersion"] == "v1.14.9-eksbuild.1"
    assert found.keys() >= {"aws-efs-csi-driver", "eks-pod-identity-agent"}


@pytest.mark.parametrize("name", ["china-dev", "global-dev"])
def test_each_driver_has_a_role_that_its_own_service_accounts_assume(name: str) -> None:
    template = varied(f"{name}-cluster", cluster={"addons": EVERY_ADDON})
    subjects = {}
    for addon, each in addons(template).items():
        if arn := each["Properties"].get("ServiceAccountRoleArn"):
            role = template.resources[arn["Fn::GetAtt"][0]]["Properties"]
            [statement] = trust(role)["Statement"]
            subjects[addon] = statement["Condition"]["StringEquals"]["${Issuer}:sub"]
            assert statement["Condition"]["StringEquals"]["${Issuer}:aud"] == "sts.amazonaws.com"
            assert role["RoleName"].startswith(f"{name}-{load(name).region}-")
    account = "system:serviceaccount:kube-system:"
    assert subjects == {
        "vpc-cni": f"{account}aws-node",
        "aws-ebs-csi-driver": f"{account}ebs-csi-controller-sa",
        "aws-efs-csi-driver": [f"{account}efs-csi-controller-sa", f"{account}efs-csi-node-sa"],
    }


def test_pods_get_prefixes_of_addresses_and_network_policies_are_enforced() -> None:
    configuration = json.loads(addons(cluster("china-dev"))["vpc-cni"]["Properties"]["ConfigurationValues"])
    assert configuration["enableNetworkPolicy"] == "true"
    assert configuration["env"]["ENABLE_PREFIX_DELEGATION"] == "true"
    assert "eniConfig" not in configuration


def test_pods_with_a_range_of_their_own_get_its_subnet_in_each_zone() -> None:
    template = varied("china-dev-cluster", network={"pod_cidr": IPv4Network("100.64.0.0/16")})
    configuration = json.loads(late(addons(template)["vpc-cni"]["Properties"]["ConfigurationValues"]))
    assert configuration["env"]["AWS_VPC_K8S_CNI_CUSTOM_NETWORK_CFG"] == "true"
    subnets = configuration["eniConfig"]["subnets"]
    assert list(subnets) == list(load("china-dev").network.availability_zones)
    assert ["PodSubnet1" in subnets["cn-north-1a"]["id"], "PodSubnet3" in subnets["cn-north-1d"]["id"]] == [True, True]


@pytest.mark.parametrize("name", ["china-prod", "global-dev"])
def test_the_ebs_driver_changes_volumes_of_its_own_alone(name: str) -> None:
    [policy] = cluster(name).one("AWS::IAM::Role", named="EbsCsiRole")["Policies"]
    for statement in policy["PolicyDocument"]["Statement"]:
        actions = statement["Action"] if isinstance(statement["Action"], list) else [statement["Action"]]
        if statement["Sid"] == "See":
            assert all(action.startswith("ec2:Describe") for action in actions)
        elif "volume/*" in json.dumps(statement["Resource"]):
            [(_, condition)] = statement["Condition"].items()
            assert set(condition) & {
                "aws:RequestTag/ebs.csi.aws.com/cluster",
                "aws:ResourceTag/ebs.csi.aws.com/cluster",
                "ec2:CreateAction",
            }


@pytest.mark.parametrize("name", ENVIRONMENTS)
def test_kubectl_runs_in_the_network_and_wears_the_clusters_group(name: str) -> None:
    handler = cluster(name).one("AWS::Lambda::Function", named="KubectlProviderHandler")["VpcConfig"]
    assert handler["SecurityGroupIds"] == [{"Fn::GetAtt": ["ClusterEB0386A7", "ClusterSecurityGroupId"]}]
    assert all("privateSubnet" in subnet["Fn::ImportValue"] for subnet in handler["SubnetIds"])


@pytest.mark.parametrize("name", ENVIRONMENTS)
def test_there_is_no_function_beside_those_that_run_kubectl_and_no_custom_resource(name: str) -> None:
    for concern in ("network", "cluster", "data"):
        template = committed()[f"{name}-{concern}"]
        functions = [key for key, each in template.resources.items() if each["Type"] == "AWS::Lambda::Function"]
        assert all(key.startswith("ClusterKubectlProvider") for key in functions)
        assert not [each["Type"] for each in template.resources.values() if each["Type"].startswith(("Custom::", "AWS::CloudFormation::"))]
