"""The local AWS as one WSGI application: moto's services with our CloudFormation in front.

Separate from how it is started, so that a test may call it without a socket.
"""

import json
import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from moto.moto_server.werkzeug_app import BackendRequest, DomainDispatcherApplication, create_backend_app
from werkzeug.wrappers import Response

from mlplatform.local.aws.bucket_policies import weigh_conditions
from mlplatform.local.aws.calls import Calls
from mlplatform.local.aws.compute.front import in_front_of
from mlplatform.local.aws.compute.install import install
from mlplatform.local.aws.regions import partition_of
from mlplatform.local.aws.resources import RESOURCE_TYPES
from mlplatform.local.aws.resources.contract import ResourceType
from mlplatform.local.aws.stacks.api import StacksApi, serve
from mlplatform.local.aws.stacks.schema import is_custom
from mlplatform.local.aws.stacks.state import Region
from mlplatform.local.aws.zones import play_zones

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

_SIGNED_FOR = re.compile(r"Credential=[^/]+/\d+/(?P<region>[^/]+)/(?P<service>[^/]+)/aws4_request")


@dataclass
class LocalAwsApplication:
    """Every service of one account."""

    account: str
    endpoint: str
    seed: int
    grace: float
    custom_resources: ResourceType
    """What answers `Custom::` types."""
    regions: dict[str, Region] = field(default_factory=dict[str, Region])

    def __post_init__(self) -> None:
        """Put the parts together."""
        install()
        play_zones()
        weigh_conditions()
        self._stacks: type[StacksApi] = serve(self.region, self.grace)
        self._moto: WSGIApplication = in_front_of(DomainDispatcherApplication(create_backend_app))
        self.calls = Calls()

    def __call__(self, environ: "WSGIEnvironment", start_response: "StartResponse") -> Iterable[bytes]:
        """Answer one request."""
        if environ["PATH_INFO"] == "/_local/calls":
            return self.calls.answer(environ, start_response)
        return self.calls.recorded(environ, start_response, self._answer)

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

    def _type(self, name: str) -> ResourceType | None:
        return self.custom_resources if is_custom(name) else RESOURCE_TYPES.get(name)

    def _answer(self, environ: "WSGIEnvironment", start_response: "StartResponse") -> Iterable[bytes]:
        signed = _SIGNED_FOR.search(environ.get("HTTP_AUTHORIZATION", ""))
        service = signed["service"] if signed else ""
        handler = {"cloudformation": self._cloudformation, "cloudtrail": _cloudtrail}.get(service)
        return (handler or self._moto)(environ, start_response)

    def _cloudformation(self, environ: "WSGIEnvironment", start_response: "StartResponse") -> Iterable[bytes]:
        status, headers, body = self._stacks.dispatch(BackendRequest(environ))
        return Response(body, int(status), headers)(environ, start_response)


def _cloudtrail(environ: "WSGIEnvironment", start_response: "StartResponse") -> Iterable[bytes]:
    # The CDK CLI asks for the denials behind a failed deployment; without an answer it retries for twenty seconds.
    body: dict[str, Any] = {"Events": []}
    return Response(json.dumps(body), 200, content_type="application/x-amz-json-1.1")(environ, start_response)
