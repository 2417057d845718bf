"""Rules about the partition: ARNs, hosts, principals and policies that are another partition's.

Separate because each of them is invisible until a deployment to China fails.
"""

import re
from collections.abc import Iterator, Mapping
from typing import Any

from mlplatform.manifests.mentions import NAMES_OF_KUBERNETES
from mlplatform.rules.policies import Kind, statements, trust_of
from mlplatform.rules.rule import Rule, Violation
from mlplatform.rules.template import Path, Resource, Template, listed, spelled, texts

_ARN = re.compile(r"\barn:(aws[a-z-]*):[^\s\"']*")
_HOST = re.compile(r"[\w*.-]*amazonaws\.com(?:\.cn)?(?![\w-])")
_AUDIENCE = "sts.amazonaws.com"

_GIVEN_BY_A_PERSON = {("AWS::EKS::AccessEntry", "PrincipalArn")}
"""Properties that hold an ARN as the environment's file spells it; config has checked its partition."""
_NAMES_OF_SERVICES = {"Service", "iam:PassedToService", "iam:AWSServiceName", "aws:PrincipalServiceName", "aws:CalledVia"}
"""Keys whose values are services' names, which look like hosts."""


def literal_arn(template: Template) -> Iterator[Violation]:
    """An ARN names no partition, or the template cannot be deployed to the other one.

    What is not AWS's own type (a Helm release, say) may name the template's partition: config spells such names out for Kubernetes.
    """
    for logical_id, path, text, resource in _texts(template):
        for match in _ARN.finditer(text):
            foreign = match.group(1) != template.partition.name
            own = resource is None or resource.type.startswith("AWS::")
            if foreign or (own and (resource.type if resource else "", path[-1]) not in _GIVEN_BY_A_PERSON):
                yield Violation(
                    logical_id,
                    f"{spelled(path)} holds {match.group()!r}, an ARN of partition {match.group(1)!r} by name",
                    "write ${AWS::Partition}: Aws.PARTITION, Stack.format_arn or ManagedPolicy.from_aws_managed_policy_name",
                )


def foreign_host(template: Template) -> Iterator[Violation]:
    """A host belongs to the template's partition: amazonaws.com does not answer for China, nor the other way round.

    Services' names and the audience of tokens are the same text in every partition, and are no hosts:
    https://github.com/eksctl-io/eksctl/pull/1912
    """
    suffix = template.partition.url_suffix
    for logical_id, path, text, resource in _texts(template):
        for found in _HOST.finditer(text):
            host = found[0]
            belongs = host.endswith(".cn") == suffix.endswith(".cn")
            if not belongs and not _is_kubernetes(found) and not _is_a_name(resource, path, text):
                yield Violation(
                    logical_id,
                    f"{spelled(path)} holds the host {host!r}, which is not in {template.place.name}",
                    f"write ${{AWS::URLSuffix}}, which is {suffix} there",
                )


def unreachable_host(template: Template) -> Iterator[Violation]:
    """Nothing is fetched from a host that the partition does not reach."""
    hosts = sorted(template.partition.unreachable_hosts)
    if not hosts:
        return
    # Behind a single slash it is part of a path, as in the name of a copy.
    pattern = re.compile(r"(?<![\w.-])(?<![^/]/)(?:[\w-]+\.)*(?:" + "|".join(map(re.escape, hosts)) + r")(?![\w-]|\.\w)")
    for logical_id, path, text, _ in _texts(template):
        for host in pattern.findall(text):
            yield Violation(
                logical_id,
                f"{spelled(path)} refers to {host!r}, which cannot be relied on from {template.place.name}",
                "copy it to the environment's own registry, and refer to the copy",
            )


def service_principal(template: Template) -> Iterator[Violation]:
    """A service's name ends in amazonaws.com in every partition; China has names of its own for nodes alone.

    EKS, Lambda, EventBridge and SQS refuse a name that ends in .cn: https://github.com/terraform-aws-modules/terraform-aws-eks/issues/1904
    """
    allowed = {*template.partition.node_principals, *template.partition.own_principals.values()}
    for statement in statements(template):
        for service in statement.services:
            if not service.endswith("amazonaws.com") and service not in allowed:
                yield Violation(
                    statement.resource.logical_id,
                    f"{spelled(statement.path)} names the service {service!r}, which {template.partition.name} does not know",
                    f"name the service as <service>.amazonaws.com; with another suffix there is {sorted(allowed)} only",
                )


