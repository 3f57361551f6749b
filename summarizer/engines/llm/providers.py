"""Who is asked: from the model that a person names to an address, a key, and the rules of that house."""

import importlib.util
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import NamedTuple
from urllib.parse import urlsplit

from ...errors import ConfigError
from ...settings import EXTRACTIVE

OPENAI_URL = "https://api.openai.com/v1"
_OLLAMA_URL = "http://127.0.0.1:11434/v1"
_OLLAMA_WINDOW = 6_000  # characters: Ollama reads 4,096 tokens by default and drops the rest without a word
_WINDOW = 40_000  # characters: some 10,000 to 20,000 tokens, which every hosted model of today can read


class Provider(NamedTuple):
    """A house that serves models, as `instructor.from_provider` knows it."""

    name: str
    """As it stands before the slash of a model."""
    keys: tuple[str, ...]
    """Environment variables that it cannot do without."""
    module: str = "openai"
    """What must be installed."""
    extra: str | None = None
    """The extra of this program that installs it."""
    instructor: str | None = None
    """The name that instructor gives it, where that is another one."""

    @property
    def installed(self) -> bool:
        """Whether its library is there."""
        try:
            return importlib.util.find_spec(self.module) is not None
        except ModuleNotFoundError:  # the parent package of a dotted name is missing
            return False


PROVIDERS: Mapping[str, Provider] = {
    provider.name: provider
    for provider in (
        Provider("openai", ("OPENAI_API_KEY",)),
        Provider("ollama", ()),
        Provider("anthropic", ("ANTHROPIC_API_KEY",), "anthropic", "anthropic"),
        Provider("gemini", ("GOOGLE_API_KEY",), "google.genai", "gemini", "google"),
        Provider("mistral", ("MISTRAL_API_KEY",), "mistralai", "mistral"),
        Provider("groq", ("GROQ_API_KEY",), "groq", "groq"),
        Provider("cohere", ("COHERE_API_KEY",), "cohere", "cohere"),
        Provider("bedrock", ("AWS_ACCESS_KEY_ID",), "boto3", "bedrock"),
        Provider("azure_openai", ("AZURE_OPENAI_API_KEY", "AZURE_OPENAI_ENDPOINT")),
        Provider("deepseek", ("DEEPSEEK_API_KEY",)),
        Provider("openrouter", ("OPENROUTER_API_KEY",)),
        Provider("together", ("TOGETHER_API_KEY",)),
        Provider("fireworks", ("FIREWORKS_API_KEY",), "fireworks", "fireworks"),
        Provider("cerebras", ("CEREBRAS_API_KEY",), "cerebras", "cerebras"),
        Provider("perplexity", ("PERPLEXITY_API_KEY",)),
        Provider("xai", ("XAI_API_KEY",), "xai_sdk", "xai"),
    )
}


@dataclass(frozen=True)
class Endpoint:
    """One model at one address. The key is never shown."""

    provider: str
    name: str
    base_url: str | None
    """None: the provider's library knows the address."""
    api_key: str | None = field(default=None, repr=False)

    @property
    def model(self) -> str:
        """As a person names it: `openai/gpt-4o-mini`."""
        return f"{self.provider}/{self.name}"

    @cached_property
    def address(self) -> str:
        """Host, port and path, without credentials: what an address is remembered and told by."""
        if self.base_url is None:
            return self.provider
        parts = urlsplit(self.base_url)
        host = parts.hostname or ""
        return f"{host}:{parts.port}{parts.path}" if parts.port else f"{host}{parts.path}"

    @property
    def where(self) -> str:
        """How a message calls it."""
        return f"{self.model!r} at {self.address}" if self.base_url not in (None, OPENAI_URL) else repr(self.model)

    @property
    def is_openai(self) -> bool:
        """Whether it is OpenAI's own service."""
        return self.base_url == OPENAI_URL

    @property
    def window(self) -> int:
        """How many characters of an article it is given at one time."""
        return _OLLAMA_WINDOW if self.provider == "ollama" else _WINDOW


