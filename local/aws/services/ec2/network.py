"""What depends on what in a VPC: creations and removals that EC2 refuses in the wrong order.

Separate because a missing dependency of a template is found by these refusals alone.
https://docs.aws.amazon.com/AWSEC2/latest/APIReference/errors-overview.html
"""

from typing import Any

from moto.ec2.exceptions import DependencyViolationError, EC2ClientError
from moto.ec2.models import EC2Backend
from moto.ec2.models.elastic_network_interfaces import NetworkInterface
from moto.ec2.models.nat_gateways import NatGateway
from moto.ec2.models.route_tables import Route
from moto.ec2.models.security_groups import SecurityGroup
from moto.ec2.models.subnets import Subnet
from moto.ec2.models.vpcs import VPC


class Network(EC2Backend):
    """A region's networks, whose parts refuse to go while another part needs them."""

    def create_nat_gateway(
        self, subnet_id: str, allocation_id: str, tags: dict[str, str] | None = None, connectivity_type: str = "public"
    ) -> NatGateway:
        """Create a NAT gateway; a public one needs a way to the internet."""
        vpc = self.get_subnet(subnet_id).vpc_id
        if connectivity_type != "private" and not self._attached(vpc):
            raise EC2ClientError("Gateway.NotAttached", f"Network {vpc} has no Internet gateway attached")
        return super().create_nat_gateway(subnet_id, allocation_id, tags, connectivity_type or "public")

    def delete_nat_gateway(self, nat_gateway_id: str) -> NatGateway:
        """Remove a NAT gateway, its interface and its hold on its address."""
        if nat_gateway_id not in self.nat_gateways:
            raise EC2ClientError("NatGatewayNotFound", f"The Nat Gateway {nat_gateway_id} was not found")
        gateway = super().delete_nat_gateway(nat_gateway_id)
        for address in gateway.address_set:
            if address.get("allocationId"):
                for eip in self.describe_addresses(filters={"network-interface-id": [address["networkInterfaceId"]]}):
                    self.disassociate_address(association_id=eip.association_id)
            self.enis.pop(address["networkInterfaceId"], None)
        return gateway

    def create_route(self, route_table_id: str, destination_cidr_block: str | None, *args: Any, **targets: Any) -> Route:
        """Add a route whose gateway is attached to the table's network."""
        gateway = targets.get("gateway_id")
        if gateway and gateway.startswith("igw-"):
            attached = self.get_internet_gateway(gateway).vpc
            if attached is None or attached.id != self.get_route_table(route_table_id).vpc_id:
                raise EC2ClientError(
                    "InvalidParameterValue", f"route table {route_table_id} and network gateway {gateway} belong to different networks"
                )
        nat = targets.get("nat_gateway_id")
        if nat and (nat not in self.nat_gateways or self.nat_gateways[nat].state != "available"):
            raise EC2ClientError("InvalidNatGatewayID.NotFound", f"The natGateway ID '{nat}' does not exist")
        return super().create_route(route_table_id, destination_cidr_block, *args, **targets)

    def detach_internet_gateway(self, internet_gateway_id: str, vpc_id: str) -> None:
        """Detach a gateway that no public address of the network needs any more."""
        if any(eip.eni and eip.eni.subnet.vpc_id == vpc_id for eip in list(self.addresses)):
            raise DependencyViolationError(
                f"Network {vpc_id} has some mapped public address(es). Please unmap those public address(es) before detaching the gateway."
            )
        super().detach_internet_gateway(internet_gateway_id, vpc_id)

    def delete_subnet(self, subnet_id: str) -> Subnet:
        """Remove a subnet without interfaces."""
        if any(eni.subnet.id == subnet_id for eni in self._used_interfaces()):
            raise DependencyViolationError(f"The subnet '{subnet_id}' has dependencies and cannot be deleted.")
        return super().delete_subnet(subnet_id)

    def delete_security_group(self, name: str | None = None, group_id: str | None = None) -> None:
        """Remove a group that no interface wears and no other group's rule names."""
        group = self.get_security_group_from_id(group_id) if group_id else None
        if group and (self._worn(group) or self._named(group)):
            raise DependencyViolationError(f"resource {group_id} has a dependent object")
        super().delete_security_group(name, group_id)

    def delete_vpc(self, vpc_id: str) -> VPC:
        """Remove a network without gateway, endpoints and groups of its own."""
        groups = [group for group in list(self.groups[vpc_id].values()) if not group.is_default]
        endpoints = [endpoint for endpoint in list(self.vpc_end_points.values()) if endpoint.vpc_id == vpc_id]
        if groups or endpoints or self._attached(vpc_id):
            raise DependencyViolationError(f"The vpc '{vpc_id}' has dependencies and cannot be deleted.")
        return super().delete_vpc(vpc_id)

    def _attached(self, vpc_id: str) -> bool:
        return any(gateway.vpc is not None and gateway.vpc.id == vpc_id for gateway in list(self.internet_gateways.values()))

    def _used_interfaces(self) -> list[NetworkInterface]:
        # moto keeps the interfaces of terminated instances.
        return [eni for eni in list(self.enis.values()) if eni.instance is None or eni.instance.state != "terminated"]

    def _worn(self, group: SecurityGroup) -> bool:
        return any(worn.id == group.id for eni in self._used_interfaces() for worn in eni.group_set)

    def _named(self, group: SecurityGroup) -> bool:
        others = [other for groups in list(self.groups.values()) for other in list(groups.values()) if other.id != group.id]
        return any(rule.source_group.get("GroupId") == group.id for other in others for rule in [*other.ingress_rules, *other.egress_rules])
