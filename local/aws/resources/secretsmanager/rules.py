"""What surrounds a secret: when it is rotated, and who may read it.

Separate from the secret because both are put on a secret that exists.
"""

from mlplatform.local.aws.resources.contract import Applied, Place, Properties
from mlplatform.local.aws.resources.inputs import fit, text_of, truth
from mlplatform.local.aws.resources.lifetime import absence_forgiven


class RotationSchedule:
    """A secret's rotation; `Ref` is the secret's ARN. The schedule is kept and shown; the function is not run."""

    properties = frozenset({"RotateImmediatelyOnUpdate", "RotationLambdaARN", "RotationRules", "SecretId"})

    def create(self, place: Place, properties: Properties) -> Applied:
        """Schedule the rotation."""
        secrets = place.client("secretsmanager")
        given = {key: properties[key] for key in ("RotationLambdaARN", "RotationRules", "SecretId") if key in properties}
        now = truth(properties.get("RotateImmediatelyOnUpdate", True), "RotateImmediatelyOnUpdate")
        made = secrets.rotate_secret(**fit(secrets, "rotate_secret", {**given, "RotateImmediately": now}))
        return Applied(made["ARN"], {"Id": made["ARN"]})

    def update(self, place: Place, current: Applied, properties: Properties, previous: Properties) -> Applied:
        """Schedule it otherwise."""
        del current, previous
        return self.create(place, properties)

    def delete(self, place: Place, current: Applied, properties: Properties) -> None:
        """End the rotation."""
        del properties
        with absence_forgiven():
            place.client("secretsmanager").cancel_rotate_secret(SecretId=current.physical_id)


class ResourcePolicy:
    """Who may do what with a secret; `Ref` is the secret's ARN."""

    properties = frozenset({"BlockPublicPolicy", "ResourcePolicy", "SecretId"})

    def create(self, place: Place, properties: Properties) -> Applied:
        """Put the policy."""
        made = place.client("secretsmanager").put_resource_policy(
            SecretId=properties["SecretId"],
            ResourcePolicy=text_of(properties["ResourcePolicy"], "ResourcePolicy"),
            BlockPublicPolicy=truth(properties.get("BlockPublicPolicy", False), "BlockPublicPolicy"),
        )
        return Applied(made["ARN"], {"Id": made["ARN"]})

    def update(self, place: Place, current: Applied, properties: Properties, previous: Properties) -> Applied:
        """Put the new policy over the old one."""
        del current, previous
        return self.create(place, properties)

    def delete(self, place: Place, current: Applied, properties: Properties) -> None:
        """Remove the policy."""
        del properties
        with absence_forgiven():
            place.client("secretsmanager").delete_resource_policy(SecretId=current.physical_id)
