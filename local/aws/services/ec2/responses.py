"""Requests that moto's EC2 reads or answers differently from EC2.

Separate from the backends because this is about parameters, not about networks.
"""

from typing import Any

from moto.core.responses import ActionResult
from moto.ec2.exceptions import InvalidSecurityGroupRuleIdNotFoundError
from moto.ec2.responses import EC2Response


class Responses(EC2Response):
    """What moto's EC2 answers differently."""

    def modify_vpc_endpoint(self) -> ActionResult:
        """Change an endpoint.

        https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_ModifyVpcEndpoint.html
        """
        names = [
            "PolicyDocument",
            *(f"{verb}{kind}Ids" for verb in ("Add", "Remove") for kind in ("RouteTable", "SecurityGroup", "Subnet")),
        ]
        changes = {name: self._get_param(name) for name in names if self._get_param(name)}
        changes |= {name: self._get_bool_param(name) for name in ("PrivateDnsEnabled", "ResetPolicy")}
        backend: Any = self.ec2_backend
        backend.change_vpc_endpoint(self._get_param("VpcEndpointId"), changes)
        return ActionResult({"Return": True})

    def update_security_group_rule_descriptions_ingress(self) -> ActionResult:
        """Describe rules by their ids, which moto does not know, or by their permissions, which it does.

        https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_UpdateSecurityGroupRuleDescriptionsIngress.html
        """
        return self._describe_rules() or super().update_security_group_rule_descriptions_ingress()

    def update_security_group_rule_descriptions_egress(self) -> ActionResult:
        """Describe rules, as for ingress."""
        return self._describe_rules() or super().update_security_group_rule_descriptions_egress()

    def _describe_rules(self) -> ActionResult | None:
        descriptions = {entry["SecurityGroupRuleId"]: entry for entry in self._get_param("SecurityGroupRuleDescriptions", [])}
        if not descriptions:
            return None
        rules = {rule.id: rule for rule in self.ec2_backend.describe_security_group_rules(list(descriptions), {})}
        for name, entry in descriptions.items():
            if name not in rules:
                raise InvalidSecurityGroupRuleIdNotFoundError(name)
            peer = rules[name].source_group or rules[name].ip_range
            peer["Description"] = entry.get("Description", "")
        return ActionResult({"Return": True})
