"""`AWS::SSM::Parameter`: a named value that other programs read.

Separate because the CDK's bootstrap version and its ordering barriers are such parameters.
"""

from mlplatform.local.aws.resources.contract import Applied, Place, Properties, ResourceType
from mlplatform.local.aws.resources.inputs import fit
from mlplatform.local.aws.resources.lifetime import absence_forgiven, pairs, physical_name, retag, tags_of

_LIMIT = 1011


class Parameter:
    """A parameter; `Ref` is its name, which CloudFormation invents where the template gives none."""

    properties = frozenset({"AllowedPattern", "DataType", "Description", "Name", "Policies", "Tags", "Tier", "Type", "Value"})

    def create(self, place: Place, properties: Properties) -> Applied:
        """Put the parameter, which must be new."""
        name = properties.get("Name") or f"CFN-{physical_name(place, limit=_LIMIT)}"
        return self._put(place, name, properties, tags=tags_of(place, properties))

    def update(self, place: Place, current: Applied, properties: Properties, previous: Properties) -> Applied:
        """Put the parameter over the old one."""
        ssm = place.client("ssm")
        applied = self._put(place, current.physical_id, properties)
        which = {"ResourceType": "Parameter", "ResourceId": current.physical_id}
        retag(
            place,
            properties,
            previous,
            add=lambda tags: ssm.add_tags_to_resource(**which, Tags=pairs(tags)),
            remove=lambda keys: ssm.remove_tags_from_resource(**which, TagKeys=keys),
        )
        return applied

    def delete(self, place: Place, current: Applied, properties: Properties) -> None:
        """Remove the parameter."""
        del properties
        with absence_forgiven():
            place.client("ssm").delete_parameter(Name=current.physical_id)

    def _put(self, place: Place, name: str, properties: Properties, tags: dict[str, str] | None = None) -> Applied:
        ssm = place.client("ssm")
        given = {key: value for key, value in properties.items() if key != "Tags"}
        arguments = fit(ssm, "put_parameter", {**given, "Name": name, "Overwrite": tags is None})
        if tags:
            arguments["Tags"] = pairs(tags)
        ssm.put_parameter(**arguments)
        return Applied(name, {"Type": properties["Type"], "Value": properties["Value"]})


RESOURCE_TYPES: dict[str, ResourceType] = {"AWS::SSM::Parameter": Parameter()}
