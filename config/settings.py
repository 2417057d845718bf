"""What an environment can be told: typed, frozen, with every default in sight.

Separate from loading so that a test can build settings without a file.
"""

from typing import Annotated, Literal

from pydantic import Field

from mlplatform.config.catalogue import Catalogue, Chart, Mirror, catalogue
from mlplatform.config.features import Feature
from mlplatform.config.names import Names
from mlplatform.config.regions import REGIONS, Region, region
from mlplatform.config.sections import (
    Change,
    ClusterSettings,
    ComputeSettings,
    DatabaseSettings,
    ImageSettings,
    IngressSettings,
    KubeflowSettings,
    NetworkSettings,
    Section,
    SignInSettings,
    StorageSettings,
    Tenant,
    on_change,
)
from mlplatform.config.sections.tenant import TenantName
from mlplatform.config.versions import MatchedSet, matched_set

TagKey = Annotated[str, Field(min_length=1, max_length=128)]
TagValue = Annotated[str, Field(max_length=256)]


class Settings(Section):
    """One environment, whole; stacks take the section they need."""

    name: Annotated[str, Field(pattern=r"^[a-z][a-z0-9]*(-[a-z0-9]+)*$", json_schema_extra=on_change(Change.REPLACES))]
    """The file's name: lower-case letters, digits and single hyphens, a letter first; every resource's name begins with it."""
    account: Annotated[str, Field(pattern=r"^[0-9]{12}$", examples=["123456789012"], json_schema_extra=on_change(Change.REPLACES))]
    """The AWS account, in quotes: 12 digits."""
    region: Annotated[str, Field(json_schema_extra=on_change(Change.REPLACES, enum=list(REGIONS)))]
    """The AWS region, which decides the partition."""
    stage: Literal["dev", "prod"]
    """dev is small and cheap, prod is highly available, private and protected: each has defaults of its own."""
    tags: Annotated[dict[TagKey, TagValue], Field(max_length=40, examples=[{"cost-centre": "1234"}])] = Field(default_factory=dict)
    """Tags on every resource, beside `mlplatform:environment`."""
    network: NetworkSettings = NetworkSettings()
    cluster: ClusterSettings = ClusterSettings()
    compute: ComputeSettings = ComputeSettings()
    images: ImageSettings = ImageSettings()
    database: DatabaseSettings = DatabaseSettings()
    storage: StorageSettings = StorageSettings()
    kubeflow: KubeflowSettings = KubeflowSettings()
    ingress: IngressSettings = IngressSettings()
    sign_in: SignInSettings = SignInSettings()
    tenants: Annotated[
        dict[TenantName, Tenant],
        Field(max_length=100, examples=[{"vision": {"owner": "user@example.com"}}], json_schema_extra=on_change(Change.UNINSTALLS)),
    ] = Field(default_factory=dict)
    """Teams by the names of their namespaces: lower-case letters, digits and hyphens, 20 at most."""

    @property
    def place(self) -> Region:
        """What is true of the environment's region and partition."""
        return region(self.region)

    @property
    def versions(self) -> MatchedSet:
        """The versions that were matched to the cluster's Kubernetes."""
        return matched_set(self.cluster.version)

    @property
    def names(self) -> Names:
        """The names of everything that Kubernetes objects and policies must know before it exists."""
        return Names(environment=self.name, account=self.account, place=self.place)

    @property
    def mirror(self) -> Mirror | None:
        """Where the environment's own copies of images and charts are; nowhere where it pulls from the publishers."""
        return Mirror(self.place.registry(self.account), self.images.prefix) if self.images.source == "mirror" else None

    @property
    def named_hosts(self) -> tuple[str, ...]:
        """Hosts that the environment's own file names: what it is reached at, and who vouches for people."""
        own = (self.ingress.host,) if self.ingress.host else ()
        return own + tuple(host for connector in self.sign_in.connectors.values() for host in connector.hosts)

    @property
    def catalogue(self) -> Catalogue:
        """Every image, chart and add-on, as the environment pulls it."""
        return self._catalogue(self.mirror)

    @property
    def upstream(self) -> Catalogue:
        """The same as its publishers name it."""
        return self._catalogue(None)

    @property
    def addons(self) -> dict[str, str]:
        """Versions of the EKS add-ons that the environment has, by name."""
        versions = {**self.versions.addons, **self.cluster.addons.versions}
        absent = set[str]() if self.place.offers(Feature.METRICS_SERVER_ADDON) else {"metrics-server"}
        return {name: version for name, version in versions.items() if name not in self.cluster.addons.left_out | absent}

    def _catalogue(self, mirror: Mirror | None) -> Catalogue:
        return catalogue(self.versions, self.place.addon_registry, self.addons, mirror)

    def image(self, name: str) -> str:
        """Return an image's reference, as the environment pulls it.

        Raises:
            KeyError: The catalogue has no image of that name.
        """
        return self.catalogue.images[name].reference

    def chart(self, name: str) -> Chart:
        """Return a publisher's chart, as the environment pulls it.

        Raises:
            KeyError: The catalogue has no chart of that name.
        """
        return self.catalogue.charts[name]
