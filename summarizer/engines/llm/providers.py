"""The table of providers, the way from the model that a user names to an endpoint, and the list of usable models.

A provider is one row: adding one, or a quirk of one, changes nothing else.
"""

import importlib.util
import re
from collections.abc import Callable, Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field, replace
from functools import cached_property
from types import MappingProxyType
from typing import Any, NamedTuple
from urllib.parse import urlsplit

from ... import defaults
from ...errors import ConfigError
from ...settings import EXTRACTIVE
from ...version import DISTRIBUTION
from .output_modes import RequestMode

OPENAI_URL = "https://api.openai.com/v1"
_CONNECT_TIMEOUT = 1.0  # seconds
_WINDOW = 40_000  # characters: some 10,000 to 20,000 tokens, which every hosted model of today can read


class Provider(NamedTuple):
    """A provider of models, and all that is special about it."""

    name: str
    """The part of a model before the slash."""
    keys: tuple[str, ...] = ()
    """Environment variables that it requires, the API key first."""
    example: str = "NAME"
    """A model of it, for the list of models."""
    module: str = "openai"
    """The package that must be installed."""
    extra: str | None = None
    """The extra of this program that installs it."""
    instructor_name: str | None = None
    """Its name in instructor, where that is another one."""
    price_name: str | None = None
    """Its name in the price table, where that is another one."""
    url: str | None = None
    """The address of an OpenAI-compatible API; None: the provider's own SDK knows it."""
    url_variable: str | None = None
    """The environment variable that names a server of the user's own."""
    local: bool = False
    """Whether `url` is a server that the user runs."""
    start_hint: str = ""
    """What to do when the user's own server does not answer."""
    optional_key: str | None = None
    """The environment variable of an API key that it can do without."""
    window: int = _WINDOW
    """How many characters of an article one request may hold."""
    request_mode: RequestMode = RequestMode()
    """How it is asked first, at its own address."""
    gateway_variable: str | None = None
    """The environment variable by which its own SDK is pointed at a gateway."""
    call_options: Mapping[str, Any] = MappingProxyType({})
    """What its SDK is told with each call."""
    without_temperature: str | None = None
    """Pattern of the models that accept no temperature."""

    @property
    def installed(self) -> bool:
        """Whether its package is installed."""
        try:
            return importlib.util.find_spec(self.module) is not None
        except ModuleNotFoundError:  # the parent package of a dotted name is missing
            return False

    @property
    def key_variable(self) -> str:
        """The variable of the environment that holds the key."""
        return next(iter(self.keys), self.optional_key) or "OPENAI_API_KEY"

    def missing_keys(self, environ: Mapping[str, str]) -> str:
        """The required variables that are not set, joined by "and"."""
        return " and ".join(key for key in self.keys if not environ.get(key))

    def server(self, environ: Mapping[str, str]) -> str | None:
        """The address of the user's own server; None for a hosted service."""
        named = environ.get(self.url_variable, "").strip() if self.url_variable else ""
        return _local_url(named, self.url or "") if self.local else named or None


