"""The local AWS bound to a port.

Separate from the application so that the port, which its ARNs and URLs carry, is known before it is put together.
"""

import json
from dataclasses import asdict
from functools import partial
from pathlib import Path
from types import TracebackType
from typing import Self

from moto.moto_server.werkzeug_app import MotoRequestHandler
from werkzeug.serving import make_server
from werkzeug.wrappers import Response

from mlplatform.local.aws.clusters import control
from mlplatform.local.aws.clusters.planes import Planes
from mlplatform.local.aws.custom_resources import not_installed
from mlplatform.local.aws.custom_resources.cluster_access import RealClusters
from mlplatform.local.aws.custom_resources.provider import CustomResources
from mlplatform.local.aws.server import Control, LocalAwsApplication
from mlplatform.local.aws.services import eks


class Server:
    """A local AWS that answers on loopback between `serve` and the end of its `with` block."""

    def __init__(self, *, account: str, port: int, seed: int, grace: float, clusters: Path | None = None) -> None:
        """Bind the port.

        Args:
            account: the account to play.
            port: on 127.0.0.1; 0 for a free one.
            seed: the order of what nothing orders.
            grace: seconds that DescribeStacks waits for an operation to end.
            clusters: a folder for the control planes of EKS's clusters; without it nothing stands behind them.
        """
        self._server = make_server("127.0.0.1", port, Response("starting", 503), threaded=True, request_handler=MotoRequestHandler)
        self.endpoint = f"http://127.0.0.1:{self._server.server_port}"
        self._planes = Planes(clusters, self.endpoint) if clusters else None
        self._custom_resources = CustomResources(partial(RealClusters, mark=self._planes.mark)) if self._planes else CustomResources()
        self._server.app = LocalAwsApplication(
            account=account,
            endpoint=self.endpoint,
            seed=seed,
            grace=grace,
            custom_resources=self._custom_resources,
            controls=self._controls(),
        )
        if self._planes:
            eks.use(self._planes)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self._server.server_close()
        # First what acts on clusters, then they.
        self._custom_resources.close()
        if self._planes:
            self._planes.close()

    def _controls(self) -> dict[str, Control]:
        controls: dict[str, Control] = {not_installed.PATH: lambda _: self._not_installed()}
        if planes := self._planes:
            controls[control.PATH] = lambda request: control.answer(request, planes, self.endpoint)
        return controls

    def _not_installed(self) -> Response:
        entries = [asdict(entry) for entry in self._custom_resources.not_installed()]
        return Response(json.dumps({"not_installed": entries}), content_type="application/json")

    def serve(self) -> None:
        """Answer requests until a signal's exception ends it."""
        self._server.serve_forever()
