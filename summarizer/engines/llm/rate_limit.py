"""How fast a server is asked: requests and tokens a minute, and how many at once; fewer when it has too many.

One `RateLimits` is shared by all that the process asks of one endpoint, whatever the event loop or thread: a wait is
reserved under a lock and then slept, so nothing here belongs to a loop (which is why aiolimiter does not fit).
"""

import asyncio
import threading
import time
from collections import deque
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from weakref import WeakKeyDictionary

from ... import defaults

_MINUTE = 60.0
_CALM = 1.0  # seconds: refusals that arrive together count once


class RateLimits:
    """The limits of one endpoint."""

    def __init__(
        self,
        concurrency: int = defaults.CONCURRENCY,
        rpm: int | None = None,
        tpm: int | None = None,
        *,
        clock: Callable[[], float] = time.monotonic,
        sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
    ) -> None:
        self._clock = clock
        self._sleep = sleep
        self._lock = threading.Lock()
        self._slots = AdaptiveSemaphore(concurrency)
        self._requests = RateWindow(rpm)
        self._tokens = RateWindow(tpm)
        self._turns: WeakKeyDictionary[asyncio.AbstractEventLoop, asyncio.Lock] = WeakKeyDictionary()
        self._not_before = 0.0
        self._slowed_at = float("-inf")

    @property
    def limit(self) -> int:
        """How many requests may run now."""
        return self._slots.limit

    def set(self, concurrency: int, rpm: int | None, tpm: int | None) -> None:
        """Replace the limits."""
        with self._lock:
            self._slots.most = concurrency
            self._requests.limit = rpm
            self._tokens.limit = tpm

    @asynccontextmanager
    async def turn(self, tokens: int) -> AsyncIterator["RateShare"]:
        """Wait for a free slot and for the minute's allowance, then hold the slot."""
        await self._slots.acquire()
        try:
            share, delay = self._reserve(tokens)
            if delay > 0:
                await self._sleep(delay)
            yield share
            # Release slots in turn: where answers arrive together, the call that waits for the slot of the first is
            # sent before the next answer is handled.
            with self._lock:
                in_turn = self._turns.setdefault(asyncio.get_running_loop(), asyncio.Lock())
            async with in_turn:
                await asyncio.sleep(0)
        finally:
            self._slots.release()

    def _reserve(self, tokens: int) -> "tuple[RateShare, float]":
        with self._lock:
            now = self._clock()
            start = max(now, self._not_before)
            start = max(self._requests.earliest(start, 1), self._tokens.earliest(start, tokens))
            self._requests.take(start, 1)
            return self._tokens.take(start, tokens), start - now

    def slow_down(self, wait: float | None) -> None:
        """Halve the concurrency after a 429, and start nothing for `wait` seconds."""
        with self._lock:
            now = self._clock()
            if now - self._slowed_at >= _CALM:
                self._slowed_at = now
                self._slots.shrink()
            self.pause(wait)

    def pause(self, wait: float | None) -> None:
        """Start nothing for `wait` seconds."""
        if wait:
            self._not_before = max(self._not_before, self._clock() + wait)

    def speed_up(self) -> None:
        """Recover after an answer: by one slot for each round of answers."""
        self._slots.grow()


@dataclass
class RateShare:
    """What a request takes of a minute."""

    start: float
    amount: float
    """An estimate, until it is replaced by what was really used."""


class RateWindow:
    """At most `limit` in any minute, exactly: a sliding window of what was started."""

    def __init__(self, limit: int | None) -> None:
        self.limit = limit
        self._taken: deque[RateShare] = deque()

    def earliest(self, now: float, amount: float) -> float:
        """When `amount` may start; more than a whole minute's worth waits for an empty minute."""
        if self.limit is None:
            return now
        while self._taken and self._taken[0].start <= now - _MINUTE:
            self._taken.popleft()
        over = sum(share.amount for share in self._taken) + min(amount, self.limit) - self.limit
        start = now
        for share in self._taken:
            if over <= 0:
                break
            over -= share.amount
            start = max(start, share.start + _MINUTE)
        return start

    def take(self, start: float, amount: float) -> RateShare:
        """Record what starts at `start`; the entry may be corrected later."""
        share = RateShare(start, amount)
        if self.limit is not None:
            self._taken.append(share)
        return share


class AdaptiveSemaphore:
    """A semaphore for any event loop and thread, whose limit halves on refusals and grows slowly on answers."""

    def __init__(self, most: int) -> None:
        self.most = most
        self._limit = float(most)
        self._held = 0
        self._lock = threading.Lock()
        self._waiting: deque[tuple[asyncio.AbstractEventLoop, asyncio.Future[None]]] = deque()

    @property
    def limit(self) -> int:
        """How many may pass now."""
        return max(1, int(min(self._limit, self.most)))

    def shrink(self) -> None:
        """Halve the limit."""
        self._limit = max(1.0, min(self._limit, self.most) / 2)

    def grow(self) -> None:
        """Raise the limit by one for each round."""
        self._limit = min(float(self.most), self._limit + 1 / max(1.0, self._limit))

    async def acquire(self) -> None:
        """Wait for a slot, first come first served."""
        loop = asyncio.get_running_loop()
        with self._lock:
            if self._held < self.limit and not self._waiting:
                self._held += 1
                return
            slot: asyncio.Future[None] = loop.create_future()
            self._waiting.append((loop, slot))
        try:
            await slot
        except asyncio.CancelledError:
            if slot.done() and not slot.cancelled():
                self.release()
            raise

    def release(self) -> None:
        """Release a slot, and grant it to whoever waits the longest."""
        due: list[tuple[asyncio.AbstractEventLoop, asyncio.Future[None]]] = []
        with self._lock:
            self._held -= 1
            while self._waiting and self._held < self.limit:
                loop, slot = self._waiting.popleft()
                if not loop.is_closed():
                    self._held += 1
                    due.append((loop, slot))
        for loop, slot in due:
            if loop is asyncio.get_running_loop():
                self._grant(slot)
            else:
                loop.call_soon_threadsafe(self._grant, slot)

    def _grant(self, slot: "asyncio.Future[None]") -> None:
        if slot.done():
            self.release()
        else:
            slot.set_result(None)


_SHARED: dict[str, RateLimits] = {}  # shared on purpose: a server counts what the whole process sends
_SHARED_LOCK = threading.Lock()


def shared(endpoint: str, concurrency: int, rpm: int | None, tpm: int | None) -> RateLimits:
    """The limits of an endpoint, the same object for the whole process."""
    with _SHARED_LOCK:
        limits = _SHARED.setdefault(endpoint, RateLimits(concurrency, rpm, tpm))
        limits.set(concurrency, rpm, tpm)
        return limits
