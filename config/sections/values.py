"""Kinds of values that several sections use.

Separate so that a network is read, refused and described in one way.
"""

from ipaddress import AddressValueError, IPv4Address, IPv4Network, NetmaskValueError
from typing import Annotated, Any, Literal

from pydantic import PlainSerializer, PlainValidator, WithJsonSchema
from pydantic_core import PydanticCustomError


def _network(value: Any) -> IPv4Network:
    """Return the network that a text like `10.0.0.0/16` names."""
    if isinstance(value, IPv4Network):
        return value
    if not isinstance(value, str) or value.count("/") != 1:
        raise _refusal(value, "is not a network", "write one, for example 10.0.0.0/16")
    try:
        network = IPv4Network(value, strict=False)
        address = IPv4Address(value.partition("/")[0])
    except (AddressValueError, NetmaskValueError):
        raise _refusal(value, "is not an IPv4 network", "write one, for example 10.0.0.0/16") from None
    if network.network_address != address or value != str(network):
        raise _refusal(value, "is not how a network is written", f"write {network}")
    return network


def _refusal(value: Any, message: str, remedy: str) -> PydanticCustomError:
    return PydanticCustomError("refused", "{message}", {"message": message, "remedy": remedy, "value": str(value)})


Cidr = Annotated[
    IPv4Network,
    PlainValidator(_network),
    PlainSerializer(str, return_type=str, when_used="json"),
    WithJsonSchema({"type": "string", "pattern": r"^[0-9]{1,3}(\.[0-9]{1,3}){3}/[0-9]{1,2}$", "examples": ["10.0.0.0/16"]}),
]
"""An IPv4 network as `address/prefix`, its address the network's first."""

LogDays = Literal[1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365]
"""Days that CloudWatch Logs can keep records, of those up to a year."""
