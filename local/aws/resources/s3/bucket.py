"""`AWS::S3::Bucket`: a bucket and its settings.

Separate from the settings' translation because this is the order in which a bucket lives and dies.
"""

from botocore.exceptions import ClientError

from mlplatform.local.aws.resources.contract import Applied, Place, Properties, ResourceFailedError
from mlplatform.local.aws.resources.inputs import truth
from mlplatform.local.aws.resources.lifetime import absence_forgiven, changed, pairs, physical_name, tags_of, undone_on_failure
from mlplatform.local.aws.resources.s3.settings import SETTINGS, canned_acl

_HOME = "us-east-1"


class Bucket:
    """A bucket; `Ref` is its name. As on AWS, one that still holds objects is not deleted."""

    properties = frozenset({"AccessControl", "BucketName", "ObjectLockEnabled", "Tags", *SETTINGS})

    def create(self, place: Place, properties: Properties) -> Applied:
        """Create the bucket, then put its settings."""
        s3 = place.client("s3")
        name = properties.get("BucketName") or physical_name(place, limit=63, lower=True)
        # In us-east-1 the API takes the creation of one's own bucket twice; CloudFormation does not.
        try:
            s3.head_bucket(Bucket=name)
        except ClientError:
            pass
        else:
            raise ResourceFailedError(f"{name} already exists")
        location = {} if place.region == _HOME else {"CreateBucketConfiguration": {"LocationConstraint": place.region}}
        s3.create_bucket(
            Bucket=name,
            ACL=canned_acl(properties.get("AccessControl", "Private")),
            ObjectLockEnabledForBucket=truth(properties.get("ObjectLockEnabled", False), "ObjectLockEnabled"),
            **location,
        )
        applied = Applied(name, _attributes(place, name))
        with undone_on_failure(lambda: s3.delete_bucket(Bucket=name)):
            self._settle(place, name, properties, {})
        return applied

    def update(self, place: Place, current: Applied, properties: Properties, previous: Properties) -> Applied:
        """Put the settings that changed, and take those that are no longer named."""
        if changed(properties, previous, "AccessControl"):
            acl = canned_acl(properties.get("AccessControl", "Private"))
            place.client("s3").put_bucket_acl(Bucket=current.physical_id, ACL=acl)
        self._settle(place, current.physical_id, properties, previous)
        return current

    def delete(self, place: Place, current: Applied, properties: Properties) -> None:
        """Remove the bucket, which must be empty."""
        del properties
        with absence_forgiven():
            place.client("s3").delete_bucket(Bucket=current.physical_id)

    def _settle(self, place: Place, name: str, properties: Properties, previous: Properties) -> None:
        s3 = place.client("s3")
        for setting, apply in SETTINGS.items():
            if changed(properties, previous, setting):
                apply(s3, name, properties.get(setting))
        tags = tags_of(place, properties)
        # The API replaces all tags at once: https://docs.aws.amazon.com/AmazonS3/latest/API/API_PutBucketTagging.html
        if tags:
            s3.put_bucket_tagging(Bucket=name, Tagging={"TagSet": pairs(tags)})
        elif previous.get("Tags") or place.previous_tags:
            s3.delete_bucket_tagging(Bucket=name)


def _attributes(place: Place, name: str) -> dict[str, str]:
    region, suffix = place.region, place.url_suffix
    return {
        "Arn": f"arn:{place.partition}:s3:::{name}",
        "DomainName": f"{name}.s3.{suffix}",
        "RegionalDomainName": f"{name}.s3.{region}.{suffix}",
        "DualStackDomainName": f"{name}.s3.dualstack.{region}.{suffix}",
    }
