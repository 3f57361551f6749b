"""Which models can be used here and now, and what the others lack. No key is ever shown, and nobody is asked."""

from collections.abc import Mapping
from dataclasses import dataclass

from ...config import DEFAULT_MODEL
from .endpoints import PROVIDERS, Provider

_EXAMPLES = {
    "openai": DEFAULT_MODEL,
    "ollama": "ollama/llama3",
    "anthropic": "anthropic/claude-sonnet-4-5",
    "gemini": "gemini/gemini-2.5-flash",
    "mistral": "mistral/mistral-small-latest",
    "groq": "groq/llama-3.3-70b-versatile",
    "deepseek": "deepseek/deepseek-chat",
}


@dataclass(frozen=True)
class Listed:
    """One row of `summarizer models`."""

    provider: str
    example: str
    """A model of it, as it is given to `-m`."""
    usable: bool
    missing: str
    """What to do to make it usable; a remark where it is."""
    default: bool = False
    """Whether it is the one that is chosen when none is named."""


def list_models(environ: Mapping[str, str], chosen: str | None = None) -> list[Listed]:
    """One row for each provider, the embedded model first. `chosen` is SUMMARIZER_MODEL, if that is set."""
    default = chosen or (DEFAULT_MODEL if environ.get("OPENAI_API_KEY") else "extractive")
    embedded = Listed("extractive", "extractive", True, "embedded: no key, no network", default == "extractive")
    return [embedded, *(_listed(provider, environ, default) for provider in PROVIDERS.values())]


def _listed(provider: Provider, environ: Mapping[str, str], default: str) -> Listed:
    is_default = default.partition("/")[0] == provider.name
    example = default if is_default else _EXAMPLES.get(provider.name, f"{provider.name}/NAME")
    missing = _missing(provider, environ)
    remark = _remark(provider, environ) if not missing else "; ".join(missing)
    return Listed(provider.name, example, not missing, remark, is_default)


def _missing(provider: Provider, environ: Mapping[str, str]) -> list[str]:
    if provider.name == "openai" and environ.get("OPENAI_BASE_URL"):
        return []
    missing = [] if provider.installed else [f"pip install 'summarizer[{provider.extra}]'"]
    keys = [key for key in provider.keys if not environ.get(key)]
    return missing + ([f"set {' and '.join(keys)}"] if keys else [])


def _remark(provider: Provider, environ: Mapping[str, str]) -> str:
    if provider.name == "ollama":
        return f"needs a running server at {environ.get('OLLAMA_HOST') or 'localhost:11434'}"
    if provider.name == "openai" and environ.get("OPENAI_BASE_URL"):
        key = "with" if environ.get("OPENAI_API_KEY") else "without"
        return f"the server of OPENAI_BASE_URL, {key} a key"
    return f"{' and '.join(provider.keys)} set"
