"""What is wrong with a schedule in the form of cron.

Separate because the API server takes any five words, and Karpenter stops disrupting a pool whose schedule it cannot read.
"""

import re
from collections.abc import Sequence

_MACROS = {"@annually", "@yearly", "@monthly", "@weekly", "@daily", "@midnight", "@hourly"}
_FIELDS = (
    ("minute", range(60), ()),
    ("hour", range(24), ()),
    ("day of month", range(1, 32), ()),
    ("month", range(1, 13), ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")),
    ("day of week", range(7), ("sun", "mon", "tue", "wed", "thu", "fri", "sat")),
)
"""What each part says, its numbers, and names for them in their order."""
_RANGE = re.compile(r"(?P<first>\*|[0-9]{1,2}|[a-z]{3})(-(?P<last>[0-9]{1,2}|[a-z]{3}))?(/(?P<step>[1-9][0-9]?))?")


def cron_problem(schedule: str) -> str | None:
    """Return what keeps a schedule from being read, None where nothing does.

    The form: https://pkg.go.dev/github.com/robfig/cron/v3, which Karpenter reads it by.
    """
    if schedule in _MACROS:
        return None
    words = schedule.lower().split()
    if len(words) != len(_FIELDS):
        return f"it has {len(words)} parts, not 5"
    for word, (name, numbers, names) in zip(words, _FIELDS, strict=True):
        for part in word.split(","):
            if not _is_range(part, numbers, names):
                return f"{part} is no {name}"
    return None


def _is_range(part: str, numbers: range, names: Sequence[str]) -> bool:
    match = _RANGE.fullmatch(part)
    if not match:
        return False
    if match["first"] == "*":
        return not match["last"]
    known = dict(zip(names, numbers, strict=False)) | {str(number): number for number in numbers}
    first, last = (known.get(end.removeprefix("0") or "0") for end in (match["first"], match["last"] or match["first"]))
    return first is not None and last is not None and first <= last
