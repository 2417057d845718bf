"""A record of every call: who, which operation, on what, with which outcome.

Separate because it is the evidence for least privilege: policies are evaluated over what was really called.
"""

import io
import json
import re
import threading
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import asdict
from datetime import UTC, datetime
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
    from _typeshed.wsgi import StartResponse, WSGIEnvironment

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
_KEPT = 100_000
_LARGEST_BODY = 2**20
_SECRET_NAMES = re.compile(r"password|secret(string|binary)|plaintext|token", re.IGNORECASE)

Answer = Callable[["WSGIEnvironment", "StartResponse"], Iterable[bytes]]


class Calls:
    """The latest calls of one local AWS."""

    def __init__(self) -> None:
        self._calls: deque[Call] = deque(maxlen=_KEPT)
        self._sessions: dict[str, str] = {}
        self._lock = threading.Lock()

    def recorded(self, environ: "WSGIEnvironment", start_response: "StartResponse", answer: Answer) -> Iterable[bytes]:
        """Answer a request through `answer` and record it."""
        signed = _SIGNED.search(environ.get("HTTP_AUTHORIZATION", ""))
        if signed is None:
            return answer(environ, start_response)
        service = signed["service"].lower()
        operation, parameters = _read(environ, service)
        tags = tags_named(service, signed["region"], parameters)  # now: the call may change or end what they are on
        outcome: list[int] = []

        def started(status: str, headers: list[tuple[str, str]], *rest: Any) -> Any:
            outcome.append(int(status.split(maxsplit=1)[0]))
            return start_response(status, headers, *rest)

        body = answer(environ, cast("StartResponse", started))
        text = ""
        if outcome and (outcome[0] >= 400 or service == "sts"):  # noqa: PLR2004 - HTTP's first error
            body = list(body)
            text = b"".join(body).decode(errors="replace")
        self._note(signed, operation, parameters, outcome[0] if outcome else 0, text, tags=tags)
        return body

    def answer(self, environ: "WSGIEnvironment", start_response: "StartResponse") -> Iterable[bytes]:
        """Answer the record, one JSON object a line, the oldest first."""
        with self._lock:
            calls = list(self._calls)
        lines = "".join(json.dumps(asdict(call), default=str) + "\n" for call in calls)
        return Response(lines, content_type="application/jsonl")(environ, start_response)

    def _note(
        self, signed: re.Match[str], operation: str | None, parameters: Mapping[str, Any], status: int, text: str, *, tags: Tags
    ) -> None:
        with self._lock:
            for key, arn in _ROLE.findall(text):
                self._sessions[key] = arn
            error = next((code for codes in _ERROR.findall(text) for code in codes if code), None)
            self._calls.append(
                Call(
                    time=datetime.now(UTC).isoformat(),
                    caller=self._sessions.get(signed["key"], signed["key"]),
                    service=signed["service"],
                    operation=operation,
                    region=signed["region"],
                    parameters=parameters,
                    resources=tuple(dict.fromkeys(_arns(signed, parameters))),
                    status=status,
                    error=error,
                    tags=tags,
                )
            )


def _read(environ: "WSGIEnvironment", service: str) -> tuple[str | None, dict[str, Any]]:
    """Return operation and parameters by botocore's model of the service, leaving the body to be read again."""
    length = int(environ.get("CONTENT_LENGTH") or 0)
    body = b""
    if 0 < length <= _LARGEST_BODY and service != "s3":
        body = environ["wsgi.input"].read(length)
        environ["wsgi.input"] = io.BytesIO(body)
    # A copy: what a request object reads from a body it keeps to itself.
    request = Request({**environ, "wsgi.input": io.BytesIO(body), "CONTENT_LENGTH": str(len(body))})
    try:
        return _parse(request, _SERVICES.get(service, service), body)
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
    parameters: Mapping[str, Any] = parser.parse(sent) if body or not path else path
    return str(operation.name), _shown({**path, **parameters})


def _shown(parameters: Mapping[str, Any]) -> dict[str, Any]:
    return {name: "..." if _hidden(name, value) else value for name, value in parameters.items()}


def _hidden(name: str, value: Any) -> bool:
    return bool(_SECRET_NAMES.search(name)) or isinstance(value, bytes)


def _arns(signed: re.Match[str], parameters: Mapping[str, Any]) -> Iterator[str]:
    if signed["service"] == "s3" and parameters.get("Bucket"):
        key = parameters.get("Key")
        yield f"arn:{partition_of(signed['region']).name}:s3:::{parameters['Bucket']}{'/' + str(key) if key else ''}"
    for value in parameters.values():
        items = cast("list[Any]", value) if isinstance(value, list) else [value]
        yield from (item for item in items if isinstance(item, str) and item.startswith("arn:"))
