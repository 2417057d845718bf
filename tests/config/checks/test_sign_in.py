import pytest

from tests.config.files import DEV, PROD, problems, settings

OIDC = "oidc: {issuer: https://sign-in.example.com, client_id: a, client_secret: b}"
LDAP = "ldap: {host: 'HOST', bind_dn: 'cn=reader', bind_password: b, user_base: 'ou=people'}"
GITHUB = "github: {client_id: a, client_secret: b, organisations: [example]}"


def said(base: str, sign_in: str) -> list[str]:
    return problems(f"{base}    sign_in: {{{sign_in}}}")


@pytest.mark.parametrize(
    ("base", "sign_in", "problem"),
    [
        (
            PROD,
            "users: [a@example.com, b@example.com]",
            (
                "users: a@example.com, b@example.com would sign in to prod with a password of the platform's own, which nobody takes back "
                "(allowed: none in prod); remove it, and name who vouches for people in sign_in.connectors: an OpenID Connect provider or "
                "a directory"
            ),
        ),
        (
            DEV,
            "users: [A@example.com]",
            (
                "users[0]: 'A@example.com' does not have the form that is needed (allowed: people, by their addresses in lower case, with a "
                "password of the platform's own, generated for each and kept in Secrets Manager; for dev only); write it like user@example.com"
            ),
        ),
        (DEV, "users: [a@example.com, a@example.com]", "users[1]: 'a@example.com' is listed twice; remove it"),
        (
            DEV,
            "users: [a@example.com], email_domains: [example.org]",
            (
                "users[0]: 'a@example.com' could not sign in: sign_in.email_domains lacks example.com (allowed: example.org); "
                "add the domain, or remove the user"
            ),
        ),
        (
            DEV,
            "connectors: {corporate: {label: Corporate}}",
            (
                "connectors.corporate: says not of which kind it is (allowed: oidc, ldap, github); "
                "write one of them, with its settings beneath it"
            ),
        ),
        (
            PROD,
            f"connectors: {{corporate: {{{OIDC}, {LDAP.replace('HOST', 'ldap.example.com')}}}}}",
            "connectors.corporate: is oidc and ldap at once (allowed: one of the kinds); make it a connector for each",
        ),
        (
            DEV,
            f"connectors: {{local: {{{OIDC}}}}}",
            "connectors.local: 'local' is what Dex calls the platform's own users; choose another name",
        ),
        (
            DEV,
            f"connectors: {{directory: {{{LDAP.replace('HOST', 'ldap.example.com:389')}}}}}",
            (
                "connectors.directory.ldap.host: 'ldap.example.com:389' has the port at which passwords cross in plain text; "
                "write the directory's port for LDAP over TLS, 636 as a rule"
            ),
        ),
        (
            DEV,
            f"connectors: {{directory: {{{LDAP.replace('HOST', 'ldap.example.com:99999')}}}}}",
            (
                "connectors.directory.ldap.host: 'ldap.example.com:99999' has a port that there is not (allowed: 1 to 65535); "
                "write 636, or the directory's"
            ),
        ),
        (
            DEV,
            f"connectors: {{github: {{{GITHUB}}}}}",
            (
                "connectors.github.github: signing in would depend on github.com, which from cn-north-1 is slow and at times cut off; "
                "use oidc or ldap, or list github.com in images.public_hosts to depend on it all the same"
            ),
        ),
        (
            DEV,
            "connectors: {corporate: {oidc: {issuer: 'http://sign-in.example.com', client_id: a, client_secret: b}}}",
            (
                "connectors.corporate.oidc.issuer: 'http://sign-in.example.com' does not have the form that is needed (allowed: the issuer's "
                "URL, to the letter as its `/.well-known/openid-configuration` says it); "
                "write it like https://sign-in.example.com/realms/corporate"
            ),
        ),
        (
            DEV,
            "connectors: {corporate: {oidc: {issuer: 'https://sign-in.example.com', client_id: a, client_secret: 'arn:aws:x'}}}",
            (
                "connectors.corporate.oidc.client_secret: 'arn:aws:x' does not have the form that is needed (allowed: the Secrets Manager "
                "secret that holds the client's secret in its key `client_secret`; you make it, in the environment's account and region); "
                "write it like mlplatform/corporate-sign-in"
            ),
        ),
    ],
)
def test_a_mistake_is_one_problem_with_its_remedy(base: str, sign_in: str, problem: str):
    assert said(base, sign_in) == [f"5: sign_in.{problem}"]


@pytest.mark.parametrize(
    ("base", "remedy"),
    [
        (DEV, "name people in sign_in.users, or name an OpenID Connect provider or a directory in sign_in.connectors"),
        (PROD, "name an OpenID Connect provider or a directory in sign_in.connectors"),
    ],
)
def test_a_host_where_nobody_could_sign_in_is_refused(base: str, remedy: str):
    assert problems(f"{base}    ingress: {{host: ml.example.com, certificate: {{cluster_issuer: platform-ca}}}}") == [
        f"sign_in: names neither users nor connectors, so that nobody could sign in at ml.example.com; {remedy}"
    ]


def test_nobody_can_sign_in_unless_somebody_is_named():
    assert (settings(DEV).sign_in.users, settings(DEV).sign_in.connectors) == ((), {})


def test_people_need_the_component_that_signs_them_in():
    found = problems(f"{DEV}    kubeflow: {{components: [entrance]}}\n    sign_in: {{users: [a@example.com]}}")
    assert found == [
        ("6: sign_in.users: a@example.com could sign in nowhere: kubeflow.components lacks sign-in; add sign-in to them, or remove it")
    ]


def test_github_vouches_where_it_answers_or_where_that_is_accepted():
    connectors = f"connectors: {{github: {{{GITHUB}}}}}"
    assert said(PROD, connectors) == []
    assert said(f"{DEV}    images: {{public_hosts: [github.com]}}\n", connectors) == []


def test_every_connector_says_its_own_mistakes_at_once():
    found = said(DEV, f"connectors: {{local: {{{LDAP.replace('HOST', 'a:0')}}}, two: {{{GITHUB}}}, three: {{}}}}")
    assert [problem.split(": ")[1] for problem in found] == [
        "sign_in.connectors.local.ldap.host",
        "sign_in.connectors.local",
        "sign_in.connectors.two.github",
        "sign_in.connectors.three",
    ]


def test_a_session_is_shorter_in_prod():
    assert (settings(DEV).sign_in.session_hours, settings(PROD).sign_in.session_hours) == (24, 12)


def test_hosts_that_the_file_itself_names_are_known_as_such():
    found = settings(f"""{DEV}
    ingress: {{host: ml.example.com.cn, certificate: {{cluster_issuer: platform-ca}}}}
    sign_in:
      connectors:
        one: {{oidc: {{issuer: https://sign-in.example.com.cn:8443/x, client_id: a, client_secret: b}}}}
        two: {{{LDAP.replace("HOST", "ldap.example.com.cn:3269")}}}
    """)
    assert found.named_hosts == ("ml.example.com.cn", "sign-in.example.com.cn", "ldap.example.com.cn")
