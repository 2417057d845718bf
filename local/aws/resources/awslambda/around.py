"""What surrounds a function: layers under it, versions of it, who may call it, and what happens when a call fails.

Separate from the function because none of these changes in place, but for the last.
"""

from typing import Any

from mlplatform.local.aws.resources.contract import Applied, Place, Properties
from mlplatform.local.aws.resources.inputs import fit
from mlplatform.local.aws.resources.lifetime import absence_forgiven, physical_name

_LATEST = "$LATEST"


class LayerVersion:
    """A version of a layer; `Ref` is its ARN."""

    properties = frozenset({"CompatibleArchitectures", "CompatibleRuntimes", "Content", "Description", "LayerName", "LicenseInfo"})

    def create(self, place: Place, properties: Properties) -> Applied:
        """Publish the version."""
        client = place.client("lambda")
        name = properties.get("LayerName") or physical_name(place, limit=140)
        arn = client.publish_layer_version(**fit(client, "publish_layer_version", {**properties, "LayerName": name}))["LayerVersionArn"]
        return Applied(arn, {"LayerVersionArn": arn})

    def update(self, place: Place, current: Applied, properties: Properties, previous: Properties) -> Applied:
        """Change nothing: a version is replaced."""
        del place, properties, previous
        return current

    def delete(self, place: Place, current: Applied, properties: Properties) -> None:
        """Remove the version; functions that have it keep it."""
        del properties
        layer, _, version = current.physical_id.rpartition(":")
        with absence_forgiven():
            place.client("lambda").delete_layer_version(LayerName=layer.rsplit(":", maxsplit=1)[-1], VersionNumber=int(version))


class Version:
    """A function as it was; `Ref` is the version's ARN."""

    properties = frozenset({"CodeSha256", "Description", "FunctionName"})

    def create(self, place: Place, properties: Properties) -> Applied:
        """Publish the version."""
        made = place.client("lambda").publish_version(**properties)
        return Applied(made["FunctionArn"], {"FunctionArn": made["FunctionArn"], "Version": made["Version"]})

    def update(self, place: Place, current: Applied, properties: Properties, previous: Properties) -> Applied:
        """Change nothing: a version is replaced."""
        del place, properties, previous
        return current

    def delete(self, place: Place, current: Applied, properties: Properties) -> None:
        """Remove the version."""
        with absence_forgiven():
            place.client("lambda").delete_function(FunctionName=properties["FunctionName"], Qualifier=current.attributes["Version"])


class Permission:
    """Who may call a function; `Ref` is the statement's id."""

    properties = frozenset({"Action", "EventSourceToken", "FunctionName", "Principal", "PrincipalOrgID", "SourceAccount", "SourceArn"})

    def create(self, place: Place, properties: Properties) -> Applied:
        """Add the statement to the function's policy."""
        statement = physical_name(place, limit=100)
        place.client("lambda").add_permission(**properties, StatementId=statement)
        return Applied(statement, {"Id": statement})

    def update(self, place: Place, current: Applied, properties: Properties, previous: Properties) -> Applied:
        """Change nothing: a permission is replaced."""
        del place, properties, previous
        return current

    def delete(self, place: Place, current: Applied, properties: Properties) -> None:
        """Take the statement out of the function's policy."""
        with absence_forgiven():
            place.client("lambda").remove_permission(FunctionName=properties["FunctionName"], StatementId=current.physical_id)


class EventInvokeConfig:
    """What happens to asynchronous calls; `Ref` names function and qualifier."""

    properties = frozenset({"DestinationConfig", "FunctionName", "MaximumEventAgeInSeconds", "MaximumRetryAttempts", "Qualifier"})

    def create(self, place: Place, properties: Properties) -> Applied:
        """Put the configuration."""
        client = place.client("lambda")
        client.put_function_event_invoke_config(**_invocation(client, properties))
        return Applied(f"{properties['FunctionName']}|{properties.get('Qualifier', _LATEST)}")

    def update(self, place: Place, current: Applied, properties: Properties, previous: Properties) -> Applied:
        """Put the new configuration in the old one's place."""
        self.delete(place, current, previous)
        return self.create(place, properties)

    def delete(self, place: Place, current: Applied, properties: Properties) -> None:
        """Remove the configuration."""
        del current
        which = {
            key: value for key, value in _invocation(place.client("lambda"), properties).items() if key in {"FunctionName", "Qualifier"}
        }
        with absence_forgiven():
            place.client("lambda").delete_function_event_invoke_config(**which)


def _invocation(client: Any, properties: Properties) -> dict[str, Any]:
    given = {key: value for key, value in properties.items() if (key, value) != ("Qualifier", _LATEST)}
    return fit(client, "put_function_event_invoke_config", given)
