"""Every rule of the platform, in one list.

Separate so that a reader sees what is checked without reading how.
"""

from mlplatform.rules import encryption, limits, partition, permissions, tags
from mlplatform.rules.rule import Rule

RULES: tuple[Rule, ...] = (*partition.RULES, *permissions.RULES, *tags.RULES, *encryption.RULES, *limits.RULES)
