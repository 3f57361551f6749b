"""Where CPU-bound functions run: in the event loop, in a thread beside it, or wherever an `Offload` takes them."""

import os
from collections.abc import Awaitable, Callable
from functools import cache, partial
from time import perf_counter
from typing import TYPE_CHECKING, Any, TypeVar

if TYPE_CHECKING:
    from concurrent.futures import ThreadPoolExecutor

_T = TypeVar("_T")
Offload = Callable[..., Awaitable[Any]]
"""Calls a CPU-bound function with its arguments, perhaps in another process, and returns its result."""


class Timed:
    """Runs functions as `offload` does, and adds up the seconds that they take, without their wait for a turn."""

    def __init__(self, offload: Offload) -> None:
        self._offload = offload
        self.seconds = 0.0

    async def __call__(self, function: Callable[..., _T], *args: Any, **kwargs: Any) -> _T:
        """Return what a function returns; raises what it raises."""
        result: _T
        result, seconds = await self._offload(_timed, function, *args, **kwargs)
        self.seconds += seconds
        return result


def _timed(function: Callable[..., _T], *args: Any, **kwargs: Any) -> tuple[_T, float]:
    began = perf_counter()
    return function(*args, **kwargs), perf_counter() - began


async def call_here(function: Callable[..., _T], *args: Any, **kwargs: Any) -> _T:
    """Call a function in the event loop, which waits for it."""
    return function(*args, **kwargs)


async def in_a_thread(function: Callable[..., _T], *args: Any, **kwargs: Any) -> _T:
    """Call a function in the thread of this process, so that the event loop goes on."""
    import asyncio

    return await asyncio.get_running_loop().run_in_executor(_thread(os.getpid()), partial(function, *args, **kwargs))


@cache
def _thread(process: int) -> "ThreadPoolExecutor":
    """Return the thread of a process: one, for each further one would delay the event loop by its turn."""
    from concurrent.futures import ThreadPoolExecutor

    return ThreadPoolExecutor(max_workers=1, thread_name_prefix="summarizer")
