"""Lines of standard input, as they come: whoever writes them may be slow."""

import os
import sys
import threading
from collections.abc import AsyncIterator, Iterator
from contextlib import suppress
from itertools import chain

_READ_AHEAD = 256
"""Lines that are read before they are needed."""


def peeked() -> bytes:
    """Return the beginning of standard input without consuming it."""
    peek = None if sys.stdin is None else getattr(sys.stdin.buffer, "peek", None)
    return bytes(peek(1)) if peek is not None else b""


async def lines_of_standard_input(*, names: bool) -> AsyncIterator[bytes]:
    """Yield lines, read in a thread of their own so that the event loop never blocks; `names` as in `split_lines`."""
    import asyncio

    loop = asyncio.get_running_loop()
    lines: asyncio.Queue[bytes | None] = asyncio.Queue()
    free = threading.Semaphore(_READ_AHEAD)
    buffered = b"" if names else sys.stdin.buffer.read(len(peeked()))

    def read() -> None:
        with suppress(RuntimeError):  # the event loop is closed: nobody needs more
            for line in chain(split_lines(sys.stdin.fileno(), buffered, names=names), (None,)):
                free.acquire()
                loop.call_soon_threadsafe(lines.put_nowait, line)

    threading.Thread(target=read, daemon=True).start()
    while (line := await lines.get()) is not None:
        free.release()
        yield line


def split_lines(descriptor: int, pending: bytes = b"", *, names: bool) -> Iterator[bytes]:
    """Yield the lines of a file; `names` may end in NUL instead, as `find -print0` writes them.

    Reads below Python's buffer, whose lock would delay the end of the process.
    """
    end = b"\n"
    while True:
        if names and b"\0" in pending:
            end = b"\0"
        *lines, pending = pending.split(end)
        yield from lines
        if not (more := os.read(descriptor, 1 << 16)):
            break
        pending += more
    if pending:
        yield pending
