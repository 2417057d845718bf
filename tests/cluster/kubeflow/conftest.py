"""A cluster of its own for Kubeflow's own programs: they act on every tenant that they find."""

from collections.abc import Generator
from pathlib import Path
from typing import Any

import pytest

from mlplatform.config.load import load
from mlplatform.config.settings import Settings
from mlplatform.local.cluster.catalogue import ProgramPaths
from mlplatform.local.cluster.options import Options, eks_issuer
from mlplatform.local.cluster.plane import ControlPlane
from mlplatform.manifests import Release
from mlplatform.manifests.kubeflow import access_management, definitions, pod_defaults, profiles, roles
from mlplatform.manifests.kubeflow.profile_namespace import MADE_BY_THE_CONTROLLER
from mlplatform.manifests.namespaces import KUBEFLOW
from mlplatform.manifests.shapes import Version, definition
from mlplatform.manifests.tenants.releases import tenants_releases
from tests.cluster.charts import upgrade, write_chart
from tests.cluster.cluster import Cluster, RefusedError

ACCESS = (
    "ServiceAccount",
    "ConfigMap",
    "ClusterRole",
    "ClusterRoleBinding",
    "Role",
    "RoleBinding",
    "ValidatingAdmissionPolicy",
    "ValidatingAdmissionPolicyBinding",
)
"""What a program finds in the cluster; its pods are not there, because it runs beside them."""


class Tenancy:
    """A cluster with what the platform has before the first tenant, and the release of one."""

    def __init__(self, plane: ControlPlane, folder: Path) -> None:
        self.plane, self.folder = plane, folder
        self.cluster = Cluster(plane.kubeconfig, local=True)
        self.settings: Settings = load("global-prod")
        self.name = "vision"
        self.tenant = self.settings.tenants[self.name]

    @property
    def release(self) -> Release:
        [found] = [each for each in tenants_releases(self.settings) if each.name == f"tenant-{self.name}"]
        return found

    def prepare(self) -> None:
        policies = [Version("v1", stored=True), Version("v1beta1")]
        mesh = definition("AuthorizationPolicy", "authorizationpolicies", "security.istio.io", policies, component="istio")
        self.cluster.apply({"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": KUBEFLOW}})
        kinds: list[Any] = [mesh, *definitions.objects(self.settings)]
        self.cluster.apply(*kinds)
        for kind in kinds:
            self.cluster.wait(f"crd/{kind['metadata']['name']}", "condition=Established")
        made: list[Any] = [*roles.objects(self.settings)]
        for component in (profiles, access_management, pod_defaults):
            made += [obj for obj in component.objects(self.settings) if obj["kind"] in ACCESS]
        self.cluster.apply(*made)

    def install(self) -> None:
        """Install or upgrade the tenant's release, as a deployment does."""
        self.cluster.helm(*upgrade(self.release, write_chart(self.folder / self.release.name, self.release)))

    def there(self, kind: str, name: str, namespace: str = "") -> Any:
        """Return an object, or None."""
        try:
            return self.cluster.get(kind, name, namespace=namespace or self.name)
        except RefusedError as error:
            if "NotFound" in str(error):
                return None
            raise

    def is_made(self) -> bool:
        """Whether the profile controller has made what it makes of a Profile without a quota."""
        return all(self.there(kind, name) for kind, name in MADE_BY_THE_CONTROLLER if kind != "ResourceQuota")


@pytest.fixture(scope="package")
def tenancy(programs: ProgramPaths, tmp_path_factory: pytest.TempPathFactory) -> Generator[Tenancy]:
    folder = tmp_path_factory.mktemp("tenancy")
    with ControlPlane(folder / "plane", Options(issuer=eks_issuer("us-west-2", "E" * 32), webhooks=True), programs) as plane:
        made = Tenancy(plane, folder)
        made.prepare()
        yield made
