"""Properties as the APIs take them, led by botocore's models."""

from typing import Any

import boto3
import pytest

from mlplatform.local.aws.resources.contract import ResourceFailedError
from mlplatform.local.aws.resources.inputs import fit, nested, text_of, truth


@pytest.fixture(scope="module")
def eks() -> Any:
    session: Any = boto3.Session(aws_access_key_id="x", aws_secret_access_key="x", region_name="us-west-2")  # noqa: S106 - no secret
    return session.client("eks")


def test_names_take_the_case_of_the_api_and_scalars_its_types(eks: Any) -> None:
    given = {
        "ClusterName": "c",
        "NodegroupName": "n",
        "NodeRole": "r",
        "Subnets": ["s"],
        "ScalingConfig": {"MinSize": "1"},
        "Labels": {"Pool": "x"},
    }
    assert fit(eks, "create_nodegroup", given) == {
        "clusterName": "c",
        "nodegroupName": "n",
        "nodeRole": "r",
        "subnets": ["s"],
        "scalingConfig": {"minSize": 1},
        "labels": {"Pool": "x"},
    }


def test_a_property_that_the_api_names_otherwise_is_renamed_at_any_depth(eks: Any) -> None:
    given = {"Title": "c", "ResourcesVpcConfig": {"Subnets": ["s"]}}
    fitted = fit(eks, "create_cluster", given, renamed={"Title": "name", "Subnets": "subnetIds"})
    assert fitted == {"name": "c", "resourcesVpcConfig": {"subnetIds": ["s"]}}


@pytest.mark.parametrize(
    ("given", "words"),
    [
        ({"Surprise": 1}, "^Surprise: the local AWS does not play this property"),
        ({"ResourcesVpcConfig": {"Surprise": 1}}, r"^ResourcesVpcConfig\.Surprise: the local AWS does not play"),
        ({"EncryptionConfig": [{"Provider": {"Key": "k"}}]}, r"^EncryptionConfig\[0\]\.Provider\.Key: the local AWS does not play"),
        ({"EncryptionConfig": "x"}, "^EncryptionConfig: must be a list, got 'x'"),
        ({"ResourcesVpcConfig": "x"}, "^ResourcesVpcConfig: must be an object, got 'x'"),
        ({"DeletionProtection": "maybe"}, "^DeletionProtection: must be true or false, got 'maybe'"),
    ],
)
def test_what_does_not_fit_fails_with_its_path(eks: Any, given: dict[str, Any], words: str) -> None:
    with pytest.raises(ResourceFailedError, match=words):
        fit(eks, "create_cluster", given)


def test_a_number_must_be_one(eks: Any) -> None:
    with pytest.raises(ResourceFailedError, match=r"^ScalingConfig\.MinSize: must be a number, got 'two'"):
        fit(eks, "create_nodegroup", {"ScalingConfig": {"MinSize": "two"}})


def test_a_document_is_text_in_an_api_and_an_object_in_a_template(eks: Any) -> None:
    assert fit(eks, "create_addon", {"ConfigurationValues": {"a": 1}}) == {"configurationValues": '{"a": 1}'}


@pytest.mark.parametrize("document", ["{", "[]", '"x"'])
def test_a_policy_is_a_json_object(document: str) -> None:
    with pytest.raises(ResourceFailedError, match=r"^Policy: (is no JSON|must be a JSON object)"):
        text_of(document, "Policy")


def test_truth_is_written_in_two_ways() -> None:
    assert [truth(value, "x") for value in (True, "true", "True", False, "false")] == [True, True, True, False, False]


def test_what_is_not_there_is_none() -> None:
    assert (nested({"a": {"b": 1}}, "a", "b"), nested({"a": 1}, "a", "b"), nested({}, "a")) == (1, None, None)
