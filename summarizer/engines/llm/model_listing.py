"""Which models can be used with this environment, and what the others lack. Shows no key, asks no model."""

import socket
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from urllib.parse import urlsplit

from ... import defaults
from ...settings import EXTRACTIVE
from .providers import PROVIDERS, Provider

_CONNECT_TIMEOUT = 1.0  # seconds


@dataclass(frozen=True)
class ListedModel:
    """One row of `summarizer models`."""

    provider: str
    example: str
    """A model of it, as given to `-m`."""
    usable: bool
    missing: str
    """What to do to make it usable; a remark where it is."""
    default: bool = False
    """Whether it is used when no model is named."""


def is_listening(url: str) -> bool:
    """Whether a server accepts a connection; nothing is sent."""
    parts = urlsplit(url)
    with suppress(OSError, ValueError):
        address = (parts.hostname or "", parts.port or {"https": 443}.get(parts.scheme, 80))
        socket.create_connection(address, timeout=_CONNECT_TIMEOUT).close()
        return True
    return False


def list_models(
    environ: Mapping[str, str], chosen: str | None = None, *, listening: Callable[[str], bool] = is_listening
) -> list[ListedModel]:
    """One row for each provider, the embedded model first. `chosen` is SUMMARIZER_MODEL, if it is set.

    `listening` says whether a server of the user's own is running.
    """
    default = chosen or (defaults.MODEL if environ.get("OPENAI_API_KEY") else EXTRACTIVE)
    embedded = ListedModel(EXTRACTIVE, EXTRACTIVE, True, "embedded: no key, no network", default == EXTRACTIVE)
    return [embedded, *(_listed(provider, environ, default, listening) for provider in PROVIDERS.values())]


def _listed(
    provider: Provider, environ: Mapping[str, str], default: str, listening: Callable[[str], bool]
) -> ListedModel:
    is_default = default.partition("/")[0] == provider.name
    example = default if is_default else f"{provider.name}/{provider.example}"
    server = provider.server(environ)
    usable, remark = _own(provider, server, listening) if server else _hosted(provider, environ)
    return ListedModel(provider.name, example, usable, remark, is_default)


def _own(provider: Provider, server: str, listening: Callable[[str], bool]) -> tuple[bool, str]:
    """Whether the user's own server is running."""
    address = urlsplit(server).netloc.rpartition("@")[2]
    if listening(server):
        return True, f"a server answers at {address}; it must have the model"
    return False, f"no server answers at {address}: {provider.start_hint}"


def _hosted(provider: Provider, environ: Mapping[str, str]) -> tuple[bool, str]:
    """Whether the package and the keys of a hosted provider are there."""
    install = "" if provider.installed else f"pip install 'summarizer[{provider.extra}]'"
    keys = provider.missing_keys(environ)
    missing = [*filter(None, (install, keys and f"set {keys}"))]
    return not missing, "; ".join(missing) or f"{' and '.join(provider.keys)} set"
