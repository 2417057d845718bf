"""The database section: the MySQL that Kubeflow Pipelines, MLMD, its cache and Katib share."""

from typing import Annotated, Literal

from pydantic import Field

from mlplatform.config.sections.section import Change, Section, on_change


class DatabaseSettings(Section):
    """RDS for MySQL, or Aurora MySQL."""

    engine: Annotated[Literal["mysql", "aurora-mysql"], Field(json_schema_extra=on_change(Change.REFUSED))] = "mysql"
    """RDS for MySQL, or Aurora, which grows by itself and starts a reader in seconds."""
    version: Annotated[str, Field(json_schema_extra=on_change(Change.INTERRUPTS))] = ""
    """The engine's full version; the matched set's unless named here."""
    instance_class: Annotated[str, Field(examples=["db.m6g.large"], json_schema_extra=on_change(Change.INTERRUPTS))] = "db.t4g.medium"
    """db.t4g.medium in dev, db.m6g.large in prod (Aurora: db.r6g.large)."""
    storage_gib: Annotated[int, Field(ge=20, le=65_536)] = 50
    """Storage at the start in GiB, of MySQL; Aurora's grows by itself."""
    maximum_storage_gib: Annotated[int, Field(ge=22, le=65_536)] = 200
    """Storage in GiB that MySQL may grow to by itself, a tenth more than at the start or further."""
    multi_az: bool = False
    """A standby in a second zone (Aurora: a reader): no in dev, yes in prod."""
    backup_days: Annotated[int, Field(ge=1, le=35)] = 7
    """Days that the daily backup is kept: 7 in dev, 30 in prod."""
    deletion_protection: bool = False
    """Refuse to delete the database: no in dev, yes in prod."""
