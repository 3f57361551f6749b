"""How fast a server is asked, by a clock that the tests turn themselves."""

import asyncio
from collections.abc import Awaitable, Callable
from pathlib import Path

import pytest
from loopback import Loopback, answer, error
from test_llm_engine import GOOD, opened, passage

from summarizer.engines.llm import rate_limit
from summarizer.engines.llm.error_mapping import Transient
from summarizer.engines.llm.rate_limit import AdaptiveSemaphore, RateLimits, RateWindow
from summarizer.engines.llm.retry import RetryPolicy
from summarizer.engines.llm.server_messages import duration, retry_after, until_reset
from summarizer.errors import EngineRefused, EngineUnavailable


class Clock:
    """Time that passes only when somebody sleeps."""

    def __init__(self) -> None:
        self.now = 0.0
        self.slept: list[float] = []

    def __call__(self) -> float:
        return self.now

    async def sleep(self, seconds: float) -> None:
        self.slept.append(seconds)
        self.now += seconds


def paced(clock: Clock, **limits: int) -> RateLimits:
    return RateLimits(clock=clock, sleep=clock.sleep, **limits)  # type: ignore[arg-type]


def starts(pace: RateLimits, clock: Clock, *tokens: int) -> list[float]:
    """When requests of so many tokens start, asked one after the other."""

    async def run() -> list[float]:
        began = []
        for share in tokens:
            async with pace.turn(share):
                began.append(clock.now)
        return began

    return asyncio.run(run())


def test_of_answers_that_come_together_each_is_followed_by_the_next_call() -> None:
    events: list[str] = []

    async def call(pace: RateLimits, name: str, answered: asyncio.Event) -> None:
        async with pace.turn(1):
            events.append(f"call {name}")
            await answered.wait()
        events.append(f"answer {name}")

    async def run() -> None:
        pace, answered = RateLimits(concurrency=2), asyncio.Event()
        calls = [asyncio.create_task(call(pace, name, answered)) for name in "abcd"]
        for _ in range(5):
            await asyncio.sleep(0)
        answered.set()
        await asyncio.gather(*calls)

    asyncio.run(run())
    assert events[:6] == ["call a", "call b", "answer a", "call c", "answer b", "call d"]


def test_requests_a_minute_are_never_more_in_any_minute() -> None:
    clock = Clock()
    assert starts(paced(clock, rpm=2), clock, *[1] * 5) == [0, 0, 60, 60, 120]


def test_tokens_a_minute_are_never_more_in_any_minute() -> None:
    clock = Clock()
    assert starts(paced(clock, tpm=1000), clock, 600, 300, 300, 900) == [0, 0, 60, 120]


def test_request_larger_than_a_minute_waits_for_an_empty_one() -> None:
    clock = Clock()
    assert starts(paced(clock, tpm=1000), clock, 100, 5000, 100) == [0, 60, 120]


def test_what_was_really_used_takes_the_place_of_the_estimate() -> None:
    clock = Clock()
    pace = paced(clock, tpm=1000)

    async def run() -> None:
        async with pace.turn(900) as turn:
            turn.amount = 100
        async with pace.turn(900):
            pass

    asyncio.run(run())
    assert clock.slept == []


def test_without_limits_nothing_waits() -> None:
    clock = Clock()
    assert starts(paced(clock), clock, *[10_000] * 50) == [0] * 50


@pytest.mark.parametrize("threads", [False, True])
def test_never_more_at_once_than_the_limit(threads: bool) -> None:
    gate = AdaptiveSemaphore(3)
    seen: list[int] = []
    held = 0

    async def one() -> None:
        nonlocal held
        await gate.acquire()
        held += 1
        seen.append(held)
        await asyncio.sleep(0)
        held -= 1
        gate.release()

    async def many() -> None:
        await asyncio.gather(*(one() for _ in range(20)))

    async def in_two_loops() -> None:
        await asyncio.gather(*(asyncio.to_thread(asyncio.run, many()) for _ in range(2)))

    asyncio.run(in_two_loops() if threads else many())
    assert len(seen) == (40 if threads else 20)
    assert threads or max(seen) == 3


def test_cancelled_waiter_gives_its_place_back() -> None:
    async def run() -> None:
        gate = AdaptiveSemaphore(1)
        await gate.acquire()
        waiters = [asyncio.create_task(gate.acquire()) for _ in range(3)]
        await asyncio.sleep(0)
        waiters[0].cancel()
        gate.release()  # grants the second, as the first is gone or gives it back
        waiters[2].cancel()
        await asyncio.wait_for(waiters[1], 1)
        gate.release()
        await asyncio.wait_for(gate.acquire(), 1)

    asyncio.run(run())


def test_crowding_halves_the_limit_once_and_answers_bring_it_back() -> None:
    clock = Clock()
    pace = paced(clock, concurrency=8)
    pace.slow_down(None)
    pace.slow_down(None)  # of the same moment
    assert pace.limit == 4
    clock.now += 2
    pace.slow_down(None)
    assert pace.limit == 2
    for _ in range(60):
        pace.speed_up()
    assert pace.limit == 8


