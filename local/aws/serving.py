"""The local AWS bound to a port.

Separate from the application so that the port, which its ARNs and URLs carry, is known before it is put together.
"""

from types import TracebackType
from typing import Self

from moto.moto_server.werkzeug_app import MotoRequestHandler
from werkzeug.serving import make_server
from werkzeug.wrappers import Response

from mlplatform.local.aws.custom_resources.provider import CustomResources
from mlplatform.local.aws.server import LocalAwsApplication


class Server:
    """A local AWS that answers on loopback between `serve` and the end of its `with` block."""

    def __init__(self, *, account: str, port: int, seed: int, grace: float) -> None:
        self._server = make_server("127.0.0.1", port, Response("starting", 503), threaded=True, request_handler=MotoRequestHandler)
        self.endpoint = f"http://127.0.0.1:{self._server.server_port}"
        self._custom_resources = CustomResources()
        self._server.app = LocalAwsApplication(
            account=account, endpoint=self.endpoint, seed=seed, grace=grace, custom_resources=self._custom_resources
        )

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self._server.server_close()
        self._custom_resources.close()

    def serve(self) -> None:
        """Answer requests until a signal's exception ends it."""
        self._server.serve_forever()
