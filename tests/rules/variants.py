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
ingress: {access: public, host: ml.example.com, certificate: {cluster_issuer: platform-ca}, allowed_cidrs: [203.0.113.0/24]}
sign_in: {connectors: {github: {github: {client_id: a, client_secret: sign-in/github, organisations: [example]}}}, machine_tokens: none}
tenants: {vision: {owner: user@example.com, removal: delete}}
""",
    "aurora-pair": CHINA
    + """
stage: prod
database: {engine: aurora-mysql, deletion_protection: false}
storage: {expire_artifacts_days: 365}
cluster:
  administrators: ["arn:aws-cn:iam::123456789012:role/platform"]
  addons: {efs_csi: true}
ingress:
  access: public
  host: ml.example.com.cn
  certificate: {acm: "arn:aws-cn:acm:cn-northwest-1:123456789012:certificate/01234567-89ab-cdef-0123-456789abcdef"}
  allowed_cidrs: [203.0.113.0/24]
  icp_recordal: 京ICP备00000000号
sign_in:
  connectors:
    directory:
      ldap: {host: ldap.example.com.cn, bind_dn: a, bind_password: sign-in/reader, user_base: b, group_base: c, ca_secret: sign-in/authority}
""",
    "serverless": GLOBAL
    + """
stage: prod
database: {engine: aurora-mysql, instance_class: db.serverless}
network: {nat_gateways: 0}
cluster: {endpoint_access: public_and_private, public_access_cidrs: [203.0.113.0/24]}
kubeflow: {components: []}
""",
    "existing": CHINA
    + """
stage: dev
tags: {cost-centre: "1234"}
kubeflow: {components: [entrance, profiles]}
tenants: {vision: {owner: user@example.com, pools: [cpu]}}
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
