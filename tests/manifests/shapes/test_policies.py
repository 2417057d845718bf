"""Who may do, connect and call."""

import pytest

from mlplatform.manifests.objects import Object, at
from mlplatform.manifests.shapes import aggregated_cluster_role, granted, rule
from mlplatform.manifests.shapes.mesh import GATEWAY_PRINCIPAL, authorization_policy, called_by, principal
from mlplatform.manifests.shapes.network_policies import addresses, allow, allow_everyone, deny_all, namespaces_with, pods_of

READS = rule("", ["pods"], ["get"], names=["dex-0"])


def kinds(objects: list[Object]) -> list[str]:
    return [obj["kind"] for obj in objects]


def test_an_account_has_rights_everywhere_or_in_its_own_namespace_as_they_were_named() -> None:
    assert kinds(granted("reader", "auth", "dex", everywhere=[READS])) == ["ClusterRole", "ClusterRoleBinding"]
    assert kinds(granted("reader", "auth", "dex", own=[READS])) == ["Role", "RoleBinding"]
    assert granted("reader", "auth", "dex") == []
    role, binding = granted("reader", "auth", "dex", own=[READS])
    assert role["rules"] == [{"apiGroups": [""], "resources": ["pods"], "verbs": ["get"], "resourceNames": ["dex-0"]}]
    assert binding["roleRef"]["name"] == role["metadata"]["name"]
    assert binding["subjects"] == [{"kind": "ServiceAccount", "name": "dex", "namespace": "auth"}]


def test_a_sum_of_roles_leaves_its_rules_to_kubernetes() -> None:
    made = aggregated_cluster_role("sum", {"part-of": "sum"})
    assert made["aggregationRule"] == {"clusterRoleSelectors": [{"matchLabels": {"part-of": "sum"}}]}
    assert "rules" not in made


@pytest.mark.parametrize(("peers", "ports", "lacking"), [([], [80], "peer"), ([pods_of("dex")], [], "port")])
def test_a_policy_that_would_let_in_all_by_naming_none_is_refused(peers: list[Object], ports: list[int], lacking: str) -> None:
    with pytest.raises(ValueError, match=f"network policy auth/dex: names no {lacking}, which means all of them"):
        allow("dex", "auth", peers=peers, ports=ports)


def test_a_policy_selects_the_pods_of_its_component() -> None:
    for policy in (
        allow("in", "auth", peers=addresses(["10.0.0.0/8"]), ports=[80], component="dex"),
        allow_everyone("dex", "auth", ports=[1]),
    ):
        assert at(policy, "spec", "podSelector", "matchLabels") == {"app.kubernetes.io/name": "dex"}


def test_a_peer_is_pods_of_this_or_of_another_namespace_or_all_of_some() -> None:
    assert "namespaceSelector" not in pods_of("dex")
    assert pods_of("dex", "auth") == {
        "namespaceSelector": {"matchLabels": {"kubernetes.io/metadata.name": "auth"}},
        "podSelector": {"matchLabels": {"app.kubernetes.io/name": "dex"}},
    }
    assert namespaces_with({"team": "blue"}) == {"namespaceSelector": {"matchLabels": {"team": "blue"}}}


def test_a_closed_namespace_lets_nobody_in_to_any_pod() -> None:
    assert deny_all("auth")["spec"] == {"podSelector": {}, "policyTypes": ["Ingress"]}


def test_the_mesh_lets_those_call_that_a_rule_names() -> None:
    policy = authorization_policy("dex", "auth", rules=[called_by(GATEWAY_PRINCIPAL, principal("auth", "other"))])
    assert policy["spec"] == {
        "selector": {"matchLabels": {"app.kubernetes.io/name": "dex"}},
        "action": "ALLOW",
        "rules": [{"from": [{"source": {"principals": [GATEWAY_PRINCIPAL, "cluster.local/ns/auth/sa/other"]}}]}],
    }
    asked = authorization_policy(
        "ask", "istio-system", rules=[{}], pods={"istio": "ingressgateway"}, action="CUSTOM", provider="oauth2-proxy"
    )
    assert at(asked, "spec", "provider") == {"name": "oauth2-proxy"}
