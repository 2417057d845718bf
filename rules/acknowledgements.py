"""What the rules, cdk-nag, CDK's own validator and checkov find and we keep, each with its reason.

Separate so that a reviewer reads every exception in one place; one that nothing needs any more fails a test.
"""

from dataclasses import dataclass

NAG = "AwsSolutions::AwsSolutions-"
PLATFORM = "mlplatform::"
CDK = "CloudFormation-Validate::"
CHECKOV = "checkov::"


@dataclass(frozen=True)
class Acknowledgement:
    """One finding that stays."""

    at: str
    """The construct below its environment, the stack's concern first: `cluster/NodeRole`; what is below it is meant too.

    `*` stands for any name of one step, or for a part of it.
    """
    rules: tuple[str, ...]
    """The rules, with their validator's prefix. {account}, {region} and {environment} stand for the environment's."""
    reason: str
    """Why it stays."""


ACKNOWLEDGEMENTS: tuple[Acknowledgement, ...] = ()
