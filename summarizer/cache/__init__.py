"""Remembers drafts by what produced them: `Cached(engine, path)` is an engine too.

What is asked once, in this process or in another, is waited for and not asked again. A cache that cannot be
used costs one warning, never the run.
"""

from collections.abc import Callable, Sequence
from enum import StrEnum
from functools import cached_property, partial
from pathlib import Path
from typing import TYPE_CHECKING

from ..protocols import Closable, Engine, Repairer, Selector, model_of, prompt_of, summary_identity_of
from ..schema import Article, Draft, Passage, Rejected, Summary, Takeaway
from .drafts import DraftCache
from .keys import CacheKey
from .stores.sqlite_store import PATIENCE
from .summaries import SummaryCache

if TYPE_CHECKING:
    from .single_flight import Ask, SingleFlight


class CacheMode(StrEnum):
    """What the cache may do."""

    READ_WRITE = "read-write"
    REFRESH = "refresh"
    """Ask anew, and remember the answer."""
    OFF = "off"


class CachedEngine:
    """Any engine, with a memory.

    `place` is a file, or the address of a Redis server. `patience` is how many seconds a write waits for other
    processes. `warn` is told, at most once, that the cache cannot be used; without it the warning goes into the usage
    of the draft at hand. The usage of a draft that was remembered is `cached`, free, and knows when it was `created`.
    """

    def __init__(
        self,
        engine: Engine,
        place: Path | str,
        *,
        mode: CacheMode = CacheMode.READ_WRITE,
        warn: Callable[[str], None] | None = None,
        patience: float = PATIENCE,
    ) -> None:
        self._engine = engine
        self._mode = mode
        self._warnings: list[str] = []
        self._memory = DraftCache(place, warn=warn or self._warnings.append, patience=patience)
        self._proven = SummaryCache(self._memory)

    @property
    def model(self) -> str:
        """Who answers."""
        return model_of(self._engine)

    @property
    def identity(self) -> str:
        """All that shapes an answer beside the passage."""
        return self._engine.identity

    @property
    def prompt(self) -> tuple[str, str] | None:
        """Name and SHA-256 of the prompt template."""
        return prompt_of(self._engine)

    @property
    def summary_identity(self) -> str | None:
        """Everything that shapes a summary but no single draft."""
        return summary_identity_of(self._engine)

    @property
    def window(self) -> int:
        """How many characters of an article one draft may see."""
        return self._engine.window

    @property
    def trouble(self) -> str | None:
        """Why the cache is not asked for now, if it is not."""
        return self._memory.trouble

    def close(self) -> None:
        """Let go of the file, where nobody was asked."""
        self._memory.close()

    async def aclose(self) -> None:
        """Let go of the file and of the engine."""
        self.close()
        if isinstance(self._engine, Closable):
            await self._engine.aclose()

    def recall_summary(self, article: Article, request: str) -> Summary | None:
        """Return what was proven of an article, where it was asked for in the same way before."""
        return self._proven.recall(article, request) if self._mode is CacheMode.READ_WRITE else None

    async def keep_summary(self, article: Article, request: str, summary: Summary) -> None:
        """Remember what was proven of an article."""
        from .single_flight import written

        if self._mode is not CacheMode.OFF:
            await written(partial(self._proven.keep, article, request, summary))

    def recall(self, question: CacheKey) -> Draft | None:
        """Return the draft that is remembered, and ask nobody."""
        return self._memory.recall(question)

    def keep(self, question: CacheKey, source: str | None, draft: Draft) -> None:
        """Remember a draft that was asked for elsewhere; `source` names its article."""
        self._memory.keep(question, source, draft, wait=True)

    async def draft(self, passage: Passage) -> Draft:
        """Return the draft that is remembered, or ask the engine: once, however many want it."""
        if self._mode is CacheMode.OFF:
            return await self._engine.draft(passage)
        question = CacheKey.of(self._engine, passage)
        return await self._answer(question, passage.article.source, partial(self._engine.draft, passage))

    async def repair(self, failed: Sequence[Rejected], nearest: Sequence[Sequence[str]], language: str) -> Draft:
        """Return the repair that is remembered, or ask the engine; nothing where it cannot repair."""
        if not isinstance(self._engine, Repairer):
            return Draft()
        ask = partial(self._engine.repair, failed, nearest, language)
        if self._mode is CacheMode.OFF:
            return await ask()
        question = CacheKey.of_repair(self._engine, failed, nearest, language)
        return await self._answer(question, None, ask)

    async def choose(self, candidates: Sequence[Takeaway], count: int, title: str | None, language: str) -> Draft:
        """Return the choice that is remembered, or ask the engine; nothing where it cannot choose."""
        if not isinstance(self._engine, Selector):
            return Draft()
        ask = partial(self._engine.choose, candidates, count, title, language)
        if self._mode is CacheMode.OFF:
            return await ask()
        question = CacheKey.of_choice(self._engine, candidates, count, title, language)
        return await self._answer(question, None, ask)

    async def _answer(self, question: CacheKey, source: str | None, ask: "Ask") -> Draft:
        return self._noted(await self._once.answer(question, source, ask))

    @cached_property
    def _once(self) -> "SingleFlight":
        from .single_flight import SingleFlight  # with the event loop, which what was proven does without

        return SingleFlight(self._memory, anew=self._mode is CacheMode.REFRESH)

    def _noted(self, draft: Draft) -> Draft:
        """Hand on the warning of the cache with the draft at hand."""
        if not self._warnings:
            return draft
        warnings = (*draft.usage.warnings, *self._warnings)
        self._warnings.clear()
        return draft.model_copy(update={"usage": draft.usage.model_copy(update={"warnings": warnings})})