_ROWS = (
    Provider(
        "openai",
        ("OPENAI_API_KEY",),
        defaults.MODEL.partition("/")[2],
        url=OPENAI_URL,
        url_variable="OPENAI_BASE_URL",
        start_hint="start it, or correct OPENAI_BASE_URL",
        request_mode=RequestMode(limit="max_completion_tokens"),
        without_temperature=r"o\d|gpt-[5-9]",
    ),
    Provider(
        "ollama",
        example="llama3",
        url="http://127.0.0.1:11434/v1",
        url_variable="OLLAMA_HOST",
        local=True,
        start_hint="start it with `ollama serve`, or set OLLAMA_HOST",
        optional_key="OLLAMA_API_KEY",
        window=6_000,  # by default it reads 4,096 tokens, and silently drops the rest
    ),
    Provider(
        "anthropic",
        ("ANTHROPIC_API_KEY",),
        "claude-sonnet-4-5",
        "anthropic",
        "anthropic",
        gateway_variable="ANTHROPIC_BASE_URL",
    ),
    Provider(
        "gemini",
        ("GOOGLE_API_KEY",),
        "gemini-2.5-flash",
        "google.genai",
        "gemini",
        "google",
        "google",
        gateway_variable="GOOGLE_GEMINI_BASE_URL",
    ),
    Provider("mistral", ("MISTRAL_API_KEY",), "mistral-small-latest", "mistralai", "mistral"),
    Provider("groq", ("GROQ_API_KEY",), "llama-3.3-70b-versatile", "groq", "groq", gateway_variable="GROQ_BASE_URL"),
    Provider(
        "cohere",
        ("COHERE_API_KEY",),
        module="cohere",
        extra="cohere",
        gateway_variable="CO_API_URL",
        call_options={"request_options": {"max_retries": 0}},  # else it retries each of our attempts twice
    ),
    Provider("bedrock", ("AWS_ACCESS_KEY_ID",), module="boto3", extra="bedrock", price_name="aws"),
    Provider("azure_openai", ("AZURE_OPENAI_API_KEY", "AZURE_OPENAI_ENDPOINT"), price_name="azure"),
    Provider("deepseek", ("DEEPSEEK_API_KEY",), "deepseek-chat"),
    Provider("openrouter", ("OPENROUTER_API_KEY",)),
    Provider("together", ("TOGETHER_API_KEY",)),
    Provider("fireworks", ("FIREWORKS_API_KEY",), module="fireworks", extra="fireworks"),
    Provider("cerebras", ("CEREBRAS_API_KEY",), module="cerebras", extra="cerebras"),
    Provider("perplexity", ("PERPLEXITY_API_KEY",)),
    # Not through its SDK, whose dependencies contradict instructor's.
    Provider("xai", ("XAI_API_KEY",), url="https://api.x.ai/v1", price_name="x-ai"),
)
PROVIDERS: Mapping[str, Provider] = {row.name: row for row in _ROWS}


@dataclass(frozen=True)
class Endpoint:
    """One model at one address. The key is never shown."""

    provider: str
    name: str
    base_url: str | None
    """None: the provider's SDK knows the address."""
    api_key: str | None = field(default=None, repr=False)

    @property
    def model(self) -> str:
        """As a user names it: `openai/gpt-4o-mini`."""
        return f"{self.provider}/{self.name}"

    @cached_property
    def address(self) -> str:
        """Host, port and path without credentials."""
        if self.base_url is None:
            return self.provider
        parts = urlsplit(self.base_url)
        host = parts.hostname or ""
        return f"{host}:{parts.port}{parts.path}" if parts.port else f"{host}{parts.path}"

    @property
    def where(self) -> str:
        """The model and its address, for messages."""
        return f"{self.model!r} at {self.address}" if not self.is_hosted else repr(self.model)

    @property
    def is_hosted(self) -> bool:
        """Whether the provider itself answers, not a server that the user names or runs."""
        provider = PROVIDERS[self.provider]
        return self.base_url is None or (self.base_url == provider.url and not provider.local)

    @property
    def request_mode(self) -> RequestMode:
        """How it is asked before anything was learned: by the provider's row, at its own address only."""
        provider = PROVIDERS[self.provider]
        if self.base_url not in (None, provider.url) and not provider.local:
            return RequestMode()
        pattern = provider.without_temperature
        takes_none = pattern is not None and re.match(pattern, self.name)
        return replace(provider.request_mode, temperature=False) if takes_none else provider.request_mode


def resolve(model: str, base_url: str | None, api_key: str | None, environ: Mapping[str, str]) -> Endpoint:
    """Find the endpoint of a model; `base_url` wins, and `OPENAI_BASE_URL` applies to `openai/` only.

    Raises `ConfigError`, which says what to set or install.
    """
    provider, name = _split(model, base_url or environ.get("OPENAI_BASE_URL"))
    url = base_url or provider.server(environ) or provider.url
    if url is None:
        return _hosted(provider, name, api_key, environ)
    return _compatible(provider, name, url, api_key, environ)


def _split(model: str, base_url: str | None) -> tuple[Provider, str]:
    provider, slash, name = model.strip().partition("/")
    if slash and name and provider in PROVIDERS:
        return PROVIDERS[provider], name
    if base_url and model.strip():
        return PROVIDERS["openai"], model.strip()  # the server's own name for it, whatever its form
    known = ", ".join(PROVIDERS)
    if slash and name:
        guess = _did_you_mean(provider, PROVIDERS, f"/{name}")
        raise ConfigError(f"the provider {provider!r} of the model {model!r} is not known{guess} use one of {known}")
    guess = _of_known_model(model) or _did_you_mean(model, (EXTRACTIVE,))
    raise ConfigError(
        f"{model!r} does not name a model{guess} use {EXTRACTIVE}, or PROVIDER/NAME with one of {known}, "
        "or name its server with `base_url`"
    )


