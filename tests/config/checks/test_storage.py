import pytest

from tests.config.files import PROD, problems


@pytest.mark.parametrize(
    ("base", "line", "said"),
    [
        (
            PROD,
            "storage: {expire_artifacts_days: 60}",
            (
                "5: storage.expire_artifacts_days: 60 is no later than infrequent_access_days, which is 90 (allowed: 91 or more); "
                "write 91 or more, or `infrequent_access_days: null`"
            ),
        ),
    ],
)
def test_a_mistake_is_one_problem_with_its_remedy(base: str, line: str, said: str):
    assert problems(f"{base}    {line}") == [said]
