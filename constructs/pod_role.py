"""The IAM role of a pod (IRSA).

Separate so that every trust policy is exact: one cluster, one namespace, named service accounts, one audience.
"""

import json
from collections.abc import Sequence
from dataclasses import dataclass

from aws_cdk import Fn
from aws_cdk import aws_iam as iam
from constructs import Construct

# The same in China, whatever pages of docs.amazonaws.cn show: https://github.com/terraform-aws-modules/terraform-aws-iam/issues/451
AUDIENCE = "sts.amazonaws.com"


@dataclass(frozen=True)
class TokenIssuer:
    """The OIDC provider that signs the tokens of a cluster's service accounts."""

    provider_arn: str
    host: str
    """The issuer's URL without `https://`."""


@dataclass(frozen=True)
class ServiceAccounts:
    """Who a role is for; a controller and its agents may share one."""

    namespace: str
    names: tuple[str, ...]

    @property
    def subjects(self) -> list[str]:
        """What their tokens say they are."""
        return [f"system:serviceaccount:{self.namespace}:{name}" for name in self.names]


class PodRole(Construct):
    """A role that pods of the named service accounts assume, and nobody else.

    Its name is the environment's own, so that Kubernetes objects spell its ARN before it exists.
    """

    def __init__(
        self,
        scope: Construct,
        id: str,
        *,
        role_name: str,
        issuer: TokenIssuer,
        service_accounts: ServiceAccounts,
        statements: Sequence[iam.PolicyStatement] = (),
        managed_policies: Sequence[str] = (),
    ) -> None:
        super().__init__(scope, id)
        wildcards = [subject for subject in service_accounts.subjects if "*" in subject or "?" in subject]
        if wildcards or not service_accounts.names:
            msg = f"{self.node.path}: a pod's role is for named service accounts, got {wildcards or 'none'}; name each of them"
            raise ValueError(msg)
        self.resource = iam.CfnRole(
            self,
            "Role",
            role_name=role_name,
            description=f"Pods of {service_accounts.namespace}/{', '.join(service_accounts.names)}",
            assume_role_policy_document=_trust(issuer, service_accounts),
            policies=[
                iam.CfnRole.PolicyProperty(policy_name="permissions", policy_document=iam.PolicyDocument(statements=list(statements)))
            ]
            if statements
            else None,
            managed_policy_arns=[iam.ManagedPolicy.from_aws_managed_policy_name(policy).managed_policy_arn for policy in managed_policies]
            or None,
        )

    @property
    def arn(self) -> str:
        """The role's ARN; who uses it is made after the role."""
        return self.resource.attr_arn


def _trust(issuer: TokenIssuer, service_accounts: ServiceAccounts) -> str:
    subjects = service_accounts.subjects
    # One text, because the issuer is a condition's key, and CloudFormation resolves nothing in keys.
    document = {
        "Version": "2012-10-17",
        "Statement": [
            {
                "Effect": "Allow",
                "Principal": {"Federated": "${Provider}"},
                "Action": "sts:AssumeRoleWithWebIdentity",
                "Condition": {
                    "StringEquals": {"${Issuer}:aud": AUDIENCE, "${Issuer}:sub": subjects[0] if len(subjects) == 1 else subjects}
                },
            }
        ],
    }
    return Fn.sub(json.dumps(document), {"Provider": issuer.provider_arn, "Issuer": issuer.host})
