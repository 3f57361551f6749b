"""What proposes a draft: money, network, chance and test doubles all live behind one protocol."""

from collections.abc import Callable
from typing import Protocol

from ..config import EXTRACTIVE, Settings
from ..schema import Draft, Passage


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
    warn: Callable[[str], None] | None = None,
) -> Engine:
    """Open the engine of a model, with the cache around it; nothing is asked yet.

    The embedded model is not cached: it answers faster than a cache would. `warn` is told once if the cache cannot be
    used. Raises `ConfigError` or `PromptError`.
    """
    if model == EXTRACTIVE:
        from .extractive import ExtractiveEngine

        return ExtractiveEngine()
    from .llm import open_llm

    engine = open_llm(
        model,
        base_url=settings.base_url if settings.speaks_for(model) else None,
        api_key=api_key,
        prompt=settings.prompt,
        timeout=settings.timeout,
        concurrency=settings.concurrency,
        rpm=settings.rpm,
        tpm=settings.tpm,
        max_cost=settings.max_cost,
    )
    path = settings.cache_path
    if path is None:
        return engine
    from ..cache import Cached, Mode

    return Cached(engine, path, mode=Mode.REFRESH if refresh else Mode.READ_WRITE, warn=warn)