def test_limit_never_falls_below_one() -> None:
    clock = Clock()
    pace = paced(clock, concurrency=2)
    for _ in range(5):
        clock.now += 10
        pace.slow_down(None)
    assert pace.limit == 1


def test_others_wait_as_long_as_the_server_asks_one_of_us() -> None:
    clock = Clock()
    pace = paced(clock)
    pace.slow_down(7.0)
    assert starts(pace, clock, 1) == [7.0]


def test_pace_is_shared_by_the_whole_process() -> None:
    one = rate_limit.shared("host-of-this-test", 4, 10, None)
    assert rate_limit.shared("host-of-this-test", 2, 10, None) is one
    assert one.limit == 2
    assert rate_limit.shared("another", 2, None, None) is not one


def test_window_forgets_after_a_minute() -> None:
    window = RateWindow(1)
    window.take(0.0, 1)
    assert window.earliest(59.0, 1) == 60.0
    assert window.earliest(60.0, 1) == 60.0


# --- retries ----------------------------------------------------------------------------------------------------


def failing(*faults: Exception) -> Callable[[], Awaitable[str]]:
    left = list(faults)

    async def attempt() -> str:
        if left:
            raise left.pop(0)
        return "done"

    return attempt


def waits(*faults: Exception, attempts: int = 4) -> list[float]:
    clock = Clock()
    policy = RetryPolicy(attempts, sleep=clock.sleep)
    assert asyncio.run(policy.call(failing(*faults))) == "done"
    return clock.slept


def test_waits_grow_and_are_jittered() -> None:
    first, second, third = waits(*[Transient("x")] * 3)
    assert 0.375 <= first <= 0.5 and 0.75 <= second <= 1.0 and 1.5 <= third <= 2.0


def test_server_is_waited_for_as_long_as_it_asks() -> None:
    (wait,) = waits(Transient("x", wait=12.0))
    assert 12.0 <= wait <= 13.0


def test_retries_end_after_so_many_attempts() -> None:
    with pytest.raises(EngineUnavailable, match="x; asked 2 times"):
        waits(*[Transient("x")] * 2, attempts=2)


def test_retries_end_before_a_wait_that_is_too_long() -> None:
    with pytest.raises(EngineUnavailable, match="asked once; it asks to wait 999 s"):
        waits(Transient("x", wait=999.0))


def test_what_cannot_be_helped_is_not_tried_again() -> None:
    with pytest.raises(EngineRefused, match="no"):
        waits(EngineRefused("no"))


def test_calls_at_the_same_time_do_not_share_their_attempts() -> None:
    clock = Clock()
    policy = RetryPolicy(attempts=2, sleep=clock.sleep)

    async def run() -> list[str]:
        return await asyncio.gather(*(policy.call(failing(Transient("x"))) for _ in range(20)))

    assert asyncio.run(run()) == ["done"] * 20


# --- what servers say about time --------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "seconds"),
    [("6m0s", 360), ("20ms", 0.02), ("1.5s", 1.5), ("7", 7), ("1h2m3s", 3723), ("", None), ("soon", None)],
)
def test_durations_are_read(text: str, seconds: float | None) -> None:
    assert duration(text) == seconds


@pytest.mark.parametrize(
    ("headers", "seconds"),
    [
        ({"retry-after": "3"}, 3),
        ({"retry-after-ms": "1500", "retry-after": "2"}, 1.5),
        ({"retry-after": "Wed, 21 Oct 2015 07:28:00 GMT"}, 0),
        ({"retry-after": "nonsense"}, None),
        ({}, None),
    ],
)
def test_retry_after_is_read(headers: dict[str, str], seconds: float | None) -> None:
    assert retry_after(headers) == seconds


def test_limits_that_are_used_up_are_waited_out() -> None:
    left = {"x-ratelimit-remaining-requests": "0", "x-ratelimit-reset-requests": "2s"}
    more = {"x-ratelimit-remaining-tokens": "0", "x-ratelimit-reset-tokens": "6m0s"}
    assert until_reset(left) == 2
    assert until_reset({**left, **more}) == 360
    assert until_reset({**left, "x-ratelimit-remaining-requests": "5"}) is None
    assert until_reset({}) is None


def test_crowded_server_is_asked_by_fewer_at_once_until_all_is_done(
    loopback: Callable[..., Loopback], tmp_path: Path
) -> None:
    clock = Clock()
    server = loopback(*[error(429, "slow down", {"Retry-After": "2"})] * 3, answer(GOOD))
    pace = paced(clock, concurrency=8)
    engine = opened(server, tmp_path, rate_limits=pace, retry_policy=RetryPolicy(attempts=9, sleep=clock.sleep))

    async def run() -> int:
        drafts = await asyncio.gather(*(engine.draft(passage()) for _ in range(10)))
        await engine.aclose()
        return len(drafts)

    assert asyncio.run(run()) == 10
    assert server.count == 13
    assert pace.limit < 8
    assert clock.now >= 2
