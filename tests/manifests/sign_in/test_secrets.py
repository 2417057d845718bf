"""Which secrets sign-in takes, from where, and what becomes of them in Kubernetes."""

import re
from typing import Any

import pytest

from mlplatform.config.load import environments, load
from mlplatform.manifests.namespaces import AUTH, OAUTH2_PROXY
from mlplatform.manifests.objects import walk
from mlplatform.manifests.sign_in.secrets import hash_key, made, password_purpose, read
from tests.manifests.sign_in.people import connectors, main, objects, one, users

PUBLIC_DEFAULTS = (
    "pUBnBOY80SnXgjibTYM9ZWNzY2xreNGQok",
    "kubeflow-oidc-authservice",
    "N2QxNmZlZTkyZjhkMTFiODk0MGIwODFiM2Y4YjhhY2I",
    "7d16fee92f8d11b8940b081b3f8b8acb",
    "4K/VkmDd",
    "12341234",
    "15841185641784",
)
"""What upstream ships to everybody."""


def external(of: Any, name: str) -> Any:
    return one(of, "ExternalSecret", name)["spec"]


@pytest.mark.parametrize("of", [users(), connectors(), *map(load, environments())], ids=lambda of: of.name)
def test_no_object_holds_a_secret_or_a_default_that_everybody_knows(of: Any) -> None:
    kinds = {obj["kind"] for obj in objects(of)}
    assert "Secret" not in kinds
    for obj in objects(of):
        for path, value in walk(obj):
            if isinstance(value, str):
                assert not any(default in value for default in PUBLIC_DEFAULTS), (obj["kind"], path)
                assert not re.search(r"\$2[aby]\$\d\d\$", value), (obj["kind"], path)


@pytest.mark.parametrize("of", [users(), connectors()], ids=lambda of: of.name)
def test_every_secret_that_is_taken_may_be_read_in_its_namespace_and_no_other_secret_may(of: Any) -> None:
    taken: dict[str, set[str]] = {AUTH: set(), OAUTH2_PROXY: set()}
    for obj in objects(of):
        if obj["kind"] == "ExternalSecret":
            taken[obj["metadata"]["namespace"]] |= {entry["remoteRef"]["key"] for entry in obj["spec"]["data"]}
    assert {namespace: set(names) for namespace, names in read(of.names, of.sign_in).items()} == taken


def test_only_oauth2_proxy_takes_the_cookies_secret() -> None:
    assert users().names.secret("sign-in/cookie") not in read(users().names, users().sign_in)[AUTH]


def test_hashes_alone_reach_kubernetes_and_are_made_anew_only_when_somebody_asks() -> None:
    spec = external(users(), "dex-passwords")
    keys = [hash_key("ann@example.com"), hash_key("bo+ml@example.org")]
    # Merge policy is the default, Replace: the template's keys are the Secret's only ones.
    assert spec["target"]["template"] == {"data": {key: f"{{{{ .{key} | bcrypt }}}}" for key in keys}}
    assert (spec["refreshPolicy"], spec["refreshInterval"]) == ("OnChange", "0s")


def test_other_secrets_are_read_again_by_the_hour() -> None:
    assert {external(users(), name).get("refreshPolicy", "Periodic") for name in ("dex-oidc-client", "oauth2-proxy")} == {"Periodic"}
    assert external(users(), "oauth2-proxy")["refreshInterval"] == "1h"


def test_both_ends_take_the_same_client_secret() -> None:
    keys = [external(users(), name)["data"][0]["remoteRef"] for name in ("dex-oidc-client", "oauth2-proxy")]
    assert keys == [{"key": "users/sign-in/client"}] * 2


def test_dex_finds_the_hash_of_each_person_in_a_variable() -> None:
    env = {entry["name"]: entry for entry in main(users(), "dex")["env"]}
    for user in users().sign_in.users:
        assert env[hash_key(user)]["valueFrom"]["secretKeyRef"] == {"name": "dex-passwords", "key": hash_key(user)}


def test_an_environment_without_passwords_makes_no_hashes() -> None:
    assert "dex-passwords" not in {obj["metadata"]["name"] for obj in objects(connectors())}
    assert made(connectors().sign_in) == ["sign-in/client", "sign-in/cookie"]


def test_a_connectors_secret_comes_from_where_its_settings_say() -> None:
    assert external(connectors(), "dex-connector-the-directory")["data"] == [
        {"secretKey": "secret", "remoteRef": {"key": "team/ldap", "property": "bind_password"}},
        {"secretKey": "ca.crt", "remoteRef": {"key": "team/ca", "property": "ca.crt"}},
    ]


@pytest.mark.parametrize("user", ["a%b@example.com", "a+b@example.com", "a.b_c-d@example.com"])
def test_a_persons_secret_has_a_name_that_secrets_manager_takes(user: str) -> None:
    assert re.fullmatch(r"[A-Za-z0-9/_+=.@-]{1,512}", password_purpose(user))


def test_no_two_people_share_a_secret_or_a_hash() -> None:
    alike = ["a%b@example.com", "a=25b@example.com", "a.b@example.com", "a-b@example.com", "ab@example.com"]
    assert len(set(map(hash_key, alike))) == len(alike)
    assert len({password_purpose(user) for user in alike if "=" not in user}) == len(alike) - 1
