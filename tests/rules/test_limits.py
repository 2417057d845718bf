"""A template keeps clear of every limit."""

from dataclasses import replace
from typing import Any

import pytest

from tests.rules.templates import allow, broken, resource, role, template, trusts

LONG = "x" * 4_000


@pytest.mark.parametrize(
    "given",
    [
        replace(template(), size=900_001),
        template(**{f"R{number}": resource("AWS::X::Y") for number in range(451)}),
        replace(template(), body={"Parameters": {"P": {"Default": LONG}}}),
        replace(template(), body={"Outputs": {f"O{number}": {} for number in range(181)}}),
        template(R=resource("AWS::SSM::Parameter", Value=LONG)),
        template(R=resource("Custom::X", Values=LONG * 60)),
        template(R=role(trust=trusts(*(f"service{number}.amazonaws.com" for number in range(80))))),
        template(R=role(allow("s3:GetObject", resource=[LONG, LONG, LONG]))),
        template(R=resource("AWS::IAM::ManagedPolicy", PolicyDocument={"Statement": [allow("s3:GetObject", resource=[LONG, LONG])]})),
    ],
    ids=["bytes", "resources", "parameter", "outputs", "ssm", "event", "trust", "inline", "managed"],
)
def test_what_comes_within_a_tenth_of_a_limit_is_refused(given: Any) -> None:
    (violation,) = broken("too-large", given)

    assert "over the 90%" in violation.message
    assert violation.remedy


def test_inline_policies_of_one_role_count_together() -> None:
    def policy() -> dict[str, Any]:
        return resource("AWS::IAM::Policy", Roles=[{"Ref": "R"}], PolicyDocument={"Statement": [allow("s3:GetObject", resource=LONG)]})

    assert not broken("too-large", template(A=policy(), B=policy()))
    assert broken("too-large", template(A=policy(), B=policy(), C=policy()))


def test_a_small_template_is_accepted() -> None:
    assert not broken("too-large", template(R=role(allow("s3:GetObject"))))
