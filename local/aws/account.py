"""The account that this process plays.

Separate because moto's own constant is its default and not what the process was told.
"""

import os

from moto.core.models import DEFAULT_ACCOUNT_ID


def played_account() -> str:
    """Return the account whose backends answer, as moto chooses it for a request."""
    return os.environ.get("MOTO_ACCOUNT_ID", DEFAULT_ACCOUNT_ID)
