"""The local AWS as one WSGI application: moto's services with our CloudFormation in front.

Separate from how it is started, so that a test may call it without a socket.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from moto.moto_server.werkzeug_app import BackendRequest, DomainDispatcherApplication, create_backend_app
from werkzeug.wrappers import Request, Response

from mlplatform.local.aws.buckets import play_buckets
from mlplatform.local.aws.calls import Asked, Calls, read
from mlplatform.local.aws.compute.front import in_front_of
from mlplatform.local.aws.compute.install import install
from mlplatform.local.aws.refusals import answered_or_refused
from mlplatform.local.aws.regions import partition_of
from mlplatform.local.aws.resources import RESOURCE_TYPES
from mlplatform.local.aws.resources.contract import ResourceType
from mlplatform.local.aws.stacks.api import StacksApi, serve
from mlplatform.local.aws.stacks.schema import is_custom
from mlplatform.local.aws.stacks.state import Region
from mlplatform.local.aws.zones import play_zones

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment


Control = Callable[[Request], Response]
"""Answers what is no API of AWS's, below one path."""


class _Moto(DomainDispatcherApplication):
    def get_backend_for_host(self, host: str | None) -> Any:
        backend: Any = super().get_backend_for_host(host)
        if host and not backend:
            raise NotImplementedError(host)  # moto would look the absent backend up and fail at that
        return backend


@dataclass
class LocalAwsApplication:
    """Every service of one account."""

    account: str
    endpoint: str
    seed: int
    grace: float
    custom_resources: ResourceType
    """What answers `Custom::` types."""
    controls: Mapping[str, Control] = field(default_factory=dict[str, Control])
    """What answers below `/_local/`, by path, beside the record of calls."""
    regions: dict[str, Region] = field(default_factory=dict[str, Region])

    def __post_init__(self) -> None:
        """Put the parts together."""
        install()
        play_zones()
        play_buckets()
        self._stacks: type[StacksApi] = serve(self.region, self.grace)
        self._moto: WSGIApplication = in_front_of(_Moto(create_backend_app))
        self.calls = Calls()

    def __call__(self, environ: "WSGIEnvironment", start_response: "StartResponse") -> Iterable[bytes]:
        """Answer one request."""
        if environ["PATH_INFO"] == "/_local/calls":
            response = self.calls.shown()
        elif control := self._control(environ["PATH_INFO"]):
            response = control(Request(environ))
        elif asked := read(environ):
            response = self._answer(asked, environ)
            self.calls.record(asked, response)
        else:
            response = Response.from_app(self._moto, environ, buffered=True)
            self.calls.remember(response)
        return response(environ, start_response)

    def region(self, name: str) -> Region:
        """Return the stacks of a region."""
        if name not in self.regions:
            partition = partition_of(name)
            region = Region(
                account=self.account,
                name=name,
                partition=partition.name,
                url_suffix=partition.url_suffix,
                endpoint=self.endpoint,
                types=self._type,
                seed=self.seed,
            )
            # Two first requests may come at once; both must see one region.
            self.regions.setdefault(name, region)
        return self.regions[name]

    def _control(self, path: str) -> Control | None:
        return next((control for prefix, control in self.controls.items() if path == prefix or path.startswith(f"{prefix}/")), None)

    def _type(self, name: str) -> ResourceType | None:
        return self.custom_resources if is_custom(name) else RESOURCE_TYPES.get(name)

    def _answer(self, asked: Asked, environ: "WSGIEnvironment") -> Response:
        def answer() -> Response:
            if asked.service == "cloudformation":
                status, headers, body = self._stacks.dispatch(BackendRequest(environ))
                return Response(body, int(status), headers)
            if asked.service == "cloudtrail":
                # The CDK CLI asks for the denials behind a failed deployment; without an answer it tries for twenty seconds.
                return Response('{"Events": []}', content_type="application/x-amz-json-1.1")
            return Response.from_app(self._moto, environ, buffered=True)

        return answered_or_refused(answer, service=asked.service, operation=asked.operation, content_type=environ.get("CONTENT_TYPE"))
