"""What is asked once, in this process or in another, is waited for and not asked again."""

import asyncio
from collections.abc import Awaitable, Callable
from functools import partial
from typing import TypeVar

from ..schema import Draft
from .drafts import LEASE, DraftCache, free, now
from .keys import CacheKey
from .stores.sqlite_store import StoreBusy

_T = TypeVar("_T")
Ask = Callable[[], Awaitable[Draft]]


class SingleFlight:
    """Asks each question once, however many want its answer; `anew` where what is remembered does not count."""

    def __init__(self, memory: DraftCache, *, anew: bool) -> None:
        self._memory = memory
        self._anew = anew
        self._flights: dict[bytes, asyncio.Future[Draft]] = {}

    async def answer(self, question: CacheKey, source: str | None, ask: Ask) -> Draft:
        """Return the draft that is remembered, else the one of whoever asks already, else ask."""
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
        return draft

    async def _recall_or_ask(self, question: CacheKey, source: str | None, ask: Ask) -> Draft:
        if self._anew:
            return await self._ask(question, source, ask)
        if found := self._memory.recall(question):
            return found
        if found := await self._turn(question):
            return found
        renewal = _Renewal(partial(self._memory.claim, question))
        try:
            return await self._ask(question, source, ask)
        except BaseException:
            await written(partial(self._memory.release, question))
            raise
        finally:
            renewal.end()

    async def _ask(self, question: CacheKey, source: str | None, ask: Ask) -> Draft:
        draft = await ask()
        await written(partial(self._memory.keep, question, source, draft))  # gives up our turn, too
        return draft

    async def _turn(self, question: CacheKey) -> Draft | None:
        """Wait until the question is ours to ask, or another process has answered it: then return its draft."""
        pause = 0.02
        while not await written(partial(self._memory.claim, question)):
            await asyncio.sleep(pause)
            pause = min(1.5 * pause, 0.5)
            if found := self._memory.recall(question):
                return found
        if found := self._memory.recall(question):  # answered between our look and our turn
            await written(partial(self._memory.release, question))
        return found


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
            await written(self._renew)
            await asyncio.sleep(LEASE / 3)

    def end(self) -> None:
        self._timer.cancel()
        if self._task is not None:
            self._task.cancel()


async def written(work: Callable[..., _T]) -> _T:
    """Write at once, which is quicker than to change threads, and in a thread only where it must be waited for."""
    try:
        return work(wait=False)
    except StoreBusy:
        return await asyncio.to_thread(work, wait=True)


def _shared(draft: Draft) -> Draft:
    """Return what another caller asked and paid for."""
    return draft.model_copy(update={"usage": free(draft.usage, draft.usage.created or now())})


def _fail(flight: asyncio.Future[Draft], error: BaseException) -> None:
    """Let those who wait fail alike, or take their turn if the asker went away."""
    if isinstance(error, Exception):
        flight.set_exception(error)
        flight.exception()  # seen: nobody may be waiting
    else:
        flight.cancel()
