"""What is read from cfn-lint's data files, which are no promise of its own."""

from mlplatform.rules.registry import narrowable, tag_property


def test_types_and_their_tag_properties_are_still_where_they_are_looked_for() -> None:
    assert tag_property("cn-north-1", "AWS::EKS::Cluster") == "Tags"
    assert tag_property("us-west-2", "AWS::EFS::FileSystem") == "FileSystemTags"
    assert tag_property("us-west-2", "AWS::KMS::Alias") is None
    assert tag_property("cn-north-1", "AWS::Cognito::UserPool") is None


def test_actions_and_the_resources_they_can_be_limited_to_are_still_where_they_are_looked_for() -> None:
    assert narrowable("sts:GetCallerIdentity") == ()
    assert narrowable("s3:GetObject") == ("s3:GetObject",)
    assert "ec2:createtags" in narrowable("ec2:CreateT*")
