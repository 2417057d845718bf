"""A local AWS whose calls are recorded, and roles to call it as."""

import json
import urllib.request
from collections.abc import Callable
from typing import Any

import boto3
from botocore.config import Config

from mlplatform.local.aws.call import Call
from mlplatform.local.aws.process import LocalAws
from mlplatform.local.iam import Location, calls_in

ACCOUNT = "123456789012"
_ANYBODY = {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Principal": {"AWS": "*"}, "Action": "sts:AssumeRole"}]}

ClientOf = Callable[[str], Any]


class Recorded:
    """A local AWS, used as its administrator and as roles."""

    def __init__(self, aws: LocalAws) -> None:
        self._aws = aws

    def administrator(self, here: Location) -> ClientOf:
        return self._clients(here, {"AccessKeyId": "administrator", "SecretAccessKey": "local", "SessionToken": None})

    def worker(self, here: Location, role: str) -> ClientOf:
        """Return clients that call as a role, which is made for it."""
        as_administrator = self.administrator(here)
        arn = as_administrator("iam").create_role(RoleName=role, AssumeRolePolicyDocument=json.dumps(_ANYBODY))["Role"]["Arn"]
        return self._clients(here, as_administrator("sts").assume_role(RoleArn=arn, RoleSessionName="test")["Credentials"])

    def calls(self) -> list[Call]:
        with urllib.request.urlopen(f"{self._aws.endpoint}/_local/calls") as answer:  # noqa: S310 - http on loopback
            return calls_in(answer.read().decode().splitlines())

    def _clients(self, here: Location, credentials: dict[str, Any]) -> ClientOf:
        session: Any = boto3.Session(
            aws_access_key_id=credentials["AccessKeyId"],
            aws_secret_access_key=credentials["SecretAccessKey"],
            aws_session_token=credentials["SessionToken"],
            region_name=here.region,
        )
        quick = Config(retries={"max_attempts": 0}, proxies={}, s3={"addressing_style": "path"})
        return lambda service: session.client(service, endpoint_url=self._aws.endpoint, config=quick)
