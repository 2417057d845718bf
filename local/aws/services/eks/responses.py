"""EKS's requests, read by botocore's model of them, and answered by the backend's method of the same name.

Separate so that the backends know nothing of HTTP.
"""

from typing import Any

from botocore import xform_name
from moto.core.responses import ActionResult, EmptyResult
from moto.eks.models import paginated_list
from moto.eks.responses import EKSResponse

_PAGE = 100
_ANSWERS = {
    "associate_access_policy": None,
    "associate_encryption_config": "update",
    "create_access_entry": "accessEntry",
    "create_addon": "addon",
    "create_cluster": "cluster",
    "create_nodegroup": "nodegroup",
    "create_pod_identity_association": "association",
    "delete_access_entry": None,
    "delete_addon": "addon",
    "delete_pod_identity_association": "association",
    "describe_access_entry": "accessEntry",
    "describe_addon": "addon",
    "describe_pod_identity_association": "association",
    "describe_update": "update",
    "disassociate_access_policy": None,
    "update_access_entry": "accessEntry",
    "update_addon": "update",
    "update_cluster_config": "update",
    "update_cluster_version": "update",
    "update_nodegroup_config": "update",
    "update_nodegroup_version": "update",
    "update_pod_identity_association": "association",
}
"""Operations that answer one thing, and what EKS calls it; None where the answer says more or nothing."""
_LISTS = {
    "describe_addon_versions": "addons",
    "list_access_entries": "accessEntries",
    "list_access_policies": "accessPolicies",
    "list_addons": "addons",
    "list_associated_access_policies": "associatedAccessPolicies",
    "list_pod_identity_associations": "associations",
    "list_updates": "updateIds",
}


class Responses(EKSResponse):
    """EKS's operations, moto's and ours."""

    def _arguments(self) -> dict[str, Any]:
        self.parse_parameters(self.normalized_request)
        given: dict[str, Any] = dict(self.params)
        return {xform_name(name): value for name, value in given.items() if name not in {"clientRequestToken", "maxResults", "nextToken"}}

    def _ask(self, operation: str) -> Any:
        return getattr(self.eks_backend, operation)(**self._arguments())

    def _one(self, operation: str) -> ActionResult:
        name, result = _ANSWERS[operation], self._ask(operation)
        if operation == "associate_access_policy":
            given = self.params
            return ActionResult(
                {"clusterName": given["clusterName"], "principalArn": given["principalArn"], "associatedAccessPolicy": result}
            )
        return ActionResult({name: result}) if name else EmptyResult()

    def _many(self, operation: str) -> ActionResult:
        items: list[Any] = self._ask(operation)
        given: dict[str, Any] = dict(self.params)
        indices, token = paginated_list(
            [f"{index:06}" for index in range(len(items))], given.get("maxResults") or _PAGE, given.get("nextToken")
        )
        answer = {_LISTS[operation]: [items[int(index)] for index in indices], "nextToken": token}
        return ActionResult({**answer, **{name: given[name] for name in ("clusterName", "principalArn") if name in given}})


def _single(operation: str) -> Any:
    def answer(self: Responses) -> ActionResult:
        return self._one(operation)  # pyright: ignore[reportPrivateUsage] - a method of the class, made below

    answer.__name__ = operation
    return answer


def _listing(operation: str) -> Any:
    def answer(self: Responses) -> ActionResult:
        return self._many(operation)  # pyright: ignore[reportPrivateUsage] - as above

    answer.__name__ = operation
    return answer


# moto finds an operation's method by its name in the class: one for each line of the tables.
for _operation in _ANSWERS:
    setattr(Responses, _operation, _single(_operation))
for _operation in _LISTS:
    setattr(Responses, _operation, _listing(_operation))
