"""Who reaches what: namespaces that are open, and ports that everyone reaches."""

from collections.abc import Iterator

from mlplatform.manifests.objects import at, entries, kind_of, text
from tests.manifests.hardening.installed import Installed, ref

_POLICY = "NetworkPolicy.networking.k8s.io"


def has_pods_and_is_not_closed(installed: Installed) -> Iterator[str]:
    closed = {(environment, text(obj, "metadata", "namespace")) for environment, obj in installed.objects if _closes(obj)}
    used = {(workload.environment, workload.ref.namespace) for workload in installed.workloads}
    used |= {(environment, release.namespace) for environment, release in installed.charts if release.requests}
    used |= {(environment, tenant) for environment, here in installed.settings.items() for tenant in here.tenants}
    yield from (f"Namespace {namespace}" for _, namespace in used - closed)


def lets_everyone_in(installed: Installed) -> Iterator[str]:
    for _, obj in installed.objects:
        for rule in entries(obj, "spec", "ingress") if kind_of(obj) == _POLICY else ():
            if not at(rule, "from"):
                yield f"{ref(obj)}: {', '.join(str(port['port']) for port in entries(rule, 'ports')) or 'every port'}"


def belongs_to_two_releases(installed: Installed) -> Iterator[str]:
    for every in installed.releases.values():
        owners: dict[str, str] = {}
        for release in every:
            for obj in release.objects:
                if owners.setdefault(str(ref(obj)), release.name) != release.name:
                    yield f"{ref(obj)}: {owners[str(ref(obj))]} and {release.name}"


def _closes(obj: object) -> bool:
    """Whether it is a policy of all pods of its namespace that lets nobody in."""
    return text(obj, "kind") == "NetworkPolicy" and at(obj, "spec", "podSelector") == {} and not entries(obj, "spec", "ingress")
