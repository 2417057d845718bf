"""Least privilege, checked: IAM's decisions on what was really called, by the policies that we attach.

policies = policies_of_role(template, "china-dev-cn-north-1-karpenter", location_of(settings))
decisions = evaluate(requests_from(calls, account=settings.account, role="china-dev-cn-north-1-karpenter"), policies)
"""

from mlplatform.local.iam.location import Location, location, location_of
from mlplatform.local.iam.managed import UnknownPolicyError
from mlplatform.local.iam.model import Decision, Outcome, Policy, Request, Statement
from mlplatform.local.iam.policies import UnresolvedError, policies_of_role
from mlplatform.local.iam.recording import Seen, UnknownFactError, calls_in
from mlplatform.local.iam.requests import UnknownOperationError, requests_from
from mlplatform.local.iam.simulator import SimulationError, evaluate

__all__ = [
    "Decision",
    "Location",
    "Outcome",
    "Policy",
    "Request",
    "Seen",
    "SimulationError",
    "Statement",
    "UnknownFactError",
    "UnknownOperationError",
    "UnknownPolicyError",
    "UnresolvedError",
    "calls_in",
    "evaluate",
    "location",
    "location_of",
    "policies_of_role",
    "requests_from",
]
