"""A new environment's file, commented for the person who goes on with it.

Separate because the words of the file are the product here, and the command around them is not.
"""

from dataclasses import replace
from pathlib import Path

from mlplatform.config.document import Document
from mlplatform.config.instance_types import pool_families
from mlplatform.config.load import FOLDER, environments, examine
from mlplatform.config.problems import ConfigError, Problem, shown
from mlplatform.config.settings import Settings

_HEAD = """\
# yaml-language-server: $schema=schema.json
# Say only what differs from the defaults: `mlp config show {name}` prints every setting, `mlp config check {name}` what is wrong.
account: "{account}"
region: {region}
stage: {stage}

# Tags on every resource, for bills and owners.
# tags:
#   cost-centre: ml-platform
"""
_POOLS = """
# Nodes with GPUs, which come for a job and go after it; `mlp pools {name}` says which there are, and which quota to ask for.
compute:
  pools:
    gpu:
      accelerator: nvidia
      families: [{families}]
"""
_USUAL = ("g4dn", "g5", "g6")
"""Families of GPU nodes that a new environment begins with, where its region has them."""
_STAGES = {
    "dev": """
# dev is small and cheap: one NAT gateway, two nodes, a database in one zone, buckets that go with their stack.
# network:
#   cidr: 10.0.0.0/16
# cluster:
#   public_access_cidrs: [203.0.113.0/24] # who may reach the API server; anyone with credentials unless named
#   administrators: ["arn:{partition}:iam::{account}:role/NAME"]

# Who may sign in, each with a password that is generated; pages open with `kubectl port-forward` unless `ingress` names a host.
# sign_in:
#   users: [user@example.com, other@example.com]
""",
    "prod": """
# prod is highly available and private: a way out in each zone, a standby database, nothing deleted with its stack.
# network:
#   cidr: 10.0.0.0/16 # apart from the networks that reach it
# cluster:
#   administrators: ["arn:{partition}:iam::{account}:role/NAME"] # nobody reaches the cluster but those named here

# The name and certificate of the platform's pages; they open with `kubectl port-forward` alone unless a host is named.
# ingress:
#   host: ml.example.com
#   certificate: {{cluster_issuer: platform-ca}} # or `acm: ARN`, of a certificate in this account and region
#   allowed_cidrs: [10.0.0.0/8] # the VPC's own addresses unless named

# Who vouches for the people who sign in: an OpenID Connect provider, or a directory by `ldap`.
# sign_in:
#   connectors:
#     corporate:
#       oidc:
#         issuer: https://sign-in.example.com/realms/corporate
#         client_id: ml-platform
#         client_secret: mlplatform/corporate-sign-in # the name of a secret in Secrets Manager, which you make
""",
}
_TENANTS = """
# Teams: a namespace for each, who may use it, and how much of the platform it may take.
# tenants:
#   vision:
#     owner: user@example.com
#     members: {{other@example.com: edit}}
#     quota: {{cpu: "32", memory: 128Gi, gpus: 2, storage: 500Gi}}
"""


def begin(name: str, *, stage: str, region: str, account: str, root: Path) -> Path:
    """Write a new environment's file and return where it is.

    Args:
        name: The environment's name.
        stage: `dev` or `prod`.
        region: A region with tables.
        account: The AWS account, 12 digits.
        root: The repository.

    Raises:
        ConfigError: The file would not pass its checks, or there is one already; nothing is written then.
    """
    file = root / FOLDER / f"{name}.yaml"
    settings, problems = examine(name, Document(values={"account": account, "region": region, "stage": stage}))
    if name in environments(root):
        problems = [Problem("name", f"{shown(name)} is an environment already", "choose another name", file=str(FOLDER / file.name))]
    if problems or not settings:
        raise ConfigError(problems)
    try:
        with file.open("x", encoding="utf-8") as stream:
            stream.write(_text(settings))
    except OSError as error:
        problem = Problem("", f"cannot be written: {(error.strerror or 'unknown reason').lower()}", "make the folder writable")
        raise ConfigError([replace(problem, file=str(FOLDER / file.name))]) from None
    return file


def _text(settings: Settings) -> str:
    values = settings.model_dump(include={"name", "account", "region", "stage"})
    families = [family for family in pool_families(settings.region, gpus=True) if family in _USUAL]
    text = _HEAD + _POOLS + _STAGES[settings.stage] + _TENANTS
    return text.format(**values, partition=settings.place.partition.name, families=", ".join(families))
