"""How fast a server is asked: requests and tokens a minute, and how many at once; less when it is crowded.

One pace is shared by all that the process asks of one endpoint, whatever the event loop or thread: a
waiting time is reserved under a lock and then slept, so nothing here belongs to a loop (which is why
aiolimiter does not fit).
"""

import asyncio
import threading
import time
from collections import deque
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from weakref import WeakKeyDictionary

_MINUTE = 60.0
_CALM = 1.0  # seconds: refusals that come together are one sign of crowding, not many


class RateLimits:
    """The pace of one endpoint."""

    def __init__(
        self,
        concurrency: int = 8,
        rpm: int | None = None,
        tpm: int | None = None,
        *,
        clock: Callable[[], float] = time.monotonic,
        sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
    ) -> None:
        self._clock = clock
        self._sleep = sleep
        self._lock = threading.Lock()
        self._gate = RateLimiter(concurrency)
        self._requests = RateWindow(rpm)
        self._tokens = RateWindow(tpm)
        self._turns: WeakKeyDictionary[asyncio.AbstractEventLoop, asyncio.Lock] = WeakKeyDictionary()
        self._not_before = 0.0
        self._slowed = float("-inf")

    @property
    def limit(self) -> int:
        """How many requests may run at this moment."""
        return self._gate.limit

    def set(self, concurrency: int, rpm: int | None, tpm: int | None) -> None:
        """Take other limits: the latest word of the user counts."""
        with self._lock:
            self._gate.most = concurrency
            self._requests.limit = rpm
            self._tokens.limit = tpm

    @asynccontextmanager
    async def turn(self, tokens: int) -> AsyncIterator["RateLimitTurn"]:
        """Wait for a free place and for the minute's allowance, then hold the place."""
        await self._gate.enter()
        try:
            turn, delay = self._reserve(tokens)
            if delay > 0:
                await self._sleep(delay)
            yield turn
            await self._in_turn()
        finally:
            self._gate.leave()

    async def _in_turn(self) -> None:
        """Let go of a place one after the other: where answers come together, the call that waits for the place of the
        first goes out before the next is taken in."""
        loop = asyncio.get_running_loop()
        with self._lock:
            turns = self._turns.setdefault(loop, asyncio.Lock())
        async with turns:
            await asyncio.sleep(0)

    def _reserve(self, tokens: int) -> "tuple[RateLimitTurn, float]":
        with self._lock:
            now = self._clock()
            start = max(now, self._not_before)
            start = max(self._requests.earliest(start, 1), self._tokens.earliest(start, tokens))
            self._requests.take(start, 1)
            return RateLimitTurn(self._tokens.take(start, tokens)), start - now

    def crowded(self, wait: float | None) -> None:
        """The server said "too many requests": half as many at once, and none of ours before it says so."""
        with self._lock:
            now = self._clock()
            if now - self._slowed >= _CALM:
                self._slowed = now
                self._gate.slow_down()
            self.hold(wait, now)

    def hold(self, wait: float | None, now: float | None = None) -> None:
        """Start nothing for `wait` seconds: the server says that nothing is left until then."""
        if wait:
            self._not_before = max(self._not_before, (self._clock() if now is None else now) + wait)

    def fine(self) -> None:
        """An answer came: recover by one place for each round of answers."""
        self._gate.speed_up()


class RateLimitTurn:
    """A request's share of the minute."""

    def __init__(self, share: list[float]) -> None:
        self._share = share

    def used(self, tokens: int) -> None:
        """Put the tokens that were really used in the place of the estimate."""
        self._share[1] = tokens


class RateWindow:
    """At most `limit` in any minute, exactly: what was started is remembered for a minute."""

    def __init__(self, limit: int | None) -> None:
        self.limit = limit
        self._taken: deque[list[float]] = deque()

    def earliest(self, now: float, amount: float) -> float:
        """When `amount` may start; more than a whole minute's worth waits for an empty minute."""
        if self.limit is None:
            return now
        while self._taken and self._taken[0][0] <= now - _MINUTE:
            self._taken.popleft()
        over = sum(share for _, share in self._taken) + min(amount, self.limit) - self.limit
        start = now
        for began, share in self._taken:
            if over <= 0:
                break
            over -= share
            start = max(start, began + _MINUTE)
        return start

    def take(self, start: float, amount: float) -> list[float]:
        """Write down what starts at `start`; the entry may be corrected later."""
        share = [start, amount]
        if self.limit is not None:
            self._taken.append(share)
        return share


class RateLimiter:
    """So many at once, a number that moves: halved when crowded, raised slowly while all goes well."""

    def __init__(self, most: int) -> None:
        self.most = most
        self._limit = float(most)
        self._held = 0
        self._lock = threading.Lock()
        self._waiting: deque[tuple[asyncio.AbstractEventLoop, asyncio.Future[None]]] = deque()

    @property
    def limit(self) -> int:
        """How many may pass at this moment."""
        return max(1, int(min(self._limit, self.most)))

    def slow_down(self) -> None:
        """Half as many."""
        self._limit = max(1.0, min(self._limit, self.most) / 2)

    def speed_up(self) -> None:
        """One more for each round."""
        self._limit = min(float(self.most), self._limit + 1 / max(1.0, self._limit))

    async def enter(self) -> None:
        """Wait for a place, first come first served."""
        loop = asyncio.get_running_loop()
        with self._lock:
            if self._held < self.limit and not self._waiting:
                self._held += 1
                return
            place: asyncio.Future[None] = loop.create_future()
            self._waiting.append((loop, place))
        try:
            await place
        except asyncio.CancelledError:
            if place.done() and not place.cancelled():
                self.leave()
            raise

    def leave(self) -> None:
        """Give the place back, and to whom it is due."""
        due: list[tuple[asyncio.AbstractEventLoop, asyncio.Future[None]]] = []
        with self._lock:
            self._held -= 1
            while self._waiting and self._held < self.limit:
                loop, place = self._waiting.popleft()
                if not loop.is_closed():
                    self._held += 1
                    due.append((loop, place))
        for loop, place in due:
            if loop is asyncio.get_running_loop():
                self._grant(place)
            else:
                loop.call_soon_threadsafe(self._grant, place)

    def _grant(self, place: "asyncio.Future[None]") -> None:
        if place.done():
            self.leave()
        else:
            place.set_result(None)


_PACES: dict[str, RateLimits] = {}  # shared on purpose: a server counts what the whole process sends
_PACES_LOCK = threading.Lock()


def shared(endpoint: str, concurrency: int, rpm: int | None, tpm: int | None) -> RateLimits:
    """The pace of an endpoint, one for the whole process."""
    with _PACES_LOCK:
        pace = _PACES.setdefault(endpoint, RateLimits(concurrency, rpm, tpm))
        pace.set(concurrency, rpm, tpm)
        return pace
