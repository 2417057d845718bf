"""VPC endpoints: names that exist in the partition, interfaces that wear groups, and changes of both.

Separate because China names half of its endpoint services differently.
"""

import json
from typing import Any

from moto.ec2.exceptions import EC2ClientError, InvalidSecurityGroupNotFoundError
from moto.ec2.models.security_groups import SecurityGroup
from moto.ec2.models.vpcs import VPCEndPoint
from moto.ec2.utils import random_private_ip

from mlplatform.local.aws.services.ec2.network import Network
from mlplatform.local.aws.services.ec2.service_names import endpoint_exists, endpoint_host


class Endpoints(Network):
    """A region's endpoints, which have no more than EC2 would give them."""

    def create_vpc_endpoint(self, vpc_id: str, service_name: str, endpoint_type: str | None, *args: Any, **kwargs: Any) -> VPCEndPoint:
        """Create an endpoint of a service that exists here; an interface needs groups, and private names DNS in the VPC."""
        interface = (endpoint_type or "Gateway") == "Interface"
        if not endpoint_exists(service_name, self.region_name, interface=interface):
            raise EC2ClientError("InvalidServiceName", f"The Vpc Endpoint Service '{service_name}' does not exist")
        if interface and kwargs.get("private_dns_enabled"):
            self._check_private_dns(vpc_id)
        groups = [self._group(group) for group in kwargs.get("security_group_ids") or ()]
        endpoint = super().create_vpc_endpoint(vpc_id, service_name, endpoint_type, *args, **kwargs)
        if interface:
            worn = groups or [self.get_default_security_group(vpc_id)]
            endpoint.security_group_ids = [group.id for group in worn if group]
            self._wear(endpoint)
            for entry in endpoint.dns_entries or ():
                entry["dns_name"] = endpoint_host(endpoint.id, service_name, self.region_name)
        return endpoint

    def change_vpc_endpoint(self, endpoint_id: str, changes: dict[str, Any]) -> None:
        """Change an endpoint by the parameters of ModifyVpcEndpoint, with what follows for its interfaces and routes."""
        endpoint = self.describe_vpc_endpoints(vpc_end_point_ids=[endpoint_id])[0]
        for group in changes.get("AddSecurityGroupIds", []):
            self._group(group)
        for subnet in changes.get("AddSubnetIds", []):
            self.get_subnet(subnet)
        if changes.get("PrivateDnsEnabled") is not None:
            if changes["PrivateDnsEnabled"]:
                self._check_private_dns(endpoint.vpc_id)
            endpoint.private_dns_enabled = changes["PrivateDnsEnabled"]
        if changes.get("ResetPolicy"):
            endpoint.policy_document = json.dumps(VPCEndPoint.DEFAULT_POLICY)
        before = list(endpoint.route_table_ids)
        endpoint.modify(
            changes.get("PolicyDocument"),
            changes.get("AddSubnetIds"),
            changes.get("RemoveSubnetIds"),
            changes.get("AddRouteTableIds"),
            changes.get("RemoveRouteTableIds"),
            changes.get("AddSecurityGroupIds"),
            changes.get("RemoveSecurityGroupIds"),
        )
        if endpoint.vpc_endpoint_type == "Interface":
            self._place_interfaces(endpoint)
            self._wear(endpoint)
        else:
            self._move_routes(endpoint, before)

    def delete_vpc_endpoints(self, vpce_ids: list[str] | None = None) -> None:
        """Remove endpoints with their interfaces, or with their routes where the tables still are."""
        for endpoint in [self.vpc_end_points.pop(name) for name in vpce_ids or [] if name in self.vpc_end_points]:
            for eni in endpoint.network_interface_ids:
                self.enis.pop(eni, None)
            before, endpoint.route_table_ids = endpoint.route_table_ids, []
            self._move_routes(endpoint, before)

    def _check_private_dns(self, vpc_id: str) -> None:
        vpc = self.get_vpc(vpc_id)
        if not all(str(value).lower() == "true" for value in (vpc.enable_dns_support, vpc.enable_dns_hostnames)):
            raise EC2ClientError(
                "InvalidParameter",
                f"Enabling private DNS requires both enableDnsSupport and enableDnsHostnames VPC attributes set to true for {vpc_id}",
            )

    def _group(self, group_id: str) -> SecurityGroup:
        group = self.get_security_group_from_id(group_id)
        if group is None:
            raise InvalidSecurityGroupNotFoundError(group_id)
        return group

    def _wear(self, endpoint: VPCEndPoint) -> None:
        groups = [self._group(group) for group in endpoint.security_group_ids]
        for eni in endpoint.network_interface_ids:
            self.enis[eni]._group_set = list(groups)  # noqa: SLF001 # pyright: ignore[reportPrivateUsage] - moto has no setter
            self.enis[eni].description = f"VPC Endpoint Interface {endpoint.id}"

    def _place_interfaces(self, endpoint: VPCEndPoint) -> None:
        wanted = set(endpoint.subnet_ids or ())
        placed = {self.enis[eni].subnet.id: eni for eni in endpoint.network_interface_ids}
        for subnet in placed.keys() - wanted:
            self.enis.pop(placed[subnet])
        new = [self.create_network_interface(subnet, random_private_ip()).id for subnet in sorted(wanted - placed.keys())]
        endpoint.network_interface_ids = [*(placed[subnet] for subnet in placed if subnet in wanted), *new]

    def _move_routes(self, endpoint: VPCEndPoint, before: list[str]) -> None:
        prefixes = endpoint.destination_prefix_list_id
        for table in set(endpoint.route_table_ids) - set(before) if prefixes else ():
            self.create_route(table, None, gateway_id=endpoint.id, destination_prefix_list_id=prefixes)
        for table in set(before) - set(endpoint.route_table_ids):
            if table in self.route_tables:
                routes = self.route_tables[table]._routes  # noqa: SLF001 # pyright: ignore[reportPrivateUsage] - moto has no reader
                for name in [name for name, route in routes.items() if route.gateway_id == endpoint.id]:
                    del routes[name]
