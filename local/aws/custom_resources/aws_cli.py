"""The calls of the `aws` command that CDK's handlers make, against the local AWS.

Separate because it runs as a program of its own, in the place where the handlers expect the AWS CLI.
"""

import json
import os
import sys
from pathlib import Path
from typing import Any

import boto3
from botocore.exceptions import ClientError

_REFUSED = 254
"""The AWS CLI's exit code when a service refuses."""


def main(arguments: list[str]) -> int:
    """Run one command: `eks update-kubeconfig`, `s3 cp` or `ecr get-login-password`."""
    command, options = arguments[:2], arguments[2:]
    commands = {"eks update-kubeconfig": _update_kubeconfig, "s3 cp": _copy, "ecr get-login-password": _login_password}
    run = commands.get(" ".join(command))
    if run is None:
        sys.stderr.write(f"aws {' '.join(command)}: the local AWS does not play this command; it plays {', '.join(commands)}\n")
        return _REFUSED
    try:
        run(options)
    except ClientError as error:
        sys.stderr.write(f"\n{error}\n")
        return _REFUSED
    return 0


def _client(service: str, region: str | None = None) -> Any:
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


def _copy(options: list[str]) -> None:
    source, target = options[0], options[1]
    bucket, _, key = source.removeprefix("s3://").partition("/")
    _client("s3").download_file(bucket, key, target)
    sys.stdout.write(f"download: {source} to {target}\n")


def _login_password(options: list[str]) -> None:
    region = options[options.index("--region") + 1] if "--region" in options else None
    data = _client("ecr", region).get_authorization_token()["authorizationData"][0]
    sys.stdout.write(data.get("authorizationToken", "") + "\n")


if __name__ == "__main__":
    sys.exit(main(sys.argv[2:]))
