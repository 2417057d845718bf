"""How the local AWS gets this EC2, whatever else extends moto's.

Separate from the parts because their order is decided here: each adds to those after it.
"""

from functools import cache
from types import ModuleType
from typing import Any, cast

from moto.core.base_backend import BackendDict, BaseBackend
from moto.ec2 import urls as ec2_urls
from moto.ec2.models import ec2_backends
from moto.ssm import urls as ssm_urls
from moto.ssm.models import ssm_backends

from mlplatform.local.aws import services
from mlplatform.local.aws.compute.describing import DescribingResponses
from mlplatform.local.aws.compute.fleet import FleetBackend, FleetResponses
from mlplatform.local.aws.compute.images import ImagesBackend, ParametersBackend
from mlplatform.local.aws.compute.lifecycle import Delays, LifecycleBackend
from mlplatform.local.aws.compute.offerings import OfferingsBackend, OfferingsResponses, install_offerings
from mlplatform.local.aws.services.extension import extend


@cache
def install() -> None:
    """Put this EC2 in the place of moto's, in this process, once, on top of the other services' extensions."""
    services.install()
    install_offerings()
    _add(ec2_backends, ec2_urls, (LifecycleBackend, FleetBackend, OfferingsBackend, ImagesBackend))
    _answer(ec2_urls, (FleetResponses, OfferingsResponses, DescribingResponses))
    _add(ssm_backends, ssm_urls, (ParametersBackend,))


def set_delays(delays: Delays) -> None:
    """Let instances take other times to start, join and stop, from now on."""
    LifecycleBackend.delays = delays


def _add(backends: BackendDict[Any], urls: ModuleType, parts: tuple[type, ...]) -> None:
    current: type[BaseBackend] = backends.backend
    extend(backends, cast("type[BaseBackend]", type(current.__name__, (*parts, current), {})), urls, None)


def _answer(urls: ModuleType, parts: tuple[type, ...]) -> None:
    current: type = next(iter(urls.url_paths.values())).__self__
    for path in urls.url_paths:
        urls.url_paths[path] = type(current.__name__, (*parts, current), {}).dispatch  # type: ignore[attr-defined]
