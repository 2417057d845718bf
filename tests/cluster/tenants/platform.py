"""A cluster with two tenants' releases and what they need, and a word for what the profile controller makes.

Separate from the tests because they ask different questions of the same tenants.
"""

import json
from collections.abc import Generator, Iterable, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from mlplatform.config.sections import Tenant
from mlplatform.config.settings import Settings
from mlplatform.local.aws.custom_resources.carried import kinds_chart
from mlplatform.local.cluster.catalogue import ProgramPaths
from mlplatform.local.cluster.options import Options, eks_issuer
from mlplatform.local.cluster.plane import ControlPlane
from mlplatform.manifests import Release, releases
from mlplatform.manifests.kubeflow.profile_namespace import cluster_role_of
from mlplatform.manifests.tenants.releases import tenant_release
from tests.cluster.charts import installed, write_chart
from tests.cluster.cluster import Cluster
from tests.config.files import DEV, settings

OWNER, EDITOR, VIEWER, DEPUTY = "ann@example.com", "bob@example.com", "cy@example.com", "dan@example.com"
OTHER_OWNER = "eve@example.com"
TENANTS = f"""{DEV}
    compute:
      pools:
        gpu: {{accelerator: nvidia, families: [g5]}}
    sign_in:
      connectors:
        corporate: {{oidc: {{issuer: "https://sign-in.example.com", client_id: platform, client_secret: corporate/sign-in}}}}
    tenants:
      vision:
        owner: {OWNER}
        members: {{{EDITOR}: edit, {VIEWER}: view, {DEPUTY}: admin}}
        quota: {{gpus: 1, memory: 16Gi}}
      speech:
        owner: {OTHER_OWNER}
        members: {{frank@example.com: edit}}
"""
_API = {"apiVersion": "authorization.k8s.io/v1"}
_NEEDED = ("namespaces", "kubeflow-definitions", "kubeflow-roles", "tenant-pools")


def environment(text: str = TENANTS) -> Settings:
    """Return the environment that the tests install the tenants of."""
    return settings(text, name="china-dev")


def vision_as(name: str, **changed: object) -> Release:
    """Return the release of a tenant like `vision`, of another name and with these settings changed."""
    here = environment()
    tenant: Tenant = here.tenants["vision"].model_copy(update=changed)
    return tenant_release(here, name, tenant)


@dataclass(frozen=True)
class Platform:
    """A cluster, as its administrator, with a folder for charts."""

    cluster: Cluster
    folder: Path

    def prepare(self) -> None:
        """Install what tenants need: namespaces, kinds, roles, the policies about pools."""
        for release in releases(environment()):
            if release.name in _NEEDED:
                self.install(release)
        mesh = kinds_chart("base", self.folder / "istio")
        assert mesh
        self.cluster.helm("upgrade", "istio-base", str(mesh), "--install", "--namespace", "istio-system")

    def install(self, release: Release) -> None:
        """Install or upgrade a release."""
        folder = self.folder / f"{release.name}-{len(list(self.folder.iterdir()))}"
        installed(self.cluster, release, write_chart(folder, release))

    def uninstall(self, release: Release) -> None:
        """Remove a release, as a deployment does whose file has lost it."""
        self.cluster.helm("uninstall", release.name, "--namespace", release.namespace, "--wait", "--timeout", "60s")

    def there(self, kind: str, name: str, namespace: str = "") -> bool:
        """Whether an object is there."""
        return bool(self.cluster.kubectl("get", kind, name, "--ignore-not-found", *([f"--namespace={namespace}"] if namespace else [])))

    def may(self, asked: Iterable[Mapping[str, Any]], user: str, groups: Iterable[str] = ()) -> list[bool]:
        """Return the authorizer's answers, by SubjectAccessReview."""
        reviews = [_review(each, user, groups) for each in asked]
        answers = self.cluster.kubectl("create", "--filename=-", "--output=json", stdin=_documents(reviews))
        return [each["status"]["allowed"] for each in _read(answers)]

    def rules_of(self, user: str, namespaces: Sequence[str], groups: Iterable[str] = ()) -> dict[str, set[str]]:
        """Return everything that somebody may do in each namespace, as the authorizer lists it."""
        reviews = [{**_API, "kind": "SelfSubjectRulesReview", "spec": {"namespace": namespace}} for namespace in namespaces]
        impersonated = [f"--as={user}", *(f"--as-group={group}" for group in (*groups, "system:authenticated"))]
        printed = self.cluster.kubectl(
            "create", "--filename=-", "--output=json", "--validate=false", *impersonated, stdin=_documents(reviews)
        )
        answers = [each["status"] for each in _read(printed)]
        assert not any(each["incomplete"] for each in answers)
        return {name: set(map(json.dumps, each["resourceRules"])) for name, each in zip(namespaces, answers, strict=True)}


@contextmanager
def prepared(programs: ProgramPaths, folder: Path) -> Generator[Platform]:
    """Give a cluster that is ready for tenants."""
    charts = folder / "charts"
    charts.mkdir()
    with ControlPlane(folder / "plane", Options(issuer=eks_issuer("cn-north-1", "A" * 32)), programs) as plane:
        made = Platform(Cluster(plane.kubeconfig, local=True), charts)
        made.prepare()
        yield made


def made_by_the_profile_controller(name: str, owner: str) -> list[dict[str, Any]]:
    """Return the accounts and bindings that the profile controller 2.0.0 makes from a Profile."""
    accounts = {"default-editor": "edit", "default-viewer": "view"}
    person = {"kind": "User", "apiGroup": "rbac.authorization.k8s.io", "name": owner}
    return [
        *({"apiVersion": "v1", "kind": "ServiceAccount", "metadata": {"name": each, "namespace": name}} for each in accounts),
        *(
            _binding(each, name, cluster_role_of(role), {"kind": "ServiceAccount", "name": each, "namespace": name})  # pyright: ignore[reportArgumentType] - the two roles are roles
            for each, role in accounts.items()
        ),
        _binding("namespaceAdmin", name, cluster_role_of("admin"), person),
    ]


def _binding(name: str, namespace: str, role: str, subject: Mapping[str, str]) -> dict[str, Any]:
    return {
        "apiVersion": "rbac.authorization.k8s.io/v1",
        "kind": "RoleBinding",
        "metadata": {"name": name, "namespace": namespace},
        "roleRef": {"apiGroup": "rbac.authorization.k8s.io", "kind": "ClusterRole", "name": role},
        "subjects": [dict(subject)],
    }


def _review(asked: Mapping[str, Any], user: str, groups: Iterable[str]) -> dict[str, Any]:
    spec = {"user": user, "groups": [*groups, "system:authenticated"], "resourceAttributes": dict(asked)}
    return {**_API, "kind": "SubjectAccessReview", "spec": spec}


def _documents(objects: Iterable[Mapping[str, Any]]) -> str:
    return "".join(f"---\n{json.dumps(each)}\n" for each in objects)


def _read(printed: str) -> list[dict[str, Any]]:
    """Return the objects that kubectl printed one after another."""
    decoder, found, rest = json.JSONDecoder(), list[dict[str, Any]](), printed.strip()
    while rest:
        each, end = decoder.raw_decode(rest)
        found += each["items"] if each["kind"] == "List" else [each]
        rest = rest[end:].lstrip()
    return found
