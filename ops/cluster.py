"""The way to an environment's own cluster: a kubeconfig that lasts as long as a command.

Separate because every command that acts on a cluster signs in alike, with nothing but the person's AWS credentials.
"""

import base64
import json
import os
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import boto3
from botocore.auth import SigV4QueryAuth
from botocore.awsrequest import AWSRequest

from mlplatform.config.settings import Settings

_SIGNED_SECONDS = 60


class NoClusterError(Exception):
    """The environment has no cluster yet, or none that is active."""


@contextmanager
def signed_in(settings: Settings) -> Generator[Path]:
    """Give the path of a kubeconfig for the environment's cluster, which is valid for 15 minutes.

    Raises:
        NoClusterError: There is no active cluster.
        ClientError: AWS refuses to describe it.
    """
    # Credentials are the person's; the region is the environment's, whatever the profile says.
    session: Any = boto3.Session(region_name=settings.region)
    eks = session.client("eks")
    try:
        cluster = eks.describe_cluster(name=settings.names.cluster)["cluster"]
    except eks.exceptions.ResourceNotFoundException:
        raise NoClusterError(f"{settings.name} has no cluster {settings.names.cluster} in {settings.region}") from None
    if cluster["status"] not in ("ACTIVE", "UPDATING"):
        raise NoClusterError(f"cluster {settings.names.cluster} is {cluster['status'].lower()}")
    with TemporaryDirectory(prefix="mlplatform-kube-") as folder:
        path = Path(folder, "kubeconfig")
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "w") as file:
            json.dump(_kubeconfig(cluster, _token(session, settings)), file)
        yield path


def _kubeconfig(cluster: Any, token: str) -> dict[str, Any]:
    name = cluster["name"]
    server = {"server": cluster["endpoint"], "certificate-authority-data": cluster["certificateAuthority"]["data"]}
    return {
        "apiVersion": "v1",
        "kind": "Config",
        "clusters": [{"name": name, "cluster": server}],
        "contexts": [{"name": name, "context": {"cluster": name, "user": name}}],
        "current-context": name,
        "users": [{"name": name, "user": {"token": token}}],
    }


def _token(session: Any, settings: Settings) -> str:
    """Return a bearer token: a request to STS, signed for this cluster.

    https://github.com/kubernetes-sigs/aws-iam-authenticator#api-authorization-from-outside-a-cluster
    """
    credentials = session.get_credentials()
    if credentials is None:
        raise NoClusterError("there are no AWS credentials; sign in, or name a profile in AWS_PROFILE")
    endpoint = session.client("sts").meta.endpoint_url
    url = f"{endpoint}/?Action=GetCallerIdentity&Version=2011-06-15"
    request: Any = AWSRequest(method="GET", url=url, headers={"x-k8s-aws-id": settings.names.cluster})
    signer: Any = SigV4QueryAuth(credentials.get_frozen_credentials(), "sts", settings.region, expires=_SIGNED_SECONDS)
    signer.add_auth(request)
    return "k8s-aws-v1." + base64.urlsafe_b64encode(str(request.url).encode()).decode().rstrip("=")