def resolve(model: str, base_url: str | None, api_key: str | None, environ: Mapping[str, str]) -> Endpoint:
    """Find the endpoint of a model; `base_url` wins, and `OPENAI_BASE_URL` speaks for `openai/` only.

    Raises `ConfigError`, which says what to set or install.
    """
    provider, name = _split(model, base_url or environ.get("OPENAI_BASE_URL"))
    if base_url or provider == "openai":
        return _compatible(provider, name, base_url, api_key, environ)
    if provider == "ollama":
        return Endpoint(provider, name, ollama_url(environ), api_key or environ.get("OLLAMA_API_KEY") or None)
    return _foreign(PROVIDERS[provider], name, api_key, environ)


def _split(model: str, base_url: str | None) -> tuple[str, str]:
    provider, slash, name = model.strip().partition("/")
    if slash and name and provider in PROVIDERS:
        return provider, name
    if base_url and model.strip():
        return "openai", model.strip()  # the server's own name for it, whatever its form
    known = ", ".join(PROVIDERS)
    if slash and name:
        meant = _meant(provider, PROVIDERS, f"/{name}")
        raise ConfigError(f"the provider {provider!r} of the model {model!r} is not known{meant} use one of {known}")
    meant = _meant(model, (EXTRACTIVE,))
    raise ConfigError(
        f"{model!r} does not name a model{meant} use {EXTRACTIVE}, or PROVIDER/NAME with one of {known}, "
        "or name its server with --base-url"
    )


def _meant(typed: str, known: Iterable[str], rest: str = "") -> str:
    """What a slip of the hand stood for, as a question; a colon where nothing is near."""
    import difflib

    near = difflib.get_close_matches(typed.lower(), known, n=1)
    return f"; did you mean {near[0] + rest!r}?" if near else ":"


def _compatible(
    provider: str, name: str, base_url: str | None, api_key: str | None, environ: Mapping[str, str]
) -> Endpoint:
    """OpenAI, or a server that speaks its language: only OpenAI itself cannot do without a key."""
    url = _checked(base_url or environ.get("OPENAI_BASE_URL") or OPENAI_URL)
    variable = next(iter(PROVIDERS[provider].keys), "OLLAMA_API_KEY")
    key = api_key or environ.get(variable) or None
    if key is None and url == OPENAI_URL:
        raise ConfigError(
            f"no key for 'openai/{name}': set OPENAI_API_KEY, or name a server with --base-url, "
            "or use the embedded model with -m extractive"
        )
    if key is not None and not re.fullmatch(r"[\x21-\x7e]+", key):
        raise ConfigError(f"the key in {variable} holds a space or a character that no key has: copy it again")
    return Endpoint(provider, name, url, key)


def _checked(url: str) -> str:
    parts = urlsplit(url.strip())
    if parts.scheme not in ("http", "https") or not parts.hostname:
        raise ConfigError(f"the base URL {_shown(url)!r} is not an http or https address: use https://HOST/v1")
    return url.strip().rstrip("/")


def _shown(url: str) -> str:
    """The URL without what may be a password."""
    return re.sub(r"//[^/@]*@", "//…@", url)


def ollama_url(environ: Mapping[str, str]) -> str:
    """Where Ollama is: at OLLAMA_HOST, else on this machine."""
    host = environ.get("OLLAMA_HOST", "").strip().rstrip("/")
    if not host:
        return _OLLAMA_URL
    parts = urlsplit(host if "//" in host else f"http://{host}")
    name = "127.0.0.1" if parts.hostname in (None, "0.0.0.0") else parts.hostname  # noqa: S104  (what it listens on)
    port = parts.port or {"https": 443}.get(parts.scheme, 11434)
    return f"{parts.scheme}://{name}:{port}{parts.path}/v1"


def _foreign(provider: Provider, name: str, api_key: str | None, environ: Mapping[str, str]) -> Endpoint:
    if not provider.installed:
        raise ConfigError(
            f"the model '{provider.name}/{name}' needs the package {provider.module!r}: "
            f"pip install 'summarizer[{provider.extra}]'"
        )
    missing = [key for key in provider.keys if not environ.get(key)]
    if missing and not api_key:
        raise ConfigError(f"no key for '{provider.name}/{name}': set {' and '.join(missing)}")
    return Endpoint(provider.name, name, None, api_key or environ.get(provider.keys[0]))
