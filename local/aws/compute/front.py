"""What is answered before a request reaches moto: the Price List API and the local controls.

Separate so that the server needs one line for both.
"""

from collections.abc import Iterable
from wsgiref.types import StartResponse, WSGIApplication, WSGIEnvironment

from werkzeug.wrappers import Request

from mlplatform.local.aws.compute import control, pricing


def in_front_of(application: WSGIApplication) -> WSGIApplication:
    """Return the application with these answers in front of its own."""

    def answer(environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        path = str(environ.get("PATH_INFO", ""))
        if str(environ.get("HTTP_X_AMZ_TARGET", "")).startswith(pricing.TARGET):
            return pricing.answer(Request(environ))(environ, start_response)
        if path == control.CAPACITY or path.startswith(control.INTERRUPT):
            return control.answer(Request(environ))(environ, start_response)
        return application(environ, start_response)

    return answer
