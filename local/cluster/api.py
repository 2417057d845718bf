"""A small client of the API server for the objects that the local cluster itself makes.

Separate so that a node can be added without starting kubectl, which takes a tenth of a second and 60 MB each time; whoever
applies manifests uses kubectl or Helm.
"""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import urllib3

Object = dict[str, Any]
"""A Kubernetes object as JSON has it."""
_MERGE = "application/merge-patch+json"
_APPLY = "application/apply-patch+yaml"
_TIMEOUT = urllib3.Timeout(connect=5, read=30)
# As kubectl does, when the server says that it will answer in a moment: it says so of a kind whose definition is new.
_ASKED_TO_WAIT = urllib3.Retry(
    total=None, connect=0, read=0, redirect=False, status=10, other=0, status_forcelist=[429], allowed_methods=None, raise_on_status=False
)


class ApiError(Exception):
    """The API server refused; the message is its own."""

    def __init__(self, status: int, message: str) -> None:
        super().__init__(message)
        self.status = status


class ApiUnreachableError(Exception):
    """Nothing answered, or not with a certificate of the plane's authority."""


class Api:
    """Calls one API server as one user."""

    def __init__(self, server: str, authority: Path, token: str) -> None:
        self._server = server
        self._token = token
        # Not urllib3's environment-aware sibling: a proxy of the user's must not be asked for loopback.
        self._pool = urllib3.PoolManager(ca_certs=str(authority), retries=_ASKED_TO_WAIT, timeout=_TIMEOUT, maxsize=4)

    def get(self, path: str) -> Object:
        """Read an object or a list, for example `/api/v1/nodes/NAME`.

        Raises:
            ApiError: With status 404 where there is none.
            ApiUnreachableError: The server does not answer.
        """
        return json.loads(self._call("GET", path))

    def text(self, path: str) -> str:
        """Read what is no object, for example `/readyz`."""
        return self._call("GET", path).decode()

    def create(self, path: str, body: Object) -> Object:
        """Create an object in the collection at `path`; status 409 where it exists."""
        return json.loads(self._call("POST", path, body))

    def apply(self, path: str, body: Object, manager: str = "mlplatform-local") -> Object:
        """Apply an object server-side, at its own path: what the manager owns becomes as in `body`."""
        return json.loads(self._call("PATCH", f"{path}?fieldManager={manager}&force=true", body, _APPLY))

    def patch(self, path: str, body: Object) -> Object:
        """Merge a patch into an object or a subresource such as `.../status`."""
        return json.loads(self._call("PATCH", path, body, _MERGE))

    def delete(self, path: str, body: Object | None = None) -> None:
        """Delete an object; one that is gone already is as good as deleted."""
        try:
            self._call("DELETE", path, body)
        except ApiError as error:
            if error.status != 404:  # noqa: PLR2004 - HTTP's own number
                raise

    def _call(self, method: str, path: str, body: Mapping[str, Any] | None = None, content: str = "application/json") -> bytes:
        headers = {"Authorization": f"Bearer {self._token}", "Content-Type": content, "Accept": "application/json"}
        try:
            answer = self._pool.request(
                method, self._server + path, body=None if body is None else json.dumps(body).encode(), headers=headers
            )
        except urllib3.exceptions.HTTPError as error:
            raise ApiUnreachableError(f"{self._server}: {error}") from error
        if answer.status >= 400:  # noqa: PLR2004 - HTTP's own number
            raise ApiError(answer.status, _message(answer.data))
        return answer.data


def _message(data: bytes) -> str:
    try:
        return json.loads(data)["message"]
    except (ValueError, KeyError, TypeError):
        return data.decode(errors="replace")
