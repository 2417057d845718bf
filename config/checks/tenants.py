"""Checks of tenants: what their namespaces are called, who may use them, where their pods run and how much they may take."""

from collections.abc import Callable, Iterator
from functools import partial

from mlplatform.config.checks.lists import repeated
from mlplatform.config.checks.rule import Rule, rule
from mlplatform.config.namespaces import is_taken
from mlplatform.config.problems import Problem, listed, path_of, shown
from mlplatform.config.quantities import cpu_millis, memory_mib
from mlplatform.config.sections import Pool, Tenant
from mlplatform.config.settings import Settings

TenantCheck = Callable[[str, Tenant, Settings], Iterator[Problem]]


def _namespaces_have_what_makes_them(settings: Settings) -> Iterator[Problem]:
    if settings.tenants and not settings.kubeflow.has("profiles"):
        message = f"{listed(settings.tenants)} would have no namespace: kubeflow.components lacks profiles"
        yield Problem("tenants", message, "add profiles to them, or remove the tenants")


def _name_is_free(name: str, _: Tenant, __: Settings) -> Iterator[Problem]:
    if is_taken(name):
        message = f"{shown(name)} is a namespace of the cluster or of the platform, or is kept for one"
        yield Problem(f"tenants.{name}", message, "choose another name, as one of a team")


def _owner_is_no_member(name: str, tenant: Tenant, _: Settings) -> Iterator[Problem]:
    if tenant.owner in tenant.members:
        path = path_of(("tenants", name, "members", tenant.owner))
        yield Problem(path, f"{shown(tenant.owner)} is the owner, who may do everything already", "remove it")


def _people_can_sign_in(name: str, tenant: Tenant, settings: Settings) -> Iterator[Problem]:
    sign_in = settings.sign_in
    if not settings.kubeflow.has("sign-in"):
        return
    people = {f"tenants.{name}.owner": tenant.owner} | {
        path_of(("tenants", name, "members", email)): email for email in tenant.members if email != tenant.owner
    }
    for path, email in people.items():
        domain = email.rpartition("@")[2]
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
        message = f"{listed(tenant.pools)} take no pod that asks for no GPU, and notebooks and pipelines have such pods"
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


def _containers_fit_the_quota(name: str, tenant: Tenant, _: Settings) -> Iterator[Problem]:
    """Refuse what admission would refuse of every pod, or of each that names no request of its own."""
    quota, containers = tenant.quota, tenant.containers
    for resource, amount in (("cpu", cpu_millis), ("memory", memory_mib)):
        path = f"tenants.{name}.containers"
        whole, default, largest = (getattr(quota, resource), getattr(containers, resource), getattr(containers, f"largest_{resource}"))
        if largest and amount(largest) > amount(whole):
            message = f"{shown(largest)} is more than quota.{resource}, which is {shown(whole)}"
            yield Problem(f"{path}.largest_{resource}", message, f"write {whole} or less, or remove it", f"{whole} or less")
        most, what = (largest, f"largest_{resource}") if largest else (whole, f"quota.{resource}")
        if amount(default) > amount(most):
            message = f"{shown(default)} is more than {what}, which is {shown(most)}, so that no container could be without requests"
            yield Problem(f"{path}.{resource}", message, f"write {most} or less", f"{most} or less")


def _allowed(tenant: Tenant, settings: Settings) -> list[Pool]:
    pools = settings.compute.pools
    return [pool for pool in pools.values() if tenant.pools is None or pool.name in tenant.pools]


_CHECKS: tuple[tuple[TenantCheck, tuple[str, ...], tuple[str, ...]], ...] = (
    (_name_is_free, (), ()),
    (_owner_is_no_member, ("owner", "members"), ()),
    (
        _people_can_sign_in,
        ("owner", "members"),
        ("stage", "kubeflow.components", "sign_in.users", "sign_in.connectors", "sign_in.email_domains"),
    ),
    (_pools_exist, ("pools",), ("compute.pools",)),
    (_pods_have_a_pool, ("pools",), ("compute.pools",)),
    (_gpus_can_be_had, ("pools", "quota"), ("compute.pools",)),
    (_containers_fit_the_quota, ("quota", "containers"), ()),
)
"""Checks of a tenant, with its settings that each reads and the environment's."""

RULES = (rule(_namespaces_have_what_makes_them, "kubeflow.components", "tenants"),)


def rules(settings: Settings) -> Iterator[Rule]:
    """Yield the rules of each tenant of an environment."""
    for name, tenant in settings.tenants.items():
        for check, own, others in _CHECKS:
            paths = [f"tenants.{name}.{setting}" for setting in own] or [f"tenants.{name}"]
            yield rule(partial(check, name, tenant), *paths, *others)
