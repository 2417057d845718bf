"""The webhook that the API server asks about tokens it does not know: EKS's authenticator.

Separate because it is the one server that runs in this process, and all that it does is ask others.
https://kubernetes.io/docs/reference/access-authn-authz/authentication/#webhook-token-authentication
"""

import json
import logging
import threading
from collections.abc import Callable
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from mlplatform.local.cluster.access import Access, AccessEntry, Identity, entry_of, identity
from mlplatform.local.cluster.token import TokenError, parse_token

_POLL_SECONDS = 0.05
_log = logging.getLogger(__name__)


class SignIn:
    """Answers TokenReviews on loopback, from credentials by way of STS and access entries to user and groups."""

    def __init__(self, access: Access) -> None:
        self._access = access
        self._prepare: Callable[[AccessEntry], None] | None = None
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), _handler(self.review))
        self._server.daemon_threads = True
        self._thread = threading.Thread(target=self._server.serve_forever, args=(_POLL_SECONDS,), name="eks-sign-in", daemon=True)

    @property
    def url(self) -> str:
        """Where it listens."""
        return f"http://127.0.0.1:{self._server.server_port}/"

    def start(self) -> None:
        """Listen, in a thread of this process."""
        self._thread.start()

    def stop(self) -> None:
        """Listen no more."""
        if self._thread.is_alive():
            self._server.shutdown()
            self._thread.join()
        self._server.server_close()

    def prepare_with(self, prepare: Callable[[AccessEntry], None]) -> None:
        """Name what is done before a caller is let in: its policies are bound in namespaces that came after the entry."""
        self._prepare = prepare

    def review(self, token: str) -> dict[str, Any]:
        """Return the status of a TokenReview; why a caller is refused is in this process's log, as EKS has it in its own."""
        try:
            found = self._identify(token)
        except TokenError as error:
            _log.warning("sign-in refused: %s", error)
            return {"authenticated": False, "error": str(error)}
        if found is None:
            return {"authenticated": False}
        return {"authenticated": True, "user": {"username": found.username, "uid": found.username, "groups": list(found.groups)}}

    def _identify(self, token: str) -> Identity | None:
        signed = parse_token(token)
        caller = self._access.caller(signed)
        if caller is None:
            _log.warning("sign-in refused: STS knows no access key %s", signed.access_key)
            return None
        entry = entry_of(caller, self._access.entries())
        if entry is None:
            _log.warning("sign-in refused: %s has no access entry", caller)
            return None
        if self._prepare:
            self._prepare(entry)
        return identity(caller, entry)


def _handler(review: Callable[[str], dict[str, Any]]) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            asked = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
            answer = {"apiVersion": asked["apiVersion"], "kind": "TokenReview", "status": review(asked["spec"]["token"])}
            body = json.dumps(answer).encode()
            self.send_response(200)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, format: str, *args: object) -> None:
            _log.debug(format, *args)

    return Handler
