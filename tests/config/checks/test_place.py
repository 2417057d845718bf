import pytest

from tests.config.files import DEV, problems

REGIONS = "cn-north-1, cn-northwest-1, us-east-1, us-east-2, us-west-2, eu-central-1, eu-west-1, ap-northeast-1, ap-southeast-1"


@pytest.mark.parametrize(
    ("base", "line", "said"),
    [
        (
            DEV.replace("cn-north-1", "eu-west-3"),
            "tags: {}",
            f"3: region: 'eu-west-3' has no tables (allowed: {REGIONS}); use one of them, or add the region to every table of config/",
        ),
        (
            DEV,
            'cluster: {version: "1.35"}',
            (
                "5: cluster.version: '1.35' has no matched set of add-ons, Karpenter, Kubeflow and kubectl (allowed: 1.36); "
                "use one of them; config/versions.py says what goes with each"
            ),
        ),
    ],
)
def test_a_mistake_is_one_problem_with_its_remedy(base: str, line: str, said: str):
    assert problems(f"{base}    {line}") == [said]
