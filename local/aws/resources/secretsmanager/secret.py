"""`AWS::SecretsManager::Secret`: a secret whose value is generated here and written nowhere else.

Separate because generating a value is what most templates ask of it.
"""

import json
from typing import Any

from mlplatform.local.aws.resources.contract import Applied, Place, Properties, ResourceFailedError
from mlplatform.local.aws.resources.inputs import fit
from mlplatform.local.aws.resources.lifetime import absence_forgiven, changed, pairs, physical_name, retag, tags_of

_TEMPLATE = ("GenerateStringKey", "SecretStringTemplate")


class Secret:
    """A secret; `Ref` is its ARN. It is removed for good with its stack, as CloudFormation does."""

    properties = frozenset({"Description", "GenerateSecretString", "KmsKeyId", "Name", "SecretString", "Tags"})

    def create(self, place: Place, properties: Properties) -> Applied:
        """Create the secret with its value."""
        secrets = place.client("secretsmanager")
        name = properties.get("Name") or physical_name(place, limit=512)
        arguments = {key: properties[key] for key in ("Description", "KmsKeyId") if key in properties}
        made = secrets.create_secret(Name=name, Tags=pairs(tags_of(place, properties)), **arguments, **_value(secrets, properties))
        return Applied(made["ARN"], {"Id": made["ARN"]})

    def update(self, place: Place, current: Applied, properties: Properties, previous: Properties) -> Applied:
        """Change description and key; a change of how the value is made makes another value."""
        secrets, arn = place.client("secretsmanager"), current.physical_id
        arguments = {key: properties.get(key, "") for key in ("Description", "KmsKeyId") if changed(properties, previous, key)}
        if changed(properties, previous, "GenerateSecretString", "SecretString"):
            arguments |= _value(secrets, properties)
        if arguments:
            secrets.update_secret(SecretId=arn, **arguments)
        retag(
            place,
            properties,
            previous,
            add=lambda tags: secrets.tag_resource(SecretId=arn, Tags=pairs(tags)),
            remove=lambda keys: secrets.untag_resource(SecretId=arn, TagKeys=keys),
        )
        return current

    def delete(self, place: Place, current: Applied, properties: Properties) -> None:
        """Remove the secret without a time to recover it."""
        del properties
        with absence_forgiven():
            place.client("secretsmanager").delete_secret(SecretId=current.physical_id, ForceDeleteWithoutRecovery=True)


def _value(secrets: Any, properties: Properties) -> dict[str, str]:
    generate: dict[str, Any] | None = properties.get("GenerateSecretString")
    if generate is None:
        return {"SecretString": properties["SecretString"]} if "SecretString" in properties else {}
    rules = {key: value for key, value in generate.items() if key not in _TEMPLATE}
    password = secrets.get_random_password(**fit(secrets, "get_random_password", rules))["RandomPassword"]
    if "SecretStringTemplate" not in generate:
        return {"SecretString": password}
    try:
        template: dict[str, Any] = json.loads(generate["SecretStringTemplate"])
    except json.JSONDecodeError as error:
        raise ResourceFailedError(f"GenerateSecretString.SecretStringTemplate: is no JSON: {error}") from None
    return {"SecretString": json.dumps({**template, generate["GenerateStringKey"]: password})}
