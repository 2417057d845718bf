"""How a service of moto gets a backend and responses of ours.

Separate because it is the one place that touches how moto finds them; a canary test watches it.
"""

from collections.abc import Callable, Mapping
from types import ModuleType
from typing import Any

from moto.core.base_backend import BackendDict, BaseBackend
from moto.core.responses import BaseResponse


def extend(
    backends: BackendDict[Any],
    backend: type[BaseBackend] | None,
    urls: ModuleType,
    response: type[BaseResponse] | None,
    paths: Mapping[str, str] | None = None,
) -> None:
    """Let `backends` make our backend and let the service's URLs reach our responses.

    Args:
        backends: moto's backends of the service.
        backend: a subclass of moto's backend, or None to keep it.
        urls: moto's module of the service's URLs.
        response: a subclass of moto's responses, or None to keep them.
        paths: further URLs that `response` answers, as moto writes them, to the name of the method that dispatches them.
    """
    if backend is not None:
        # moto derives this module from the name of the module that the class is in, which is now ours.
        backend._url_module = property(lambda _: urls)  # type: ignore[method-assign] # noqa: SLF001 # pyright: ignore[reportPrivateUsage, reportAttributeAccessIssue]
        backends.backend = backend
        backends.clear()
    if response is not None:
        known: dict[str, Callable[..., Any]] = urls.url_paths
        for path in known:
            known[path] = response.dispatch
        for path, method in (paths or {}).items():
            known[path] = getattr(response, method)
