"""How the kubelet asks a container whether it works.

Separate because every container has two of them, and they differ in what is asked alone.
"""

from typing import Any


def http_probe(path: str, port: str | int, *, scheme: str = "HTTP", delay: int = 0, period: int = 10, failures: int = 3) -> dict[str, Any]:
    """Return a probe by HTTP: its first call after `delay` seconds, then one every `period` seconds."""
    return _asked({"httpGet": {"path": path, "port": port, "scheme": scheme}}, delay, period, failures)


def tcp_probe(port: str | int, *, delay: int = 0, period: int = 10, failures: int = 3) -> dict[str, Any]:
    """Return a probe that is content with a connection, for what has no path to ask for."""
    return _asked({"tcpSocket": {"port": port}}, delay, period, failures)


def exec_probe(*command: str, delay: int = 0, period: int = 10, failures: int = 3) -> dict[str, Any]:
    """Return a probe by a command in the container."""
    return _asked({"exec": {"command": list(command)}}, delay, period, failures)


def _asked(probe: dict[str, Any], delay: int, period: int, failures: int) -> dict[str, Any]:
    return probe | ({"initialDelaySeconds": delay} if delay else {}) | {"periodSeconds": period, "failureThreshold": failures}
