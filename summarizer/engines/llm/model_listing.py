"""Which models can be used here and now, and what the others lack. No key is ever shown, and no model is asked."""

import socket
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from urllib.parse import urlsplit

from ...settings import DEFAULT_MODEL
from .providers import PROVIDERS, Provider, ollama_url

_EXAMPLES = {
    "openai": DEFAULT_MODEL,
    "ollama": "ollama/llama3",
    "anthropic": "anthropic/claude-sonnet-4-5",
    "gemini": "gemini/gemini-2.5-flash",
    "mistral": "mistral/mistral-small-latest",
    "groq": "groq/llama-3.3-70b-versatile",
    "deepseek": "deepseek/deepseek-chat",
}


_SOON = 1.0
"""Seconds in which a server takes a connection that is there."""


@dataclass(frozen=True)
class ListedModel:
    """One row of `summarizer models`."""

    provider: str
    example: str
    """A model of it, as it is given to `-m`."""
    usable: bool
    missing: str
    """What to do to make it usable; a remark where it is."""
    default: bool = False
    """Whether it is the one that is chosen when none is named."""


def is_listening(url: str) -> bool:
    """Whether somebody takes a connection at an address; nothing is sent."""
    parts = urlsplit(url)
    with suppress(OSError, ValueError):
        place = (parts.hostname or "", parts.port or {"https": 443}.get(parts.scheme, 80))
        socket.create_connection(place, timeout=_SOON).close()
        return True
    return False


def list_models(
    environ: Mapping[str, str], chosen: str | None = None, *, listening: Callable[[str], bool] = is_listening
) -> list[ListedModel]:
    """One row for each provider, the embedded model first. `chosen` is SUMMARIZER_MODEL, if that is set.

    `listening` looks whether a server is there, Ollama's and that of OPENAI_BASE_URL.
    """
    default = chosen or (DEFAULT_MODEL if environ.get("OPENAI_API_KEY") else "extractive")
    embedded = ListedModel("extractive", "extractive", True, "embedded: no key, no network", default == "extractive")
    return [embedded, *(_listed(provider, environ, default, listening) for provider in PROVIDERS.values())]


def _listed(
    provider: Provider, environ: Mapping[str, str], default: str, listening: Callable[[str], bool]
) -> ListedModel:
    is_default = default.partition("/")[0] == provider.name
    example = default if is_default else _EXAMPLES.get(provider.name, f"{provider.name}/NAME")
    missing = _missing(provider, environ)
    server = _server(provider, environ)
    if not missing and server and not listening(server):
        missing = [_absent(provider, server)]
    remark = _remark(provider, environ, server) if not missing else "; ".join(missing)
    return ListedModel(provider.name, example, not missing, remark, is_default)


def _missing(provider: Provider, environ: Mapping[str, str]) -> list[str]:
    if provider.name == "openai" and environ.get("OPENAI_BASE_URL"):
        return []
    missing = [] if provider.installed else [f"pip install 'summarizer[{provider.extra}]'"]
    keys = [key for key in provider.keys if not environ.get(key)]
    return missing + ([f"set {' and '.join(keys)}"] if keys else [])


def _server(provider: Provider, environ: Mapping[str, str]) -> str | None:
    """The address of a server that a person runs; None for a house that is there whatever happens."""
    if provider.name == "ollama":
        return ollama_url(environ)
    return environ.get("OPENAI_BASE_URL") or None if provider.name == "openai" else None


def _absent(provider: Provider, server: str) -> str:
    place = urlsplit(server).netloc.rpartition("@")[2]
    if provider.name == "ollama":
        return f"no server answers at {place}: start it with `ollama serve`, or set OLLAMA_HOST"
    return f"no server answers at {place}: start it, or correct OPENAI_BASE_URL"


def _remark(provider: Provider, environ: Mapping[str, str], server: str | None) -> str:
    if provider.name == "ollama" and server:
        return f"a server answers at {urlsplit(server).netloc.rpartition('@')[2]}; it must have the model"
    if server:
        key = "with" if environ.get("OPENAI_API_KEY") else "without"
        return f"the server of OPENAI_BASE_URL, {key} a key"
    return f"{' and '.join(provider.keys)} set"
