"""What a database is put into: subnet groups and parameter groups.

Separate because they exist before a database and after it.
"""

from collections.abc import Iterator, Mapping
from typing import Any

from mlplatform.local.aws.resources.contract import Applied, Place, Properties
from mlplatform.local.aws.resources.lifetime import absence_forgiven, changed, pairs, physical_name, retag, tags_of, undone_on_failure

_BATCH = 20
"""How many parameters one call takes: https://docs.aws.amazon.com/AmazonRDS/latest/APIReference/API_ModifyDBParameterGroup.html."""


def tag_database(place: Place, arn: str, properties: Properties, previous: Properties) -> None:
    """Bring the tags of whatever RDS made up to date."""
    rds: Any = place.client("rds")
    retag(
        place,
        properties,
        previous,
        add=lambda tags: rds.add_tags_to_resource(ResourceName=arn, Tags=pairs(tags)),
        remove=lambda keys: rds.remove_tags_from_resource(ResourceName=arn, TagKeys=keys),
    )


class DBSubnetGroup:
    """The subnets that a database may be in; `Ref` is the group's name."""

    properties = frozenset({"DBSubnetGroupDescription", "DBSubnetGroupName", "SubnetIds", "Tags"})

    def create(self, place: Place, properties: Properties) -> Applied:
        """Create the group."""
        made = place.client("rds").create_db_subnet_group(
            DBSubnetGroupName=(properties.get("DBSubnetGroupName") or physical_name(place, limit=255)).lower(),
            DBSubnetGroupDescription=properties["DBSubnetGroupDescription"],
            SubnetIds=properties["SubnetIds"],
            Tags=pairs(tags_of(place, properties)),
        )["DBSubnetGroup"]
        return Applied(made["DBSubnetGroupName"], {"DBSubnetGroupArn": made["DBSubnetGroupArn"]})

    def update(self, place: Place, current: Applied, properties: Properties, previous: Properties) -> Applied:
        """Change subnets, description and tags."""
        if changed(properties, previous, "SubnetIds", "DBSubnetGroupDescription"):
            place.client("rds").modify_db_subnet_group(
                DBSubnetGroupName=current.physical_id,
                DBSubnetGroupDescription=properties["DBSubnetGroupDescription"],
                SubnetIds=properties["SubnetIds"],
            )
        tag_database(place, current.attributes["DBSubnetGroupArn"], properties, previous)
        return current

    def delete(self, place: Place, current: Applied, properties: Properties) -> None:
        """Remove the group, which no database may be in any more."""
        del properties
        with absence_forgiven():
            place.client("rds").delete_db_subnet_group(DBSubnetGroupName=current.physical_id)


class _ParameterGroup:
    """What a parameter group does, whether it is an instance's or a cluster's."""

    _kind: str

    @property
    def properties(self) -> frozenset[str]:
        """The properties that are played."""
        return frozenset({"Description", "Family", "Parameters", "Tags", f"{self._kind}Name"})

    def create(self, place: Place, properties: Properties) -> Applied:
        """Create the group, then set its parameters."""
        rds = place.client("rds")
        name = (properties.get(f"{self._kind}Name") or physical_name(place, limit=255)).lower()
        method = {"DBParameterGroup": rds.create_db_parameter_group, "DBClusterParameterGroup": rds.create_db_cluster_parameter_group}
        made = method[self._kind](
            **{f"{self._kind}Name": name},
            DBParameterGroupFamily=properties["Family"],
            Description=properties["Description"],
            Tags=pairs(tags_of(place, properties)),
        )[self._kind]
        applied = Applied(name, {f"{self._kind}Arn": made[f"{self._kind}Arn"]})
        with undone_on_failure(lambda: self.delete(place, applied, properties)):
            self._modify(rds, name, properties.get("Parameters") or {})
        return applied

    def update(self, place: Place, current: Applied, properties: Properties, previous: Properties) -> Applied:
        """Set what changed, reset what is no longer named, and change the tags."""
        rds = place.client("rds")
        after: dict[str, Any] = properties.get("Parameters") or {}
        before: dict[str, Any] = previous.get("Parameters") or {}
        self._modify(rds, current.physical_id, {key: value for key, value in after.items() if before.get(key) != value})
        self._reset(rds, current.physical_id, {key: before[key] for key in before.keys() - after.keys()})
        tag_database(place, current.attributes[f"{self._kind}Arn"], properties, previous)
        return current

    def delete(self, place: Place, current: Applied, properties: Properties) -> None:
        """Remove the group."""
        del properties
        rds = place.client("rds")
        method = {"DBParameterGroup": rds.delete_db_parameter_group, "DBClusterParameterGroup": rds.delete_db_cluster_parameter_group}
        with absence_forgiven():
            method[self._kind](**{f"{self._kind}Name": current.physical_id})

    def _modify(self, rds: Any, name: str, parameters: Mapping[str, Any]) -> None:
        method = {"DBParameterGroup": rds.modify_db_parameter_group, "DBClusterParameterGroup": rds.modify_db_cluster_parameter_group}
        for batch in _batches(parameters):
            method[self._kind](**{f"{self._kind}Name": name}, Parameters=batch)

    def _reset(self, rds: Any, name: str, parameters: Mapping[str, Any]) -> None:
        method = {"DBParameterGroup": rds.reset_db_parameter_group, "DBClusterParameterGroup": rds.reset_db_cluster_parameter_group}
        for batch in _batches(parameters):
            method[self._kind](**{f"{self._kind}Name": name}, Parameters=batch)


class DBParameterGroup(_ParameterGroup):
    """The parameters of instances; `Ref` is the group's name."""

    _kind = "DBParameterGroup"


class DBClusterParameterGroup(_ParameterGroup):
    """The parameters of clusters; `Ref` is the group's name."""

    _kind = "DBClusterParameterGroup"


def _batches(parameters: Mapping[str, Any]) -> Iterator[list[dict[str, str]]]:
    entries = [{"ParameterName": key, "ParameterValue": str(value), "ApplyMethod": "pending-reboot"} for key, value in parameters.items()]
    for start in range(0, len(entries), _BATCH):
        yield entries[start : start + _BATCH]
