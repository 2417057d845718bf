"""A record of every call: who, which operation, on what, with which outcome.

Separate because it is the evidence for least privilege: policies are evaluated over what was really called.
"""

import io
import json
import re
import threading
from collections import deque
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from http import HTTPStatus
from typing import TYPE_CHECKING, Any, cast

from moto.core.parse import PROTOCOL_PARSERS
from moto.core.request import Request, determine_request_protocol
from moto.core.routing import get_service_router
from moto.core.utils import get_service_model
from werkzeug.wrappers import Response

from mlplatform.local.aws.call import Call
from mlplatform.local.aws.regions import partition_of
from mlplatform.local.aws.resource_tags import Tags, tags_named

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

_SIGNED = re.compile(r"Credential=(?P<key>[^/]+)/\d+/(?P<region>[^/]+)/(?P<service>[^/]+)/aws4_request")
_SERVICES = {
    "states": "stepfunctions",
    "monitoring": "cloudwatch",
    "elasticloadbalancing": "elbv2",
    "tagging": "resourcegroupstaggingapi",
    "aps": "amp",
}
"""botocore's name of a service where requests are signed for another."""
_ERROR = re.compile(r"<Code>([^<]+)</Code>|\"__type\"\s*:\s*\"(?:[^\"#]*#)?([^\"]+)\"|\"code\"\s*:\s*\"([^\"]+)\"")
_ROLE = re.compile(r"<AccessKeyId>([^<]+)</AccessKeyId>.*?<AssumedRoleUser>.*?<Arn>([^<]+)</Arn>", re.DOTALL)
_WITHOUT_BODY = ("GET", "HEAD", "DELETE")
_KEPT = 100_000
_LARGEST_BODY = 2**20
_SECRET_NAMES = re.compile(r"password|secret(string|binary)|plaintext|token", re.IGNORECASE)


@dataclass(frozen=True)
class Asked:
    """A signed request, read by botocore's model of its service before it is answered."""

    key: str
    signed_for: str
    service: str
    """botocore's name of the service, where the signature's is another."""
    region: str
    operation: str | None
    parameters: Mapping[str, Any]
    tags: Tags
    """Of the resources that it names, as they are now: the call may change or end them."""


class Calls:
    """The latest calls of one local AWS."""

    def __init__(self) -> None:
        self._calls: deque[Call] = deque(maxlen=_KEPT)
        self._sessions: dict[str, str] = {}
        self._lock = threading.Lock()

    def record(self, asked: Asked, response: Response) -> None:
        """Write down a call and its outcome, and whose session a new key belongs to."""
        failed = response.status_code >= HTTPStatus.BAD_REQUEST
        text = response.get_data(as_text=True) if failed or asked.service == "sts" else ""
        error = _error(response, text) if failed else None
        with self._lock:
            self._sessions.update(_ROLE.findall(text))
            self._calls.append(
                Call(
                    time=datetime.now(UTC).isoformat(),
                    caller=self._sessions.get(asked.key, asked.key),
                    service=asked.signed_for,
                    operation=asked.operation,
                    region=asked.region,
                    parameters=asked.parameters,
                    resources=tuple(dict.fromkeys(_arns(asked))),
                    status=response.status_code,
                    error=error,
                    tags=asked.tags,
                )
            )

    def remember(self, response: Response) -> None:
        """Remember whose session a new key belongs to from the answer to a request that is not signed: a pod gives a token instead."""
        if "xml" in (response.mimetype or ""):
            with self._lock:
                self._sessions.update(_ROLE.findall(response.get_data(as_text=True)))

    def all(self) -> list[Call]:
        """Return the record, the oldest first."""
        with self._lock:
            return list(self._calls)

    def shown(self) -> Response:
        """Return the record, one JSON object a line, the oldest first."""
        return Response("".join(json.dumps(asdict(call), default=str) + "\n" for call in self.all()), content_type="application/jsonl")


def recorded(application: "WSGIApplication", calls: Calls) -> "WSGIApplication":
    """Return the application with its calls recorded."""

    def answer(environ: "WSGIEnvironment", start_response: "StartResponse") -> Iterable[bytes]:
        asked = read(environ)
        response = Response.from_app(application, environ, buffered=True)
        if asked:
            calls.record(asked, response)
        else:
            calls.remember(response)
        return response(environ, start_response)

    return answer


def read(environ: "WSGIEnvironment") -> Asked | None:
    """Return what a signed request asks, leaving its body to be read again; None for one that is not signed."""
    signed = _SIGNED.search(environ.get("HTTP_AUTHORIZATION", ""))
    if signed is None:
        return None
    signed_for, region = signed["service"].lower(), signed["region"]
    service = _SERVICES.get(signed_for, signed_for)
    operation, parameters = _read(environ, service)
    return Asked(signed["key"], signed_for, service, region, operation, parameters, tags_named(service, region, parameters))


def _read(environ: "WSGIEnvironment", service: str) -> tuple[str | None, dict[str, Any]]:
    length = int(environ.get("CONTENT_LENGTH") or 0)
    body = b""
    if 0 < length <= _LARGEST_BODY and service != "s3":
        body = environ["wsgi.input"].read(length)
        environ["wsgi.input"] = io.BytesIO(body)
    # A copy: what a request object reads from a body it keeps to itself.
    request = Request({**environ, "wsgi.input": io.BytesIO(body), "CONTENT_LENGTH": str(len(body))})
    try:
        return _parse(request, service, body)
    except Exception:  # noqa: BLE001 - a request that the models do not know is still a call, and still answered
        return None, {}


def _parse(request: Request, service: str, body: bytes) -> tuple[str | None, dict[str, Any]]:
    model: Any = get_service_model(service)
    target = request.headers.get("X-Amz-Target")
    path: Mapping[str, Any] = {}
    if target:
        operation = model.operation_model(target.rsplit(".", 1)[-1])
    elif "Action" in request.values:
        operation = model.operation_model(request.values["Action"])
    else:
        operation, path = get_service_router(service).match(request)
    parser: Any = PROTOCOL_PARSERS[determine_request_protocol(model, request.content_type)](operation)
    sent = {
        "method": request.method,
        "values": request.values,
        "headers": request.headers,
        "body": body,
        "url_path": request.path,
        "url_params": path,
    }
    # A body of S3 is left to the service; where there is none, the query says the rest: a listing's prefix is a condition of policies.
    whole = body or not path or request.method in _WITHOUT_BODY
    parameters: Mapping[str, Any] = parser.parse(sent) if whole else path
    return str(operation.name), _shown({**path, **parameters})


def _shown(parameters: Mapping[str, Any]) -> dict[str, Any]:
    return {name: "..." if _hidden(name, value) else value for name, value in parameters.items()}


def _hidden(name: str, value: Any) -> bool:
    return bool(_SECRET_NAMES.search(name)) or isinstance(value, bytes)


def _error(response: Response, text: str) -> str | None:
    named = response.headers.get("x-amzn-errortype")
    found = [named] if named else [code for codes in _ERROR.findall(text) for code in codes if code]
    return found[0].split(":")[0] if found else None


def _arns(asked: Asked) -> Iterator[str]:
    if asked.service == "s3" and asked.parameters.get("Bucket"):
        key = asked.parameters.get("Key")
        yield f"arn:{partition_of(asked.region).name}:s3:::{asked.parameters['Bucket']}{'/' + str(key) if key else ''}"
    for value in asked.parameters.values():
        items = cast("list[Any]", value) if isinstance(value, list) else [value]
        yield from (item for item in items if isinstance(item, str) and item.startswith("arn:"))
