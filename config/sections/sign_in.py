"""The sign-in section: who may open the platform's pages, and who vouches for them."""

from typing import Annotated, Literal
from urllib.parse import urlsplit

from pydantic import Field

from mlplatform.config.sections.section import Change, Section, on_change

Email = Annotated[str, Field(pattern=r"^[a-z0-9._%+-]+@([a-z0-9-]+\.)+[a-z]{2,}$", max_length=128, examples=["user@example.com"])]
"""How people are called in the platform: lower case, because Kubernetes tells cases apart and mail does not."""
ConnectorName = Annotated[str, Field(pattern=r"^[a-z]([a-z0-9-]{0,30}[a-z0-9])?$")]
SecretName = Annotated[str, Field(pattern=r"^[A-Za-z0-9/_+=.@-]{1,512}$", examples=["mlplatform/corporate-sign-in"])]
"""The name of a Secrets Manager secret."""
KINDS = ("oidc", "ldap", "github")
"""Of connectors, by the setting that makes it one."""
GITHUB = "github.com"
_RESTARTS = on_change(Change.RESTARTS_PODS)


class OidcConnector(Section):
    """An OpenID Connect provider: Keycloak, Entra ID, Okta, Authing."""

    issuer: Annotated[
        str,
        Field(
            pattern=r"^https://[a-z0-9]([a-z0-9.-]*[a-z0-9])?(:[0-9]{1,5})?(/[^\s?#]*)?$",
            max_length=512,
            examples=["https://sign-in.example.com/realms/corporate"],
        ),
    ]
    """The issuer's URL, to the letter as its `/.well-known/openid-configuration` says it."""

    @property
    def host(self) -> str:
        """The host that people's browsers and the platform reach it at."""
        return str(urlsplit(self.issuer).hostname)

    client_id: Annotated[str, Field(min_length=1, max_length=256)]
    """The platform's client id there."""
    client_secret: SecretName
    """The Secrets Manager secret that holds the client's secret in its key `client_secret`; you make it, in the environment's account and region."""
    groups_claim: Annotated[str, Field(pattern=r"^[A-Za-z0-9_.:/-]{1,128}$")] = "groups"
    """The claim that holds a person's groups."""
    verified_emails: Literal["claim", "all"] = "claim"
    """Whose address counts as proven: whose token says so in `email_verified`, or everybody's, for a provider that never says so (Entra ID) and where nobody chooses an address."""


class LdapConnector(Section):
    """A directory that speaks LDAP over TLS: Active Directory, OpenLDAP."""

    host: Annotated[
        str, Field(pattern=r"^[a-z0-9]([a-z0-9.-]*[a-z0-9])?(:[0-9]{1,5})?$", max_length=253, examples=["ldap.example.com:636"])
    ]
    """Host and port, 636 unless named."""
    bind_dn: Annotated[str, Field(min_length=1, max_length=512, examples=["cn=reader,dc=example,dc=com"])]
    """Who searches for people."""
    bind_password: SecretName
    """The Secrets Manager secret that holds that password in its key `bind_password`."""
    user_base: Annotated[str, Field(min_length=1, max_length=512, examples=["ou=people,dc=example,dc=com"])]
    """Where people are."""
    user_filter: Annotated[str, Field(max_length=512)] = "(objectClass=person)"
    """Which entries are people."""
    username_attribute: str = "mail"
    """What a person types."""
    email_attribute: str = "mail"
    """Where a person's address is."""
    group_base: Annotated[str | None, Field(max_length=512)] = None
    """Where groups are; none are looked up unless named here."""
    group_filter: Annotated[str, Field(max_length=512)] = "(objectClass=groupOfNames)"
    """Which entries are groups."""
    ca_secret: SecretName | None = None
    """The Secrets Manager secret that holds, in its key `ca.crt`, the authority that signed the directory's certificate; public ones unless named here."""


class GithubConnector(Section):
    """An OAuth app of GitHub, not reachable with certainty from China."""

    client_id: Annotated[str, Field(min_length=1, max_length=256)]
    """The OAuth app's client id."""
    client_secret: SecretName
    """The Secrets Manager secret that holds the app's secret in its key `client_secret`."""
    organisations: Annotated[tuple[Annotated[str, Field(pattern=r"^[A-Za-z0-9-]{1,39}$")], ...], Field(min_length=1, max_length=20)]
    """Whose members may sign in."""


class Connector(Section):
    """Someone who vouches for people: one of the three kinds."""

    label: Annotated[str | None, Field(max_length=64, examples=["Corporate account"])] = None
    """What the sign-in page calls it; its name unless given."""
    oidc: OidcConnector | None = None
    """An OpenID Connect provider."""
    ldap: LdapConnector | None = None
    """A directory."""
    github: GithubConnector | None = None
    """GitHub."""

    @property
    def kinds(self) -> tuple[str, ...]:
        """The kinds that it is of; one in settings that passed their checks."""
        return tuple(kind for kind in KINDS if getattr(self, kind))

    @property
    def hosts(self) -> tuple[str, ...]:
        """The hosts that it makes the platform reach."""
        named = (self.oidc and self.oidc.host, self.ldap and self.ldap.host.partition(":")[0], self.github and GITHUB)
        return tuple(host for host in named if host)


class SignInSettings(Section):
    """Who may sign in; nobody, unless somebody is named here."""

    users: Annotated[tuple[Email, ...], Field(max_length=20, examples=[["user@example.com"]], json_schema_extra=_RESTARTS)] = ()
    """People, by their addresses in lower case, with a password of the platform's own, generated for each and kept in Secrets Manager; for dev only."""
    connectors: Annotated[
        dict[ConnectorName, Connector], Field(max_length=8, examples=[{"corporate": {"oidc": {}}}], json_schema_extra=_RESTARTS)
    ] = Field(default_factory=dict)
    """Those who vouch for people, by name: lower-case letters, digits and hyphens, 32 at most."""
    email_domains: Annotated[
        tuple[Annotated[str, Field(pattern=r"^([a-z0-9-]+\.)+[a-z]{2,}$")], ...],
        Field(max_length=20, examples=[["example.com"]], json_schema_extra=_RESTARTS),
    ] = ()
    """Domains of addresses that may sign in; any that a connector vouches for unless named here."""
    session_hours: Annotated[int, Field(ge=1, le=168, json_schema_extra=_RESTARTS)] = 24
    """Hours until a browser must sign in again: 24 in dev, 12 in prod."""
    machine_tokens: Annotated[Literal["cluster", "none"], Field(json_schema_extra=_RESTARTS)] = "cluster"
    """Whether programs may sign in with tokens of the cluster's own issuer, as the SDKs do."""
