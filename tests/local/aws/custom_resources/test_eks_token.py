import pytest

from mlplatform.local.aws.custom_resources.eks_token import credential
from mlplatform.local.cluster.token import parse_token


def test_a_token_says_who_signed_it_where_and_for_which_cluster(monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in {
        "ACCESS_KEY_ID": "ASIAX",
        "SECRET_ACCESS_KEY": "y",
        "SESSION_TOKEN": "z",
        "ENDPOINT_URL": "http://127.0.0.1:1",
    }.items():
        monkeypatch.setenv(f"AWS_{name}", value)
    made = credential("platform", "cn-north-1")
    assert made["kind"] == "ExecCredential"
    token = parse_token(made["status"]["token"])
    assert (token.access_key, token.region, token.session_token) == ("ASIAX", "cn-north-1", "z")
