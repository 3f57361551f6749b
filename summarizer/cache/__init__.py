"""A cache of drafts, by all that shapes them: `CachedEngine(engine, path)` is an engine too.

Concurrent requests for one draft, in this process or in others, lead to one call. A cache that fails costs one
warning, never the run.
"""

from collections.abc import Callable, Sequence
from enum import StrEnum
from functools import cached_property, partial
from pathlib import Path
from typing import TYPE_CHECKING

from ..protocols import Closable, Engine, Repairer, Selector, model_of, prompt_of, reviews, summary_identity_of
from ..schema import Article, Draft, Passage, Rejected, Summary, Takeaway
from .draft_store import TIMEOUT
from .drafts import DraftCache
from .keys import CacheKey

if TYPE_CHECKING:
    from .single_flight import Request, SingleFlight


class CacheMode(StrEnum):
    """What the cache may do."""

    READ_WRITE = "read-write"
    REFRESH = "refresh"
    """Ask the engine, and store its answer."""
    OFF = "off"


class CachedEngine:
    """Any engine, with a cache.

    `place` is a file, or the address of a Redis server. `timeout` is how many seconds a write waits for other
    processes. `warn` is called, at most once, when the cache cannot be used; without it the warning goes into the
    usage of the current draft. The usage of a cached draft is `cached`, free, and says when it was `created`.
    """

    def __init__(
        self,
        engine: Engine,
        place: Path | str,
        *,
        mode: CacheMode = CacheMode.READ_WRITE,
        warn: Callable[[str], None] | None = None,
        timeout: float = TIMEOUT,
    ) -> None:
        self.model = model_of(engine)
        self.prompt = prompt_of(engine)
        self.window = engine.window
        self._engine = engine
        self._mode = mode
        self._warnings: list[str] = []
        self._drafts = DraftCache(place, warn=warn or self._warnings.append, timeout=timeout)

    @property
    def identity(self) -> str:
        """The fingerprint of all that shapes a draft beside the passage."""
        return self._engine.identity

    @property
    def summary_identity(self) -> str | None:
        """Everything that shapes a summary but no single draft."""
        return summary_identity_of(self._engine)

    @property
    def reviews(self) -> bool:
        """Whether the engine may be given claims that code found nothing against."""
        return reviews(self._engine)

    @property
    def trouble(self) -> str | None:
        """Why the cache is paused, if it is."""
        return self._drafts.trouble

    def close(self) -> None:
        """Close the cache only; the engine was not used."""
        self._drafts.close()

    async def aclose(self) -> None:
        """Close the cache and the engine."""
        self.close()
        if isinstance(self._engine, Closable):
            await self._engine.aclose()

    def recall_summary(self, article: Article, request: str) -> Summary | None:
        """Return the cached summary of an article and a request."""
        return self._drafts.recall_summary(article, request) if self._mode is CacheMode.READ_WRITE else None

    async def keep_summary(self, article: Article, request: str, summary: Summary) -> None:
        """Store the summary of an article and a request."""
        from .single_flight import write

        if self._mode is not CacheMode.OFF:
            await write(partial(self._drafts.keep_summary, article, request, summary))

    def recall(self, key: CacheKey) -> Draft | None:
        """Return the cached draft, without asking the engine."""
        return self._drafts.recall(key)

    def keep(self, key: CacheKey, source: str | None, draft: Draft) -> None:
        """Store a draft that was requested elsewhere; `source` names its article."""
        self._drafts.keep(key, source, draft, wait=True)

    async def draft(self, passage: Passage) -> Draft:
        """Return the cached draft, or ask the engine: once, however many wait for it."""
        key = CacheKey.of(self._engine, passage)
        return await self._answer(key, passage.article.source, partial(self._engine.draft, passage))

    async def repair(self, failed: Sequence[Rejected], nearest: Sequence[Sequence[str]], language: str) -> Draft:
        """Return the cached repair, or ask the engine; an empty draft where it cannot repair."""
        if not isinstance(self._engine, Repairer):
            return Draft()
        key = CacheKey.of_repair(self._engine, failed, nearest, language)
        return await self._answer(key, None, partial(self._engine.repair, failed, nearest, language))

    async def choose(self, candidates: Sequence[Takeaway], count: int, title: str | None, language: str) -> Draft:
        """Return the cached choice, or ask the engine; an empty draft where it cannot choose."""
        if not isinstance(self._engine, Selector):
            return Draft()
        key = CacheKey.of_choice(self._engine, candidates, count, title, language)
        return await self._answer(key, None, partial(self._engine.choose, candidates, count, title, language))

    @cached_property
    def _single_flight(self) -> "SingleFlight":
        from .single_flight import SingleFlight  # imports asyncio, which a cached summary does without

        return SingleFlight(self._drafts, refresh=self._mode is CacheMode.REFRESH)

    async def _answer(self, key: CacheKey, source: str | None, request: "Request") -> Draft:
        """Answer a request; a warning of the cache goes with the draft."""
        if self._mode is CacheMode.OFF:
            return await request()
        draft = await self._single_flight.answer(key, source, request)
        if not self._warnings:
            return draft
        warnings = (*draft.usage.warnings, *self._warnings)
        self._warnings.clear()
        return draft.model_copy(update={"usage": draft.usage.model_copy(update={"warnings": warnings})})