def _of_known_model(name: str) -> str:
    """The model of a provider that has one of this name, as a question; empty where none is known to."""
    from genai_prices import Usage, calc_price

    try:
        found = calc_price(Usage(), name).provider.id
    except (LookupError, ValueError):
        return ""
    names = (each for each, provider in PROVIDERS.items() if found in (each, provider.price_name))
    return "".join(f"; did you mean '{each}/{name}'?" for each in list(names)[:1])


def _did_you_mean(typed: str, known: Iterable[str], rest: str = "") -> str:
    """The nearest known name as a question; a colon where nothing is near."""
    import difflib

    near = difflib.get_close_matches(typed.lower(), known, n=1)
    return f"; did you mean {near[0] + rest!r}?" if near else ":"


def _compatible(
    provider: Provider, name: str, base_url: str, api_key: str | None, environ: Mapping[str, str]
) -> Endpoint:
    """A provider or server with an OpenAI-compatible API: only a provider itself requires a key."""
    url = base_url.strip().rstrip("/")
    parts = urlsplit(url)
    if parts.scheme not in ("http", "https") or not parts.hostname:
        shown = re.sub(r"//[^/@]*@", "//…@", base_url)  # without what may be a password
        raise ConfigError(f"the base URL {shown!r} is not an http or https address: use https://HOST/v1")
    variable = provider.key_variable
    key = api_key or environ.get(variable) or None
    if key is None and url == provider.url and provider.keys:
        raise ConfigError(
            f"no key for '{provider.name}/{name}': set {variable}, or name a server with `base_url`, "
            'or use the embedded model with `model="extractive"`'
        )
    if key is not None and not re.fullmatch(r"[\x21-\x7e]+", key):
        raise ConfigError(f"the key in {variable} holds a space or a character that no key has: copy it again")
    return Endpoint(provider.name, name, url, key)


def _local_url(host: str, default: str) -> str:
    """The address of a local server, from a host as its user may name it: without scheme, port or path."""
    if not host:
        return default
    parts = urlsplit(host.rstrip("/") if "//" in host else f"http://{host.rstrip('/')}")
    name = "127.0.0.1" if parts.hostname in (None, "0.0.0.0") else parts.hostname  # noqa: S104  (what it listens on)
    port = parts.port or {"https": 443}.get(parts.scheme, urlsplit(default).port)
    return f"{parts.scheme}://{name}:{port}{parts.path}/v1"


def _hosted(provider: Provider, name: str, api_key: str | None, environ: Mapping[str, str]) -> Endpoint:
    """A provider that is asked through its own SDK."""
    if not provider.installed:
        raise ConfigError(
            f"the model '{provider.name}/{name}' needs the package {provider.module!r}: "
            f"pip install '{DISTRIBUTION}[{provider.extra}]'"
        )
    missing = provider.missing_keys(environ)
    if missing and not api_key:
        raise ConfigError(f"no key for '{provider.name}/{name}': set {missing}")
    return Endpoint(provider.name, name, None, api_key or environ.get(provider.keys[0]))


# --- which models can be used with an environment: shows no key, asks no model ---------------------------------------


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
    import socket

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
    rows = [ListedModel(EXTRACTIVE, EXTRACTIVE, True, "embedded: no key, no network", default == EXTRACTIVE)]
    for name, provider in PROVIDERS.items():
        is_default = default.partition("/")[0] == name
        example = default if is_default else f"{name}/{provider.example}"
        server = provider.server(environ)
        usable, remark = _own(provider, server, listening) if server else _service(provider, environ)
        rows.append(ListedModel(name, example, usable, remark, is_default))
    return rows


def _own(provider: Provider, server: str, listening: Callable[[str], bool]) -> tuple[bool, str]:
    """Whether the user's own server is running."""
    address = urlsplit(server).netloc.rpartition("@")[2]
    if listening(server):
        return True, f"a server answers at {address}; it must have the model"
    return False, f"no server answers at {address}: {provider.start_hint}"


def _service(provider: Provider, environ: Mapping[str, str]) -> tuple[bool, str]:
    """Whether the package and the keys of a hosted provider are there."""
    install = "" if provider.installed else f"pip install '{DISTRIBUTION}[{provider.extra}]'"
    keys = provider.missing_keys(environ)
    missing = [*filter(None, (install, keys and f"set {keys}"))]
    gateway = f"; {provider.gateway_variable} names a gateway" if provider.gateway_variable else ""
    return not missing, "; ".join(missing) or f"{' and '.join(provider.keys)} set{gateway}"
