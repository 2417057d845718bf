"""What a recording of calls says, read from the local AWS or from a file.

Separate because later calls use what earlier ones made, and only the whole recording knows it.
"""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from mlplatform.local.aws.call import Call


class UnknownFactError(Exception):
    """A call uses something that no earlier call in the recording made."""


@dataclass
class Seen:
    """What earlier calls made, by region and name; IAM's names have no region."""

    launch_templates: dict[tuple[str, str], Mapping[str, Any]] = field(default_factory=dict[tuple[str, str], Mapping[str, Any]])
    """The data of launch templates."""
    profile_roles: dict[str, str] = field(default_factory=dict[str, str])
    """The role in each instance profile."""
    profile_paths: dict[str, str] = field(default_factory=dict[str, str])

    def note(self, call: Call) -> None:
        """Remember what a call made; one that failed made nothing."""
        given = call.parameters
        if call.error or call.status >= 400:  # noqa: PLR2004 - HTTP's first error
            return
        match call.operation:
            case "CreateLaunchTemplate":
                self.launch_templates[call.region, given["LaunchTemplateName"]] = given.get("LaunchTemplateData", {})
            case "CreateInstanceProfile":
                self.profile_paths[given["InstanceProfileName"]] = given.get("Path", "/")
            case "AddRoleToInstanceProfile":
                self.profile_roles[given["InstanceProfileName"]] = given["RoleName"]
            case _:
                pass

    def launch_template(self, region: str, specification: Mapping[str, Any]) -> Mapping[str, Any]:
        """Return the data of the launch template that a launch names; empty when it names none.

        Raises:
            UnknownFactError: No recorded call made it.
        """
        if not specification:
            return {}
        name = specification.get("LaunchTemplateName") or specification.get("LaunchTemplateId", "")
        if (region, name) not in self.launch_templates:
            raise UnknownFactError(
                f"launch template {name} in {region} was made by no recorded call; record from the start, or give it in `seen`"
            )
        return self.launch_templates[region, name]

    def role_of(self, profile: str) -> str:
        """Return the role in an instance profile.

        Raises:
            UnknownFactError: No recorded call put one there.
        """
        if profile not in self.profile_roles:
            raise UnknownFactError(
                f"no recorded call put a role into instance profile {profile}; record from the start, or give it in `seen`"
            )
        return self.profile_roles[profile]


def calls_in(lines: Iterable[str]) -> list[Call]:
    """Return the calls of a recording, one JSON object a line, as `GET /_local/calls` answers them."""
    recorded: list[dict[str, Any]] = [json.loads(line) for line in lines if line.strip()]
    return [Call(**call) for call in recorded]
