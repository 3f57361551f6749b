"""An article from the web: its bytes, and what the server says they are.

Nothing of the reader goes along: no cookies, no credentials, no proxy of the environment. Every redirect is a request
of its own, checked anew; the check stands where the socket is made, so a name cannot lead to another address than the
one that was looked at.
"""

import asyncio
import os
import zlib
from collections.abc import AsyncIterator, Iterable
from concurrent.futures import ThreadPoolExecutor
from contextlib import asynccontextmanager
from functools import partial
from typing import TYPE_CHECKING, NamedTuple

from ..errors import SourceError
from ..version import __version__
from .files import LARGEST
from .network_policy import ForbiddenAddress, Refusal, guard, guarded_socket
from .readers import without_credentials

if TYPE_CHECKING:
    from aiohttp import ClientResponse, ClientSession
    from aiohttp.abc import AbstractResolver
    from yarl import URL

CONNECT_SECONDS = 10.0
TOTAL_SECONDS = 30.0
"""For one article with all its redirects."""
REDIRECTS = 8
"""News sites need one to four: to https, to www, to a country."""

_HEADERS = {
    "User-Agent": f"summarizer/{__version__} (reads single articles at a person's request)",
    "Accept": "text/html, application/xhtml+xml, application/pdf;q=0.9, */*;q=0.5",
    "Accept-Encoding": "gzip, deflate",
}
_SAVE = "save the page from your browser and give the file"
_STATUSES = {
    401: f"it wants a login (401); {_SAVE}",
    402: f"it wants to be paid (402); {_SAVE}",
    403: f"the site refuses to show it to programs, or at all (403); {_SAVE}",
    404: "there is no such page (404); check the address",
    410: "the page is gone (410); check the address",
    429: "the site was asked too often (429); try again later",
    451: f"the site may not show it here, for legal reasons (451); {_SAVE}",
}


class FetchedPage(NamedTuple):
    """What came, and how it is to be read."""

    raw: bytes
    kind: str
    """The media type that the server says, in small letters; empty where it says none."""
    charset: str | None
    url: str
    """Where it came from in the end, after all redirects."""
    warnings: tuple[str, ...] = ()


async def fetch(
    url: str,
    *,
    allow_private: bool = False,
    refusal: Refusal | None = None,
    resolver: "AbstractResolver | None" = None,
    seconds: float = TOTAL_SECONDS,
) -> FetchedPage:
    """Fetch what stands at an http or https URL.

    `refusal` and `resolver` take the place of the check of addresses and of the system's own resolver.
    Raises `SourceError` with what is wrong, and what to do about it.
    """
    name = without_credentials(url)
    async with (
        _translated(name, seconds),
        asyncio.timeout(seconds),
        _session(refusal or guard(allow_private=allow_private), resolver) as session,
    ):
        return await _follow(session, _parsed(url, name), name)


def fetch_now(url: str, *, allow_private: bool = False) -> FetchedPage:
    """Fetch as `fetch` does, for those who do not wait: also where an event loop runs already, as in a notebook."""
    work = fetch(url, allow_private=allow_private)
    try:
        asyncio.get_running_loop()
    except RuntimeError:
        return asyncio.run(work)
    with ThreadPoolExecutor(max_workers=1) as thread:
        return thread.submit(asyncio.run, work).result()


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
        raise SourceError(f"cannot read {name!r}: it is no address ({error}); check it") from error
    if parsed.scheme not in ("http", "https"):
        what = f"{parsed.scheme} addresses are not read" if parsed.scheme else "it is no whole address"
        raise SourceError(f"cannot read {name!r}: {what}; give one that begins with https:// or http://, or a file")
    if parsed.user is not None or parsed.password is not None:
        raise SourceError(f"cannot read {name!r}: a name and a password in an address are sent to nobody; {_SAVE}")
    if not parsed.raw_host:
        raise SourceError(f"cannot read {name!r}: it names no site; check the address")
    return parsed


async def _follow(session: "ClientSession", url: "URL", name: str) -> FetchedPage:
    """Ask for a page, and for the one that it redirects to, as often as is sensible."""
    first = url
    for _ in range(REDIRECTS + 1):
        async with session.get(url, allow_redirects=False) as response:
            if response.status in (301, 302, 303, 307, 308) and (place := response.headers.get("Location")):
                url = _parsed(str(url.join(_parsed_place(place, name))), name)
                continue
            return await _taken(response, name, _moved(first, url))
    raise SourceError(f"cannot read {name!r}: it redirects more than {REDIRECTS} times; {_SAVE}")


def _parsed_place(place: str, name: str) -> "URL":
    from yarl import URL

    try:
        return URL(place)
    except ValueError as error:
        raise SourceError(f"cannot read {name!r}: it redirects to {place!r}, which is no address; {_SAVE}") from error


