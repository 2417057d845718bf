"""Which policies an environment has; what they do is tried on a real API server, in tests/cluster/admission."""

import pytest

from mlplatform.config.load import environments, load
from mlplatform.manifests.compute import admission
from mlplatform.manifests.objects import text

EVERYWHERE = ["tolerate-gpu-nodes", "do-not-disrupt-work"]
WITH_A_MIRROR = [*EVERYWHERE, "pull-from-mirror", "debug-from-mirror"]


@pytest.mark.parametrize("name", environments())
def test_images_that_users_bring_are_renamed_only_where_there_are_copies(name: str) -> None:
    here = load(name)
    policies = [text(obj, "metadata", "name") for obj in admission.objects(here) if text(obj, "kind") == "MutatingAdmissionPolicy"]
    assert policies == (WITH_A_MIRROR if here.mirror else EVERYWHERE)


def test_every_policy_is_bound() -> None:
    made = admission.objects(load("china-prod"))
    bound = {text(obj, "spec", "policyName") for obj in made if text(obj, "kind") == "MutatingAdmissionPolicyBinding"}
    assert bound == set(WITH_A_MIRROR)
