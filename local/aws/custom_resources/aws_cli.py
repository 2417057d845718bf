"""The calls of the `aws` command that CDK's handlers make, against the local AWS.

Separate because it runs as a program of its own, in the place where the handlers expect the AWS CLI.
"""

import json
import os
import sys
from pathlib import Path
from typing import Any

from mlplatform.local.aws.custom_resources.eks_token import credential

_REFUSED = 254
"""The AWS CLI's exit code when a service refuses."""


def main(arguments: list[str]) -> int:
    """Run one command: signing in to a cluster, copying from S3 or logging in to a registry."""
    given = arguments[2:] if arguments[:1] == ["--region"] else arguments
    command, options = given[:2], given[2:]
    commands = {
        "eks update-kubeconfig": _update_kubeconfig,
        "eks get-token": _token,
        "s3 cp": _copy,
        "ecr get-login-password": _login_password,
        "ecr-public get-login-password": _public_login_password,
    }
    run = commands.get(" ".join(command))
    if run is None:
        sys.stderr.write(f"aws {' '.join(command)}: the local AWS does not play this command; it plays {', '.join(commands)}\n")
        return _REFUSED
    # Not at the top: a token needs none of it, and kubectl waits for its token each time.
    from botocore.exceptions import ClientError  # noqa: PLC0415

    try:
        run(options)
    except ClientError as error:
        sys.stderr.write(f"\n{error}\n")
        return _REFUSED
    return 0


def _client(service: str, region: str | None = None) -> Any:
    import boto3  # noqa: PLC0415 - as above

    session: Any = boto3.Session(region_name=region)
    return session.client(service)


def _update_kubeconfig(options: list[str]) -> None:
    given = dict(zip(options[::2], options[1::2], strict=False))
    cluster: dict[str, Any] = dict(_client("eks").describe_cluster(name=given["--name"])["cluster"])
    name = cluster["arn"]
    token = ["--region", os.environ["AWS_REGION"], "eks", "get-token", "--cluster-name", given["--name"], "--output", "json"]
    exec_ = {"apiVersion": "client.authentication.k8s.io/v1beta1", "command": "aws", "args": token}
    server = {"server": cluster["endpoint"], "certificate-authority-data": cluster["certificateAuthority"]["data"]}
    kubeconfig = {
        "apiVersion": "v1",
        "kind": "Config",
        "clusters": [{"name": name, "cluster": server}],
        "contexts": [{"name": name, "context": {"cluster": name, "user": name}}],
        "current-context": name,
        "users": [{"name": name, "user": {"exec": exec_}}],
    }
    Path(given["--kubeconfig"]).write_text(json.dumps(kubeconfig))
    sys.stdout.write(f"Added new context {name} to {given['--kubeconfig']}\n")


def _token(options: list[str]) -> None:
    sys.stdout.write(json.dumps(credential(options[options.index("--cluster-name") + 1], os.environ["AWS_REGION"])) + "\n")


def _copy(options: list[str]) -> None:
    source, target = options[0], options[1]
    bucket, _, key = source.removeprefix("s3://").partition("/")
    _client("s3").download_file(bucket, key, target)
    sys.stdout.write(f"download: {source} to {target}\n")


def _login_password(options: list[str]) -> None:
    region = options[options.index("--region") + 1] if "--region" in options else None
    data = _client("ecr", region).get_authorization_token()["authorizationData"][0]
    sys.stdout.write(data.get("authorizationToken", "") + "\n")


def _public_login_password(options: list[str]) -> None:
    # Everyone may read the public registry; a password only raises its limits.
    del options
    sys.stdout.write("none\n")


if __name__ == "__main__":
    sys.exit(main(sys.argv[2:]))
