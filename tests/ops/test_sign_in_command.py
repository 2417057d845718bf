"""`mlp sign-in` as a person runs it."""

import json
from typing import Any

from click.testing import CliRunner, Result

from mlplatform.config.load import load
from mlplatform.manifests.sign_in.secrets import password_purpose
from mlplatform.ops.main import main
from mlplatform.ops.sign_in_command import describe
from tests.manifests.sign_in.people import connectors, users


def sign_in(*arguments: str) -> Result:
    return CliRunner().invoke(main, ["sign-in", *arguments])


def as_json(*arguments: str) -> Any:
    return json.loads(sign_in(*arguments, "--json").output)


def test_it_says_where_to_open_and_which_callback_to_register() -> None:
    said = sign_in("global-prod")
    assert said.exit_code == 0, said.output
    assert "https://ml.example.com" in said.output.splitlines()[1]
    assert "corporate: https://ml.example.com/dex/callback" in said.output


def test_a_persons_password_is_shown_as_the_command_that_reads_it() -> None:
    settings = load("global-dev")
    [user] = settings.sign_in.users
    [password] = as_json("global-dev")["passwords"]
    assert password["what"] == user
    assert password["name"] == settings.names.secret(password_purpose(user))
    assert password["read"].startswith(f"aws secretsmanager get-secret-value --region us-west-2 --secret-id {password['name']}")


def test_a_changed_password_is_taken_over_by_a_command() -> None:
    change = describe(users()).change
    written = next(index for index, line in enumerate(change) if "put-secret-value" in line)
    assert change[written + 1].startswith("kubectl annotate externalsecret dex-passwords --namespace auth")


def test_a_team_learns_which_secrets_to_make_and_with_which_keys() -> None:
    said = describe(connectors())
    assert said.yours == {
        "team/oidc": ["client_secret"],
        "team/ldap": ["bind_password"],
        "team/ca": ["ca.crt"],
        "team/github": ["client_secret"],
    }
    assert said.passwords == ()


def test_whom_a_connector_sends_away_comes_back_to_the_first_forwarded_port() -> None:
    assert describe(connectors()).callbacks["corporate"] == ["https://ml.example.com/dex/callback", "http://localhost:8080/dex/callback"]
    assert describe(connectors()).forward[1].endswith("8080:80 8081:80")
    assert describe(users()).forward[1].endswith("istio-ingressgateway 8081:80")


def test_a_directory_needs_no_callback() -> None:
    assert set(describe(connectors()).callbacks) == {"corporate", "hub"}
