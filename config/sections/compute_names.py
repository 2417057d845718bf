"""How pools are called, where a section names them."""

from typing import Annotated

from pydantic import Field

PoolName = Annotated[str, Field(pattern=r"^[a-z]([a-z0-9-]{0,30}[a-z0-9])?$")]
"""A pool's name: lower-case letters, digits and hyphens."""
