import pytest

from tests.config.files import DEV, problems, settings


def test_a_name_too_long_once_it_is_in_front_of_others_says_by_how_much():
    assert problems(DEV.replace("cn-north-1", "cn-northwest-1"), name="a" * 25) == [
        (
            "name: 'aaaaaaaaaaaaaaaaaaaaaaaaa' is too long: the name of an IAM role would have 69 characters, 64 are allowed "
            "(allowed: 20 characters or fewer in cn-northwest-1); shorten the file's name by 5"
        )
    ]


def test_a_name_as_long_as_it_may_be_is_accepted():
    assert settings(DEV.replace("cn-north-1", "cn-northwest-1"), name="a" * 20)


@pytest.mark.parametrize("name", ["-a", "a-", "a--b", "A", "1a", "a_b", "ä"])
def test_a_name_that_services_refuse_is_refused(name: str):
    assert "does not have the form that is needed" in problems(DEV, name=name)[0]
