"""RDS's requests that moto does not answer.

Separate because resetting parameters is about groups, not about databases.
"""

from typing import Any

from moto.core.responses import ActionResult
from moto.rds.exceptions import DBParameterGroupNotFoundError
from moto.rds.responses import RDSResponse


class Responses(RDSResponse):
    """Parameter groups whose parameters go back to their defaults.

    https://docs.aws.amazon.com/AmazonRDS/latest/APIReference/API_ResetDBParameterGroup.html
    """

    def reset_db_parameter_group(self) -> ActionResult:
        """Forget the values of the named parameters, or of all."""
        return self._reset("DBParameterGroupName", self.backend.db_parameter_groups)

    def reset_db_cluster_parameter_group(self) -> ActionResult:
        """Forget the values of the named parameters of a cluster's group, or of all."""
        return self._reset("DBClusterParameterGroupName", self.backend.db_cluster_parameter_groups)

    def _reset(self, key: str, groups: Any) -> ActionResult:
        name = self.params[key]
        if name not in groups:
            raise DBParameterGroupNotFoundError(name)
        parameters: dict[str, Any] = groups[name].parameters
        named = [parameter.original_dict()["ParameterName"] for parameter in self.params.get("Parameters", [])]
        for parameter in list(parameters) if self.params.get("ResetAllParameters") else named:
            parameters.pop(parameter, None)
        return ActionResult({key: name})
