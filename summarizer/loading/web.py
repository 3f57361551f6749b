"""Fetch a URL: its bytes, media type and charset.

Requests are anonymous: no cookies, no credentials, no proxy from the environment. Every redirect is a new request and
is checked again. The check is made where the socket is created, so that a host name cannot resolve to another address
after the check.
"""

import asyncio
import os
import socket
import zlib
from collections.abc import AsyncIterator, Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from contextlib import asynccontextmanager
from functools import partial
from ipaddress import IPv4Address, IPv6Address, ip_address, ip_network
from typing import TYPE_CHECKING, Any, NamedTuple

from ..errors import SourceError
from ..version import __version__
from .files import LARGEST, too_large, without_credentials

if TYPE_CHECKING:
    from aiohttp import ClientResponse, ClientSession
    from aiohttp.abc import AbstractResolver
    from yarl import URL

CONNECT_SECONDS = 10.0
TOTAL_SECONDS = 30.0
"""For one article with all its redirects."""
REDIRECTS = 8
"""News sites need one to four: to https, to www, to a country's edition."""

_HEADERS = {
    "User-Agent": f"summarizer/{__version__} (reads single articles at a person's request)",
    "Accept": "text/html, application/xhtml+xml, application/pdf;q=0.9, */*;q=0.5",
    "Accept-Encoding": "gzip, deflate",
}
_SAVE = "save the page from your browser and give the file"
_STATUSES = {
    401: f"it requires a login (401); {_SAVE}",
    402: f"it requires payment (402); {_SAVE}",
    403: f"the site refuses access, to programs at least (403); {_SAVE}",
    404: "there is no such page (404); check the address",
    410: "the page is gone (410); check the address",
    429: "the site received too many requests (429); try again later",
    451: f"the site may not show it here, for legal reasons (451); {_SAVE}",
}


Address = IPv4Address | IPv6Address
Refusal = Callable[[Address], str | None]
"""Returns why an address is refused, or None where it is allowed."""


class FetchedPage(NamedTuple):
    """A response, and how to read it."""

    raw: bytes
    media_type: str
    """As the server declares it, in lower case; empty where it declares none."""
    charset: str | None
    url: str
    """After all redirects."""
    warnings: tuple[str, ...] = ()


async def fetch(
    url: str,
    *,
    allow_private: bool = False,
    refusal: Refusal | None = None,
    resolver: "AbstractResolver | None" = None,
    seconds: float = TOTAL_SECONDS,
) -> FetchedPage:
    """Fetch an http or https URL.

    `refusal` and `resolver` replace the check of addresses and the system's resolver. Raises `SourceError`.
    """
    name = without_credentials(url)
    async with (
        _translated(name, seconds),
        asyncio.timeout(seconds),
        _session(refusal or partial(why_not, allow_private=allow_private), resolver) as session,
    ):
        return await _follow(session, _parsed(url, name), name)


def fetch_now(url: str, *, allow_private: bool = False) -> FetchedPage:
    """Fetch as `fetch` does, synchronously: also where an event loop runs already, as in a notebook."""
    request = fetch(url, allow_private=allow_private)
    try:
        asyncio.get_running_loop()
    except RuntimeError:
        return asyncio.run(request)
    with ThreadPoolExecutor(max_workers=1) as thread:
        return thread.submit(asyncio.run, request).result()


@asynccontextmanager
async def _session(refusal: Refusal, resolver: "AbstractResolver | None") -> "AsyncIterator[ClientSession]":
    from aiohttp import ClientSession, ClientTimeout, DummyCookieJar, TCPConnector

    connector = TCPConnector(
        resolver=resolver, use_dns_cache=False, force_close=True, socket_factory=partial(guarded_socket, refusal)
    )
    async with ClientSession(
        connector=connector,
        headers=_HEADERS,
        cookie_jar=DummyCookieJar(),
        auto_decompress=False,
        timeout=ClientTimeout(total=None, connect=CONNECT_SECONDS),
    ) as session:
        yield session


