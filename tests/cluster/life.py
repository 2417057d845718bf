"""The releases of an environment on a cluster, from their installation to their removal, and what was there at each step.

Separate because every step takes a minute, and many behaviours are seen in the same one.
"""

import json
from collections.abc import Callable, Iterable, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field, replace
from itertools import groupby
from pathlib import Path

from mlplatform.config.settings import Settings
from mlplatform.local.aws.custom_resources.without_backends import KINDS
from mlplatform.manifests import Release, releases
from mlplatform.manifests.objects import Object
from mlplatform.ops.rendering import Rendered, render, values_of
from tests.cluster.charts import installed, laid_out, write_chart
from tests.cluster.cluster import Cluster
from tests.cluster.cluster import Object as There

Key = tuple[str, str, str]
"""Kind, namespace and name."""
CHANGE = "example.com/changed"
"""The annotation that an upgrade adds to every object."""
_AT_ONCE = 3


@dataclass
class Seen:
    """What the cluster held after each step."""

    installed: Mapping[Key, There] = field(default_factory=dict[Key, There])
    again: Mapping[Key, There] = field(default_factory=dict[Key, There])
    records: Mapping[str, There] = field(default_factory=dict[str, There])
    """Helm's records of second revisions, by release."""
    changed: Mapping[Key, There] = field(default_factory=dict[Key, There])
    listed: str = ""
    """What Helm lists after the removal."""
    left: Mapping[Key, There] = field(default_factory=dict[Key, There])
    adopted: Mapping[Key, There] = field(default_factory=dict[Key, There])
    """After what stayed was installed again."""


class Life:
    """The releases that this machine has a chart of, or the kinds of one."""

    def __init__(self, cluster: Cluster, settings: Settings, folder: Path) -> None:
        self.cluster, self.settings = cluster, settings
        self._folder = folder
        self._charts: dict[str, tuple[Path, bool]] = {}
        every = releases(settings)
        for release in every:
            if found := laid_out(settings, release, folder / release.name):
                self._charts[release.name] = found
                (folder / f"{release.name}.values.json").write_text(json.dumps(dict(values_of(release))))
        self.releases = [release for release in every if release.name in self._charts]
        self.rendered: list[Rendered] = render(settings, self.releases)
        self._resources = ",".join(sorted({_resource(obj) for obj in self.objects()}))

    def live(self) -> Seen:
        """Install, upgrade without a change and with one, remove, and take over again what stayed."""
        seen = Seen()
        self._install(self.releases)
        seen.installed = self._held()
        self._install(self.releases)
        seen.again, seen.records = self._held(), self._records()
        self._install(self.releases, changed=True)
        seen.changed = self._held()
        self._each(reversed(self.releases), self._remove)
        seen.listed, seen.left = self.cluster.helm("list", "--all-namespaces", "--short"), self._held()
        self._install([release for release in self.releases if release.wave in {"namespaces", "definitions", "foundations", "tenants"}])
        seen.adopted = self._held()
        return seen

    def objects(self) -> list[Object]:
        """Return what releases install here and leave there: no hook of Helm's, and nothing that a pod that runs would answer for."""
        return [obj for result in self.rendered for obj in result.objects if _stays(obj)]

    def _install(self, some: Iterable[Release], *, changed: bool = False) -> None:
        self._each(some, self._upgrade_changed if changed else self._upgrade)

    @staticmethod
    def _each(some: Iterable[Release], step: Callable[[Release], None]) -> None:
        """Take a step for releases of one wave side by side, as a deployment does, and for one wave after the other."""
        with ThreadPoolExecutor(_AT_ONCE) as pool:
            for _, wave in groupby(some, key=lambda release: release.wave):
                list(pool.map(step, list(wave)))

    def _upgrade(self, release: Release) -> None:
        chart, whole = self._charts[release.name]
        values = ("--values", str(self._folder / f"{release.name}.values.json"))
        installed(self.cluster, release, chart, *(values if whole else ()))

    def _upgrade_changed(self, release: Release) -> None:
        if not release.objects:
            return
        changed = replace(release, objects=[_annotated(obj) for obj in release.objects])
        chart = write_chart(self._folder / f"{release.name}-changed", changed)
        installed(self.cluster, release, chart, "--values", str(self._folder / f"{release.name}.values.json"))

    def _remove(self, release: Release) -> None:
        self.cluster.helm("uninstall", release.name, "--namespace", release.namespace, "--wait", "--timeout", "60s")

    def _held(self) -> dict[Key, There]:
        """Return every object of the kinds that releases have, whoever made it."""
        return {key(item): item for item in self.cluster.get(self._resources, "--all-namespaces", "--ignore-not-found")["items"]}

    def _records(self) -> dict[str, There]:
        found = self.cluster.get("secrets", "--all-namespaces", "--selector=owner=helm,version=2")["items"]
        return {item["metadata"]["labels"]["name"]: item for item in found}


def key(obj: Object) -> Key:
    """Return what an object is called."""
    described = obj["metadata"]
    return obj["kind"], described.get("namespace", ""), described["name"]


def _stays(obj: Object) -> bool:
    return obj["kind"] not in KINDS and "helm.sh/hook" not in obj["metadata"].get("annotations", {})


def _resource(obj: Object) -> str:
    group, _, version = obj["apiVersion"].rpartition("/")
    return f"{obj['kind']}.{version}.{group}" if group else obj["kind"]


def _annotated(obj: Object) -> Object:
    described = obj["metadata"]
    return {**obj, "metadata": {**described, "annotations": {**described.get("annotations", {}), CHANGE: "yes"}}}
