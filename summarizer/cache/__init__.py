"""Remembers drafts by what produced them: `Cached(engine, path)` is an engine too.

What is asked once, in this process or in another, is waited for and not asked again. A cache that cannot be
used costs one warning, never the run.
"""

from collections.abc import Callable, Sequence
from enum import StrEnum
from functools import cached_property, partial
from pathlib import Path
from typing import TYPE_CHECKING, cast

from ..schema import Article, Draft, Engine, Passage, Rejected, Summary, Takeaway
from .memory import Memory
from .proven import Proven
from .question import Question
from .store import PATIENCE

if TYPE_CHECKING:
    from .once import Ask, Once


class Mode(StrEnum):
    """What the cache may do."""

    READ_WRITE = "read-write"
    REFRESH = "refresh"
    """Ask anew, and remember the answer."""
    OFF = "off"


class Cached:
    """Any engine, with a memory.

    `place` is a file, or the address of a Redis server. `patience` is how many seconds a write waits for other
    processes. `warn` is told, at most once, that the cache cannot be used; without it the warning goes into the effort
    of the draft at hand. The effort of a draft that was remembered is `cached`, free, and knows when it was `created`.
    """

    def __init__(
        self,
        engine: Engine,
        place: Path | str,
        *,
        mode: Mode = Mode.READ_WRITE,
        warn: Callable[[str], None] | None = None,
        patience: float = PATIENCE,
    ) -> None:
        self._engine = engine
        self._mode = mode
        self._warnings: list[str] = []
        self._memory = Memory(place, warn=warn or self._warnings.append, patience=patience)
        self._proven = Proven(self._memory)

    @property
    def model(self) -> str:
        """Who answers."""
        return self._engine.model

    @property
    def identity(self) -> str:
        """All that shapes an answer beside the passage."""
        return self._engine.identity

    @property
    def prompt(self) -> tuple[str, str] | None:
        """Name and SHA-256 of the prompt template."""
        return self._engine.prompt

    @property
    def beside(self) -> str | None:
        """All that shapes a summary beside its drafts."""
        return getattr(self._engine, "beside", None)

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
        await self._engine.aclose()

    def proven(self, article: Article, request: str) -> Summary | None:
        """Return what was proven of an article, where it was asked for in the same way before."""
        return self._proven.recall(article, request) if self._mode is Mode.READ_WRITE else None

    async def keep_proven(self, article: Article, request: str, summary: Summary) -> None:
        """Remember what was proven of an article."""
        from .once import written

        if self._mode is not Mode.OFF:
            await written(partial(self._proven.keep, article, request, summary))

    def recall(self, question: Question) -> Draft | None:
        """Return the draft that is remembered, and ask nobody."""
        return self._memory.recall(question)

    def keep(self, question: Question, source: str | None, draft: Draft) -> None:
        """Remember a draft that was asked for elsewhere; `source` names its article."""
        self._memory.keep(question, source, draft, wait=True)

    async def draft(self, passage: Passage) -> Draft:
        """Return the draft that is remembered, or ask the engine: once, however many want it."""
        if self._mode is Mode.OFF:
            return await self._engine.draft(passage)
        question = Question.of(self._engine, passage)
        return await self._answer(question, passage.article.source, partial(self._engine.draft, passage))

    async def repair(self, failed: Sequence[Rejected], nearest: Sequence[Sequence[str]], language: str) -> Draft:
        """Return the repair that is remembered, or ask the engine; nothing where it cannot repair."""
        ask = getattr(self._engine, "repair", None)
        if ask is None:
            return Draft()
        if self._mode is Mode.OFF:
            return cast("Draft", await ask(failed, nearest, language))
        question = Question.of_repair(self._engine, failed, nearest, language)
        return await self._answer(question, None, partial(ask, failed, nearest, language))

    async def choose(self, candidates: Sequence[Takeaway], count: int, title: str | None, language: str) -> Draft:
        """Return the choice that is remembered, or ask the engine; nothing where it cannot choose."""
        ask = getattr(self._engine, "choose", None)
        if ask is None:
            return Draft()
        if self._mode is Mode.OFF:
            return cast("Draft", await ask(candidates, count, title, language))
        question = Question.of_choice(self._engine, candidates, count, title, language)
        return await self._answer(question, None, partial(ask, candidates, count, title, language))

    async def _answer(self, question: Question, source: str | None, ask: "Ask") -> Draft:
        return self._noted(await self._once.answer(question, source, ask))

    @cached_property
    def _once(self) -> "Once":
        from .once import Once  # with the event loop, which what was proven does without

        return Once(self._memory, anew=self._mode is Mode.REFRESH)

    def _noted(self, draft: Draft) -> Draft:
        """Hand on the warning of the cache with the draft at hand."""
        if not self._warnings:
            return draft
        warnings = (*draft.effort.warnings, *self._warnings)
        self._warnings.clear()
        return draft.model_copy(update={"effort": draft.effort.model_copy(update={"warnings": warnings})})
