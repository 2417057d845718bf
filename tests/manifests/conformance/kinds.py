"""Environments of every kind: the repository's own, other ways in, other people, other tenants, some of the components."""

from collections.abc import Callable, Mapping
from functools import cache

from mlplatform.config.components import COMPONENTS
from mlplatform.config.load import environments, load
from mlplatform.config.settings import Settings
from mlplatform.manifests.conformance import compared
from mlplatform.manifests.conformance.compare import Comparison
from tests.config.files import DEV, settings
from tests.manifests.entrance.ways import ACM, balanced, forwarded
from tests.manifests.sign_in.people import connectors, users
from tests.manifests.tenants.tenants import environment


def _only(*components: str) -> Settings:
    return settings(f"{DEV}    kubeflow: {{components: [{', '.join(components)}]}}\n")


def _up_to(component: str) -> Callable[[], Settings]:
    names = list(COMPONENTS)
    return lambda: _only(*names[: names.index(component) + 1])


def _own(name: str) -> Callable[[], Settings]:
    return lambda: load(name)


KINDS: Mapping[str, Callable[[], Settings]] = {
    **{name: _own(name) for name in environments()},
    "people with passwords": users,
    "a connector of each kind": connectors,
    "a tenant with members in each role": environment,
    "a public balancer with a certificate of ACM's": lambda: balanced("global-prod", access="public", acm=ACM),
    "an issuer of the company's": lambda: balanced("china-dev", "10.0.0.0/8", issuer="corporate"),
    "forwarded ports alone": forwarded,
    "no programs": lambda: settings(f"{DEV}    sign_in: {{machine_tokens: none}}\n"),
    "nothing but defaults": lambda: settings(DEV),
    "no Kubeflow": _only,
    **{f"components up to {component}": _up_to(component) for component in COMPONENTS},
}


@cache
def comparison(kind: str) -> Comparison:
    """Return what became of everything in an environment of a kind."""
    return compared(KINDS[kind]())
