"""Checks of tenants: what their namespaces are called, who may use them, where their pods run and how much they may take."""

import re
from collections.abc import Callable, Iterator, Mapping
from functools import partial
from typing import Literal

from mlplatform.config.checks.lists import repeated
from mlplatform.config.checks.rule import Rule, rule
from mlplatform.config.namespaces import is_taken
from mlplatform.config.problems import Problem, listed, path_of, shown
from mlplatform.config.quantities import cpu_millis, memory_mib
from mlplatform.config.sections import Pool, Tenant
from mlplatform.config.settings import Settings

TenantCheck = Callable[[str, Tenant, Settings], Iterator[Problem]]
Resource = Literal["cpu", "memory"]
_AMOUNTS: Mapping[Resource, Callable[[str], int]] = {"cpu": cpu_millis, "memory": memory_mib}
SIDECAR: Mapping[Resource, str] = {"cpu": "2", "memory": "512Mi"}
"""What the mesh's sidecar in every pod of a tenant is limited to; a test holds it against the mesh's chart."""


def _namespaces_have_what_makes_them(settings: Settings) -> Iterator[Problem]:
    if settings.tenants and not settings.kubeflow.has("profiles"):
        message = f"{listed(settings.tenants)} would have no namespace: kubeflow.components lacks profiles"
        yield Problem("tenants", message, "add profiles to them, or remove the tenants")


def _owner_is_no_member(name: str, tenant: Tenant, _: Settings) -> Iterator[Problem]:
    if tenant.owner in tenant.members:
        path = path_of(("tenants", name, "members", tenant.owner))
        yield Problem(path, f"{shown(tenant.owner)} is the owner, who may do everything already", "remove it")


def _members_are_told_apart(name: str, tenant: Tenant, _: Settings) -> Iterator[Problem]:
    """Refuse what access management cannot tell apart: a member's binding has the address with hyphens for signs, and the role.

    https://github.com/kubeflow/dashboard/blob/v2.0.0/components/access-management/kfam/bindings.go
    """
    seen: dict[tuple[str, str], str] = {}
    for email, role in tenant.members.items():
        first = seen.setdefault((re.sub(r"[^a-z0-9]+", "-", email), role), email)
        if first != email:
            message = f"{shown(email)} and {shown(first)} would be one for Kubeflow, which writes hyphens for signs, and have one role"
            yield Problem(path_of(("tenants", name, "members", email)), message, "give them different roles, or name one of them")


def _person_can_sign_in(email: str, path: str, settings: Settings) -> Iterator[Problem]:
    sign_in, domain = settings.sign_in, email.rpartition("@")[2]
    if not settings.kubeflow.has("sign-in"):
        return
    if sign_in.email_domains and domain not in sign_in.email_domains:
        message = f"{shown(email)} could not sign in: sign_in.email_domains lacks {domain}"
        yield Problem(path, message, "add the domain, or name somebody else", listed(sign_in.email_domains))
    elif not sign_in.connectors and email not in sign_in.users:
        message = f"{shown(email)} could not sign in: nobody vouches for it"
        prod = settings.stage == "prod"
        yield Problem(path, message, f"{'' if prod else 'add it to sign_in.users, or '}name a provider in sign_in.connectors")


def _pools_exist(name: str, tenant: Tenant, settings: Settings) -> Iterator[Problem]:
    path, pools = f"tenants.{name}.pools", settings.compute.pools
    for position, pool in enumerate(tenant.pools or ()):
        if pool not in pools:
            yield Problem(f"{path}[{position}]", f"{shown(pool)} is not a pool", "name one of compute.pools", listed(pools))
    yield from repeated(path, tenant.pools or ())


def _pods_have_a_pool(name: str, tenant: Tenant, settings: Settings) -> Iterator[Problem]:
    """Refuse a choice of pools that takes no pod without a GPU; without a choice another check sees to it."""
    if tenant.pools and not any(pool.is_open for pool in _allowed(tenant, settings)):
        message = f"none of {listed(tenant.pools)} takes pods that ask for no GPU, as most of notebooks and pipelines do"
        open_pools = listed(pool.name for pool in settings.compute.pools.values() if pool.is_open)
        yield Problem(f"tenants.{name}.pools", message, "add one of them", open_pools)


