"""Secrets Manager: rotation that is scheduled.

Separate because moto runs a rotation function at once, in Docker, and takes the secret's value away until it is done.
"""

import json
import time
from typing import Any

from moto.secretsmanager import urls
from moto.secretsmanager.exceptions import ResourceNotFoundException, SecretNotFoundException
from moto.secretsmanager.models import SecretsManagerBackend, secretsmanager_backends
from moto.secretsmanager.responses import SecretsManagerResponse
from moto.utilities.utils import get_partition

from mlplatform.local.aws.services.extension import extend

_DAY = 86400


class SecretsManager(SecretsManagerBackend):
    """One region's secrets of one account."""

    def rotate_secret(
        self,
        secret_id: str,
        client_request_token: str | None = None,
        rotation_lambda_arn: str | None = None,
        rotation_rules: dict[str, Any] | None = None,
        rotate_immediately: bool = True,  # noqa: FBT001, FBT002 - moto's signature
    ) -> str:
        """Schedule a secret's rotation by a function that exists; without a function moto's own rotation is enough."""
        if not rotation_lambda_arn:
            return super().rotate_secret(secret_id, client_request_token, rotation_lambda_arn, rotation_rules, rotate_immediately)
        if secret_id not in self.secrets:
            raise SecretNotFoundException
        self._check_function(rotation_lambda_arn)
        secret: Any = self.secrets[secret_id]
        days = int((rotation_rules or {}).get("AutomaticallyAfterDays") or 0)
        secret.rotation_requested = secret.rotation_enabled = True
        secret.rotation_lambda_arn = rotation_lambda_arn
        secret.auto_rotate_after_days = days
        secret.next_rotation_date = int(time.time()) + days * _DAY if days else None
        return json.dumps({"ARN": secret.arn, "Name": secret.name, "VersionId": secret.default_version_id})

    def _check_function(self, arn: str) -> None:
        from moto.awslambda.utils import get_backend  # noqa: PLC0415 - moto's Lambda loads Docker's client, which few need

        try:
            get_backend(self.account_id, self.region_name).get_function(arn)
        except Exception:  # noqa: BLE001 - moto has one exception for each way in which a function can be absent
            raise ResourceNotFoundException(f"Resource not found for ARN '{arn}' in {get_partition(self.region_name)}.") from None


def install() -> None:
    """Put this Secrets Manager in the place of moto's."""
    extend(secretsmanager_backends, SecretsManager, urls, SecretsManagerResponse)
