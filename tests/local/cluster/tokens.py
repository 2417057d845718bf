"""Tokens as `aws eks get-token` makes them."""

import base64
from datetime import UTC, datetime
from typing import Any

import boto3
from botocore.signers import RequestSigner


def eks_token(access_key: str, region: str = "cn-north-1", cluster: str = "platform", action: str = "GetCallerIdentity") -> str:
    """Return a token signed with an access key (and any secret: only STS could tell)."""
    session: Any = boto3.Session(access_key, "secret", region_name=region)
    service = session.client("sts").meta.service_model.service_id
    signer = RequestSigner(service, region, "sts", "v4", session.get_credentials(), session.events)
    request = {
        "method": "GET",
        "url": f"http://127.0.0.1/?Action={action}&Version=2011-06-15",
        "body": {},
        "headers": {"x-k8s-aws-id": cluster},
        "context": {},
    }
    url = signer.generate_presigned_url(request, region_name=region, expires_in=60, operation_name="")
    return "k8s-aws-v1." + base64.urlsafe_b64encode(url.encode()).decode().rstrip("=")


def plain_token(query: str) -> str:
    """Return a token around any query."""
    return "k8s-aws-v1." + base64.urlsafe_b64encode(f"http://127.0.0.1/?{query}".encode()).decode()


def now() -> datetime:
    """Return the time as tokens have it."""
    return datetime.now(UTC)
