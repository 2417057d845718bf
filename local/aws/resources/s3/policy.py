"""`AWS::S3::BucketPolicy`: who may do what with a bucket.

Separate because a policy has its own life: it is removed while its bucket is retained.
"""

from mlplatform.local.aws.resources.contract import Applied, Place, Properties
from mlplatform.local.aws.resources.inputs import text_of
from mlplatform.local.aws.resources.lifetime import absence_forgiven


class BucketPolicy:
    """A bucket's one policy; `Ref` is the bucket's name."""

    properties = frozenset({"Bucket", "PolicyDocument"})

    def create(self, place: Place, properties: Properties) -> Applied:
        """Put the policy."""
        place.client("s3").put_bucket_policy(Bucket=properties["Bucket"], Policy=text_of(properties["PolicyDocument"]))
        return Applied(properties["Bucket"])

    def update(self, place: Place, current: Applied, properties: Properties, previous: Properties) -> Applied:
        """Put the new document over the old one."""
        del current, previous
        return self.create(place, properties)

    def delete(self, place: Place, current: Applied, properties: Properties) -> None:
        """Remove the policy."""
        del properties
        with absence_forgiven():
            place.client("s3").delete_bucket_policy(Bucket=current.physical_id)
