"""The images section: where images and charts are pulled from."""

from typing import Annotated, Literal

from pydantic import Field

from mlplatform.config.sections.section import Change, Section, on_change


class ImageSettings(Section):
    """From the publishers, or from copies of them in the environment's own ECR."""

    source: Annotated[Literal["upstream", "mirror"], Field(json_schema_extra=on_change(Change.RESTARTS_PODS))] = "upstream"
    """upstream pulls from each publisher, mirror from the account's own ECR: upstream, in China mirror, because publishers are not reachable."""
    prefix: Annotated[
        str,
        Field(pattern=r"^[a-z0-9]+([._-][a-z0-9]+)*(/[a-z0-9]+([._-][a-z0-9]+)*)*$", max_length=64, examples=["mlplatform"]),
    ] = "mlplatform"
    """What the names of mirrored repositories begin with, before `/`; environments of one account and region can share it."""
    public_hosts: Annotated[
        tuple[Annotated[str, Field(pattern=r"^([a-z0-9]([a-z0-9-]*[a-z0-9])?\.)+[a-z]{2,}$")], ...],
        Field(max_length=40, examples=[["github.com"]]),
    ] = ()
    """Hosts outside AWS that the platform may name all the same, as [github.com]; with mirror every other is refused."""
