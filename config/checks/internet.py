"""Addresses that nobody has on the internet.

Separate because the API server's public endpoint and a public load balancer are both open to the internet alone.
"""

from collections.abc import Iterator, Sequence
from ipaddress import IPv4Network

from mlplatform.config.problems import Problem

# https://www.iana.org/assignments/iana-ipv4-special-registry
RESERVED = tuple(
    map(
        IPv4Network,
        ("10.0.0.0/8", "100.64.0.0/10", "127.0.0.0/8", "169.254.0.0/16", "172.16.0.0/12", "192.168.0.0/16", "224.0.0.0/4", "240.0.0.0/4"),
    )
)


def unseen(path: str, cidrs: Sequence[IPv4Network], seer: str) -> Iterator[Problem]:
    """Yield a problem for each range that what faces the internet never sees.

    Args:
        path: The setting that lists them.
        cidrs: The ranges.
        seer: What faces the internet, as `the public endpoint`.
    """
    for position, cidr in enumerate(cidrs):
        if any(cidr.subnet_of(block) for block in RESERVED):
            message = f"{cidr} is reserved, and {seer} sees no such address"
            yield Problem(f"{path}[{position}]", message, "name the addresses that your networks have on the internet")
