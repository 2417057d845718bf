"""What every resource type does around its API calls: name itself, tag itself, undo half a creation, forgive an absence.

Separate so that a type's own module holds only what is particular to its service.
"""

import secrets
import string
import time
from collections.abc import Callable, Generator, Mapping, Sequence
from contextlib import contextmanager, suppress
from typing import Any, cast

from botocore.exceptions import ClientError

from mlplatform.local.aws.resources.contract import Place, Properties, ResourceFailedError

_ALPHABET = string.ascii_uppercase + string.digits
_SUFFIX = 12
_ABSENT = ("NotFound", "NoSuch", "ResourceNotFound", "DoesNotExist", "NonExistent")


def physical_name(place: Place, *, limit: int, lower: bool = False) -> str:
    """Return a name as CloudFormation invents it: stack, logical id and 12 random characters, cut to `limit`.

    Source: https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/aws-properties-name.html
    """
    room = limit - _SUFFIX - 2
    logical = place.logical_id[: max(room // 2, room - len(place.stack_name))]
    stack = place.stack_name[: room - len(logical)]
    name = f"{stack}-{logical}-{''.join(secrets.choice(_ALPHABET) for _ in range(_SUFFIX))}"
    return name.lower() if lower else name


def tags_of(place: Place, properties: Properties) -> dict[str, str]:
    """Return the stack's tags and the resource's own, which win; `Tags` may be a list of pairs or a map."""
    return {**place.tags, **_own_tags(properties)}


def pairs(tags: Mapping[str, str], key: str = "Key", value: str = "Value") -> list[dict[str, str]]:
    """Return tags as most APIs take them."""
    return [{key: name, value: content} for name, content in tags.items()]


def retag(
    place: Place,
    properties: Properties,
    previous: Properties,
    *,
    add: Callable[[dict[str, str]], object],
    remove: Callable[[list[str]], object],
) -> None:
    """Bring a resource's tags from what stack and resource said before to what they say now; others' tags stay."""
    wanted = tags_of(place, properties)
    stale = sorted({*place.previous_tags, *_own_tags(previous)} - wanted.keys())
    if stale:
        remove(stale)
    if wanted:
        add(wanted)


def changed(properties: Properties, previous: Properties, *names: str) -> bool:
    """Say whether one of the named properties is another than before."""
    return any(properties.get(name) != previous.get(name) for name in names)


def difference(new: Sequence[Any] | None, old: Sequence[Any] | None) -> tuple[list[Any], list[Any]]:
    """Return what a list gained and what it lost."""
    after, before = list(new or ()), list(old or ())
    return [item for item in after if item not in before], [item for item in before if item not in after]


def wait_until(
    what: str, look: Callable[[], str], wanted: str, pending: Sequence[str], *, seconds: float, reason: Callable[[], str]
) -> None:
    """Return once `look` says that `what` is `wanted`.

    Raises:
        ResourceFailedError: It said something that is not `pending`, with `reason`, or nothing else in that many seconds.
    """
    deadline = time.monotonic() + seconds
    pause = 0.01
    while (status := look()) != wanted:
        if status not in pending:
            raise ResourceFailedError(f"{what} is {status}: {reason()}")
        if time.monotonic() > deadline:
            raise ResourceFailedError(f"{what} is still {status} after {seconds:.0f} s")
        time.sleep(pause)
        pause = min(pause * 2, 1.0)


@contextmanager
def undone_on_failure(undo: Callable[[], object]) -> Generator[None]:
    """Remove half of a resource when the other half fails, so that the next attempt finds its name free."""
    try:
        yield
    except Exception:
        with suppress(ClientError, ResourceFailedError):
            undo()
        raise


@contextmanager
def absence_forgiven() -> Generator[None]:
    """Let pass that what is to be removed is gone already."""
    try:
        yield
    except ClientError as error:
        code = error.response.get("Error", {}).get("Code", "")
        if not any(word in code for word in _ABSENT) and code != "404":
            raise


def _own_tags(properties: Properties) -> dict[str, str]:
    tags: Any = properties.get("Tags") or {}
    if isinstance(tags, Mapping):
        return {str(key): str(value) for key, value in cast("Mapping[str, Any]", tags).items()}
    return {str(tag["Key"]): str(tag.get("Value", "")) for tag in tags}
