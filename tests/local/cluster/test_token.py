from datetime import timedelta

import pytest

from mlplatform.local.cluster.token import TokenError, parse_token
from tests.local.cluster.tokens import eks_token, now, plain_token


def test_a_token_says_who_signed_it_where_and_when():
    token = parse_token(eks_token("AKIAEXAMPLE", "us-west-2"))
    assert (token.access_key, token.region, token.session_token) == ("AKIAEXAMPLE", "us-west-2", None)
    assert abs(token.signed_at - now()) < timedelta(minutes=1)


def test_a_token_expires_after_fifteen_minutes():
    token = eks_token("AKIAEXAMPLE")
    parse_token(token, now() + timedelta(minutes=14))
    with pytest.raises(TokenError, match=r"has expired; get another with `aws eks get-token`"):
        parse_token(token, now() + timedelta(minutes=16))


@pytest.mark.parametrize(
    ("token", "reason"),
    [
        ("eyJhbGciOi", "does not begin with k8s-aws-v1"),
        ("k8s-aws-v1.%%%%%", "not base64"),
        (plain_token("Action=GetSessionToken"), "'GetSessionToken', and must be GetCallerIdentity"),
        (plain_token("Action=GetCallerIdentity&X-Amz-SignedHeaders=host"), "does not sign the header x-k8s-aws-id"),
        (plain_token("Action=GetCallerIdentity&X-Amz-SignedHeaders=host%3Bx-k8s-aws-id"), "names no credential"),
        (
            plain_token("Action=GetCallerIdentity&X-Amz-SignedHeaders=x-k8s-aws-id&X-Amz-Credential=a/b/c/d/e&X-Amz-Date=soon"),
            "has no date: 'soon'",
        ),
    ],
)
def test_what_is_no_token_of_eks_is_refused_with_the_reason(token: str, reason: str):
    with pytest.raises(TokenError, match=reason):
        parse_token(token)
