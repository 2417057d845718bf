"""The storage section: the buckets of artifacts and of pipeline definitions."""

from typing import Annotated, Literal

from pydantic import Field

from mlplatform.config.sections.section import Section


class StorageSettings(Section):
    """How long the buckets keep what."""

    on_removal: Literal["retain", "delete"] = "delete"
    """What becomes of buckets, keys and the database's data when their stack is deleted: delete in dev (of empty buckets), retain in prod."""
    noncurrent_days: Annotated[int, Field(ge=1, le=3650)] = 30
    """Days that an overwritten or deleted object can be brought back: 30 in dev, 90 in prod."""
    infrequent_access_days: Annotated[int | None, Field(ge=30, le=3650)] = None
    """Days until artifacts move to cheaper storage, billed for 30 days at least: never in dev, 90 in prod."""
    expire_artifacts_days: Annotated[int | None, Field(ge=1, le=36_500)] = None
    """Days until artifacts are deleted for good; never unless named here."""
    access_log_days: Annotated[int, Field(ge=1, le=3650)] = 90
    """Days that the record of who read and wrote is kept."""
