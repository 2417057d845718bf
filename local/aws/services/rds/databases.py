"""Databases with network interfaces: a subnet or a group that one uses cannot go before it.

Separate from what is refused because this is what a database holds while it lives.
"""

import secrets
import string
from typing import Any

from moto.core.exceptions import ServiceException
from moto.ec2.models import ec2_backends
from moto.ec2.utils import random_private_ip
from moto.rds.exceptions import DBClusterNotFoundError, DBParameterGroupNotFoundError, DBSubnetGroupNotFoundError, RDSClientError
from moto.rds.models import DBCluster, DBInstance, DBSubnetGroup, RDSBackend

from mlplatform.local.aws.services.rds import checks

_ALPHABET = string.ascii_uppercase + string.digits
_ID_LENGTH = 26


class RDS(RDSBackend):
    """One region's databases of one account."""

    def create_db_instance(self, db_kwargs: dict[str, Any]) -> DBInstance:
        """Create an instance in a network that exists, under a parameter group of its version."""
        checks.check_groups(self.account_id, self.region_name, db_kwargs.get("vpc_security_group_ids"))
        checks.check_key(self.account_id, self.region_name, db_kwargs.get("kms_key_id"))
        group = self.db_parameter_groups.get(db_kwargs.get("db_parameter_group_name") or "")
        if group and db_kwargs.get("engine_version"):
            checks.check_family(group.name, str(group.family), db_kwargs["engine"], db_kwargs["engine_version"])
        database: Any = super().create_db_instance(db_kwargs)
        database.dbi_resource_id = "db-" + "".join(secrets.choice(_ALPHABET) for _ in range(_ID_LENGTH))
        database.interface = self._enter(database)
        return database

    def modify_db_instance(self, db_instance_identifier: str, db_kwargs: dict[str, Any]) -> DBInstance:
        """Change an instance, also its port and the groups that its interface wears."""
        checks.check_groups(self.account_id, self.region_name, db_kwargs.get("vpc_security_group_ids"))
        port = db_kwargs.pop("db_port_number", None)
        database: Any = super().modify_db_instance(db_instance_identifier, db_kwargs)
        database.port = port or database.port
        if db_kwargs.get("vpc_security_group_ids"):
            self._leave(database)
            database.interface = self._enter(database)
        return database

    def delete_db_instance(self, *args: Any, **kwargs: Any) -> DBInstance:
        """Remove an instance with its interface."""
        database = super().delete_db_instance(*args, **kwargs)
        self._leave(database)
        return database

    def create_db_cluster(self, kwargs: dict[str, Any]) -> DBCluster:
        """Create a cluster whose name is free, in a network that exists."""
        if kwargs["db_cluster_identifier"] in self.clusters:
            raise RDSClientError("DBClusterAlreadyExistsFault", "DB Cluster already exists")
        checks.check_groups(self.account_id, self.region_name, kwargs.get("vpc_security_group_ids"))
        checks.check_key(self.account_id, self.region_name, kwargs.get("kms_key_id"))
        if kwargs.get("db_subnet_group_name"):
            group = self.describe_db_subnet_groups(kwargs["db_subnet_group_name"])[0]
            zones = {subnet["SubnetAvailabilityZone"]["Name"] for subnet in group.subnets}
            kwargs["availability_zones"] = kwargs.get("availability_zones") or sorted(zones)
        name = kwargs.get("db_cluster_parameter_group_name")
        if name and not name.startswith("default."):
            if name not in self.db_cluster_parameter_groups:
                raise DBParameterGroupNotFoundError(name)
            parameters = self.db_cluster_parameter_groups[name]
            checks.check_family(name, parameters.db_parameter_group_family, kwargs["engine"], kwargs.get("engine_version") or "")
        return super().create_db_cluster(kwargs)

    def modify_db_cluster(self, kwargs: dict[str, Any]) -> DBCluster:
        """Change a cluster, also which logs it exports, where moto reads another parameter than RDS has."""
        if kwargs["db_cluster_identifier"] not in self.clusters:
            raise DBClusterNotFoundError(kwargs["db_cluster_identifier"])
        checks.check_groups(self.account_id, self.region_name, kwargs.get("vpc_security_group_ids"))
        exports = kwargs.pop("cloudwatch_logs_export_configuration", None)
        return super().modify_db_cluster({**kwargs, **({"enable_cloudwatch_logs_exports": exports} if exports else {})})

    def create_subnet_group(self, subnet_name: str, description: str, subnets: list[Any], tags: list[dict[str, str]]) -> DBSubnetGroup:
        """Create a subnet group whose name is free, in two zones at least."""
        if subnet_name in self.subnet_groups:
            raise RDSClientError("DBSubnetGroupAlreadyExists", "The DB subnet group already exists.")
        checks.check_zones(subnets)
        return super().create_subnet_group(subnet_name, description, subnets, tags)

    def modify_db_subnet_group(self, subnet_name: str, description: str, subnets: list[Any]) -> DBSubnetGroup:
        """Change a subnet group, which moto forgets after that."""
        if subnet_name not in self.subnet_groups:
            raise DBSubnetGroupNotFoundError(subnet_name)
        checks.check_zones(subnets)
        group = super().modify_db_subnet_group(subnet_name, description, subnets)
        self.subnet_groups[subnet_name] = group
        return group

    def delete_subnet_group(self, subnet_name: str) -> DBSubnetGroup:
        """Remove a subnet group that no database is in."""
        databases: list[Any] = [*self.databases.values()]
        using = [database for database in databases if getattr(database, "_db_subnet_group_name", None) == subnet_name]
        if using or any(cluster.db_subnet_group_name == subnet_name for cluster in list(self.clusters.values())):
            message = "Cannot delete the subnet group because at least one database instance or cluster is still using it."
            raise RDSClientError("InvalidDBSubnetGroupStateFault", message)
        return super().delete_subnet_group(subnet_name)

    def _enter(self, database: Any) -> str | None:
        """Put an interface for a database into the first subnet of its group."""
        cluster: Any = self.clusters.get(database.db_cluster_identifier or "")
        name = cluster.db_subnet_group_name if cluster else getattr(database, "_db_subnet_group_name", None)
        group: Any = self.subnet_groups.get(name) if name else None
        if group is None:
            return None
        worn = (cluster or database).vpc_security_group_ids
        ec2 = ec2_backends[self.account_id][self.region_name]
        subnet = group.subnets[0]["SubnetIdentifier"]
        return ec2.create_network_interface(subnet, random_private_ip(), group_ids=worn, description="RDSNetworkInterface").id

    def _leave(self, database: Any) -> None:
        interface = getattr(database, "interface", None)
        if interface:
            try:
                ec2_backends[self.account_id][self.region_name].delete_network_interface(interface)
            except ServiceException:
                database.interface = None
