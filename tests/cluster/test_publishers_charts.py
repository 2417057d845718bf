"""Publishers' charts as our values make them, and what every account may do, by the real authorizer."""

import json
from collections.abc import Generator, Iterator, Mapping, Sequence
from typing import Any

import pytest

from mlplatform.config.load import load
from mlplatform.local.cluster.catalogue import ProgramPaths
from mlplatform.local.cluster.options import Options, eks_issuer
from mlplatform.local.cluster.plane import ControlPlane
from mlplatform.manifests import Release, releases
from mlplatform.manifests.objects import Object, Ref, kind_of, text
from mlplatform.ops.rendering import Rendered, render
from tests.cluster.cluster import Cluster
from tests.manifests.hardening import pods, rights
from tests.manifests.hardening.installed import Installed, rules_of
from tests.manifests.hardening.reasons import OF_CHARTS, READERS

ENVIRONMENT = "china-prod"  # it has every chart
RULES = rules_of(pods, rights)
RBAC = "rbac.authorization.k8s.io"
GIVING = ("Namespace", "ServiceAccount", *(f"{kind}.{RBAC}" for kind in ("ClusterRole", "ClusterRoleBinding", "Role", "RoleBinding")))
"""Kinds that say who may do what."""


@pytest.fixture(scope="module")
def rendered(programs: ProgramPaths) -> Sequence[Rendered]:  # noqa: ARG001 - without them there is no Helm, and no chart of a Go module
    """Every release of an environment; those whose chart cannot be had here are empty."""
    settings = load(ENVIRONMENT)
    return render(settings, releases(settings))


@pytest.fixture(scope="module")
def of_publishers(rendered: Sequence[Rendered]) -> Installed:
    """The objects of publishers' charts, as if we had written them."""
    whole = [
        Release(result.release.name, result.release.namespace, result.release.wave, objects=result.objects)
        for result in rendered
        if result.release.chart and result.objects
    ]
    return Installed({ENVIRONMENT: load(ENVIRONMENT)}, {ENVIRONMENT: whole})


@pytest.mark.parametrize("rule", RULES)
def test_a_publishers_chart_breaks_no_rule_without_a_reason(of_publishers: Installed, rule: str) -> None:
    assert {"cert-manager", "karpenter"} <= {release.name for release in of_publishers.releases[ENVIRONMENT]}
    assert set(RULES[rule](of_publishers)) == set(OF_CHARTS.get(rule, {}))


@pytest.fixture(scope="module")
def cluster(rendered: Sequence[Rendered], programs: ProgramPaths, tmp_path_factory: pytest.TempPathFactory) -> Generator[Cluster]:
    """A cluster with every account and every role of the environment, and nothing that runs."""
    giving = [obj for result in rendered for obj in _placed(result) if kind_of(obj) in GIVING]
    options = Options(issuer=eks_issuer(load(ENVIRONMENT).region, "E" * 32))
    with ControlPlane(tmp_path_factory.mktemp("accounts"), options, programs) as plane:
        made = Cluster(plane.kubeconfig, local=True)
        made.apply(*(dict(obj) for kind in GIVING for obj in giving if kind_of(obj) == kind))
        made.wait("clusterrole/kubeflow-admin", "jsonpath={.rules}")
        yield made


def test_nobody_reads_every_secret_without_a_reason(cluster: Cluster, rendered: Sequence[Rendered]) -> None:
    accounts = sorted({ref for result in rendered for obj in _placed(result) if (ref := _ref(obj)).kind == "ServiceAccount"})
    assert len(accounts) > 10
    may = {str(account) for account, answer in zip(accounts, reads_all(cluster, accounts), strict=True) if answer}
    here = {text for text in READERS if text in map(str, accounts)}
    assert may == here


def test_our_own_accounts_read_secrets_where_a_role_says_so_alone(cluster: Cluster) -> None:
    reloader = Ref("ServiceAccount", "reloader", "external-secrets")
    places = ("auth", "oauth2-proxy", "kubeflow", "istio-system", "kube-system", "external-secrets")
    assert [place for place in places if any(reads_all(cluster, [reloader], place))] == ["auth", "oauth2-proxy"]


def reads_all(cluster: Cluster, accounts: Sequence[Ref], namespace: str = "") -> list[bool]:
    """Return whether each account may list the Secrets of a namespace, or of all."""
    reviews = [_review(account, {"verb": "list", "resource": "secrets", "namespace": namespace}) for account in accounts]
    printed = cluster.kubectl(
        "create", "--filename=-", "--output=json", stdin=json.dumps({"apiVersion": "v1", "kind": "List", "items": reviews})
    )
    return [answer["status"]["allowed"] for answer in _read(printed)]


def _review(account: Ref, asked: Mapping[str, str]) -> dict[str, Any]:
    groups = ["system:serviceaccounts", f"system:serviceaccounts:{account.namespace}", "system:authenticated"]
    user = f"system:serviceaccount:{account.namespace}:{account.name}"
    spec = {"user": user, "groups": groups, "resourceAttributes": dict(asked)}
    return {"apiVersion": "authorization.k8s.io/v1", "kind": "SubjectAccessReview", "spec": spec}


def _read(printed: str) -> Iterator[dict[str, Any]]:
    """Yield the objects that kubectl printed one after another."""
    decoder, rest = json.JSONDecoder(), printed.strip()
    while rest:
        each, end = decoder.raw_decode(rest)
        yield from each["items"] if each["kind"] == "List" else [each]
        rest = rest[end:].lstrip()


def _placed(result: Rendered) -> Iterator[Object]:
    """Yield a release's objects, each in the namespace that Helm puts it in."""
    namespaced = ("ServiceAccount", f"Role.{RBAC}", f"RoleBinding.{RBAC}")
    for obj in result.objects:
        if kind_of(obj) in namespaced and not text(obj, "metadata", "namespace"):
            yield {**obj, "metadata": {**obj["metadata"], "namespace": result.release.namespace}}
        else:
            yield obj


def _ref(obj: Object) -> Ref:
    return Ref(kind_of(obj), text(obj, "metadata", "name"), text(obj, "metadata", "namespace"))
