import pytest

from mlplatform.config.checks.cron import cron_problem


@pytest.mark.parametrize("schedule", ["0 9 * * mon-fri", "@daily", "*/5 0-23/2 1,15 JAN-mar 0", "08 09 * * *", "59 23 31 12 6"])
def test_a_schedule_is_read(schedule: str):
    assert cron_problem(schedule) is None


@pytest.mark.parametrize(
    ("schedule", "problem"),
    [
        ("0 24 * * *", "24 is no hour"),
        ("60 * * * *", "60 is no minute"),
        ("0 0 0 * *", "0 is no day of month"),
        ("0 0 * 13 *", "13 is no month"),
        ("0 0 * * 7", "7 is no day of week"),
        ("0 0 * * mon-sun", "mon-sun is no day of week"),
        ("5-1 * * * *", "5-1 is no minute"),
        ("*-3 * * * *", "*-3 is no minute"),
        ("1, * * * *", " is no minute"),
        ("* * * *", "it has 4 parts, not 5"),
        ("@always", "it has 1 parts, not 5"),
    ],
)
def test_a_schedule_that_cannot_be_read_says_why(schedule: str, problem: str):
    assert cron_problem(schedule) == problem
