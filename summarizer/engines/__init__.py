"""What proposes a draft: money, network, chance and test doubles all live behind one protocol."""

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

from ..config import EXTRACTIVE, Settings
from ..errors import ConfigError
from ..schema import Draft, Passage

if TYPE_CHECKING:
    from .llm.engine import LlmEngine


class Engine(Protocol):
    """Anything that drafts: a language model, the embedded model, a recording, or a cache around any of them."""

    @property
    def model(self) -> str:
        """Who answers, as a person names it: `extractive`, `openai/gpt-…`."""

    @property
    def identity(self) -> str:
        """All that shapes an answer beside the passage: model, endpoint, prompt, schema; never a key."""

    @property
    def prompt(self) -> tuple[str, str] | None:
        """Name and SHA-256 of the prompt template, None where no prompt is used."""

    @property
    def window(self) -> int:
        """How many characters of an article one draft may see."""

    async def draft(self, passage: Passage) -> Draft:
        """Propose takeaways and partnerships of a passage; `draft.effort` says what it took.

        Raises `EngineError` and its children when there is no usable answer.
        """

    async def aclose(self) -> None:
        """Let go of connections; the engine is not used afterwards."""


def open_engine(
    model: str,
    settings: Settings,
    *,
    api_key: str | None = None,
    refresh: bool = False,
    trace: Path | None = None,
    warn: Callable[[str], None] | None = None,
) -> Engine:
    """Open the engine of a model, with the cache around it; nothing is asked yet.

    The embedded model is not cached: it answers faster than a cache would. `warn` is told once if the cache cannot be
    used. Raises `ConfigError` or `PromptError`.
    """
    if model == EXTRACTIVE:
        from .extractive import ExtractiveEngine

        return ExtractiveEngine()
    engine = open_asked(model, settings, api_key=api_key, trace=trace)
    path = settings.cache_path
    if path is None:
        return engine
    from ..cache import Cached, Mode

    return Cached(engine, path, mode=Mode.REFRESH if refresh else Mode.READ_WRITE, warn=warn)


def open_asked(model: str, settings: Settings, *, api_key: str | None = None, trace: Path | None = None) -> "LlmEngine":
    """Open a language model without a cache: for a preview, or for a second opinion.

    Raises `ConfigError`, for the embedded model too, which can give neither.
    """
    if model == EXTRACTIVE:
        raise ConfigError("the embedded model has no prompt and no opinion: name a language model, openai/NAME for one")
    from .llm import open_llm

    return open_llm(
        model,
        base_url=settings.base_url if settings.speaks_for(model) else None,
        api_key=api_key,
        prompt=settings.prompt,
        timeout=settings.timeout,
        concurrency=settings.concurrency,
        rpm=settings.rpm,
        tpm=settings.tpm,
        max_cost=settings.max_cost,
        trace=trace,
    )
