"""Maps a function over items, several at a time, in order and in bounded memory; and iterates over it synchronously."""

import asyncio
import atexit
import threading
from collections.abc import AsyncGenerator, AsyncIterable, AsyncIterator, Awaitable, Callable, Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from typing import Generic, TypeVar

AHEAD = 8
"""Times the number of items at once: how many may be done, or under way, before the one that is due. An article that
takes eight times as long as the others delays none of them."""

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
    iterator = aiter(items) if isinstance(items, AsyncIterable) else iter(items)
    ordered = _OrderedMap(work, iterator, min(at_once, ahead), ahead, stop)
    ordered.add_worker()
    try:
        while (result := await ordered.results.get()) is not None:
            yield await result
            ordered.room.release()
    finally:
        await ordered.cancel()


@dataclass
class _OrderedMap(Generic[_Item, _Done]):
    """Workers take items in turn, and queue the futures of their results in the same order."""

    work: Callable[[_Item], Awaitable[_Done]]
    items: Iterator[_Item] | AsyncIterator[_Item]
    at_once: int
    ahead: int
    stop: Callable[[], bool]

    def __post_init__(self) -> None:
        self._workers: list[asyncio.Task[None]] = []
        self._finished = 0
        self._turn = asyncio.Lock()
        self.room = asyncio.Semaphore(self.ahead)
        self.results: asyncio.Queue[asyncio.Future[_Done] | None] = asyncio.Queue()
        """In the order of the items; None when all workers have finished."""

    def add_worker(self) -> None:
        """Start one more, up to the limit; one at a time, so that a request is sent before the next one is prepared."""
        if len(self._workers) < self.at_once:
            self._workers.append(asyncio.create_task(self._run()))

    async def cancel(self) -> None:
        """Cancel all work."""
        for worker in self._workers:
            worker.cancel()
        await asyncio.gather(*self._workers, return_exceptions=True)

    async def _run(self) -> None:
        """Work on items until there are no more."""
        has_more = True
        while has_more:
            result: asyncio.Future[_Done] = asyncio.get_running_loop().create_future()
            try:
                has_more = await self._work_on_next(result)
            except Exception as error:  # noqa: BLE001 - raised where the result is awaited
                result.set_exception(error)
                result.exception()  # retrieved: nobody may be waiting
        self._finished += 1
        if self._finished == len(self._workers):
            self.results.put_nowait(None)

    async def _work_on_next(self, result: "asyncio.Future[_Done]") -> bool:
        """Work on the next item; False where there is none."""
        async with self._turn:  # results are queued in the order of the items
            await self.room.acquire()
            if self.stop():
                return False
            try:
                item = next(self.items) if isinstance(self.items, Iterator) else await anext(self.items)
            except (StopIteration, StopAsyncIteration):
                return False
            except Exception:
                self.results.put_nowait(result)
                raise
            self.results.put_nowait(result)
            self.add_worker()
        result.set_result(await self.work(item))
        return True


def from_a_thread(stream: Callable[[], AsyncGenerator[_Done, None]]) -> Iterator[_Done]:
    """Yield what a stream yields, while its event loop runs in a thread of its own.

    A program may end before the iterator is exhausted: then the stream is closed before its thread ends.
    """
    loop = asyncio.new_event_loop()
    thread = threading.Thread(target=loop.run_forever, name="summarize_many", daemon=True)
    thread.start()
    iterator = stream()

    async def following() -> _Done:
        return await anext(iterator)

    async def close() -> None:
        await iterator.aclose()
        await loop.shutdown_default_executor()

    def end() -> None:
        if not loop.is_closed():
            with suppress(RuntimeError):  # another thread waits for the next result: it ends with the program
                asyncio.run_coroutine_threadsafe(close(), loop).result()
            loop.call_soon_threadsafe(loop.stop)
            thread.join()
            loop.close()

    atexit.register(end)
    try:
        while True:
            try:
                yield asyncio.run_coroutine_threadsafe(following(), loop).result()
            except StopAsyncIteration:
                return
    finally:
        atexit.unregister(end)
        end()
