"""Tokens as `aws eks get-token` makes them, from the credentials in the environment.

Separate from the commands because it needs a small part of botocore only, and is run for every kubectl.
"""

import base64
import os
from datetime import UTC, datetime, timedelta
from typing import Any

from botocore.auth import SigV4QueryAuth
from botocore.awsrequest import AWSRequest
from botocore.credentials import Credentials

_SIGNED_SECONDS = 60
_LIFETIME = timedelta(minutes=14)
"""The CLI says a minute less than what the authenticator allows."""


def credential(cluster: str, region: str) -> dict[str, Any]:
    """Return what kubectl's exec plugin prints: a request to STS, signed for one cluster, as a bearer token.

    Source: https://github.com/aws/aws-cli/blob/v2/awscli/customizations/eks/get_token.py
    """
    keys = Credentials(os.environ["AWS_ACCESS_KEY_ID"], os.environ["AWS_SECRET_ACCESS_KEY"], os.environ.get("AWS_SESSION_TOKEN"))
    url = f"{os.environ['AWS_ENDPOINT_URL']}/?Action=GetCallerIdentity&Version=2011-06-15"
    request: Any = AWSRequest(method="GET", url=url, headers={"x-k8s-aws-id": cluster})
    signer: Any = SigV4QueryAuth(keys, "sts", region, expires=_SIGNED_SECONDS)
    signer.add_auth(request)
    token = "k8s-aws-v1." + base64.urlsafe_b64encode(str(request.url).encode()).decode().rstrip("=")
    expires = (datetime.now(UTC) + _LIFETIME).strftime("%Y-%m-%dT%H:%M:%SZ")
    return {
        "kind": "ExecCredential",
        "apiVersion": "client.authentication.k8s.io/v1beta1",
        "spec": {},
        "status": {"expirationTimestamp": expires, "token": token},
    }