def _parsed(url: str, name: str) -> "URL":
    from yarl import URL

    try:
        parsed = URL(url)
    except ValueError as error:
        raise SourceError(f"cannot read {name!r}: it is not a valid URL ({error}); check it") from error
    if parsed.scheme not in ("http", "https"):
        what = f"{parsed.scheme} URLs are not supported" if parsed.scheme else "the URL is incomplete"
        raise SourceError(f"cannot read {name!r}: {what}; give one that begins with https:// or http://, or a file")
    if parsed.user is not None or parsed.password is not None:
        raise SourceError(f"cannot read {name!r}: a user name and a password in a URL are not sent; {_SAVE}")
    if not parsed.raw_host:
        raise SourceError(f"cannot read {name!r}: the URL has no host; check it")
    return parsed


async def _follow(session: "ClientSession", url: "URL", name: str) -> FetchedPage:
    """Request a page, and follow its redirects up to the limit."""
    from yarl import URL

    first = url
    for _ in range(REDIRECTS + 1):
        async with session.get(url, allow_redirects=False) as response:
            if response.status in (301, 302, 303, 307, 308) and (location := response.headers.get("Location")):
                try:
                    target = str(url.join(URL(location)))
                except ValueError as error:
                    what = f"it redirects to {location!r}, not a valid URL"
                    raise SourceError(f"cannot read {name!r}: {what}; {_SAVE}") from error
                url = _parsed(target, name)
                continue
            return await _page(response, name, _redirect_warnings(first, url))
    raise SourceError(f"cannot read {name!r}: it redirects more than {REDIRECTS} times; {_SAVE}")


def _redirect_warnings(first: "URL", last: "URL") -> Iterable[str]:
    if first.scheme == "https" and last.scheme == "http":
        yield f"it was redirected from https to {str(last)!r}: the text could have been changed in transit"
    elif (first.raw_host or "").removeprefix("www.") != (last.raw_host or "").removeprefix("www."):
        yield f"it was redirected to {str(last)!r}"


async def _page(response: "ClientResponse", name: str, warnings: Iterable[str]) -> FetchedPage:
    if not 200 <= response.status < 300:
        unknown = f"the site answered {response.status}; {_SAVE}"
        if response.status >= 500:
            unknown = f"the site has a problem ({response.status}); try again later"
        refused = SourceError(f"cannot read {name!r}: {_STATUSES.get(response.status, unknown)}")
        refused.status = response.status
        raise refused
    raw = await _body(response, name)
    encoding = response.headers.get("Content-Encoding", "").strip().lower()
    if encoding not in ("", "identity"):
        raw = decompressed(raw, encoding, name)
    media_type = response.content_type if "Content-Type" in response.headers else ""
    return FetchedPage(raw, media_type.lower(), response.charset, str(response.url), tuple(warnings))


async def _body(response: "ClientResponse", name: str) -> bytes:
    if (response.content_length or 0) > LARGEST:
        raise too_large(name)
    parts, size = [], 0
    async for part in response.content.iter_any():
        size += len(part)
        if size > LARGEST:
            raise too_large(name)
        parts.append(part)
    return b"".join(parts)


def decompressed(raw: bytes, encoding: str, name: str) -> bytes:
    """Decompress a body, up to `LARGEST` bytes. Raises `SourceError`."""
    if encoding not in ("gzip", "x-gzip", "deflate"):
        raise SourceError(f"cannot read {name!r}: it is compressed with {encoding!r}, not as requested; {_SAVE}")
    # Some servers send "deflate" without the zlib header.
    bare = encoding == "deflate" and raw[:1] and raw[0] & 0x0F != zlib.DEFLATED
    decompressor = zlib.decompressobj(-zlib.MAX_WBITS if bare else zlib.MAX_WBITS | 32)
    try:
        whole = decompressor.decompress(raw, LARGEST + 1)
    except zlib.error as error:
        raise SourceError(f"cannot read {name!r}: its content is damaged ({error}); try again later") from error
    if len(whole) > LARGEST:
        raise too_large(name)
    if not decompressor.eof:
        raise SourceError(f"cannot read {name!r}: its content is cut off; try again later")
    return whole


