"""Remembers drafts by what produced them: `Cached(engine, path)` is an engine too.

What is asked once, in this process or in another, is waited for and not asked again. A cache that cannot be
used costs one warning, never the run.
"""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from enum import StrEnum
from functools import partial
from pathlib import Path
from typing import TypeVar, cast

from ..schema import Article, Draft, Engine, Passage, Rejected, Summary, Takeaway
from .memory import LEASE, Memory, free, now
from .proven import Proven
from .question import Question
from .store import PATIENCE, Busy

_T = TypeVar("_T")
Ask = Callable[[], Awaitable[Draft]]


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
        self._flights: dict[bytes, asyncio.Future[Draft]] = {}

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

    async def aclose(self) -> None:
        """Let go of the file and of the engine."""
        self._memory.close()
        await self._engine.aclose()

    def proven(self, article: Article, request: str) -> Summary | None:
        """Return what was proven of an article, where it was asked for in the same way before."""
        return self._proven.recall(article, request) if self._mode is Mode.READ_WRITE else None

    async def keep_proven(self, article: Article, request: str, summary: Summary) -> None:
        """Remember what was proven of an article."""
        if self._mode is not Mode.OFF:
            await _written(partial(self._proven.keep, article, request, summary))

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
        return await self._once(question, passage.article.source, partial(self._engine.draft, passage))

    async def repair(self, failed: Sequence[Rejected], nearest: Sequence[Sequence[str]], language: str) -> Draft:
        """Return the repair that is remembered, or ask the engine; nothing where it cannot repair."""
        ask = getattr(self._engine, "repair", None)
        if ask is None:
            return Draft()
        if self._mode is Mode.OFF:
            return cast("Draft", await ask(failed, nearest, language))
        question = Question.of_repair(self._engine, failed, nearest, language)
        return await self._once(question, None, partial(ask, failed, nearest, language))

    async def choose(self, candidates: Sequence[Takeaway], count: int, title: str | None, language: str) -> Draft:
        """Return the choice that is remembered, or ask the engine; nothing where it cannot choose."""
        ask = getattr(self._engine, "choose", None)
        if ask is None:
            return Draft()
        if self._mode is Mode.OFF:
            return cast("Draft", await ask(candidates, count, title, language))
        question = Question.of_choice(self._engine, candidates, count, title, language)
        return await self._once(question, None, partial(ask, candidates, count, title, language))

    async def _once(self, question: Question, source: str | None, ask: Ask) -> Draft:
        while flight := self._flights.get(question.key):
            await asyncio.wait([flight])
            if not flight.cancelled():  # else whoever asked went away, and it is our turn
                return _shared(flight.result())
        flight = asyncio.get_running_loop().create_future()
        self._flights[question.key] = flight
        try:
            draft = await self._recall_or_ask(question, source, ask)
        except BaseException as error:
            _fail(flight, error)
            raise
        finally:
            del self._flights[question.key]
        flight.set_result(draft)
        return self._noted(draft)

    async def _recall_or_ask(self, question: Question, source: str | None, ask: Ask) -> Draft:
        if self._mode is Mode.REFRESH:
            return await self._ask(question, source, ask)
        if found := self._memory.recall(question):
            return found
        if found := await self._turn(question):
            return found
        renewal = _Renewal(partial(self._memory.claim, question))
        try:
            return await self._ask(question, source, ask)
        except BaseException:
            await _written(partial(self._memory.release, question))
            raise
        finally:
            renewal.end()

    async def _ask(self, question: Question, source: str | None, ask: Ask) -> Draft:
        draft = await ask()
        await _written(partial(self._memory.keep, question, source, draft))  # gives up our turn, too
        return draft

    async def _turn(self, question: Question) -> Draft | None:
        """Wait until the question is ours to ask, or another process has answered it: then return its draft."""
        pause = 0.02
        while not await _written(partial(self._memory.claim, question)):
            await asyncio.sleep(pause)
            pause = min(1.5 * pause, 0.5)
            if found := self._memory.recall(question):
                return found
        if found := self._memory.recall(question):  # answered between our look and our turn
            await _written(partial(self._memory.release, question))
        return found

    def _noted(self, draft: Draft) -> Draft:
        """Hand on the warning of the cache with the draft at hand."""
        if not self._warnings:
            return draft
        warnings = (*draft.effort.warnings, *self._warnings)
        self._warnings.clear()
        return draft.model_copy(update={"effort": draft.effort.model_copy(update={"warnings": warnings})})


class _Renewal:
    """Renews a lease in time until it is ended; a timer, for hardly any question is open for long enough."""

    def __init__(self, renew: Callable[..., bool]) -> None:
        self._renew = renew
        self._task: asyncio.Task[None] | None = None
        self._timer = asyncio.get_running_loop().call_later(LEASE / 3, self._begin)

    def _begin(self) -> None:
        self._task = asyncio.create_task(self._go_on())

    async def _go_on(self) -> None:
        while True:
            await _written(self._renew)
            await asyncio.sleep(LEASE / 3)

    def end(self) -> None:
        self._timer.cancel()
        if self._task is not None:
            self._task.cancel()


async def _written(work: "Callable[..., _T]") -> _T:
    """Write at once, which is quicker than to change threads, and in a thread only where it must be waited for."""
    try:
        return work(wait=False)
    except Busy:
        return await asyncio.to_thread(work, wait=True)


def _shared(draft: Draft) -> Draft:
    """Return what another caller asked and paid for."""
    return draft.model_copy(update={"effort": free(draft.effort, draft.effort.created or now())})


def _fail(flight: "asyncio.Future[Draft]", error: BaseException) -> None:
    """Let those who wait fail alike, or take their turn if the asker went away."""
    if isinstance(error, Exception):
        flight.set_exception(error)
        flight.exception()  # seen: nobody may be waiting
    else:
        flight.cancel()
