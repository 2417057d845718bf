"""The balancer in front of the gateway: who reaches it, and what leads from it to the pods."""

from typing import Any

import pytest

from mlplatform.config.sections import ExistingVpc
from mlplatform.config.settings import Settings
from mlplatform.manifests import releases
from mlplatform.manifests.entrance import balancer
from mlplatform.manifests.environment import WAVES
from tests.manifests.entrance.ways import ACM, balanced, forwarded

PREFIX = "service.beta.kubernetes.io/aws-load-balancer-"


def annotations(settings: Settings) -> dict[str, str]:
    return {key.removeprefix(PREFIX): value for key, value in balancer.service(settings)["metadata"]["annotations"].items()}


def spec(settings: Settings) -> dict[str, Any]:
    return balancer.service(settings)["spec"]


def test_there_is_none_where_people_forward_ports() -> None:
    names = {release.name for release in releases(forwarded())}
    assert names & {"gateway-balancer", "aws-load-balancer-controller"} == set()


def test_it_is_internal_unless_the_file_says_public() -> None:
    assert annotations(balanced())["scheme"] == "internal"
    assert annotations(balanced("global-prod", "203.0.113.0/24", access="public"))["scheme"] == "internet-facing"


def test_tls_is_all_that_it_takes() -> None:
    for settings in (balanced(), balanced(acm=ACM)):
        assert spec(settings)["ports"] == [{"name": "https", "port": 443, "targetPort": 8443, "protocol": "TCP"}]


def test_a_certificate_of_acm_is_shown_by_the_balancer_and_tls_begins_anew_behind_it() -> None:
    shown = annotations(balanced(acm=ACM))
    assert (shown["ssl-cert"], shown["ssl-ports"], shown["backend-protocol"]) == (ACM, "443", "ssl")
    assert "TLS13" in shown["ssl-negotiation-policy"]
    assert "ssl-cert" not in annotations(balanced())


def test_the_named_networks_alone_connect_and_those_of_the_vpc_where_none_is_named() -> None:
    assert spec(balanced("global-prod", "10.8.0.0/16", "192.168.0.0/24"))["loadBalancerSourceRanges"] == ["10.8.0.0/16", "192.168.0.0/24"]
    assert spec(balanced("china-prod"))["loadBalancerSourceRanges"] == ["10.20.0.0/16"]


def test_pods_see_who_connects_or_the_list_of_networks_would_mean_nothing() -> None:
    assert "preserve_client_ip.enabled=true" in annotations(balanced())["target-group-attributes"]


def test_it_leads_to_the_pods_themselves_and_opens_no_port_of_nodes() -> None:
    assert annotations(balanced())["nlb-target-type"] == "ip"
    assert spec(balanced())["allocateLoadBalancerNodePorts"] is False
    assert spec(balanced())["loadBalancerClass"] == "service.k8s.aws/nlb"


def test_it_has_the_environments_name_and_tags() -> None:
    shown = annotations(balanced())
    assert shown["name"] == "global-prod-gateway"
    assert shown["additional-resource-tags"].split(",") == [
        "cost-centre=ml-platform",
        "data-classification=confidential",
        "mlplatform:environment=global-prod",
    ]


@pytest.mark.parametrize(
    ("access", "subnets"), [("internal", "subnet-00000001,subnet-00000002"), ("public", "subnet-00000003,subnet-00000004")]
)
def test_subnets_that_somebody_else_manages_are_named(access: str, subnets: str) -> None:
    vpc = ExistingVpc(
        vpc_id="vpc-01234567",
        private_subnets=("subnet-00000001", "subnet-00000002"),
        public_subnets=("subnet-00000003", "subnet-00000004"),
        database_subnets=("subnet-00000005", "subnet-00000006"),
    )
    settings = balanced("global-prod", "203.0.113.0/24", access=access)
    network = settings.network.model_copy(update={"existing": vpc})
    assert annotations(settings.model_copy(update={"network": network}))["subnets"] == subnets
    assert "subnets" not in annotations(settings)


def test_it_opens_after_sign_ins_rules_and_closes_while_its_controller_is_there() -> None:
    installed = releases(balanced())
    waves = {release.name: WAVES.index(release.wave) for release in installed}
    of_the_gateway = {
        release.name
        for release in installed
        for obj in release.objects
        if obj["kind"] == "AuthorizationPolicy" and obj["metadata"]["namespace"] == "istio-system"
    }
    assert len(of_the_gateway) > 1
    assert all(waves[name] < waves["gateway-balancer"] for name in of_the_gateway)
    assert waves["gateway-balancer"] - waves["aws-load-balancer-controller"] > 1
