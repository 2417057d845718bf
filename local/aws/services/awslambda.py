"""Lambda: functions that keep all of their configuration, in networks that exist, with roles that may enter them.

Separate because moto forgets what it does not use, and answers a made-up VPC.
"""

from typing import Any

from moto.awslambda import urls
from moto.awslambda.exceptions import InvalidParameterValueException
from moto.awslambda.models import LambdaBackend, LambdaFunction, lambda_backends
from moto.awslambda.responses import LambdaResponse
from moto.core.exceptions import ServiceException
from moto.ec2.models import ec2_backends
from moto.iam.models import iam_backends

from mlplatform.local.aws.services.documents import allowed_actions
from mlplatform.local.aws.services.extension import extend

_KEPT = ("DeadLetterConfig", "FileSystemConfigs", "LoggingConfig")
_ATTRIBUTES = {"KMSKeyArn": "kms_key_arn", "TracingConfig": "tracing_config"}
_ENTER = {"*", "ec2:*", "ec2:CreateNetworkInterface"}


class Function(LambdaFunction):
    """A function as GetFunctionConfiguration shows it."""

    def __init__(self, account_id: str, spec: dict[str, Any], region: str, version: str | int = 1) -> None:
        super().__init__(account_id, spec, region, version)
        self._kept: dict[str, Any] = {name: spec[name] for name in _KEPT if spec.get(name)}
        self._check_network()

    @property
    def vpc_config(self) -> dict[str, Any] | None:  # type: ignore[misc,override]
        """The function's network, with the VPC that its subnets are in."""
        config: dict[str, Any] = self._vpc_config or {}
        if not config.get("SubnetIds"):
            return None
        return {**config, "VpcId": ec2_backends[self.account_id][self.region].get_subnet(config["SubnetIds"][0]).vpc_id}

    def get_configuration(self, on_create: bool = False) -> dict[str, Any]:  # noqa: FBT001, FBT002 - moto's signature
        """Return the configuration with what moto forgets."""
        logging = {"LogFormat": "Text", "LogGroup": f"/aws/lambda/{self.function_name}", **self._kept.get("LoggingConfig", {})}
        return {**super().get_configuration(on_create), **self._kept, "LoggingConfig": logging}

    def update_configuration(self, config_updates: dict[str, Any]) -> dict[str, Any]:
        """Change the configuration, also where moto does not."""
        self._kept |= {name: config_updates[name] for name in _KEPT if name in config_updates}
        for name, attribute in _ATTRIBUTES.items():
            if name in config_updates:
                setattr(self, attribute, config_updates[name])
        if "EphemeralStorage" in config_updates:
            self.ephemeral_storage = config_updates["EphemeralStorage"]["Size"]
        super().update_configuration(config_updates)
        self._check_network()
        return self.get_configuration()

    def _check_network(self) -> None:
        config: dict[str, Any] = self._vpc_config or {}
        if not config.get("SubnetIds"):
            return
        ec2 = ec2_backends[self.account_id][self.region]
        for group in config.get("SecurityGroupIds", []):
            if ec2.get_security_group_from_id(group) is None:
                raise InvalidParameterValueException(
                    f"Error occurred while DescribeSecurityGroups. The security group '{group}' does not exist"
                )
        try:
            for subnet in config["SubnetIds"]:
                ec2.get_subnet(subnet)
        except ServiceException as error:
            raise InvalidParameterValueException(f"Error occurred while DescribeSubnets. {error.message}") from None
        if not _ENTER & _actions(self.account_id, self.partition, self.role):
            message = "The provided execution role does not have permissions to call CreateNetworkInterface on EC2"
            raise InvalidParameterValueException(message)


class Lambda(LambdaBackend):
    """One region's functions of one account."""

    def create_function(self, spec: dict[str, Any]) -> LambdaFunction:
        """Create a function of ours."""
        function: Any = Function(account_id=self.account_id, spec=spec, region=self.region_name, version="$LATEST")
        functions: Any = self._lambdas
        functions.put_function(function)
        return function


def _actions(account: str, partition: str, role_arn: str) -> set[str]:
    role: Any = iam_backends[account][partition].get_role_by_arn(role_arn)
    versions = [version for policy in role.managed_policies.values() for version in policy.versions if version.is_default]
    return allowed_actions([*(version.document for version in versions), *role.policies.values()])


def install() -> None:
    """Put this Lambda in the place of moto's."""
    extend(lambda_backends, Lambda, urls, LambdaResponse)
