"""Environments that choose what the committed ones do not, so that rules meet everything a file can ask for."""

from pathlib import Path

GLOBAL = """
account: "123456789012"
region: us-west-2
"""
CHINA = """
account: "123456789012"
region: cn-northwest-1
"""
FILES = {
    "aurora": GLOBAL
    + """
stage: dev
database: {engine: aurora-mysql}
network: {pod_cidr: 100.64.0.0/16}
cluster:
  administrators: ["arn:aws:iam::123456789012:role/platform"]
  addons: {efs_csi: true, pod_identity_agent: true}
""",
    "aurora-pair": CHINA
    + """
stage: prod
database: {engine: aurora-mysql, deletion_protection: false}
storage: {expire_artifacts_days: 365}
cluster:
  administrators: ["arn:aws-cn:iam::123456789012:role/platform"]
  addons: {efs_csi: true}
""",
    "serverless": GLOBAL
    + """
stage: prod
database: {engine: aurora-mysql, instance_class: db.serverless}
network: {nat_gateways: 0}
cluster: {endpoint_access: public_and_private, public_access_cidrs: [203.0.113.0/24]}
""",
    "existing": CHINA
    + """
stage: dev
tags: {cost-centre: "1234"}
network:
  cidr: 10.1.0.0/16
  existing:
    vpc_id: vpc-0123456789abcdef0
    private_subnets: [subnet-0123456789abcdef0, subnet-0123456789abcdef1, subnet-0123456789abcdef2]
    public_subnets: [subnet-0123456789abcdef3, subnet-0123456789abcdef4, subnet-0123456789abcdef5]
    database_subnets: [subnet-0123456789abcdef6, subnet-0123456789abcdef7, subnet-0123456789abcdef8]
""",
}


def written(root: Path) -> Path:
    """Write the files as a repository keeps them, and return the repository."""
    folder = root / "config" / "environments"
    folder.mkdir(parents=True, exist_ok=True)
    for name, text in FILES.items():
        (folder / f"{name}.yaml").write_text(text, encoding="utf-8")
    return root