def node_role(template: Template) -> Iterator[Violation]:
    """A role that nodes wear trusts every name of EC2 in its partition, and so does permission to hand it to them.

    https://github.com/aws/aws-cdk/issues/24696, https://github.com/terraform-aws-modules/terraform-aws-eks/issues/3422
    """
    needed = set(template.partition.node_principals)
    for logical_id in _node_roles(template):
        trusted = {service for statement in trust_of(template, logical_id) for service in statement.services}
        if missing := needed - trusted:
            yield Violation(
                logical_id,
                f"a role of nodes does not trust {sorted(missing)}; EKS refuses it in {template.place.name}",
                "give it every name in config's node_principals, with ServicePrincipal.from_static_service_principle_name: "
                "ServicePrincipal rewrites them",
            )
    for statement in statements(template):
        passed = {name for operator in statement.body.get("Condition", {}) for name in _passed_to(statement.condition(operator))}
        if passed & needed and not needed <= passed:
            yield Violation(
                statement.resource.logical_id,
                f"{spelled(statement.path)} lets a role be passed to {sorted(passed & needed)} and not to {sorted(needed - passed)}",
                "name every one of config's node_principals in iam:PassedToService",
            )


def missing_managed_policy(template: Template) -> Iterator[Violation]:
    """A managed policy exists in the partition, unless a condition decides about it when the stack is deployed."""
    missing = template.partition.missing_managed_policies
    for logical_id, path, text, _ in _texts(template):
        name = text.rsplit("/", maxsplit=1)[-1]
        if name in missing and "ManagedPolicyArns" in path and "Fn::If" not in path:
            yield Violation(
                logical_id,
                f"{spelled(path)} attaches {name!r}, which does not exist in {template.partition.name}",
                "write the permissions that are needed into a policy of the role's own",
            )


RULES = (
    Rule("literal-arn", "an ARN that names its partition", literal_arn),
    Rule("foreign-host", "a host of another partition", foreign_host),
    Rule("unreachable-host", "a host that the partition does not reach", unreachable_host),
    Rule("service-principal", "a service by a name that its partition does not know", service_principal),
    Rule("node-role", "a role of nodes without every name of EC2 in its partition", node_role),
    Rule("missing-managed-policy", "a managed policy that its partition lacks", missing_managed_policy),
)


def _texts(template: Template) -> Iterator[tuple[str | None, Path, str, Resource | None]]:
    resources = {resource.logical_id: resource for resource in template.resources}
    for path, text in texts(template.body):
        # Tags are a person's own words.
        if "Tags" in path:
            continue
        resource = resources.get(str(path[1])) if path[0] == "Resources" and len(path) > 1 else None
        yield (resource.logical_id, path[2:], text, resource) if resource else (None, path, text, None)


def _is_kubernetes(found: re.Match[str]) -> bool:
    """Whether it is the domain of a label or an annotation: `eks.amazonaws.com/role-arn`, which may stand within a chart's values."""
    before, after = found.string[: found.start()], found.string[found.end() :]
    return found[0] in NAMES_OF_KUBERNETES and after.startswith("/") and not before.endswith("/")


def _is_a_name(resource: Resource | None, path: Path, text: str) -> bool:
    keys = {step for step in path if isinstance(step, str)}
    if keys & _NAMES_OF_SERVICES or (resource and resource.type == "AWS::Lambda::Permission" and "Principal" in keys):
        return True
    return text == _AUDIENCE and ("ClientIdList" in keys or any(key.endswith((":aud", "audience")) for key in keys))


def _node_roles(template: Template) -> list[str]:
    worn = [
        *(resource.properties.get("NodeRole") for resource in template.of_type("AWS::EKS::Nodegroup")),
        *(role for resource in template.of_type("AWS::IAM::InstanceProfile") for role in listed(resource.properties.get("Roles"))),
    ]
    named = [_referred(value) for value in worn]
    trusting = [
        statement.resource.logical_id
        for statement in statements(template)
        if statement.kind is Kind.TRUST and set(statement.services) & set(template.partition.node_principals)
    ]
    roles = {resource.logical_id for resource in template.of_type("AWS::IAM::Role")}
    return [name for name in dict.fromkeys([*named, *trusting]) if name in roles]


def _referred(value: object) -> str:
    match value:
        case {"Ref": str(name)} | {"Fn::GetAtt": [str(name), str()]}:
            return name
        case _:
            return ""


def _passed_to(compared: Mapping[str, Any]) -> set[str]:
    return {service for service in listed(compared.get("iam:PassedToService")) if isinstance(service, str)}
