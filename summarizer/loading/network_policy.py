"""Which IP addresses may be contacted: public ones only, unless private networks are allowed.

A URL is untrusted: one that points to a router, a database or a cloud's metadata service would leak their replies into
a summary. The socket is created for exactly the address that was checked.
"""

import socket
from collections.abc import Callable
from ipaddress import IPv4Address, IPv6Address, ip_address
from typing import Any

Address = IPv4Address | IPv6Address
Refusal = Callable[[Address], str | None]
"""Returns why an address is refused, or None where it is allowed."""

# The metadata services of clouds, which give out keys. Some of these are public addresses.
_METADATA = frozenset(
    map(
        ip_address,
        ("169.254.169.254", "169.254.170.2", "fd00:ec2::254", "100.100.100.200", "192.0.0.192", "168.63.129.16"),
    )
)
_OWN = "--allow-private (allow_private=True) is for pages of your own network"


class ForbiddenAddress(OSError):
    """A refused address; an `OSError`, so that another address of the same host is tried."""


def why_not(address: Address, *, allow_private: bool = False) -> str | None:
    """Return why an address is refused, None where it is allowed."""
    address = _unwrapped(address)
    if address in _METADATA:
        return "the metadata service of a cloud"
    if address.is_multicast or address.is_link_local or address.is_unspecified:
        return "an address that no site is published at"
    if address.is_global or allow_private:
        return None
    return f"{'this machine' if address.is_loopback else 'a private network'}; {_OWN}"


def guarded_socket(refusal: Refusal, info: tuple[Any, ...]) -> socket.socket:
    """Make a socket for the address in `info`, as `getaddrinfo` gives it. Raises `ForbiddenAddress`."""
    family, kind, protocol, _, (host, *_) = info
    try:
        address = ip_address(host)
    except ValueError as error:  # 0x7f.1, 2130706433: the system would resolve them
        raise ForbiddenAddress(f"{host} is not an IP address in its usual form; check it") from error
    if reason := refusal(address):
        raise ForbiddenAddress(f"{address} is {reason}")
    return socket.socket(family, kind, protocol)


def _unwrapped(address: Address) -> Address:
    """The IPv4 address that an IPv6 address embeds (mapped, compatible, 6to4, NAT64), else the address itself."""
    if isinstance(address, IPv4Address):
        return address
    if embedded := address.ipv4_mapped or address.sixtofour:
        return embedded
    high, low = int(address) >> 32, int(address) & 0xFFFFFFFF
    embeds = high == 0x0064FF9B << 64 or (high == 0 and low > 1)
    return IPv4Address(low) if embeds else address
