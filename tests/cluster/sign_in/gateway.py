"""The gateway as far as sign-in needs it: our routes, and oauth2-proxy asked about everything else.

Separate because Istio's proxy cannot be had here: what its rules mean is written once, and read from our own objects.
"""

import http.client
from collections.abc import Generator, Mapping, Sequence
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import Any

_FORWARDED = ("accept", "content-type", "cookie")


class Gateway:
    """Routes of VirtualServices to ports of this machine, by the host that they name."""

    def __init__(self, virtual_services: Sequence[Any], ports: Mapping[str, int], judge: str) -> None:
        self.routes = [route for obj in virtual_services for route in obj["spec"]["http"]]
        self.ports, self.judge = ports, judge
        self.let_in: list[str] = []
        """What requests that were let in had in their header `Authorization`."""

    def destination(self, authority: str, path: str) -> str | None:
        """Return the host that the first matching route leads to."""
        for route in self.routes:
            for match in route["match"]:
                if path.startswith(match["uri"]["prefix"]) and match.get("authority", {}).get("exact", authority) == authority:
                    return route["route"][0]["destination"]["host"]
        return None

    @contextmanager
    def listen(self, port: int) -> Generator[None]:
        """Listen on a port of 127.0.0.1."""
        gateway = self

        class Handler(BaseHTTPRequestHandler):
            def log_message(self, format: str, *args: object) -> None:
                """Say nothing."""

            def answer(self) -> None:
                size = int(self.headers.get("content-length") or 0)
                body = self.rfile.read(size) if size else None
                leads_to = gateway.destination(self.headers["host"], self.path)
                connection = http.client.HTTPConnection("127.0.0.1", gateway.ports[leads_to or gateway.judge])
                given = {name: self.headers[name] for name in _FORWARDED if self.headers[name]}
                connection.request(self.command, self.path, body, {**given, "host": self.headers["host"]})
                answer = connection.getresponse()
                content = answer.read()
                if leads_to is None and answer.status == http.HTTPStatus.OK:
                    gateway.let_in.append(answer.headers["authorization"])
                self.send_response(answer.status)
                for name, value in answer.getheaders():
                    if name.lower() in ("content-type", "location", "set-cookie"):
                        self.send_header(name, value)
                self.send_header("content-length", str(len(content)))
                self.end_headers()
                self.wfile.write(content)
                connection.close()

            do_GET = do_POST = answer  # noqa: N815 - the library's names

        server = ThreadingHTTPServer(("127.0.0.1", port), Handler)
        thread = Thread(target=server.serve_forever)
        thread.start()
        try:
            yield
        finally:
            server.shutdown()
            thread.join()
            server.server_close()
