"""CloudWatch Logs: keys of log groups, which must exist and let the service use them.

Separate because moto takes any key, and at creation alone.
"""

from moto.kms.models import kms_backends
from moto.logs import urls
from moto.logs.exceptions import InvalidParameterException, ResourceNotFoundException
from moto.logs.models import LogGroup, logs_backends
from moto.logs.responses import LogsResponse

from mlplatform.local.aws.services.documents import trusted_services
from mlplatform.local.aws.services.extension import extend


class Responses(LogsResponse):
    """What moto's Logs does not answer."""

    def create_log_group(self) -> str:
        """Create a group whose key, if it has one, can be used for it."""
        if self._get_param("kmsKeyId"):
            self._check_key(self._get_param("kmsKeyId"), self._get_param("logGroupName"))
        return super().create_log_group()

    def associate_kms_key(self) -> str:
        """Encrypt a group's events with a key from now on.

        https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_AssociateKmsKey.html
        """
        group = self._group()
        self._check_key(self._get_param("kmsKeyId"), group.name)
        group.kms_key_id = self._get_param("kmsKeyId")
        return ""

    def disassociate_kms_key(self) -> str:
        """Encrypt a group's events with AWS's own key from now on."""
        self._group().kms_key_id = None
        return ""

    def _group(self) -> LogGroup:
        name = self._get_param("logGroupName") or str(self._get_param("resourceIdentifier")).split(":log-group:")[-1]
        groups = self.logs_backend.groups
        if name not in groups:
            raise ResourceNotFoundException
        return groups[name]

    def _check_key(self, arn: str, group: str) -> None:
        # A key serves Logs only if its own policy says so: https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/encrypt-log-data-kms.html
        key = kms_backends[self.current_account][self.region].keys.get(arn.rsplit("/", maxsplit=1)[-1])
        if key is None or not any(service.startswith("logs.") for service in trusted_services(key.policy)):
            where = f"arn:{self.partition}:logs:{self.region}:{self.current_account}:log-group:{group}"
            raise InvalidParameterException(f"The specified KMS key does not exist or is not allowed to be used with LogGroup '{where}'")


def install() -> None:
    """Put these answers in the place of moto's."""
    extend(logs_backends, None, urls, Responses)
