"""What the rules, cdk-nag, CDK's own validator and checkov find and we keep, each with its reason.

Separate so that a reviewer reads every exception in one place; one that nothing needs any more fails a test.
"""

from dataclasses import dataclass

ANNOTATION = "Annotation::"
CDK = "CloudFormation-Validate::"
CHECKOV = "checkov::"
NAG = "AwsSolutions::AwsSolutions-"
PLATFORM = "mlplatform::"


@dataclass(frozen=True)
class Acknowledgement:
    """Findings that stay for one reason."""

    at: tuple[str, ...]
    """The constructs below an environment, the stack's concern first: `cluster/NodeRole`; what is below them is meant too.

    `*` stands for any name of one step, or for a part of it.
    """
    rules: tuple[str, ...]
    """The rules, with their validator's prefix; checkov's, which CDK does not run, are compared by a test.

    {account}, {region} and {environment} stand for the environment's own, {tenant} for each of its tenants.
    """
    reason: str
    """Why they stay."""


def _policy(name: str) -> str:
    return f"{NAG}IAM4[Policy::arn:<AWS::Partition>:iam::aws:policy/{name}]"


def _everything(resource: str) -> str:
    return f"{NAG}IAM5[Resource::{resource}]"


_KUBECTL = "cluster/Cluster/KubectlProvider"
_PUBLIC_REGISTRY = (
    '{"Fn::If":["ClusterKubectlProviderHandlerHasEcrPublic69E09706",{"Fn::Join":["",["arn:",{"Ref":"AWS::Partition"},'
    '":iam::aws:policy/AmazonElasticContainerRegistryPublicReadOnly"]]},{"Ref":"AWS::NoValue"}]}'
)
_HANDLERS = (f"{_KUBECTL}/Handler", f"{_KUBECTL}/Provider/framework-onEvent")
_LAUNCHED = (
    *("capacity-reservation", "fleet", "instance", "launch-template", "network-interface", "placement-group", "security-group"),
    *("spot-instances-request", "subnet", "volume"),
)
"""What EC2 makes and uses for a node."""
_BALANCED = ("loadbalancer/net/*/*", "targetgroup/*/*", "listener/net/*/*/*")
"""What a network load balancer consists of."""

