"""Environments whose people sign in in every way that there is."""

from typing import Any

from mlplatform.config.settings import Settings
from mlplatform.manifests.objects import Object
from mlplatform.manifests.release import Release
from mlplatform.manifests.sign_in.releases import sign_in_releases
from tests.config.files import DEV, settings

USERS = f"""{DEV}
    sign_in:
      users: [ann@example.com, bo+ml@example.org]
"""
CONNECTORS = """
    account: "123456789012"
    region: us-west-2
    stage: prod
    ingress:
      access: internal
      host: ml.example.com
      certificate: {cluster_issuer: platform-ca}
    sign_in:
      connectors:
        corporate:
          label: Corporate account
          oidc: {issuer: "https://sign-in.example.com/realms/a", client_id: "ml$1", client_secret: team/oidc, groups_claim: roles}
        the-directory:
          ldap:
            host: ldap.example.com:636
            bind_dn: cn=reader$,dc=example,dc=com
            bind_password: team/ldap
            user_base: ou=people,dc=example,dc=com
            group_base: ou=groups,dc=example,dc=com
            ca_secret: team/ca
        hub:
          github: {client_id: abc, client_secret: team/github, organisations: [example]}
"""


def users() -> Settings:
    """Return an environment of people with passwords, reached by forwarded ports."""
    return settings(USERS, name="users")


def connectors() -> Settings:
    """Return an environment with a connector of each kind, reached by a name."""
    return settings(CONNECTORS, name="connectors")


def releases(of: Settings) -> dict[str, Release]:
    """Return sign-in's releases by name."""
    return {release.name: release for release in sign_in_releases(of)}


def objects(of: Settings) -> list[Object]:
    """Return all of their objects."""
    return [obj for release in sign_in_releases(of) for obj in release.objects]


def one(of: Settings, kind: str, name: str) -> Any:
    """Return the only object of a kind and name."""
    [found] = [obj for obj in objects(of) if obj["kind"] == kind and obj["metadata"]["name"] == name]
    return found


def main(of: Settings, name: str) -> Any:
    """Return the container of a Deployment."""
    [container] = one(of, "Deployment", name)["spec"]["template"]["spec"]["containers"]
    return container
