"""Checks of the tags that every resource gets."""

import unicodedata
from collections.abc import Iterator

from mlplatform.config.checks.rule import rule
from mlplatform.config.problems import Problem, path_of, shown
from mlplatform.config.settings import Settings

OWN_PREFIX = "mlplatform:"
_SIGNS = "_.:/=+-@"
_ALLOWED = f"letters, digits, spaces and {' '.join(_SIGNS)}"
# Tags that EKS, Karpenter and CloudFormation put on things and look for; one of the user's would adopt or hide somebody's resources.
_RESERVED = ("aws:", OWN_PREFIX, "karpenter.", "kubernetes.io/", "eks:")


def _tags_are_allowed(settings: Settings) -> Iterator[Problem]:
    """Follow https://docs.aws.amazon.com/IAM/latest/UserGuide/id_tags.html, the strictest of the services that get them."""
    seen: dict[str, str] = {}
    for key, value in settings.tags.items():
        path = path_of(("tags", key))
        if key.lower().startswith(_RESERVED):
            remedy = "choose a key of your own"
            yield Problem(path, f"{shown(key)} begins with a reserved prefix", remedy, f"any but {', '.join(_RESERVED)}")
        elif not (_is_taggable(key) and key.strip()):
            yield Problem(path, f"{shown(key)} has a character that a tag's key cannot have", "remove it", _ALLOWED)
        elif (first := seen.setdefault(key.lower(), key)) != key:
            yield Problem(path, f"{shown(key)} differs from {shown(first)} by case alone, which IAM refuses", "keep one of them")
        if not _is_taggable(value):
            yield Problem(path, f"{shown(value)} has a character that a tag's value cannot have", "remove it", _ALLOWED)


def _is_taggable(text: str) -> bool:
    return all(character in _SIGNS or unicodedata.category(character)[0] in "LNZ" for character in text)


RULES = (rule(_tags_are_allowed, "tags"),)
