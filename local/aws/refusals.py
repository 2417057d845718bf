"""A clear answer to calls that nothing here plays, in the words that SDKs pass on to people.

Separate because moto answers them with a page of HTML and a status that SDKs try again for half a minute.
"""

import json
import logging
import warnings
from collections.abc import Callable
from http import HTTPStatus
from typing import Any

from botocore.exceptions import UnknownServiceError
from moto.core.exceptions import ServiceException
from moto.core.model import OperationModel
from moto.core.request import determine_request_protocol
from moto.core.serialize import get_serializer_class
from moto.core.utils import get_service_model
from werkzeug.exceptions import HTTPException
from werkzeug.wrappers import Response

_log = logging.getLogger(__name__)
# Our code is in no service's model, which moto remarks each time.
warnings.filterwarnings("ignore", message="Exception.*does not match an error shape", category=UserWarning)


class NotPlayedHereError(ServiceException):
    """AWS has this operation and the local AWS has not."""

    code = "NotPlayedHere"


def answered_or_refused(answer: Callable[[], Response], *, service: str, operation: str | None, content_type: str | None) -> Response:
    """Return the answer, or an error of the service's own protocol that says what is not played or what went wrong here.

    Args:
        answer: asks moto.
        service: botocore's name of the service.
        operation: the operation's name, where it is known.
        content_type: the request's, which tells a service's protocols apart.
    """
    what = f"{operation or 'this operation'} of {service}"
    try:
        response = answer()
        if not _is_page(response):
            return response
        error = NotPlayedHereError(f"the local AWS does not play {what}")
    except NotImplementedError:
        error = NotPlayedHereError(f"the local AWS does not play {what}")
    except HTTPException as http:
        return http.get_response()
    except Exception as fault:  # noqa: BLE001 - a fault of moto's is an answer too, and the server goes on
        _log.exception(what)
        error = ServiceException("InternalFailure", f"the local AWS failed at {what}: {type(fault).__name__}: {fault}")
    return _response(error, service, content_type)


def _is_page(response: Response) -> bool:
    """Whether Flask, and no service, found nothing there."""
    return (
        response.status_code == HTTPStatus.NOT_FOUND and response.mimetype == "text/html" and b"<title>404 Not Found" in response.get_data()
    )


def _response(error: ServiceException, service: str, content_type: str | None) -> Response:
    # Whatever the models say, 400: an SDK tries a 5xx again, and the next time would be no better.
    try:
        model: Any = get_service_model(service)
        serializer: Any = get_serializer_class(service, determine_request_protocol(model, content_type))
    except (UnknownServiceError, NotImplementedError, KeyError):  # no model has that name, or moto does not speak its protocol
        body = json.dumps({"__type": error.code, "message": error.message})
        return Response(body, HTTPStatus.BAD_REQUEST, {"x-amzn-errortype": error.code}, content_type="application/json")
    answer: dict[str, Any] = serializer(operation_model=OperationModel({}, model)).serialize(error)
    return Response(answer["body"], HTTPStatus.BAD_REQUEST, answer["headers"])