def _gpus_can_be_had(name: str, tenant: Tenant, settings: Settings) -> Iterator[Problem]:
    path, gpus = f"tenants.{name}", tenant.quota.gpus
    with_gpus = [pool.name for pool in _allowed(tenant, settings) if pool.has_gpus]
    if gpus and not with_gpus:
        known = [pool.name for pool in settings.compute.gpu_pools]
        message = f"{gpus} could never be had: no pool that the tenant's pods may run on has GPUs"
        remedy = (
            f"write 0, or add {listed(known)} to tenants.{name}.pools" if known else "write 0, or add a pool with GPUs to compute.pools"
        )
        yield Problem(f"{path}.quota.gpus", message, remedy, "0")
    if tenant.pools and with_gpus and not gpus:
        message = f"{listed(with_gpus)} would never be used, because quota.gpus is 0"
        yield Problem(f"{path}.pools", message, "remove it, or write how many GPUs the tenant may have in quota.gpus")


def _containers_fit_the_quota(resource: Resource, name: str, tenant: Tenant, _: Settings) -> Iterator[Problem]:
    """Refuse what admission would refuse of every pod that asks for as much, or for nothing."""
    path, amount = f"tenants.{name}.containers", _AMOUNTS[resource]
    whole, default, largest = (
        getattr(section, field)
        for section, field in ((tenant.quota, resource), (tenant.containers, resource), (tenant.containers, f"largest_{resource}"))
    )
    if largest and amount(largest) > amount(whole):
        message = f"{shown(largest)} is more than quota.{resource}, which is {shown(whole)}"
        yield Problem(f"{path}.largest_{resource}", message, f"write {whole} or less, or remove it", f"{whole} or less")
    most, what = (largest, f"largest_{resource}") if largest else (whole, f"quota.{resource}")
    if amount(default) > amount(most):
        message = f"{shown(default)} is more than {what}, which is {shown(most)}, so that no container could be without requests"
        yield Problem(f"{path}.{resource}", message, f"write {most} or less", f"{most} or less")


def _sidecars_fit(resource: Resource, name: str, tenant: Tenant, _: Settings) -> Iterator[Problem]:
    """Refuse a largest container that is less than the one in every pod: https://kubernetes.io/docs/concepts/policy/limit-range/."""
    largest, least = getattr(tenant.containers, f"largest_{resource}"), SIDECAR[resource]
    if largest and _AMOUNTS[resource](largest) < _AMOUNTS[resource](least):
        message = f"{shown(largest)} is less than the mesh's sidecar in every pod is limited to, so that none would start"
        yield Problem(f"tenants.{name}.containers.largest_{resource}", message, f"write {least} or more, or remove it", f"{least} or more")


def _name_is_free(name: str, _: Tenant, __: Settings) -> Iterator[Problem]:
    if is_taken(name):
        message = f"{shown(name)} is a namespace of the cluster or of the platform, or is kept for one"
        yield Problem(f"tenants.{name}", message, "choose another name, as one of a team")


def _reads(resource: Resource) -> tuple[str, ...]:
    return f".quota.{resource}", f".containers.{resource}", f".containers.largest_{resource}"


def _allowed(tenant: Tenant, settings: Settings) -> list[Pool]:
    pools = settings.compute.pools
    return [pool for pool in pools.values() if tenant.pools is None or pool.name in tenant.pools]


_CHECKS: tuple[tuple[TenantCheck, tuple[str, ...], tuple[str, ...]], ...] = (
    (_owner_is_no_member, (".owner", ".members"), ()),
    (_members_are_told_apart, (".members",), ()),
    (_pools_exist, (".pools",), ("compute.pools",)),
    (_pods_have_a_pool, (".pools",), ("compute.pools",)),
    (_gpus_can_be_had, (".pools", ".quota.gpus"), ("compute.pools",)),
    *((partial(_containers_fit_the_quota, resource), _reads(resource), ()) for resource in _AMOUNTS),
    *((partial(_sidecars_fit, resource), (f".containers.largest_{resource}",), ()) for resource in _AMOUNTS),
    (_name_is_free, (), ()),
)
"""Checks of a tenant, with what each reads of it and of the environment's settings; its name is no setting, and comes last because it is all of it."""
_SIGN_IN = ("stage", "kubeflow.components", "sign_in.users", "sign_in.connectors", "sign_in.email_domains")

RULES = (rule(_namespaces_have_what_makes_them, "kubeflow.components", "tenants"),)


def rules(settings: Settings) -> Iterator[Rule]:
    """Yield the rules of each tenant of an environment, and of each of its people."""
    for name, tenant in settings.tenants.items():
        members = {path_of(("tenants", name, "members", email)): email for email in tenant.members if email != tenant.owner}
        for path, email in {f"tenants.{name}.owner": tenant.owner, **members}.items():
            yield rule(partial(_person_can_sign_in, email, path), path, *_SIGN_IN)
        for check, own, others in _CHECKS:
            yield rule(partial(check, name, tenant), *(f"tenants.{name}{setting}" for setting in own), *others)
