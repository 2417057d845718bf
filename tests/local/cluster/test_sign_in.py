import json
from collections.abc import Generator
from typing import Any

import pytest
import urllib3

from mlplatform.local.cluster.access import Access, AccessEntry
from mlplatform.local.cluster.sign_in import SignIn
from tests.local.cluster.tokens import eks_token

ALICE = "arn:aws-cn:iam::123456789012:user/alice"
BOB = "arn:aws-cn:iam::123456789012:user/bob"
CALLERS = {"AKIAALICE": ALICE, "AKIABOB": BOB}


@pytest.fixture
def sign_in() -> Generator[SignIn]:
    server = SignIn(Access(lambda token: CALLERS.get(token.access_key), lambda: [AccessEntry(ALICE, groups=("readers",))]))
    server.start()
    yield server
    server.stop()


def review(server: SignIn, token: str) -> dict[str, Any]:
    asked = {"apiVersion": "authentication.k8s.io/v1", "kind": "TokenReview", "spec": {"token": token}}
    with urllib3.PoolManager() as pool:
        answer = pool.request("POST", server.url, body=json.dumps(asked).encode()).json()
    assert (answer["apiVersion"], answer["kind"]) == ("authentication.k8s.io/v1", "TokenReview")
    return answer["status"]


def test_a_caller_with_an_entry_is_let_in_with_its_groups(sign_in: SignIn):
    assert review(sign_in, eks_token("AKIAALICE")) == {
        "authenticated": True,
        "user": {"username": ALICE, "uid": ALICE, "groups": ["readers"]},
    }


def test_a_caller_without_an_entry_is_refused(sign_in: SignIn):
    assert review(sign_in, eks_token("AKIABOB")) == {"authenticated": False}


def test_an_unknown_key_is_refused(sign_in: SignIn):
    assert review(sign_in, eks_token("AKIAMALLORY")) == {"authenticated": False}


def test_what_is_no_token_is_refused_with_the_reason(sign_in: SignIn):
    assert review(sign_in, "abc") == {"authenticated": False, "error": "the token does not begin with k8s-aws-v1."}


def test_what_a_caller_needs_is_prepared_before_it_is_let_in(sign_in: SignIn):
    prepared: list[AccessEntry] = []
    sign_in.prepare_with(prepared.append)
    review(sign_in, eks_token("AKIAALICE"))
    review(sign_in, eks_token("AKIABOB"))
    assert [entry.principal_arn for entry in prepared] == [ALICE]
