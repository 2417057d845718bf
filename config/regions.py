"""What is true of a region: its partition, zones, registries and features.

Separate so that nothing below config asks which region it is in: what differs is looked up here.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from mlplatform.config.features import Feature, is_offered
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
        return self.registry(self.addon_account)

    def registry(self, account: str) -> str:
        """Return the ECR host of an account in this region."""
        return f"{account}.dkr.ecr.{self.name}.{self.partition.url_suffix}"

    def endpoint_service(self, service: str) -> str:
        """Return the name of a service's interface endpoint: `cn.com.amazonaws.cn-north-1.sts`.

        Args:
            service: the last part of the name, as `network.interface_endpoints` has it.
        """
        return f"{self.partition.endpoint_prefixes.get(service, '')}com.amazonaws.{self.name}.{service}"

    def offers(self, feature: Feature) -> bool:
        """Whether a service or feature can be used here."""
        return is_offered(feature, self.name)


def _region(name: str, partition: Partition, zones: str, addon_account: str) -> Region:
    return Region(name=name, partition=partition, zones=tuple(f"{name}{letter}" for letter in zones.split()), addon_account=addon_account)


# Zones: `aws ec2 describe-availability-zones`, as moto 5.2.5 records it; cn-north-1 has had a third since 2021, which moto lacks:
# https://docs.amazonaws.cn/en_us/aws/latest/userguide/endpoints-arns.html. EKS makes no control plane in use1-az3, whose name differs
# between accounts: https://docs.aws.amazon.com/eks/latest/userguide/network-reqs.html.
# Add-on accounts: https://docs.aws.amazon.com/eks/latest/userguide/add-ons-images.html
REGIONS: Mapping[str, Region] = {
    entry.name: entry
    for entry in (
        _region("cn-north-1", AWS_CN, "a b d", "918309763551"),
        _region("cn-northwest-1", AWS_CN, "a b c", "961992271922"),
        _region("us-east-1", AWS, "a b c d e f", "602401143452"),
        _region("us-east-2", AWS, "a b c", "602401143452"),
        _region("us-west-2", AWS, "a b c d", "602401143452"),
        _region("eu-central-1", AWS, "a b c", "602401143452"),
        _region("eu-west-1", AWS, "a b c", "602401143452"),
        _region("ap-northeast-1", AWS, "a c d", "602401143452"),
        _region("ap-southeast-1", AWS, "a b c", "602401143452"),
    )
}


def region(name: str) -> Region:
    """Return the region of that name.

    Raises:
        KeyError: There are no tables for it; `REGIONS` has the names that there are.
    """
    return REGIONS[name]
