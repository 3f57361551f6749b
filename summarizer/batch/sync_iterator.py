"""An async stream for those who do not wait."""

import asyncio
import atexit
import threading
from collections.abc import AsyncIterator, Callable, Coroutine, Iterator
from contextlib import suppress
from typing import Any, TypeVar

_T = TypeVar("_T")


def in_a_thread(stream: Callable[[], AsyncIterator[_T]]) -> Iterator[_T]:
    """Yield what a stream yields, while its event loop runs in a thread of its own.

    A program may end with an iterator in hand that it has not used up: then the stream is ended before the thread is.
    """
    loop = asyncio.new_event_loop()
    thread = threading.Thread(target=loop.run_forever, name="summarize_many", daemon=True)
    thread.start()

    def wait(work: Coroutine[Any, Any, _T]) -> _T:
        return asyncio.run_coroutine_threadsafe(work, loop).result()

    iterator = stream()

    def end() -> None:
        if not loop.is_closed():
            with suppress(RuntimeError):  # another thread waits for the next result: it goes with the program
                wait(_end(iterator))
            loop.call_soon_threadsafe(loop.stop)
            thread.join()
            loop.close()

    atexit.register(end)
    try:
        while True:
            try:
                yield wait(_next(iterator))
            except StopAsyncIteration:
                return
    finally:
        atexit.unregister(end)
        end()


async def _next(iterator: AsyncIterator[_T]) -> _T:
    return await anext(iterator)


async def _end(iterator: Any) -> Any:
    await iterator.aclose()
    await asyncio.get_running_loop().shutdown_default_executor()