def _moved(first: "URL", last: "URL") -> Iterable[str]:
    """What the reader should know of the way from one address to another."""
    if first.scheme == "https" and last.scheme == "http":
        yield f"it was redirected from https to {str(last)!r}: what was read could have been changed on its way"
    elif (first.raw_host or "").removeprefix("www.") != (last.raw_host or "").removeprefix("www."):
        yield f"it was redirected to {str(last)!r}"


async def _taken(response: "ClientResponse", name: str, warnings: Iterable[str]) -> FetchedPage:
    if not 200 <= response.status < 300:
        raise SourceError(f"cannot read {name!r}: {_of_status(response.status)}")
    raw = await _bounded(response, name)
    encoding = response.headers.get("Content-Encoding", "").strip().lower()
    if encoding not in ("", "identity"):
        raw = unpacked(raw, encoding, name)
    kind = response.content_type if "Content-Type" in response.headers else ""
    return FetchedPage(raw, kind.lower(), response.charset, str(response.url), tuple(warnings))


def _of_status(status: int) -> str:
    if status >= 500:
        return f"the site has trouble ({status}); try again later"
    return _STATUSES.get(status, f"the site answered {status}; {_SAVE}")


async def _bounded(response: "ClientResponse", name: str) -> bytes:
    if (response.content_length or 0) > LARGEST:
        raise _too_large(name)
    parts, size = [], 0
    async for part in response.content.iter_any():
        size += len(part)
        if size > LARGEST:
            raise _too_large(name)
        parts.append(part)
    return b"".join(parts)


def unpacked(raw: bytes, encoding: str, name: str) -> bytes:
    """Unpack a body, of which no more than `LARGEST` bytes are ever made. Raises `SourceError`."""
    if encoding not in ("gzip", "x-gzip", "deflate"):
        raise SourceError(f"cannot read {name!r}: the site packs it as {encoding!r}, which was not asked for; {_SAVE}")
    # Some servers leave the frame of zlib away from "deflate".
    bare = encoding == "deflate" and raw[:1] and raw[0] & 0x0F != zlib.DEFLATED
    unpacking = zlib.decompressobj(-zlib.MAX_WBITS if bare else zlib.MAX_WBITS | 32)
    try:
        whole = unpacking.decompress(raw, LARGEST + 1)
    except zlib.error as error:
        raise SourceError(f"cannot read {name!r}: it came damaged ({error}); try again later") from error
    if len(whole) > LARGEST:
        raise _too_large(name)
    if not unpacking.eof:
        raise SourceError(f"cannot read {name!r}: it came cut off; try again later")
    return whole


def refuse_unread(kind: str, name: str) -> None:
    """Refuse what is neither text nor of a kind that is known: a picture, a film, data. Raises `SourceError`."""
    if kind and not kind.startswith("text/") and kind not in ("application/octet-stream", "binary/octet-stream"):
        raise SourceError(f"cannot read {name!r}: it is {kind}, not an article; {_SAVE}")


def _too_large(name: str) -> SourceError:
    return SourceError(f"cannot read {name!r}: it is larger than {LARGEST // 1_000_000} MB; give one article at a time")


@asynccontextmanager
async def _translated(name: str, seconds: float) -> AsyncIterator[None]:
    """Turn what aiohttp raises into what a person can act on."""
    from aiohttp import (
        ClientConnectorCertificateError,
        ClientConnectorDNSError,
        ClientConnectorError,
        ClientError,
        ClientSSLError,
        InvalidURL,
    )

    try:
        yield
    except ClientConnectorDNSError as error:
        raise SourceError(f"cannot read {name!r}: there is no site of that name, or no network; check both") from error
    except ClientConnectorCertificateError as error:
        raise SourceError(f"cannot read {name!r}: its certificate is not to be trusted; {_SAVE}") from error
    except ClientSSLError as error:
        raise SourceError(
            f"cannot read {name!r}: no safe connection can be made; check https:// and the port"
        ) from error
    except ClientConnectorError as error:
        raise SourceError(f"cannot read {name!r}: {_of_connection(error.os_error)}") from error
    except TimeoutError as error:
        raise SourceError(f"cannot read {name!r}: it took longer than {seconds:.0f} s; try again later") from error
    except InvalidURL as error:
        raise SourceError(f"cannot read {name!r}: {error.url} is no address in its usual form; check it") from error
    except (ClientError, ValueError) as error:
        said = str(error) or type(error).__name__
        raise SourceError(f"cannot read {name!r}: the site does not speak HTTP well ({said}); {_SAVE}") from error


def _of_connection(error: OSError) -> str:
    if isinstance(error, ForbiddenAddress):
        return str(error)
    return f"nobody answers there ({os.strerror(error.errno) if error.errno else error}); try again later"
