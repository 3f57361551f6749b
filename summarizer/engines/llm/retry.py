"""How long a server is given: the only place where a request is sent again as it stands."""

import asyncio
import random
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeVar

from ...errors import EngineUnavailable
from .error_mapping import Transient

if TYPE_CHECKING:
    from tenacity import RetryCallState

_T = TypeVar("_T")


@dataclass(frozen=True)
class RetryPolicy:
    """Attempts and seconds for one request, waits included; what the server asks to wait is waited."""

    attempts: int = 4
    seconds: float = 180.0
    """From the first attempt to the start of the last one."""
    first: float = 0.5
    """Seconds before the second attempt; doubled for each that follows, and jittered."""
    longest: float = 20.0
    sleep: Callable[[float], Awaitable[None]] = asyncio.sleep
    pause: Callable[[float], None] = time.sleep

    async def keep(self, attempt: Callable[[], Awaitable[_T]]) -> _T:
        """Call `attempt` until it no longer fails with `Transient`; `EngineUnavailable` after the last."""
        began = time.monotonic()
        try:
            return await attempt()
        except Transient as fault:
            first = fault
        return await self._again(attempt, first, time.monotonic() - began)

    async def _again(self, attempt: Callable[[], Awaitable[_T]], first: Transient, spent: float) -> _T:
        """Go on after the first attempt, which took `spent` seconds: tenacity is told of it, and begun for no other."""
        from tenacity import AsyncRetrying, retry_if_exception_type, stop_after_attempt, stop_before_delay

        failed = [first]

        async def after_the_first() -> _T:
            if failed:
                raise failed.pop()
            return await attempt()

        # A new object for each request: tenacity keeps the state of the running call in it.
        retrying = AsyncRetrying(
            sleep=self.sleep,
            wait=self._wait,
            stop=stop_after_attempt(self.attempts) | stop_before_delay(self.seconds - spent),
            retry=retry_if_exception_type(Transient),
            retry_error_callback=_give_up,
        )
        return await retrying(after_the_first)

    def insist(self, attempt: Callable[[], _T]) -> _T:
        """The same, in a thread that may wait."""
        from tenacity import Retrying, retry_if_exception_type, stop_after_attempt, stop_before_delay

        retrying = Retrying(
            sleep=self.pause,
            wait=self._wait,
            stop=stop_after_attempt(self.attempts) | stop_before_delay(self.seconds),
            retry=retry_if_exception_type(Transient),
            retry_error_callback=_give_up,
        )
        return retrying(attempt)

    def _wait(self, state: "RetryCallState") -> float:
        fault = _fault(state)
        if fault is not None and fault.wait:
            return fault.wait + random.uniform(0, min(1.0, fault.wait / 10))  # noqa: S311  (not all at once)
        backoff = min(self.longest, self.first * 2 ** (state.attempt_number - 1))
        return float(backoff * random.uniform(0.75, 1.0))  # noqa: S311  (jitter, not a secret)


def _fault(state: "RetryCallState") -> Transient | None:
    error = state.outcome.exception() if state.outcome is not None else None
    return error if isinstance(error, Transient) else None


def _give_up(state: "RetryCallState") -> None:
    fault = _fault(state)
    tries = "once" if state.attempt_number == 1 else f"{state.attempt_number} times"
    asked = f"; it asks to wait {fault.wait:.0f} s" if fault is not None and fault.wait and fault.wait >= 1 else ""
    raise EngineUnavailable(f"{fault}; asked {tries}{asked}") from fault
