import pytest

from tests.config.files import DEV, problems, settings


@pytest.mark.parametrize(
    ("base", "line", "said"),
    [
        (
            DEV,
            'tags: {"aws:team": a}',
            (
                "5: tags['aws:team']: 'aws:team' begins with a reserved prefix (allowed: any but aws:, mlplatform:, karpenter., kubernetes.io/, "
                "eks:); choose a key of your own"
            ),
        ),
        (
            DEV,
            "tags: {Team: a, team: b}",
            "5: tags.team: 'team' differs from 'Team' by case alone, which IAM refuses; keep one of them",
        ),
        (
            DEV,
            "tags: {team: a<b}",
            (
                "5: tags.team: 'a<b' has a character that a tag's value cannot have (allowed: letters, digits, spaces and _ . : / = + - @); "
                "remove it"
            ),
        ),
        (
            DEV,
            "tags: {tea$m: a}",
            (
                "5: tags['tea$m']: 'tea$m' has a character that a tag's key cannot have (allowed: letters, digits, spaces and _ . : / = + - @); "
                "remove it"
            ),
        ),
    ],
)
def test_a_mistake_is_one_problem_with_its_remedy(base: str, line: str, said: str):
    assert problems(f"{base}    {line}") == [said]


def test_tags_may_be_in_any_script():
    assert settings(f"{DEV}    tags: {{成本中心: 研发 部}}").tags == {"成本中心": "研发 部"}
