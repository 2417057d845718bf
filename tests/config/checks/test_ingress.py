import pytest

from mlplatform.config.regions import REGIONS
from tests.config.files import DEV, PROD, problems, settings

WHO = "sign_in: {connectors: {corporate: {oidc: {issuer: https://sign-in.example.com, client_id: a, client_secret: b}}}}"
ARN = "arn:aws-cn:acm:cn-north-1:123456789012:certificate/01234567-89ab-cdef-0123-456789abcdef"
CHINA = f"{DEV}    {WHO}\n"
WORLD = f"{PROD}    {WHO}\n"
PUBLIC = "access: public, host: ml.example.com, certificate: {cluster_issuer: platform-ca}"
EXISTING = """
    network:
      existing:
        vpc_id: vpc-0123456789abcdef0
        private_subnets: [subnet-00000001, subnet-00000002, subnet-00000003]
        database_subnets: [subnet-00000004, subnet-00000005, subnet-00000006]
"""


def said(base: str, ingress: str) -> list[str]:
    return [problem.partition(": ingress.")[2] or problem for problem in problems(f"{base}    ingress: {{{ingress}}}")]


def certificate(arn: str) -> str:
    return f"host: ml.example.com, certificate: {{acm: '{arn}'}}"


@pytest.mark.parametrize(
    ("ingress", "problem"),
    [
        (
            "access: internal, certificate: {cluster_issuer: platform-ca}",
            "host: is missing, and access is internal; write the name that browsers open, as ml.example.com",
        ),
        (
            "host: ml.example.com",
            (
                "certificate: is missing, and access is internal; name a certificate in ACM by `acm: ARN`, "
                "or write `cluster_issuer: platform-ca` for one of the environment's own authority"
            ),
        ),
        (
            "allowed_cidrs: [10.0.0.0/8]",
            (
                "allowed_cidrs: has no effect, because access is port-forward, which has no load balancer; "
                "name a host, which makes access internal, or remove it"
            ),
        ),
        (
            "access: port-forward, host: ml.example.com",
            "host: has no effect, because access is port-forward, which has no load balancer; write `access: internal`, or remove it",
        ),
        (
            "host: ml.example.com, certificate: {}",
            "certificate: names neither acm nor cluster_issuer (allowed: one of the two); name the one that signs it",
        ),
        (
            f"host: ml.example.com, certificate: {{acm: '{ARN}', cluster_issuer: platform-ca}}",
            "certificate: names both acm and cluster_issuer (allowed: one of the two); keep the one that signs it",
        ),
        (
            certificate("arn:aws-cn:iam::123456789012:server-certificate/x"),
            (
                "certificate.acm: 'arn:aws-cn:iam::123456789012:server-certificate/x' is not the ARN of a certificate "
                "(allowed: arn:aws-cn:acm:cn-north-1:123456789012:certificate/ID); write it in full (`aws acm list-certificates` prints it)"
            ),
        ),
        (
            certificate(ARN.replace("aws-cn", "aws").replace("cn-north-1", "us-west-2")),
            (
                "certificate.acm: the certificate is in partition aws, the environment in aws-cn: a load balancer takes none from elsewhere "
                "(allowed: arn:aws-cn:acm:cn-north-1:123456789012:certificate/ID); request or import one there"
            ),
        ),
        (
            certificate(ARN.replace("cn-north-1", "cn-northwest-1")),
            (
                "certificate.acm: the certificate is in region cn-northwest-1, the environment in cn-north-1: a load balancer takes none "
                "from elsewhere (allowed: arn:aws-cn:acm:cn-north-1:123456789012:certificate/ID); request or import one there"
            ),
        ),
        (
            certificate(ARN.replace("123456789012", "210987654321")),
            (
                "certificate.acm: the certificate is in account 210987654321, the environment in 123456789012: a load balancer takes none "
                "from elsewhere (allowed: arn:aws-cn:acm:cn-north-1:123456789012:certificate/ID); request or import one there"
            ),
        ),
        (
            f"{PUBLIC}, icp_recordal: 京ICP备12345678号-1",
            (
                "allowed_cidrs: names nobody, and access is public; "
                "name the networks that may connect, or [0.0.0.0/0] for everybody on the internet"
            ),
        ),
        (
            f"{PUBLIC}, icp_recordal: 京ICP备12345678号, allowed_cidrs: [203.0.113.0/24, 10.0.0.0/8]",
            (
                "allowed_cidrs[1]: 10.0.0.0/8 is reserved, and a public load balancer sees no such address; "
                "name the addresses that your networks have on the internet"
            ),
        ),
        (
            f"{PUBLIC}, allowed_cidrs: [203.0.113.0/24]",
            (
                "icp_recordal: is missing: in cn-north-1 a page is let through to the public only after the ICP recordal of its domain, which "
                "the domain's owner files with the Ministry of Industry and Information Technology; "
                "write its number, as 京ICP备00000000号, or `access: internal`, which needs none"
            ),
        ),
        (
            "host: ml.example.com, certificate: {cluster_issuer: platform-ca}, allowed_cidrs: [10.0.0.0/8, 10.0.0.0/8]",
            "allowed_cidrs[1]: '10.0.0.0/8' is listed twice; remove it",
        ),
    ],
)
def test_a_mistake_is_one_problem_with_its_remedy(ingress: str, problem: str):
    assert said(CHINA, ingress) == [problem]


