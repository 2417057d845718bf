"""What all environments install, as rules look at it."""

import inspect
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache, cached_property
from types import ModuleType
from typing import Any

from mlplatform.config.load import environments, load
from mlplatform.config.settings import Settings
from mlplatform.manifests.environment import releases
from mlplatform.manifests.objects import Object, Ref, at, entries, fields, kind_of, text
from mlplatform.manifests.release import Release
from tests.config.files import settings as written

STAYING = ("Deployment.apps", "StatefulSet.apps", "DaemonSet.apps")
"""Kinds whose pods never end by themselves."""
_TEMPLATES: Mapping[str, tuple[str, ...]] = {
    **dict.fromkeys((*STAYING, "Job.batch"), ("spec", "template")),
    "CronJob.batch": ("spec", "jobTemplate", "spec", "template"),
    "Pod": (),
}


@dataclass(frozen=True)
class Workload:
    """An object of ours that makes pods."""

    environment: str
    ref: Ref
    object: Object
    template: Mapping[str, Any]

    @property
    def kind(self) -> str:
        return self.ref.kind

    @property
    def spec(self) -> Mapping[str, Any]:
        return fields(self.template, "spec")

    @property
    def labels(self) -> Mapping[str, str]:
        return fields(self.template, "metadata", "labels")

    @property
    def replicas(self) -> int:
        written = at(self.object, "spec", "replicas")
        return 1 if written is None else int(written)

    def containers(self) -> Iterator[tuple[str, Mapping[str, Any]]]:
        """Yield every container with where it is: `Deployment auth/dex: dex`."""
        for group in ("initContainers", "containers"):
            for container in entries(self.spec, group):
                yield f"{self.ref}: {container['name']}", container

    def staying(self) -> Iterator[tuple[str, Mapping[str, Any]]]:
        """Yield those that run as long as the pod, in a pod that does not end."""
        if self.kind in STAYING:
            first = len(entries(self.spec, "initContainers"))
            for index, (where, container) in enumerate(self.containers()):
                if index >= first or container.get("restartPolicy") == "Always":
                    yield where, container


WITH_EVERYTHING = """
    account: "123456789012"
    region: us-west-2
    stage: prod
    compute:
      pools:
        shared: {accelerator: nvidia, families: [g5], sharing: {strategy: mps, replicas: 4}}
        sliced: {accelerator: nvidia, families: [g6], sharing: {strategy: time-slicing, replicas: 4}}
    ingress:
      access: public
      host: ml.example.com
      allowed_cidrs: [203.0.113.0/24]
      certificate: {cluster_issuer: platform-ca}
    sign_in:
      connectors:
        corporate: {oidc: {issuer: "https://sign-in.example.com", client_id: mlplatform, client_secret: corporate}}
        code: {github: {client_id: mlplatform, client_secret: github, organisations: [example]}}
        directory:
          ldap:
            host: ldap.example.com
            bind_dn: cn=reader
            bind_password: directory
            user_base: ou=people
            ca_secret: directory
"""
"""What the environments of the repository leave out."""


@dataclass(frozen=True)
class Installed:
    """Environments and their releases."""

    settings: Mapping[str, Settings]
    releases: Mapping[str, Sequence[Release]]

    @cached_property
    def objects(self) -> Sequence[tuple[str, Object]]:
        """Every object of ours with the environment that it is in."""
        return [(name, obj) for name, every in self.releases.items() for release in every for obj in release.objects]

    @cached_property
    def charts(self) -> Sequence[tuple[str, Release]]:
        """Every release of a publisher's chart with the environment that it is in."""
        return [(name, release) for name, every in self.releases.items() for release in every if release.chart]

    @cached_property
    def workloads(self) -> Sequence[Workload]:
        """Every object of ours that makes pods."""
        return [
            Workload(name, ref(obj), obj, fields(obj, *_TEMPLATES[kind_of(obj)]))
            for name, obj in self.objects
            if kind_of(obj) in _TEMPLATES
        ]


@cache
def everything() -> Installed:
    """Return what the environments of the repository install, and one with what they leave out."""
    settings = {**{name: load(name) for name in environments()}, "everything": written(WITH_EVERYTHING, name="everything")}
    return Installed(settings, {name: releases(here) for name, here in settings.items()})


def ref(obj: Object) -> Ref:
    """Return what an object is called."""
    return Ref(kind_of(obj), text(obj, "metadata", "name"), text(obj, "metadata", "namespace"))


Rule = Callable[[Installed], Iterator[str]]
"""What yields where it is broken."""


def rules_of(*modules: ModuleType) -> dict[str, Rule]:
    """Return the rules of modules by name."""
    return {
        name: function
        for module in modules
        for name, function in inspect.getmembers(module, inspect.isgeneratorfunction)
        if function.__module__ == module.__name__ and not name.startswith("_")
    }