ACKNOWLEDGEMENTS: tuple[Acknowledgement, ...] = (
    Acknowledgement(
        at=("network/Key", "cluster/Key", "data/Key"),
        rules=(f"{PLATFORM}wildcard-action",),
        reason="KMS's own default: the account's root may do everything with its key, so that IAM decides and nobody is locked out",
    ),
    Acknowledgement(
        at=("network/Network",),
        rules=(f"{CDK}W3010",),
        reason="the file names the zones: asking AWS for them would make templates depend on who synthesises them",
    ),
    Acknowledgement(
        at=("network/ExistingVpc",),
        rules=(f"{ANNOTATION}@aws-cdk/aws-ec2:noSubnetRouteTableId",),
        reason="nothing here changes the routes of a VPC that somebody else manages",
    ),
    Acknowledgement(
        at=("cluster/Cluster",),
        rules=(f"{ANNOTATION}@aws-cdk/aws-eks:isolatedSubnetsForKubectlPrivateSubnets",),
        reason="config refuses a network without ways out that lacks the endpoints which nodes, pods and this handler call",
    ),
    Acknowledgement(
        at=("network/FlowLogs/Role",),
        rules=(_everything("*"),),
        reason="logs:DescribeLogGroups can be limited to no log group; writing is limited to the one of the flow logs",
    ),
    Acknowledgement(
        at=("cluster/Cluster/Role",),
        rules=(_policy("AmazonEKSClusterPolicy"),),
        reason="EKS documents this policy as what its control plane needs, and extends it with new versions",
    ),
    Acknowledgement(
        at=("cluster/NodeRole", "compute/Karpenter/NodeRole"),
        rules=(
            _policy("AmazonEKSWorkerNodeMinimalPolicy"),
            _policy("AmazonEC2ContainerRegistryPullOnly"),
            _policy("AmazonSSMManagedInstanceCore"),
        ),
        reason="EKS and Systems Manager document these as the least that a node needs, and extend them with new versions of their agents",
    ),
    Acknowledgement(
        at=("cluster/Addons/VpcCniRole",),
        rules=(_policy("AmazonEKS_CNI_Policy"),),
        reason="EKS documents this policy as what the network add-on needs, and extends it with new versions",
    ),
    Acknowledgement(
        at=("cluster/Addons/EbsCsiRole",),
        rules=(
            _everything("*"),
            _everything("arn:<AWS::Partition>:ec2:{region}::snapshot/*"),
            _everything("arn:<AWS::Partition>:ec2:{region}:<AWS::AccountId>:instance/*"),
            _everything("arn:<AWS::Partition>:ec2:{region}:<AWS::AccountId>:volume/*"),
        ),
        reason="the driver makes volumes whose names nobody knows before; conditions on its tags limit it to those, and '*' is for looking",
    ),
    Acknowledgement(
        at=("cluster/Addons/EfsCsiRole",),
        rules=(
            f"{PLATFORM}wildcard-resource",
            _everything("*"),
            _everything("arn:<AWS::Partition>:elasticfilesystem:{region}:{account}:file-system/*"),
            _everything("arn:<AWS::Partition>:elasticfilesystem:{region}:{account}:access-point/*"),
        ),
        reason="file systems are named in the cluster, later; conditions on the driver's tags limit what it changes, and '*' is for looking",
    ),
    Acknowledgement(
        at=_HANDLERS,
        rules=(_policy("service-role/AWSLambdaBasicExecutionRole"), _policy("service-role/AWSLambdaVPCAccessExecutionRole")),
        reason="CDK's construct gives its functions these policies: to write their logs, and to run in the VPC",
    ),
    Acknowledgement(
        at=_HANDLERS,
        rules=tuple(f"{CHECKOV}{check}" for check in ("CKV_AWS_115", "CKV_AWS_116", "CKV_AWS_158", "CKV_AWS_173")),
        reason="CDK's construct makes these functions and takes no such setting; they run during deployments only, CloudFormation waits "
        "for their answer instead of a queue, and neither their logs nor their environment holds a secret",
    ),
    Acknowledgement(
        at=(f"{_KUBECTL}/Handler",),
        rules=(
            _policy("AmazonEC2ContainerRegistryReadOnly"),
            f"{NAG}IAM4[Policy::{_PUBLIC_REGISTRY}]",
            f"{NAG}L1",
        ),
        reason="CDK's construct decides about its handler: the registries that charts are pulled from, and the Python that it is tested with",
    ),
    Acknowledgement(
        at=(f"{_KUBECTL}/Provider/framework-onEvent",),
        rules=(_everything("<ClusterKubectlProviderHandler2E05C68A.Arn>:*"),),
        reason="the framework may call any version of the one handler, and nothing else",
    ),
    Acknowledgement(
        at=(f"{_KUBECTL}/Handler/ServiceRole/DefaultPolicy",),
        rules=(
            *(f"{NAG}IAM5[Action::s3:{action}*]" for action in ("GetBucket", "GetObject", "List")),
            _everything("arn:<AWS::Partition>:s3:::cdk-hnb659fds-assets-{account}-{region}/*"),
        ),
        reason="CDK's construct lets its handler read the bucket of assets, in which the charts of releases are named by what they hold",
    ),
    Acknowledgement(
        at=("compute/Karpenter/ControllerRole",),
        rules=(
            f"{PLATFORM}wildcard-resource",
            _everything("*"),
            *(_everything(f"arn:<AWS::Partition>:ec2:{{region}}::{kind}/*") for kind in ("image", "snapshot")),
            *(_everything(f"arn:<AWS::Partition>:ec2:{{region}}:*:{kind}/*") for kind in _LAUNCHED),
            _everything("arn:<AWS::Partition>:iam::<AWS::AccountId>:instance-profile/*"),
            _everything("arn:<AWS::Partition>:ssm:{region}::parameter/aws/service/*"),
        ),
        reason="the statements are upstream's, one by one: conditions on the cluster's tags limit what is launched, changed and ended to "
        "nodes of this cluster, and '*' is for looking",
    ),
    Acknowledgement(
        at=("compute/Karpenter/Interruptions",),
        rules=(f"{NAG}SQS3",),
        reason="a warning that nobody has read is about an instance that is gone; a second queue would only keep it",
    ),
    Acknowledgement(
        at=("compute/Karpenter/Interruptions",),
        rules=(f"{CHECKOV}CKV_AWS_27",),
        reason="SQS encrypts it with a key of its own, as upstream has it; a message names an instance and holds no secret",
    ),
    Acknowledgement(
        at=("kubeflow/Balancers",),
        rules=(
            _everything("*"),
            _everything("arn:<AWS::Partition>:iam::<AWS::AccountId>:role/aws-service-role/*/AWSServiceRoleForElasticLoadBalancing"),
            _everything("arn:<AWS::Partition>:ec2:{region}:<AWS::AccountId>:security-group/*"),
            *(_everything(f"arn:<AWS::Partition>:elasticloadbalancing:{{region}}:<AWS::AccountId>:{kind}") for kind in _BALANCED),
        ),
        reason="the controller makes what nobody can name before; conditions on its tag with the cluster's name limit what it makes and "
        "changes to this cluster's, and '*' is for looking",
    ),
    Acknowledgement(
        at=("kubeflow/Tenants",),
        rules=(_everything("arn:<AWS::Partition>:s3:::{environment}-artifacts-{account}-{region}/private-artifacts/{tenant}/*"),),
        reason="a tenant names its own artifacts, below the one prefix that is its own",
    ),
    Acknowledgement(
        at=("kubeflow/SignIn/Readers",),
        rules=(_everything("arn:<AWS::Partition>:kms:{region}:<AWS::AccountId>:key/*"),),
        reason="a secret that a person made is encrypted with a key that only its maker knows; a condition limits what it opens to the "
        "secrets that are named",
    ),
    Acknowledgement(
        at=("kubeflow/SignIn",),
        rules=(f"{NAG}SMG4",),
        reason="two programs read the client's secret, each in its own time, and a person's password is the person's to change: one that "
        "changes by itself would lock everybody out; `mlp sign-in` says how to change one",
    ),
    Acknowledgement(
        at=("data/Database",),
        rules=(f"{NAG}RDS10", f"{NAG}RDS3", f"{CHECKOV}CKV_AWS_157"),
        reason="the environment's file decides about deletion protection and a standby: database.deletion_protection, database.multi_az",
    ),
    Acknowledgement(
        at=("data/Database",),
        rules=(f"{NAG}RDS11",),
        reason="a port that everybody can scan for hides nothing; the security group admits the system nodes alone",
    ),
    Acknowledgement(
        at=("data/Database/Cluster",),
        rules=(f"{NAG}RDS14",),
        reason="China has no backtrack; backups bring the database back to any second of the days that they are kept",
    ),
    Acknowledgement(
        at=("data/Database",),
        rules=(f"{NAG}RDS6", f"{CHECKOV}CKV_AWS_161", f"{CHECKOV}CKV_AWS_162"),
        reason="Kubeflow's metadata store and Katib know a user and a password only",
    ),
    Acknowledgement(
        at=("data/Database",),
        rules=(f"{CHECKOV}CKV2_AWS_69",),
        reason="Kubeflow's metadata store and Katib cannot speak TLS to MySQL; the security group admits the system nodes alone",
    ),
    Acknowledgement(
        at=("data/Database",),
        rules=(f"{CHECKOV}CKV_AWS_118",),
        reason="metrics of the database's processes cost money and answer no question that its standard metrics and slow queries leave open",
    ),
    Acknowledgement(
        at=("data/Database/Credentials",),
        rules=(f"{NAG}SMG4",),
        reason="pods read the password when they start: one that changes by itself would cut them off; it is rotated with a restart, by hand",
    ),
    Acknowledgement(
        at=("network/FlowLogGroup", "cluster/Logs", "compute/ContainerLogs", "data/Database/*Log"),
        rules=(f"{CHECKOV}CKV_AWS_158",),
        reason="in China it is not known by which name CloudWatch Logs may use a key; log groups there keep CloudWatch's own encryption",
    ),
    Acknowledgement(
        at=("data/AccessLogs",),
        rules=(f"{CHECKOV}CKV_AWS_18",),
        reason="a bucket that recorded reads of itself would never stop growing",
    ),
)
