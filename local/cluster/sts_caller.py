"""Who stands behind a token, asked of STS at an endpoint.

Separate because a local AWS in the same process answers without a request.
"""

from collections.abc import Callable
from typing import Any

import boto3
from botocore.config import Config
from botocore.exceptions import ClientError

from mlplatform.local.cluster.token import EksToken

# A proxy of the user's must not be asked for loopback.
_CONFIG = Config(proxies={}, retries={"total_max_attempts": 1}, connect_timeout=5, read_timeout=10)


def sts_caller(endpoint: str) -> Callable[[EksToken], str | None]:
    """Return a function that asks a local STS who has a token's access key.

    Only the key tells: the local STS checks no signature, and the secret is not in the token.
    """

    def caller(token: EksToken) -> str | None:
        session: Any = boto3.Session(  # Any: the stubs know only installed services
            region_name=token.region,
            aws_access_key_id=token.access_key,
            aws_secret_access_key="not in the token",  # noqa: S106 - it is none, and says so
            aws_session_token=token.session_token,
        )
        sts = session.client("sts", endpoint_url=endpoint, config=_CONFIG)
        try:
            return sts.get_caller_identity()["Arn"]
        except ClientError:
            return None

    return caller
