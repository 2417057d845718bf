"""Whatever an environment chooses of Kubeflow, its objects find what they need in it."""

import pytest

from mlplatform.config.components import COMPONENTS
from mlplatform.manifests import waves
from mlplatform.manifests.closure import check
from tests.config.files import DEV, PROD, settings

OIDC = "oidc: {issuer: https://sign-in.example.com/x, client_id: a, client_secret: b}"
LDAP = "ldap: {host: ldap.example.com, bind_dn: a, bind_password: b, user_base: c, group_base: d, ca_secret: e}"
GITHUB = "github: {client_id: a, client_secret: b, organisations: [example]}"
HOST = "host: ml.example.com, allowed_cidrs: [203.0.113.0/24]"
ACM = "certificate: {{acm: 'arn:{}:123456789012:certificate/01234567-89ab-cdef-0123-456789abcdef'}}"
TENANT = "    tenants: {vision: {owner: user@example.com}}\n"
BOTH = pytest.mark.parametrize("base", [DEV, PROD], ids=["china", "global"])


def found(base: str, text: str) -> list[str]:
    return [str(finding) for finding in check(waves(settings(base + text)))]


@BOTH
@pytest.mark.parametrize("last", range(len(COMPONENTS) + 1))
def test_components_need_nothing_of_those_after_them(base: str, last: int) -> None:
    chosen = list(COMPONENTS)[:last]
    assert found(base, f"    kubeflow: {{components: [{', '.join(chosen)}]}}\n") == []


@BOTH
@pytest.mark.parametrize("components", ["entrance, profiles", "entrance, profiles, pod-defaults", "entrance, sign-in"])
def test_tenants_and_sign_in_do_without_each_other(base: str, components: str) -> None:
    tenant = TENANT if "profiles" in components else ""
    assert found(base, f"    kubeflow: {{components: [{components}]}}\n{tenant}") == []


@BOTH
@pytest.mark.parametrize("connector", [OIDC, LDAP, GITHUB])
def test_each_kind_of_connector_is_complete(base: str, connector: str) -> None:
    assert found(base, f"    images: {{public_hosts: [github.com]}}\n    sign_in: {{connectors: {{one: {{{connector}}}}}}}\n{TENANT}") == []


@BOTH
@pytest.mark.parametrize("access", ["internal", "public"])
@pytest.mark.parametrize("issuer", ["platform-ca", "somebody-elses", "acm"])
def test_each_certificate_goes_with_each_access(base: str, access: str, issuer: str) -> None:
    arn, recordal = ("aws-cn:acm:cn-north-1", ", icp_recordal: 京ICP备00000000号") if base == DEV else ("aws:acm:us-west-2", "")
    certificate = ACM.format(arn) if issuer == "acm" else f"certificate: {{cluster_issuer: {issuer}}}"
    ingress = f"    ingress: {{access: {access}, {HOST}, {certificate}{recordal}}}\n"
    assert found(base, f"{ingress}    sign_in: {{connectors: {{one: {{{OIDC}}}}}}}\n") == []


def test_programs_may_be_kept_from_signing_in() -> None:
    assert found(DEV, "    sign_in: {users: [user@example.com], machine_tokens: none}\n") == []
