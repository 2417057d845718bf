"""`AWS::StepFunctions::StateMachine`: a workflow, whose definition a template writes in three ways.

Separate because a definition takes substitutions before it is one.
"""

import json
from typing import Any

from mlplatform.local.aws.resources.contract import Applied, Place, Properties, ResourceFailedError, ResourceType
from mlplatform.local.aws.resources.inputs import fit
from mlplatform.local.aws.resources.lifetime import absence_forgiven, changed, pairs, physical_name, retag, tags_of

_GIVEN = ("EncryptionConfiguration", "LoggingConfiguration", "RoleArn", "TracingConfiguration")
_DEFINITION = ("Definition", "DefinitionS3Location", "DefinitionString", "DefinitionSubstitutions")


class StateMachine:
    """A state machine; `Ref` is its ARN."""

    properties = frozenset({"StateMachineName", "StateMachineType", "Tags", *_DEFINITION, *_GIVEN})

    def create(self, place: Place, properties: Properties) -> Applied:
        """Create the state machine."""
        states = place.client("stepfunctions")
        name = properties.get("StateMachineName") or physical_name(place, limit=80)
        given = {key: properties[key] for key in _GIVEN if key in properties}
        given |= {"Name": name, "Type": properties.get("StateMachineType", "STANDARD"), "Definition": _definition(place, properties)}
        made = states.create_state_machine(
            **fit(states, "create_state_machine", given), tags=pairs(tags_of(place, properties), "key", "value")
        )
        arn = made["stateMachineArn"]
        return Applied(arn, {"Arn": arn, "Name": name, "StateMachineRevisionId": made.get("revisionId", "INITIAL")})

    def update(self, place: Place, current: Applied, properties: Properties, previous: Properties) -> Applied:
        """Change definition, role, logging, tracing and tags."""
        states, arn = place.client("stepfunctions"), current.physical_id
        attributes = dict(current.attributes)
        if changed(properties, previous, *_DEFINITION, *_GIVEN):
            given = {key: properties[key] for key in _GIVEN if key in properties}
            given |= {"StateMachineArn": arn, "Definition": _definition(place, properties)}
            made = states.update_state_machine(**fit(states, "update_state_machine", given))
            attributes["StateMachineRevisionId"] = made.get("revisionId", attributes["StateMachineRevisionId"])
        retag(
            place,
            properties,
            previous,
            add=lambda tags: states.tag_resource(resourceArn=arn, tags=pairs(tags, "key", "value")),
            remove=lambda keys: states.untag_resource(resourceArn=arn, tagKeys=keys),
        )
        return Applied(arn, attributes)

    def delete(self, place: Place, current: Applied, properties: Properties) -> None:
        """Remove the state machine."""
        del properties
        with absence_forgiven():
            place.client("stepfunctions").delete_state_machine(stateMachineArn=current.physical_id)


def _definition(place: Place, properties: Properties) -> str:
    if "DefinitionString" in properties:
        text = properties["DefinitionString"]
    elif "Definition" in properties:
        text = json.dumps(properties["Definition"])
    elif "DefinitionS3Location" in properties:
        where: dict[str, Any] = properties["DefinitionS3Location"]
        version = {"VersionId": where["Version"]} if "Version" in where else {}
        text = place.client("s3").get_object(Bucket=where["Bucket"], Key=where["Key"], **version)["Body"].read().decode()
    else:
        raise ResourceFailedError(f"one of {', '.join(_DEFINITION[:3])} is needed")
    substitutions: dict[str, Any] = properties.get("DefinitionSubstitutions") or {}
    for key, value in substitutions.items():
        text = text.replace(f"${{{key}}}", str(value))
    return text


RESOURCE_TYPES: dict[str, ResourceType] = {"AWS::StepFunctions::StateMachine": StateMachine()}
