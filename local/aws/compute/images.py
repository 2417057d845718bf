"""EKS's node images of Amazon Linux 2023 and the public parameters that name them.

Separate because an image is two things of two services that must agree: an AMI in EC2 and its id in Systems Manager.
"""

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import cast

from moto.ec2.models import EC2Backend
from moto.ec2.models.amis import Ami
from moto.ssm.models import Parameter, ParameterDict, SimpleSystemManagerBackend

from mlplatform.config.regions import REGIONS
from mlplatform.config.versions import MATCHED_SETS
from mlplatform.local.aws.compute.tables.images import RELEASES, ROOT_DEVICE, VARIANTS

_FOLDER = "/aws/service/eks/optimized-ami/"


@dataclass(frozen=True)
class NodeImage:
    """One image of one release."""

    kubernetes: str
    architecture: str
    variant: str
    release: str

    @property
    def name(self) -> str:
        """The image's name."""
        return f"amazon-eks-node-al2023-{self.architecture}-{self.variant}-{self.kubernetes}-{self.release}"

    @property
    def created(self) -> datetime:
        """When it was published."""
        return datetime.strptime(self.release, "v%Y%m%d").replace(tzinfo=UTC)

    def id(self, region: str) -> str:
        """Return its id, which differs in each region."""
        return f"ami-{hashlib.sha256(f'{region}/{self.name}'.encode()).hexdigest()[:17]}"

    @property
    def parameters(self) -> tuple[str, ...]:
        """The parameters that hold its id (https://docs.aws.amazon.com/eks/latest/userguide/retrieve-ami-id.html)."""
        folder = f"{_FOLDER}{self.kubernetes}/amazon-linux-2023/{self.architecture}/{self.variant}"
        leaves = (self.name, "recommended") if self.release == RELEASES[-1] else (self.name,)
        return tuple(f"{folder}/{leaf}/image_id" for leaf in leaves)


def node_images() -> Iterator[NodeImage]:
    """Yield every image that is played."""
    for kubernetes in MATCHED_SETS:
        for architecture, variants in VARIANTS.items():
            for variant in variants:
                for release in RELEASES:
                    yield NodeImage(kubernetes, architecture, variant, release)


class ImagesBackend(EC2Backend):
    """An EC2 with EKS's images."""

    def __init__(self, region_name: str, account_id: str) -> None:
        super().__init__(region_name, account_id)
        if region_name in REGIONS:
            place = REGIONS[region_name]
            for image in node_images():
                made = Ami(
                    self,
                    image.id(region_name),
                    name=image.name,
                    description=f"EKS node, {image.variant}, Kubernetes {image.kubernetes}",
                    architecture=image.architecture,
                    creation_date=image.created,
                    owner_id=place.addon_account,
                    owner_alias="amazon",
                    public=True,
                    virtualization_type="hvm",
                    hypervisor="xen",
                    root_device_type="ebs",
                    root_device_name=ROOT_DEVICE,
                    region_name=place.zones[0],
                )
                self.amis[image.id(region_name)] = cast("Ami", made)


class _Parameters(ParameterDict):
    def _check_loading_status(self, key: str) -> None:
        super()._check_loading_status(key)
        if str(key or "").startswith(_FOLDER) and not self._loaded:
            self._loaded = True
            for image in node_images():
                for path in image.parameters:
                    self[path].append(self._parameter(path, image))

    _loaded = False

    def _parameter(self, path: str, image: NodeImage) -> Parameter:
        made = Parameter(
            account_id=self.account_id,
            name=path,
            value=image.id(self.region_name),
            parameter_type="String",
            description=None,
            allowed_pattern=None,
            keyid=None,
            last_modified_date=image.created.timestamp(),
            version=1,
            data_type="text",
        )
        return cast("Parameter", made)


class ParametersBackend(SimpleSystemManagerBackend):
    """A Systems Manager that knows EKS's images."""

    def __init__(self, region_name: str, account_id: str) -> None:
        super().__init__(region_name, account_id)
        if region_name in REGIONS:
            self._parameters = _Parameters(account_id, region_name)