def test_access_follows_from_whether_a_host_is_named():
    assert settings(PROD).ingress.access == "port-forward"
    assert settings(f"{CHINA}    ingress: {{host: ml.example.com, certificate: {{acm: '{ARN}'}}}}").ingress.access == "internal"


def test_everybody_on_the_internet_may_be_named():
    assert said(WORLD, f"{PUBLIC}, allowed_cidrs: [0.0.0.0/0]") == []


@pytest.mark.parametrize("region", sorted(REGIONS))
def test_a_recordal_is_asked_for_where_the_partition_needs_it_and_refused_elsewhere(region: str):
    base = WORLD.replace("us-west-2", region)
    needs = REGIONS[region].partition.needs_icp_recordal
    without, given = (f"{PUBLIC}, allowed_cidrs: [203.0.113.0/24]{number}" for number in ("", ", icp_recordal: 沪ICP备12345678号"))
    assert [bool(said(base, ingress)) for ingress in (without, given)] == [needs, not needs]
    assert needs == (region in ("cn-north-1", "cn-northwest-1"))


def test_a_public_load_balancer_needs_public_subnets_of_an_existing_vpc():
    assert said(WORLD + EXISTING, f"{PUBLIC}, allowed_cidrs: [203.0.113.0/24]") == [
        (
            "8: network.existing.public_subnets: has no subnet, and ingress.access is public: its load balancer faces the internet; "
            "list one for each zone, or write `access: internal`"
        )
    ]
    assert said(WORLD + EXISTING, "host: ml.example.com, certificate: {cluster_issuer: platform-ca}") == []


def test_a_load_balancer_needs_the_component_that_makes_it():
    found = problems(f"{DEV}    kubeflow: {{components: []}}\n    ingress: {{host: a.example.com, certificate: {{cluster_issuer: x}}}}")
    assert found == [
        (
            "6: ingress.access: 'internal' without a way in: kubeflow.components lacks entrance; "
            "add entrance to them, or remove the ingress section"
        )
    ]


def test_a_load_balancer_is_refused_where_nobody_asks_who_comes():
    found = problems(
        f"{DEV}    kubeflow: {{components: [entrance]}}\n    ingress: {{host: a.example.com, certificate: {{cluster_issuer: x}}}}"
    )
    assert found == [
        (
            "6: ingress.access: 'internal' without sign-in: nobody would be asked who they are, and so nobody is let in; "
            "add sign-in to kubeflow.components, or remove the ingress section"
        )
    ]


def test_everything_that_public_access_lacks_is_said_at_once():
    assert [problem.partition(":")[0] for problem in said(CHINA, "access: public")] == [
        "host",
        "certificate",
        "allowed_cidrs",
        "icp_recordal",
    ]


def test_everything_without_effect_is_said_at_once():
    ingress = "access: port-forward, host: a.example.com, certificate: {cluster_issuer: x}, allowed_cidrs: [10.0.0.0/8]"
    assert {problem.partition(":")[0] for problem in said(CHINA, ingress)} == {"host", "certificate", "allowed_cidrs"}


@pytest.mark.parametrize("host", ["ml", "https://ml.example.com", "*.example.com", "ML.example.com", "192.0.2.1", "ml.example.com:443"])
def test_a_host_is_a_name_and_nothing_else(host: str):
    [problem] = said(CHINA, f"host: '{host}', certificate: {{cluster_issuer: x}}")
    assert problem == (
        f"host: '{host}' does not have the form that is needed (allowed: the name that browsers open; needed unless access is by "
        "port-forward); write it like ml.example.com"
    )
