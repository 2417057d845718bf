"""What is true of a region: its partition, zones and registries.

Separate so that nothing below config asks which region it is in: what differs is looked up here.
"""

from dataclasses import dataclass

from mlplatform.config.partitions import AWS, AWS_CN, Partition


@dataclass(frozen=True)
class Region:
    """One region that the platform has tables for."""

    name: str
    partition: Partition
    zones: tuple[str, ...]
    """Availability zones by name; an account may see fewer."""
    addon_account: str
    """The AWS account whose ECR holds the images of EKS add-ons."""

    @property
    def addon_registry(self) -> str:
        """The ECR host of EKS add-ons."""
        return f"{self.addon_account}.dkr.ecr.{self.name}.{self.partition.url_suffix}"


def _region(name: str, partition: Partition, zones: str, addon_account: str) -> Region:
    return Region(name=name, partition=partition, zones=tuple(f"{name}{letter}" for letter in zones), addon_account=addon_account)


# Zones: https://docs.amazonaws.cn/en_us/aws/latest/userguide/endpoints-arns.html (three in each China region) and `aws ec2 describe-availability-zones`.
# Add-on accounts: https://docs.aws.amazon.com/eks/latest/userguide/add-ons-images.html
REGIONS: dict[str, Region] = {
    entry.name: entry
    for entry in (
        _region("cn-north-1", AWS_CN, "abd", "918309763551"),
        _region("cn-northwest-1", AWS_CN, "abc", "961992271922"),
        _region("us-east-1", AWS, "abcdef", "602401143452"),
        _region("us-west-2", AWS, "abcd", "602401143452"),
    )
}


def region(name: str) -> Region:
    """Return the region of that name.

    Raises:
        KeyError: There are no tables for it; `REGIONS` has the names that there are.
    """
    return REGIONS[name]
