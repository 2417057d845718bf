"""The feature flags that are pinned in code."""

import json
import tarfile
from pathlib import Path

import aws_cdk

from mlplatform.stacks.flags import DIFFERENT, RECOMMENDED


def test_the_pinned_flags_are_those_that_the_installed_cdk_recommends() -> None:
    [package] = (Path(str(aws_cdk.__file__)).parent / "_jsii").glob("aws-cdk-lib@*.tgz")
    with tarfile.open(package) as archive:
        member = archive.extractfile("package/recommended-feature-flags.json")
        assert member
        assert json.load(member) == RECOMMENDED


def test_every_flag_that_differs_is_one_that_cdk_knows() -> None:
    assert DIFFERENT.keys() <= RECOMMENDED.keys()
    assert all(RECOMMENDED[flag] != value for flag, value in DIFFERENT.items())
