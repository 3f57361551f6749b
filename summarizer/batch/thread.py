"""An async stream for those who do not wait."""

import asyncio
import threading
from collections.abc import AsyncIterator, Callable, Coroutine, Iterator
from typing import Any, TypeVar

_T = TypeVar("_T")


def in_a_thread(stream: Callable[[], AsyncIterator[_T]]) -> Iterator[_T]:
    """Yield what a stream yields, while its event loop runs in a thread of its own."""
    loop = asyncio.new_event_loop()
    thread = threading.Thread(target=loop.run_forever, name="summarize_many", daemon=True)
    thread.start()

    def wait(work: Coroutine[Any, Any, _T]) -> _T:
        return asyncio.run_coroutine_threadsafe(work, loop).result()

    iterator = stream()
    try:
        while True:
            try:
                yield wait(_next(iterator))
            except StopAsyncIteration:
                return
    finally:
        wait(_end(iterator))
        loop.call_soon_threadsafe(loop.stop)
        thread.join()
        loop.close()


async def _next(iterator: AsyncIterator[_T]) -> _T:
    return await anext(iterator)


async def _end(iterator: Any) -> Any:
    await iterator.aclose()
    await asyncio.get_running_loop().shutdown_default_executor()
