"""The validators that an app's templates go through, attached in one call.

Separate so that app.py, the `mlp` command and tests check alike.
"""

import os
from collections.abc import Sequence
from functools import cache

import aws_cdk as cdk
from cdk_nag import AwsSolutionsChecks

from mlplatform.config.settings import Settings
from mlplatform.rules.acknowledge import acknowledge
from mlplatform.rules.costs import Costs, Lap
from mlplatform.rules.plugin import PlatformRules


def attach(app: cdk.App, environments: Sequence[Settings]) -> Costs:
    """Have every template checked by the platform's rules, cdk-nag and CDK's own validator, once each, when the app is synthesised.

    A violation that nothing acknowledges ends synthesis with the construct's path and the remedy.

    Args:
        app: The app, with all of its stacks.
        environments: Settings of the environments in it.

    Returns:
        What validation costs; complete once the app is synthesised.
    """
    costs = Costs()
    with costs.of("acknowledgements"):
        acknowledge(app, environments)
    validators: list[tuple[str, cdk.IPolicyValidationPlugin]] = [
        ("the platform's rules", PlatformRules(environments)),
        ("cdk-nag", AwsSolutionsChecks(app)),
    ]
    # CDK's own switch to leave its validator out, also of tests.
    if os.environ.get("CDK_VALIDATION") != "false":
        with costs.of("start of CDK's validator"):
            validators.append(("CDK's validator", _cdk_validator()))
    for what, validator in validators:
        cdk.Validations.of(app).add_plugins(Lap(costs, what), validator)
    cdk.Validations.of(app).add_plugins(Lap(costs, None))
    return costs


@cache
def _cdk_validator() -> cdk.CloudFormationValidatePlugin:
    # Registered by hand it takes the place of the one that CDK would add, at a time that can be measured;
    # its engine takes more than a second to start, hence one for all apps of a process.
    return cdk.CloudFormationValidatePlugin()
