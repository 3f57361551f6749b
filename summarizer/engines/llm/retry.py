"""How often and how long a request is retried: the only place where it is sent again unchanged."""

import asyncio
import random
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, TypeVar

from ...errors import EngineUnavailable
from .error_mapping import Transient

if TYPE_CHECKING:
    from tenacity import RetryCallState

_T = TypeVar("_T")


@dataclass(frozen=True)
class RetryPolicy:
    """Attempts and seconds for one request, waits included; a wait that the server asks for is respected."""

    attempts: int = 4
    seconds: float = 180.0
    """From the first attempt to the start of the last one."""
    first: float = 0.5
    """Seconds before the second attempt; doubled for each that follows, and jittered."""
    longest: float = 20.0
    sleep: Callable[[float], Awaitable[None]] = asyncio.sleep
    blocking_sleep: Callable[[float], None] = time.sleep

    async def call(self, attempt: Callable[[], Awaitable[_T]]) -> _T:
        """Call `attempt` until it no longer fails with `Transient`; raises `EngineUnavailable` after the last."""
        from tenacity import AsyncRetrying

        return await AsyncRetrying(sleep=self.sleep, **self._rules())(attempt)

    def call_blocking(self, attempt: Callable[[], _T]) -> _T:
        """The same, in a thread that may wait."""
        from tenacity import Retrying

        return Retrying(sleep=self.blocking_sleep, **self._rules())(attempt)

    def _rules(self) -> dict[str, Any]:
        from tenacity import retry_if_exception_type, stop_after_attempt, stop_before_delay

        return {
            "wait": self._wait,
            "stop": stop_after_attempt(self.attempts) | stop_before_delay(self.seconds),
            "retry": retry_if_exception_type(Transient),
            "retry_error_callback": _give_up,
        }

    def _wait(self, state: "RetryCallState") -> float:
        wait = _error(state).wait
        if wait:
            return wait + random.uniform(0, min(1.0, wait / 10))  # noqa: S311  (jitter, not a secret)
        backoff = min(self.longest, self.first * 2 ** (state.attempt_number - 1))
        return float(backoff * random.uniform(0.75, 1.0))  # noqa: S311  (jitter, not a secret)


def _error(state: "RetryCallState") -> Transient:
    error = state.outcome.exception() if state.outcome is not None else None
    assert isinstance(error, Transient)  # noqa: S101  (nothing else is retried)
    return error


def _give_up(state: "RetryCallState") -> None:
    error = _error(state)
    tries = "once" if state.attempt_number == 1 else f"{state.attempt_number} times"
    wait = f"; it asks to wait {error.wait:.0f} s" if error.wait and error.wait >= 1 else ""
    raise EngineUnavailable(f"{error}; asked {tries}{wait}").knowing(error) from error
