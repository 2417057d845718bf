"""`AWS::ECR::Repository`: where the copies of container images live.

Separate because the CDK's bootstrap and the mirror of images stand on it.
"""

from typing import Any

from mlplatform.local.aws.resources.contract import Applied, Place, Properties, ResourceType
from mlplatform.local.aws.resources.inputs import fit, text_of, truth
from mlplatform.local.aws.resources.lifetime import absence_forgiven, changed, pairs, physical_name, retag, tags_of, undone_on_failure


class Repository:
    """A repository; `Ref` is its name. One that holds images is deleted only with `EmptyOnDelete`."""

    properties = frozenset(
        {
            "EmptyOnDelete",
            "EncryptionConfiguration",
            "ImageScanningConfiguration",
            "ImageTagMutability",
            "LifecyclePolicy",
            "RepositoryName",
            "RepositoryPolicyText",
            "Tags",
        }
    )

    def create(self, place: Place, properties: Properties) -> Applied:
        """Create the repository, then put its policies."""
        ecr = place.client("ecr")
        name = properties.get("RepositoryName") or physical_name(place, limit=256, lower=True)
        given = {key: properties[key] for key in ("EncryptionConfiguration", "ImageTagMutability") if key in properties}
        if "ImageScanningConfiguration" in properties:
            given["ImageScanningConfiguration"] = properties["ImageScanningConfiguration"]
        arguments = fit(ecr, "create_repository", {**given, "RepositoryName": name})
        repository = ecr.create_repository(**arguments, tags=pairs(tags_of(place, properties)))["repository"]
        uri = f"{place.account}.dkr.ecr.{place.region}.{place.url_suffix}/{name}"
        applied = Applied(name, {"Arn": repository["repositoryArn"], "RepositoryUri": uri})
        with undone_on_failure(lambda: ecr.delete_repository(repositoryName=name)):
            _put_policies(ecr, name, properties, {})
        return applied

    def update(self, place: Place, current: Applied, properties: Properties, previous: Properties) -> Applied:
        """Change mutability, scanning, policies and tags."""
        ecr, name = place.client("ecr"), current.physical_id
        if changed(properties, previous, "ImageTagMutability"):
            ecr.put_image_tag_mutability(repositoryName=name, imageTagMutability=properties.get("ImageTagMutability", "MUTABLE"))
        if changed(properties, previous, "ImageScanningConfiguration"):
            scanning = properties.get("ImageScanningConfiguration") or {"ScanOnPush": False}
            arguments = fit(ecr, "put_image_scanning_configuration", {"ImageScanningConfiguration": scanning})
            ecr.put_image_scanning_configuration(repositoryName=name, **arguments)
        _put_policies(ecr, name, properties, previous)
        arn = current.attributes["Arn"]
        retag(
            place,
            properties,
            previous,
            add=lambda tags: ecr.tag_resource(resourceArn=arn, tags=pairs(tags)),
            remove=lambda keys: ecr.untag_resource(resourceArn=arn, tagKeys=keys),
        )
        return current

    def delete(self, place: Place, current: Applied, properties: Properties) -> None:
        """Remove the repository."""
        force = truth(properties.get("EmptyOnDelete", False), "EmptyOnDelete")
        with absence_forgiven():
            place.client("ecr").delete_repository(repositoryName=current.physical_id, force=force)


def _put_policies(ecr: Any, name: str, properties: Properties, previous: Properties) -> None:
    if changed(properties, previous, "RepositoryPolicyText"):
        if "RepositoryPolicyText" in properties:
            text = text_of(properties["RepositoryPolicyText"], "RepositoryPolicyText")
            ecr.set_repository_policy(repositoryName=name, policyText=text)
        else:
            ecr.delete_repository_policy(repositoryName=name)
    if changed(properties, previous, "LifecyclePolicy"):
        if "LifecyclePolicy" in properties:
            text = text_of(properties["LifecyclePolicy"]["LifecyclePolicyText"], "LifecyclePolicy.LifecyclePolicyText")
            ecr.put_lifecycle_policy(repositoryName=name, lifecyclePolicyText=text)
        else:
            ecr.delete_lifecycle_policy(repositoryName=name)


RESOURCE_TYPES: dict[str, ResourceType] = {"AWS::ECR::Repository": Repository()}