def refuse_media(media_type: str, name: str) -> None:
    """Refuse what is declared as neither text nor unspecified: an image, a video, data. Raises `SourceError`."""
    unspecified = media_type in ("", "application/octet-stream", "binary/octet-stream")
    if not unspecified and not media_type.startswith("text/"):
        raise SourceError(f"cannot read {name!r}: it is {media_type}, not an article; {_SAVE}")


@asynccontextmanager
async def _translated(name: str, seconds: float) -> AsyncIterator[None]:
    """Translate the exceptions of aiohttp into `SourceError`."""
    from aiohttp import ClientError

    try:
        yield
    except (ClientError, TimeoutError, ValueError) as error:
        raise SourceError(f"cannot read {name!r}: {_problem(error, seconds)}") from error


def _problem(error: Exception, seconds: float) -> str:
    import aiohttp

    match error:
        case aiohttp.ClientConnectorDNSError():
            return "the host is unknown, or there is no network; check both"
        case aiohttp.ClientConnectorCertificateError():
            return f"its certificate is not trusted; {_SAVE}"
        case aiohttp.ClientSSLError():
            return "no secure connection is possible; check https:// and the port"
        case aiohttp.ClientConnectorError(os_error=ForbiddenAddress() as refused):
            return str(refused)
        case aiohttp.ClientConnectorError(os_error=cause):
            return f"the site does not respond ({os.strerror(cause.errno) if cause.errno else cause}); try again later"
        case TimeoutError():
            return f"it took longer than {seconds:.0f} s; try again later"
        case aiohttp.InvalidURL():
            return f"{error.url} is not a URL in its usual form; check it"
    return f"the HTTP response is invalid ({str(error) or type(error).__name__}); {_SAVE}"


# --- which addresses may be contacted --------------------------------------------------------------------------------

# The metadata services of clouds, which give out keys. Some of these are public addresses.
_METADATA = frozenset(
    map(
        ip_address,
        ("169.254.169.254", "169.254.170.2", "fd00:ec2::254", "100.100.100.200", "192.0.0.192", "168.63.129.16"),
    )
)
_PUBLIC, _EXAMPLES = map(ip_network, ("2000::/3", "3fff::/20"))
"""All IPv6 addresses that sites are given, and those of them that are for documents: Python calls more global."""
_OWN = "`allow_private=True` is for pages of your own network"


class ForbiddenAddress(OSError):
    """A refused address; an `OSError`, so that another address of the same host is tried."""


def why_not(address: Address, *, allow_private: bool = False) -> str | None:
    """Return why an address is refused, None where it is allowed."""
    address = _unwrapped(address)
    if address in _METADATA:
        return "the metadata service of a cloud"
    if address.is_multicast or address.is_link_local or address.is_unspecified:
        return "an address that no site is published at"
    public = address.version == 4 or (address in _PUBLIC and address not in _EXAMPLES)
    if allow_private or (public and address.is_global):
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
    """The IPv4 address that an IPv6 address embeds, else the address itself.

    Mapped, compatible, translated (`::ffff:0:a.b.c.d`), 6to4, NAT64, ISATAP.
    """
    if isinstance(address, IPv4Address):
        return address
    if embedded := address.ipv4_mapped or address.sixtofour:
        return embedded
    high, low = int(address) >> 32, int(address) & 0xFFFFFFFF
    translated, isatap = high == 0xFFFF0000, high & 0xFDFFFFFF == 0x5EFE
    embeds = high == 0x0064FF9B << 64 or translated or isatap or (high == 0 and low > 1)
    return IPv4Address(low) if embeds else address
