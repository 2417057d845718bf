"""The errors that CloudFormation's API answers, under its codes.

Separate so that the engine can refuse without knowing how a refusal travels.
"""

from moto.core.exceptions import ServiceException


class ValidationError(ServiceException):
    """A request, or a template in it, that CloudFormation refuses."""

    code = "ValidationError"


class AlreadyExistsError(ServiceException):
    """The name is taken."""

    code = "AlreadyExistsException"


class ChangeSetNotFoundError(ServiceException):
    """No change set has that name or ARN; the CDK CLI polls for exactly this code."""

    code = "ChangeSetNotFound"


class InvalidChangeSetStatusError(ServiceException):
    """The change set cannot be executed as it is."""

    code = "InvalidChangeSetStatus"


class InsufficientCapabilitiesError(ServiceException):
    """The template makes IAM resources that the request does not acknowledge."""

    code = "InsufficientCapabilitiesException"


class NotPlayedError(ServiceException):
    """AWS has this and the local AWS has not."""

    code = "ValidationError"

    def __init__(self, what: str) -> None:
        super().__init__(f"the local AWS does not play {what}")
