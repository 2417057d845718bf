"""The client of the API server, where the server does not simply answer."""

import threading
from collections.abc import Callable, Generator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path

import pytest

from mlplatform.local.cluster.api import Api, ApiError


@contextmanager
def server(answer: Callable[[int], int]) -> Generator[str]:
    """Give the URL of a server that answers each request with the status that is returned for its number."""
    count = 0

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            nonlocal count
            count += 1
            self.send_response(answer(count))
            self.send_header("Retry-After", "0")
            body = b'{"message": "storage is (re)initializing"}'
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, format: str, *args: object) -> None:
            """Say nothing."""

    with HTTPServer(("127.0.0.1", 0), Handler) as listening:
        thread = threading.Thread(target=listening.serve_forever)
        thread.start()
        yield f"http://127.0.0.1:{listening.server_port}"
        listening.shutdown()
        thread.join()


def test_a_server_that_asks_to_wait_is_asked_again(tmp_path: Path) -> None:
    with server(lambda count: 429 if count < 3 else 200) as url:
        assert Api(url, tmp_path, "token").get("/apis/new")["message"]


def test_a_server_that_refuses_is_not_asked_again(tmp_path: Path) -> None:
    with server(lambda count: 403 if count == 1 else 200) as url, pytest.raises(ApiError, match="initializing"):
        Api(url, tmp_path, "token").get("/apis/new")
