import pytest

from mlplatform.local.cluster.access import AccessEntry, PolicyAssociation, entry_of, identity

ROLE = "arn:aws-cn:iam::123456789012:role/team/Engineer"
SESSION = "arn:aws-cn:sts::123456789012:assumed-role/Engineer/alice"


def test_a_session_has_the_entry_of_its_role_whatever_the_role_s_path():
    entry = AccessEntry(ROLE)
    assert entry_of(SESSION, [AccessEntry("arn:aws-cn:iam::123456789012:role/Other"), entry]) is entry


def test_a_user_has_the_entry_of_its_own_arn():
    arn = "arn:aws:iam::123456789012:user/alice"
    entry = AccessEntry(arn)
    assert entry_of(arn, [entry]) is entry


@pytest.mark.parametrize(
    "caller",
    [
        "arn:aws-cn:sts::210987654321:assumed-role/Engineer/alice",
        "arn:aws:sts::123456789012:assumed-role/Engineer/alice",
        "arn:aws-cn:sts::123456789012:assumed-role/Engineers/alice",
        "arn:aws-cn:iam::123456789012:user/Engineer",
    ],
)
def test_another_account_partition_or_name_has_no_entry(caller: str):
    assert entry_of(caller, [AccessEntry(ROLE)]) is None


def test_groups_are_the_entry_s_and_those_of_its_policies():
    policies = (PolicyAssociation("AmazonEKSViewPolicy"), PolicyAssociation("AmazonEKSEditPolicy", ("team-a", "team-b")))
    found = identity(SESSION, AccessEntry(ROLE, groups=("platform:readers",), policies=policies))
    assert found.username == SESSION
    assert found.groups == (
        "platform:readers",
        "eks-access-policy:AmazonEKSViewPolicy",
        "eks-access-policy:AmazonEKSEditPolicy:team-a",
        "eks-access-policy:AmazonEKSEditPolicy:team-b",
    )


def test_a_user_name_takes_the_session_s_name():
    assert identity(SESSION, AccessEntry(ROLE, username="engineer:{{SessionName}}")).username == "engineer:alice"


def test_a_node_s_entry_makes_a_node_of_the_caller():
    found = identity("arn:aws-cn:sts::123456789012:assumed-role/Nodes/i-0123", AccessEntry(ROLE, type="EC2_LINUX"))
    assert found == ("system:node:i-0123", ("system:bootstrappers", "system:nodes"))


def test_a_node_s_name_takes_the_place_of_its_placeholder():
    entry = AccessEntry(ROLE, type="EC2_LINUX", username="system:node:{{EC2PrivateDNSName}}", groups=("system:nodes",))
    found = identity("arn:aws-cn:sts::123456789012:assumed-role/Nodes/i-0123", entry)
    assert found == ("system:node:i-0123", ("system:nodes",))
