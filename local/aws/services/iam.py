"""IAM: policies that a partition has not, trust policies that are checked, audiences of OpenID Connect providers.

Separate because moto knows AWS's managed policies of the global partition only, and takes any trust policy at creation.
"""

import json
from typing import Any

from moto.core.responses import ActionResult, EmptyResult
from moto.iam import urls
from moto.iam.exceptions import DeleteConflictException, EntityAlreadyExists, InvalidInput, MalformedPolicyDocument
from moto.iam.models import IAMBackend, ManagedPolicy, Role, iam_backends
from moto.iam.policy_validation import IAMTrustPolicyDocumentValidator
from moto.iam.responses import IamResponse

from mlplatform.config.partitions import PARTITIONS
from mlplatform.local.aws.services.extension import extend

_VERSION = "2012-10-17"


class IAM(IAMBackend):
    """One partition's IAM of one account."""

    def _init_aws_policies(self) -> list[ManagedPolicy]:
        missing = PARTITIONS[self.partition].missing_managed_policies if self.partition in PARTITIONS else frozenset[str]()
        policies = [policy for policy in super()._init_aws_policies() if policy.name not in missing]
        if self.partition != "aws":
            for policy in policies:
                _rewrite(policy, self.partition)
        return policies

    def create_role(self, role_name: str, assume_role_policy_document: str, *args: Any, **kwargs: Any) -> Role:
        """Create a role whose trust policy is one."""
        _check_trust(assume_role_policy_document)
        return super().create_role(role_name, assume_role_policy_document, *args, **kwargs)

    def update_assume_role_policy(self, role_name: str, policy_document: str) -> None:
        """Replace a trust policy; as on AWS its version may be absent."""
        _check_trust(policy_document)
        self.get_role(role_name).assume_role_policy_document = policy_document

    def create_service_linked_role(self, service_name: str, description: str, suffix: str) -> Role:
        """Create a service's role; an account has one, and IAM says so in its own words."""
        try:
            return super().create_service_linked_role(service_name, description, suffix)
        except EntityAlreadyExists as error:
            name = str(error.message).removeprefix("Role with name ").partition(" ")[0]
            raise InvalidInput(f"Service role name {name} has been taken in this account, please try a different suffix.") from None

    def get_roles(self) -> list[Role]:
        """Return the roles that there are now; another stack may add one while they are read."""
        return list(self.roles.values())

    def delete_policy(self, policy_arn: str) -> None:
        """Remove a policy that nothing wears any more."""
        if self.get_policy(policy_arn).attachment_count > 0:  # pyright: ignore[reportUnknownMemberType] - moto does not annotate it
            raise DeleteConflictException("Cannot delete a policy attached to entities.")
        super().delete_policy(policy_arn)


class Responses(IamResponse):
    """What moto's IAM does not answer."""

    def add_client_id_to_open_id_connect_provider(self) -> ActionResult:
        """Add an audience; one that is there already is fine.

        https://docs.aws.amazon.com/IAM/latest/APIReference/API_AddClientIDToOpenIDConnectProvider.html
        """
        audiences = self._audiences()
        if self._get_param("ClientID") not in audiences:
            audiences.append(self._get_param("ClientID"))
        return EmptyResult()

    def remove_client_id_from_open_id_connect_provider(self) -> ActionResult:
        """Take an audience away; one that is not there is fine."""
        audiences = self._audiences()
        if self._get_param("ClientID") in audiences:
            audiences.remove(self._get_param("ClientID"))
        return EmptyResult()

    def list_instance_profiles(self) -> ActionResult:
        """List the profiles below a path; moto lists all, and Karpenter's garbage collection would delete other people's.

        https://docs.aws.amazon.com/IAM/latest/APIReference/API_ListInstanceProfiles.html
        """
        prefix = self._get_param("PathPrefix") or "/"
        profiles = [profile for profile in self.backend.get_instance_profiles() if profile.path.startswith(prefix)]
        return ActionResult({"InstanceProfiles": profiles})

    def _audiences(self) -> list[str]:
        return self.backend.get_open_id_connect_provider(self._get_param("OpenIDConnectProviderArn")).client_id_list


def _rewrite(policy: ManagedPolicy, partition: str) -> None:
    for version in policy.versions:
        version.document = version.document.replace("arn:aws:", f"arn:{partition}:")


def _check_trust(document: str) -> None:
    try:
        parsed: dict[str, Any] = json.loads(document)
    except json.JSONDecodeError:
        raise MalformedPolicyDocument("This policy contains invalid Json") from None
    IAMTrustPolicyDocumentValidator(json.dumps({"Version": _VERSION, **parsed})).validate()


def install() -> None:
    """Put this IAM in the place of moto's."""
    extend(iam_backends, IAM, urls, Responses)
