"""So many at once, in the order given, in bounded memory."""

import asyncio
from collections.abc import AsyncGenerator, AsyncIterable, Awaitable, Callable, Iterable, Iterator
from typing import Generic, TypeVar

AHEAD = 8
"""Times what is in hand at once: how many may be ready, or under way, before the one that is due. An article that
takes eight times as long as the others holds up none of them."""

_Item = TypeVar("_Item")
_Done = TypeVar("_Done")


async def in_order(
    work: Callable[[_Item], Awaitable[_Done]],
    items: Iterable[_Item] | AsyncIterable[_Item],
    *,
    at_once: int,
    ahead: int,
    stop: Callable[[], bool] = lambda: False,
) -> AsyncGenerator[_Done, None]:
    """Yield `work(item)` for each item, in their order, `at_once` under way at one time.

    No item is taken while `ahead` are under way or wait to be yielded, nor once `stop()` is true. Raises what `work` or
    `items` raises, in its turn.
    """
    line = _Line(work, items, min(at_once, ahead), ahead, stop)
    line.hire()
    try:
        while (promise := await line.due.get()) is not None:
            yield await promise
            line.room.release()
    finally:
        await line.dismiss()


class _Line(Generic[_Item, _Done]):
    """Items are taken at the one end, one at a time; promises of what becomes of them stand at the other."""

    def __init__(
        self,
        work: Callable[[_Item], Awaitable[_Done]],
        items: Iterable[_Item] | AsyncIterable[_Item],
        at_once: int,
        ahead: int,
        stop: Callable[[], bool],
    ) -> None:
        self._work = work
        self._items = aiter(items) if isinstance(items, AsyncIterable) else iter(items)
        self._at_once = at_once
        self._stop = stop
        self._workers: list[asyncio.Task[None]] = []
        self._gone_home = 0
        self._turn = asyncio.Lock()
        self.room = asyncio.Semaphore(ahead)
        self.due: asyncio.Queue[asyncio.Future[_Done] | None] = asyncio.Queue()
        """In the order of the items; None when all workers have gone home."""

    def hire(self) -> None:
        """Let one more begin, if there are not enough: what a worker sends is on its way before the next one begins."""
        if len(self._workers) < self._at_once:
            self._workers.append(asyncio.create_task(self._take_and_work()))

    async def dismiss(self) -> None:
        """End all work."""
        for worker in self._workers:
            worker.cancel()
        await asyncio.gather(*self._workers, return_exceptions=True)

    async def _take_and_work(self) -> None:
        """Take items and work on them until there are no more."""
        with_more = True
        while with_more:
            promise: asyncio.Future[_Done] = asyncio.get_running_loop().create_future()
            try:
                with_more = await self._keep(promise)
            except Exception as error:  # noqa: BLE001 - told to whoever waits for the result
                promise.set_exception(error)
                promise.exception()  # seen: nobody may be waiting
        self._gone_home += 1
        if self._gone_home == len(self._workers):
            self.due.put_nowait(None)

    async def _keep(self, promise: "asyncio.Future[_Done]") -> bool:
        """Work on the next item; False where there is none."""
        async with self._turn:  # the order of the promises is that of the items
            await self.room.acquire()
            if self._stop():
                return False
            try:
                item = next(self._items) if isinstance(self._items, Iterator) else await anext(self._items)
            except (StopIteration, StopAsyncIteration):
                return False
            except Exception:
                self.due.put_nowait(promise)
                raise
            self.due.put_nowait(promise)
            self.hire()
        promise.set_result(await self._work(item))
        return True
