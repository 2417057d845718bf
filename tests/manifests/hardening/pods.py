"""What is wrong with a pod, unless somebody says why not: each rule yields where it is broken."""

from collections.abc import Iterator, Mapping
from typing import Any

from mlplatform.manifests.closure.labels import selects
from mlplatform.manifests.objects import at, entries, fields, kind_of, text
from tests.manifests.hardening.installed import STAYING, Installed, Workload


def runs_as_root(installed: Installed) -> Iterator[str]:
    for where, security in _securities(installed):
        if security.get("runAsNonRoot") is not True or security.get("runAsUser") == 0:
            yield where


def may_write_its_root_file_system(installed: Installed) -> Iterator[str]:
    yield from (where for where, security in _securities(installed) if security.get("readOnlyRootFilesystem") is not True)


def may_gain_privileges(installed: Installed) -> Iterator[str]:
    for where, security in _securities(installed):
        if security.get("allowPrivilegeEscalation") is not False or security.get("privileged"):
            yield where


def keeps_capabilities(installed: Installed) -> Iterator[str]:
    for where, security in _securities(installed):
        if at(security, "capabilities", "drop") != ["ALL"] or at(security, "capabilities", "add"):
            yield where


def makes_any_system_call(installed: Installed) -> Iterator[str]:
    yield from (where for where, security in _securities(installed) if at(security, "seccompProfile", "type") != "RuntimeDefault")


def asks_for_no_cpu_or_memory(installed: Installed) -> Iterator[str]:
    for where, container in _containers(installed):
        if not all(at(container, "resources", "requests", resource) for resource in ("cpu", "memory")):
            yield where


def may_take_all_memory(installed: Installed) -> Iterator[str]:
    yield from (where for where, container in _containers(installed) if not at(container, "resources", "limits", "memory"))


def is_never_asked_whether_it_lives(installed: Installed) -> Iterator[str]:
    yield from _without(installed, "livenessProbe")


def is_never_asked_whether_it_is_ready(installed: Installed) -> Iterator[str]:
    yield from _without(installed, "readinessProbe")


def runs_an_image_that_the_catalogue_lacks(installed: Installed) -> Iterator[str]:
    named = {name: {image.reference for image in here.catalogue.images.values()} for name, here in installed.settings.items()}
    for workload in installed.workloads:
        yield from (where for where, container in workload.containers() if container["image"] not in named[workload.environment])


def shares_what_is_its_nodes(installed: Installed) -> Iterator[str]:
    for workload in installed.workloads:
        shared = any(workload.spec.get(field) for field in ("hostNetwork", "hostPID", "hostIPC"))
        mounted = any("hostPath" in volume for volume in entries(workload.spec, "volumes"))
        ports = any("hostPort" in port for _, container in workload.containers() for port in entries(container, "ports"))
        if shared or mounted or ports:
            yield str(workload.ref)


def has_the_token_of_an_account_that_is_not_its_own(installed: Installed) -> Iterator[str]:
    for workload in installed.workloads:
        if workload.spec.get("automountServiceAccountToken") is not False and text(workload.spec, "serviceAccountName") in ("", "default"):
            yield str(workload.ref)


def may_run_on_a_node_that_karpenter_takes_away(installed: Installed) -> Iterator[str]:
    node: Mapping[str, str] = {"kubernetes.io/os": "linux", "karpenter.sh/nodepool": "any"}
    for workload in installed.workloads:
        terms = entries(workload.spec, "affinity", "nodeAffinity", "requiredDuringSchedulingIgnoredDuringExecution", "nodeSelectorTerms")
        if workload.kind != "DaemonSet.apps" and (not terms or any(selects(term, node) for term in terms)):
            yield str(workload.ref)


def runs_once(installed: Installed) -> Iterator[str]:
    for workload in installed.workloads:
        if workload.kind in STAYING and workload.kind != "DaemonSet.apps" and workload.replicas == 1:
            yield str(workload.ref)


def may_lose_all_replicas_to_a_drained_node(installed: Installed) -> Iterator[str]:
    for workload in _replicated(installed):
        budgets = [
            obj
            for environment, obj in installed.objects
            if environment == workload.environment
            and kind_of(obj) == "PodDisruptionBudget.policy"
            and text(obj, "metadata", "namespace") == workload.ref.namespace
            and selects(fields(obj, "spec", "selector"), workload.labels)
        ]
        if not any(at(budget, "spec", "maxUnavailable") == 1 for budget in budgets):
            yield str(workload.ref)


def may_have_all_replicas_on_one_node(installed: Installed) -> Iterator[str]:
    for workload in _replicated(installed):
        spread = [
            constraint
            for constraint in entries(workload.spec, "topologySpreadConstraints")
            if text(constraint, "whenUnsatisfiable") == "DoNotSchedule"
        ]
        apart = entries(workload.spec, "affinity", "podAntiAffinity", "requiredDuringSchedulingIgnoredDuringExecution")
        if not any(
            text(rule, "topologyKey") == "kubernetes.io/hostname" and selects(fields(rule, "labelSelector"), workload.labels)
            for rule in (*spread, *apart)
        ):
            yield str(workload.ref)


def _replicated(installed: Installed) -> Iterator[Workload]:
    yield from (workload for workload in installed.workloads if workload.kind in STAYING and workload.replicas > 1)


def _containers(installed: Installed) -> Iterator[tuple[str, Mapping[str, Any]]]:
    for workload in installed.workloads:
        yield from workload.containers()


def _securities(installed: Installed) -> Iterator[tuple[str, Mapping[str, Any]]]:
    """Yield what holds for each container: its own word before its pod's."""
    for workload in installed.workloads:
        for where, container in workload.containers():
            yield where, {**fields(workload.spec, "securityContext"), **fields(container, "securityContext")}


def _without(installed: Installed, probe: str) -> Iterator[str]:
    for workload in installed.workloads:
        yield from (where for where, container in workload.staying() if probe not in container)
