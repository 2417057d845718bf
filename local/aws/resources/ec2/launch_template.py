"""`AWS::EC2::LaunchTemplate`: how a node's machine is started.

Separate because each change makes a version, which node groups follow by its number.
"""

from typing import Any

from mlplatform.local.aws.resources.contract import Applied, Place, Properties
from mlplatform.local.aws.resources.ec2.tagging import tag
from mlplatform.local.aws.resources.inputs import fit
from mlplatform.local.aws.resources.lifetime import absence_forgiven, changed, pairs, physical_name, undone_on_failure

_KIND = "launch-template"


class LaunchTemplate:
    """A launch template; `Ref` is its id. CloudFormation leaves the first version the default one."""

    properties = frozenset({"LaunchTemplateData", "LaunchTemplateName", "TagSpecifications", "VersionDescription"})

    def create(self, place: Place, properties: Properties) -> Applied:
        """Create the template with its first version."""
        ec2 = place.client("ec2")
        name = properties.get("LaunchTemplateName") or physical_name(place, limit=125)
        made = ec2.create_launch_template(**_arguments(ec2, "create_launch_template", properties, LaunchTemplateName=name))[
            "LaunchTemplate"
        ]
        template = made["LaunchTemplateId"]
        with undone_on_failure(lambda: ec2.delete_launch_template(LaunchTemplateId=template)):
            tag(place, template, {"Tags": _own_tags(properties)})
        return Applied(template, {"LaunchTemplateId": template, "DefaultVersionNumber": "1", "LatestVersionNumber": "1"})

    def update(self, place: Place, current: Applied, properties: Properties, previous: Properties) -> Applied:
        """Add a version when the data changed."""
        ec2, template = place.client("ec2"), current.physical_id
        attributes = dict(current.attributes)
        if changed(properties, previous, "LaunchTemplateData", "VersionDescription"):
            arguments = _arguments(ec2, "create_launch_template_version", properties, LaunchTemplateId=template)
            version = ec2.create_launch_template_version(**arguments)["LaunchTemplateVersion"]["VersionNumber"]
            attributes["LatestVersionNumber"] = str(version)
        if changed(properties, previous, "TagSpecifications") or place.tags != place.previous_tags:
            stale = {entry["Key"] for entry in _own_tags(previous)} - {entry["Key"] for entry in _own_tags(properties)} - place.tags.keys()
            if stale:
                ec2.delete_tags(Resources=[template], Tags=[{"Key": key} for key in sorted(stale)])
            ec2.create_tags(Resources=[template], Tags=[*pairs(place.tags), *_own_tags(properties)] or [])
        return Applied(template, attributes)

    def delete(self, place: Place, current: Applied, properties: Properties) -> None:
        """Remove the template with all its versions."""
        del properties
        with absence_forgiven():
            place.client("ec2").delete_launch_template(LaunchTemplateId=current.physical_id)


def _arguments(ec2: Any, method: str, properties: Properties, **which: str) -> dict[str, Any]:
    given = {key: properties[key] for key in ("LaunchTemplateData", "VersionDescription") if key in properties}
    return fit(ec2, method, {**given, **which})


def _own_tags(properties: Properties) -> list[dict[str, str]]:
    specifications = properties.get("TagSpecifications") or ()
    return [dict(entry) for specification in specifications if specification["ResourceType"] == _KIND for entry in specification["Tags"]]
