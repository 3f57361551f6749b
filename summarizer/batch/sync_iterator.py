"""Iterates over an async stream from synchronous code."""

import asyncio
import atexit
import threading
from collections.abc import AsyncGenerator, Callable, Iterator
from contextlib import suppress
from typing import TypeVar

_T = TypeVar("_T")


def in_a_thread(stream: Callable[[], AsyncGenerator[_T, None]]) -> Iterator[_T]:
    """Yield what a stream yields, while its event loop runs in a thread of its own.

    A program may end before the iterator is exhausted: then the stream is closed before its thread ends.
    """
    loop = asyncio.new_event_loop()
    thread = threading.Thread(target=loop.run_forever, name="summarize_many", daemon=True)
    thread.start()
    iterator = stream()

    async def following() -> _T:
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
