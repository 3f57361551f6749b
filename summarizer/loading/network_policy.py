"""Which addresses a link may lead to: those of the internet, for what stands on a private network was not published.

A link comes from anybody: one that leads to a router, a database or a cloud's metadata would put their answers into a
summary. A socket is made for no other address than the one that was looked at here.
"""

import socket
from collections.abc import Callable
from functools import partial
from ipaddress import IPv4Address, IPv6Address, ip_address
from typing import Any

Address = IPv4Address | IPv6Address
Refusal = Callable[[Address], str | None]
"""Why no connection is made to an address, or None where one may be."""

# Where clouds answer their own machines, keys included. Some of these are public addresses.
_METADATA = frozenset(
    map(
        ip_address,
        ("169.254.169.254", "169.254.170.2", "fd00:ec2::254", "100.100.100.200", "192.0.0.192", "168.63.129.16"),
    )
)
_OWN = "--allow-private (allow_private=True) is for pages of your own network"


class ForbiddenAddress(OSError):
    """An address that no connection is made to; an `OSError`, for a name may have another address beside it."""


def why_not(address: Address, *, allow_private: bool = False) -> str | None:
    """Say why no connection is made to an address, None where one may be."""
    meant = _meant(address)
    if meant in _METADATA:
        return "the metadata of a cloud"
    if meant.is_multicast or meant.is_link_local or meant.is_unspecified:
        return "an address that nobody publishes at"
    if meant.is_global or allow_private:
        return None
    return f"{'this machine' if meant.is_loopback else 'a private network'}; {_OWN}"


def guarded_socket(refusal: Refusal, info: tuple[Any, ...]) -> socket.socket:
    """Make a socket for the address in `info`, as `getaddrinfo` gives it. Raises `ForbiddenAddress`."""
    family, kind, protocol, _, (host, *_) = info
    try:
        address = ip_address(host)
    except ValueError as error:  # 0x7f.1, 2130706433: the system understands them, so may we not
        raise ForbiddenAddress(f"{host} is no address in its usual form; check it") from error
    if reason := refusal(address):
        raise ForbiddenAddress(f"{address} is {reason}")
    return socket.socket(family, kind, protocol)


def guard(*, allow_private: bool) -> Refusal:
    """Return the check of a run."""
    return partial(why_not, allow_private=allow_private)


def _meant(address: Address) -> Address:
    """The IPv4 address that an IPv6 one stands for: mapped, compatible, 6to4, NAT64; else itself."""
    if isinstance(address, IPv4Address):
        return address
    if meant := address.ipv4_mapped or address.sixtofour:
        return meant
    high, low = int(address) >> 32, int(address) & 0xFFFFFFFF
    wrapped = high == 0x0064FF9B << 64 or (high == 0 and low > 1)
    return IPv4Address(low) if wrapped else address
