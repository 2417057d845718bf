"""CodeBuild: projects that are kept whole, and changed.

Separate because moto forgets half of a project, refuses one without a source, and changes none.
"""

from typing import Any

from moto.codebuild import urls
from moto.codebuild.exceptions import InvalidInputException, ResourceAlreadyExistsException, ResourceNotFoundException
from moto.codebuild.models import CodeBuild, codebuild_backends
from moto.codebuild.responses import CodeBuildResponse
from moto.core.responses import ActionResult
from moto.core.utils import unix_time
from moto.iam.models import iam_backends

from mlplatform.local.aws.services.extension import extend

_SOURCES = {"BITBUCKET", "CODECOMMIT", "CODEPIPELINE", "GITHUB", "GITHUB_ENTERPRISE", "GITLAB", "GITLAB_SELF_MANAGED", "NO_SOURCE", "S3"}
_WITHOUT_LOCATION = {"CODEPIPELINE", "NO_SOURCE"}
_DEFAULTS: dict[str, Any] = {"cache": {"type": "NO_CACHE"}, "timeoutInMinutes": 60, "queuedTimeoutInMinutes": 480}


class Responses(CodeBuildResponse):
    """CodeBuild's operations, moto's and ours."""

    def create_project(self) -> ActionResult:
        """Create a project.

        https://docs.aws.amazon.com/codebuild/latest/APIReference/API_CreateProject.html
        """
        name = self._get_param("name")
        if name in self.codebuild_backend.codebuild_projects:
            raise ResourceAlreadyExistsException(f"Project already exists: {self._arn(name)}")
        given = self._given()
        project: Any = CodeBuild(
            self.current_account,
            self.region,
            project_name=name,
            description=None,
            project_source=given["source"],
            artifacts=given["artifacts"],
            environment=given["environment"],
            serviceRole=given["serviceRole"],
        )
        self.codebuild_backend.codebuild_projects[name] = project
        self.codebuild_backend.build_history[name] = []
        project.project_metadata |= {**_DEFAULTS, **given}
        return ActionResult({"project": project.project_metadata})

    def update_project(self) -> ActionResult:
        """Replace a project's description."""
        name = self._get_param("name")
        if name not in self.codebuild_backend.codebuild_projects:
            raise ResourceNotFoundException(f"Project cannot be found: {self._arn(name)}")
        project = self.codebuild_backend.codebuild_projects[name]
        kept = {key: project.project_metadata[key] for key in ("name", "arn", "created", "badge", "encryptionKey")}
        project.project_metadata = {**kept, **_DEFAULTS, **self._given(), "lastModifiedDate": unix_time()}
        return ActionResult({"project": project.project_metadata})

    def _given(self) -> dict[str, Any]:
        self.parse_parameters(self.normalized_request)
        given: dict[str, Any] = dict(self.params)
        source: dict[str, Any] = given["source"]
        if source.get("type") not in _SOURCES:
            raise InvalidInputException(f"Invalid type provided: Project source type; one of {', '.join(sorted(_SOURCES))}")
        if source["type"] not in _WITHOUT_LOCATION and not source.get("location"):
            raise InvalidInputException("Project source location is required")
        roles = {role.arn for role in iam_backends[self.current_account][self.partition].get_roles()}
        if given["serviceRole"] not in roles:
            raise InvalidInputException(f"CodeBuild is not authorized to perform: sts:AssumeRole on service role {given['serviceRole']}")
        return given

    def _arn(self, name: str) -> str:
        return f"arn:{self.partition}:codebuild:{self.region}:{self.current_account}:project/{name}"


def install() -> None:
    """Put these answers in the place of moto's."""
    extend(codebuild_backends, None, urls, Responses)
