"""Concurrent requests for one key, in this process or in others, lead to one call, whose answer they share.

They may come from several threads, each with an event loop of its own, so a flight is a future that belongs to none.
"""

import asyncio
from collections.abc import Awaitable, Callable
from concurrent.futures import Future
from functools import partial
from typing import TypeVar

from ..schema import Draft
from .draft_store import StoreBusy
from .drafts import LEASE, DraftCache, without_cost
from .keys import CacheKey

_T = TypeVar("_T")
Request = Callable[[], Awaitable[Draft]]


class SingleFlight:
    """Makes one request per key, however many wait for its answer; `refresh` ignores what is cached."""

    def __init__(self, cache: DraftCache, *, refresh: bool) -> None:
        self._cache = cache
        self._refresh = refresh
        self._flights: dict[bytes, Future[Draft | None]] = {}
        """By key; None for an answer where the requester was cancelled, and it is another's turn."""

    async def answer(self, key: CacheKey, source: str | None, request: Request) -> Draft:
        """Return the cached draft, else that of a request under way, else make the request."""
        ours: Future[Draft | None] = Future()
        ours.set_running_or_notify_cancel()  # one of several who wait cannot cancel it
        while (flight := self._flights.setdefault(key.key, ours)) is not ours:
            if (answered := await asyncio.wrap_future(flight)) is not None:
                return without_cost(answered)
        draft = error = None
        try:
            draft = await self._recall_or_request(key, source, request)
        except Exception as failure:
            error = failure
            raise
        finally:
            del self._flights[key.key]
            if error is None:
                ours.set_result(draft)
            else:
                ours.set_exception(error)
        return draft

    async def _recall_or_request(self, key: CacheKey, source: str | None, request: Request) -> Draft:
        if self._refresh:
            return await self._request(key, source, request)
        if found := self._cache.recall(key) or await self._acquire(key):
            return found
        renewal = asyncio.create_task(self._renew(key))
        try:
            return await self._request(key, source, request)
        except BaseException:
            await write(partial(self._cache.release, key))
            raise
        finally:
            renewal.cancel()

    async def _request(self, key: CacheKey, source: str | None, request: Request) -> Draft:
        draft = await request()
        await write(partial(self._cache.keep, key, source, draft))  # releases the lease, too
        return draft

    async def _renew(self, key: CacheKey) -> None:
        """Renew the lease on a key in time, until cancelled."""
        while True:
            await asyncio.sleep(LEASE / 3)
            await write(partial(self._cache.claim, key))

    async def _acquire(self, key: CacheKey) -> Draft | None:
        """Wait until the lease on a key is ours, or another process has stored its draft: then return that."""
        pause = 0.02
        while not await write(partial(self._cache.claim, key)):
            await asyncio.sleep(pause)
            pause = min(1.5 * pause, 0.5)
            if found := self._cache.recall(key):
                return found
        if found := self._cache.recall(key):  # stored between our lookup and our lease
            await write(partial(self._cache.release, key))
        return found


async def write(work: Callable[..., _T]) -> _T:
    """Write immediately, which is faster than to change threads; in a thread only where it has to wait."""
    try:
        return work(wait=False)
    except StoreBusy:
        return await asyncio.to_thread(work, wait=True)
