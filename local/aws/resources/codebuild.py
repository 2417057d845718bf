"""`AWS::CodeBuild::Project`: how something is built or copied by AWS.

Separate because CodeBuild spells a project in its own case throughout.
"""

from mlplatform.local.aws.resources.contract import Applied, Place, Properties, ResourceType
from mlplatform.local.aws.resources.inputs import fit
from mlplatform.local.aws.resources.lifetime import absence_forgiven, pairs, physical_name, tags_of

_GIVEN = (
    "Artifacts",
    "Cache",
    "ConcurrentBuildLimit",
    "Description",
    "EncryptionKey",
    "Environment",
    "LogsConfig",
    "QueuedTimeoutInMinutes",
    "ServiceRole",
    "Source",
    "SourceVersion",
    "TimeoutInMinutes",
    "VpcConfig",
)


class Project:
    """A build project; `Ref` is its name."""

    properties = frozenset({"Name", "Tags", *_GIVEN})

    def create(self, place: Place, properties: Properties) -> Applied:
        """Create the project."""
        return self._put(place, properties.get("Name") or physical_name(place, limit=149), properties, "create_project")

    def update(self, place: Place, current: Applied, properties: Properties, previous: Properties) -> Applied:
        """Describe the project anew; what is no longer named goes back to its default."""
        del previous
        return self._put(place, current.physical_id, properties, "update_project")

    def delete(self, place: Place, current: Applied, properties: Properties) -> None:
        """Remove the project."""
        del properties
        with absence_forgiven():
            place.client("codebuild").delete_project(name=current.physical_id)

    def _put(self, place: Place, name: str, properties: Properties, method: str) -> Applied:
        codebuild = place.client("codebuild")
        given = {key: properties[key] for key in _GIVEN if key in properties}
        renamed = {"BuildSpec": "buildspec"}
        arguments = fit(codebuild, method, {**given, "Name": name}, renamed=renamed)
        made = getattr(codebuild, method)(**arguments, tags=pairs(tags_of(place, properties), "key", "value"))["project"]
        return Applied(name, {"Arn": made["arn"], "Id": name})


RESOURCE_TYPES: dict[str, ResourceType] = {"AWS::CodeBuild::Project": Project()}
