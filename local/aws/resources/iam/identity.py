"""Who may wear a role: instance profiles, OpenID Connect providers and service-linked roles.

Separate from roles and policies because these three hold no permissions.
"""

from mlplatform.local.aws.resources.contract import Applied, Place, Properties
from mlplatform.local.aws.resources.lifetime import absence_forgiven, difference, pairs, physical_name, retag, tags_of, undone_on_failure


class InstanceProfile:
    """A role as an EC2 instance wears it; `Ref` is the profile's name."""

    properties = frozenset({"InstanceProfileName", "Path", "Roles"})

    def create(self, place: Place, properties: Properties) -> Applied:
        """Create the profile and put its role in."""
        iam = place.client("iam")
        name = properties.get("InstanceProfileName") or physical_name(place, limit=128)
        profile = iam.create_instance_profile(InstanceProfileName=name, Path=properties.get("Path", "/"))["InstanceProfile"]
        applied = Applied(name, {"Arn": profile["Arn"]})
        with undone_on_failure(lambda: self.delete(place, applied, properties)):
            for role in properties["Roles"]:
                iam.add_role_to_instance_profile(InstanceProfileName=name, RoleName=role)
        return applied

    def update(self, place: Place, current: Applied, properties: Properties, previous: Properties) -> Applied:
        """Exchange the role; a profile holds one at a time, so the old one leaves first."""
        iam, name = place.client("iam"), current.physical_id
        gained, lost = difference(properties.get("Roles"), previous.get("Roles"))
        for role in lost:
            with absence_forgiven():
                iam.remove_role_from_instance_profile(InstanceProfileName=name, RoleName=role)
        for role in gained:
            iam.add_role_to_instance_profile(InstanceProfileName=name, RoleName=role)
        return current

    def delete(self, place: Place, current: Applied, properties: Properties) -> None:
        """Take the role out, then remove the profile."""
        iam, name = place.client("iam"), current.physical_id
        for role in properties.get("Roles") or ():
            with absence_forgiven():
                iam.remove_role_from_instance_profile(InstanceProfileName=name, RoleName=role)
        with absence_forgiven():
            iam.delete_instance_profile(InstanceProfileName=name)


class OIDCProvider:
    """A cluster's issuer, whose service accounts may assume roles; `Ref` is the provider's ARN."""

    properties = frozenset({"ClientIdList", "Tags", "ThumbprintList", "Url"})

    def create(self, place: Place, properties: Properties) -> Applied:
        """Create the provider."""
        arn = place.client("iam").create_open_id_connect_provider(
            Url=properties["Url"],
            ClientIDList=properties.get("ClientIdList", []),
            ThumbprintList=properties.get("ThumbprintList", []),
            Tags=pairs(tags_of(place, properties)),
        )["OpenIDConnectProviderArn"]
        return Applied(arn, {"Arn": arn})

    def update(self, place: Place, current: Applied, properties: Properties, previous: Properties) -> Applied:
        """Exchange audiences and thumbprints."""
        iam, arn = place.client("iam"), current.physical_id
        gained, lost = difference(properties.get("ClientIdList"), previous.get("ClientIdList"))
        for client in gained:
            iam.add_client_id_to_open_id_connect_provider(OpenIDConnectProviderArn=arn, ClientID=client)
        for client in lost:
            iam.remove_client_id_from_open_id_connect_provider(OpenIDConnectProviderArn=arn, ClientID=client)
        iam.update_open_id_connect_provider_thumbprint(OpenIDConnectProviderArn=arn, ThumbprintList=properties.get("ThumbprintList", []))
        retag(
            place,
            properties,
            previous,
            add=lambda tags: iam.tag_open_id_connect_provider(OpenIDConnectProviderArn=arn, Tags=pairs(tags)),
            remove=lambda keys: iam.untag_open_id_connect_provider(OpenIDConnectProviderArn=arn, TagKeys=keys),
        )
        return current

    def delete(self, place: Place, current: Applied, properties: Properties) -> None:
        """Remove the provider."""
        del properties
        with absence_forgiven():
            place.client("iam").delete_open_id_connect_provider(OpenIDConnectProviderArn=current.physical_id)


class ServiceLinkedRole:
    """The role that an AWS service wears in this account; `Ref` is its name."""

    properties = frozenset({"AWSServiceName", "CustomSuffix", "Description"})

    def create(self, place: Place, properties: Properties) -> Applied:
        """Create the role; an account has one of a service, a second attempt fails."""
        suffix = properties.get("CustomSuffix")
        role = place.client("iam").create_service_linked_role(
            AWSServiceName=properties["AWSServiceName"],
            Description=properties.get("Description", ""),
            **({"CustomSuffix": suffix} if suffix else {}),
        )["Role"]
        return Applied(role["RoleName"], {"RoleName": role["RoleName"]})

    def update(self, place: Place, current: Applied, properties: Properties, previous: Properties) -> Applied:
        """Change the description, which is all that IAM lets change."""
        del previous
        place.client("iam").update_role(RoleName=current.physical_id, Description=properties.get("Description", ""))
        return current

    def delete(self, place: Place, current: Applied, properties: Properties) -> None:
        """Ask IAM to remove the role."""
        del properties
        with absence_forgiven():
            place.client("iam").delete_service_linked_role(RoleName=current.physical_id)
