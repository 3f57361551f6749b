"""What takes the processor: in which turn, in which process, and what becomes of it when a process dies."""

import asyncio
import gc
import os
import signal
import subprocess
import sys
import textwrap
import time
from collections.abc import Awaitable, Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from summarizer import Article, Summary, summarize_many
from summarizer.batch.process_pool import MAX_PROCESSES, ProcessPool, other_cores

pytestmark = pytest.mark.slow  # real processes, some of which stop

FUNCTIONS = """
import os, sys, time

def here(number):
    print("noise", number)
    time.sleep(0.01)
    return number, os.getpid()

def refuse(number):
    raise LookupError(f"not {number}")

def die(number, home):
    if os.getpid() != home:
        os._exit(9)
    return number, os.getpid()

class Stays:
    def __init__(self, number):
        self.number = number
    def __reduce__(self):
        raise TypeError("I stay")

def stay(number, home):
    return Stays(number)

def unpack(stays):
    return stays.number, os.getpid()
"""


@pytest.fixture(name="functions")
def _functions(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Any]:
    (tmp_path / "computed_elsewhere.py").write_text(FUNCTIONS)
    monkeypatch.syspath_prepend(str(tmp_path))
    import computed_elsewhere  # type: ignore[import-not-found]

    yield computed_elsewhere
    del sys.modules["computed_elsewhere"]


def computed(jobs: Callable[[ProcessPool], Awaitable[Any]], most: int = 2) -> Any:
    """What comes of jobs where other processes are started at once, and are there before any job comes."""

    async def run() -> Any:
        computing = ProcessPool(most, busy=0.0)
        try:
            return await jobs(computing)
        finally:
            await computing.aclose()

    result = asyncio.run(run())
    gc.collect()  # a pipe left open is a warning, and a warning an error
    return result


async def all_at_work(computing: ProcessPool, functions: Any, processes: int) -> set[int]:
    """The processes that computed something, when there are so many."""
    pids: set[int] = set()
    until = time.monotonic() + 30
    while len(pids) < processes and time.monotonic() < until:
        results = await asyncio.gather(*(computing(functions.here, i) for i in range(50)))
        assert [number for number, _ in results] == list(range(50))
        pids |= {pid for _, pid in results}
    assert len(pids) == processes
    return pids


def children() -> list[str]:
    listed = subprocess.run(
        ["ps", "-ww", "-o", "pid=,args=", "--ppid", str(os.getpid())], capture_output=True, text=True
    )
    return [line for line in listed.stdout.splitlines() if "import serve" in line]


def test_between_two_who_go_on_the_loop_does_all_else() -> None:
    events: list[str] = []

    def prove() -> None:
        events.append("proof")
        asyncio.get_running_loop().call_soon(events.append, "call")

    async def three() -> None:
        computing = ProcessPool()
        await asyncio.gather(*(computing(prove) for _ in range(3)))
        await asyncio.sleep(0)

    asyncio.run(three())
    assert events == ["proof", "call"] * 3


def test_answers_that_come_together_are_all_there_before_the_first_is_proven() -> None:
    events: list[str] = []

    async def one(computing: ProcessPool, rounds: int) -> None:
        for _ in range(rounds):
            await asyncio.sleep(0)
        events.append("answer")
        await computing(events.append, "proof")

    async def four() -> None:
        computing = ProcessPool()
        await asyncio.gather(*(one(computing, 2 * i) for i in range(4)))

    asyncio.run(four())
    assert events == ["answer"] * 4 + ["proof"] * 4


def test_each_gets_its_own_result_whichever_process_computed_it(functions: Any) -> None:
    async def jobs(computing: ProcessPool) -> set[int]:
        return await all_at_work(computing, functions, 3)

    assert os.getpid() in computed(jobs)
    assert children() == []


def test_no_process_is_started_while_nobody_waits_for_long(functions: Any) -> None:
    async def run() -> set[int]:
        computing = ProcessPool(2)
        results = [await computing(functions.here, i) for i in range(130)]  # one after the other, for over a second
        assert children() == []
        await computing.aclose()
        return {pid for _, pid in results}

    assert asyncio.run(run()) == {os.getpid()}


def test_an_error_reaches_whoever_waits_and_no_one_else(functions: Any) -> None:
    async def jobs(computing: ProcessPool) -> list[Any]:
        calls = [computing(functions.refuse if i % 2 else functions.here, i) for i in range(60)]
        return await asyncio.gather(*calls, return_exceptions=True)

    results = computed(jobs)
    assert [str(result) for result in results[1::2]] == [f"not {i}" for i in range(1, 60, 2)]
    assert [number for number, _ in results[::2]] == list(range(0, 60, 2))


def test_what_a_dying_process_had_in_hand_is_computed_here(functions: Any) -> None:
    async def jobs(computing: ProcessPool) -> list[Any]:
        await all_at_work(computing, functions, 3)
        return await asyncio.gather(*(computing(functions.die, i, os.getpid()) for i in range(20)))

    assert computed(jobs) == [(i, os.getpid()) for i in range(20)]


def test_a_process_that_dies_as_it_begins_costs_nothing_but_itself(
    functions: Any, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr("summarizer.batch.process_pool._SCRIPT", "raise SystemExit(1)")

    async def jobs(computing: ProcessPool) -> list[Any]:
        return await asyncio.gather(*(computing(functions.here, i) for i in range(60)))

    assert computed(jobs) == [(i, os.getpid()) for i in range(60)]
    assert caplog.records == []


def test_what_a_process_has_that_does_not_answer_is_computed_here(
    functions: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def jobs(computing: ProcessPool) -> list[Any]:
        for pid in await all_at_work(computing, functions, 3) - {os.getpid()}:
            os.kill(pid, signal.SIGSTOP)
        monkeypatch.setattr(
            "summarizer.batch.process_pool.TIMEOUT", 0.0
        )  # only now: starting takes as long as it takes
        return await asyncio.gather(*(computing(functions.here, i) for i in range(20)))

    assert computed(jobs) == [(i, os.getpid()) for i in range(20)]


def test_a_process_is_not_blamed_for_the_time_that_this_one_was_away(
    functions: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def jobs(computing: ProcessPool) -> tuple[set[int], set[int]]:
        before = await all_at_work(computing, functions, 3)
        monkeypatch.setattr("summarizer.batch.process_pool.TIMEOUT", 1.0)
        tasks = [asyncio.create_task(computing(functions.here, i)) for i in range(6)]
        await asyncio.sleep(0)
        await asyncio.sleep(0)
        asyncio.get_running_loop().call_later(0.005, time.sleep, 2.5)  # as by Control-Z
        await asyncio.gather(*tasks)
        monkeypatch.setattr("summarizer.batch.process_pool.TIMEOUT", 60.0)
        return before, await all_at_work(computing, functions, 3)

    before, after = computed(jobs)
    assert before == after


def test_a_process_that_does_not_answer_is_ended_with_the_others(functions: Any) -> None:
    async def jobs(computing: ProcessPool) -> float:
        for pid in await all_at_work(computing, functions, 3) - {os.getpid()}:
            os.kill(pid, signal.SIGSTOP)
        return time.monotonic()

    assert time.monotonic() - computed(jobs) < 10
    assert children() == []


def test_a_run_may_end_while_a_process_is_being_started(functions: Any, capfd: pytest.CaptureFixture[str]) -> None:
    async def jobs(computing: ProcessPool) -> None:
        await asyncio.gather(*(computing(functions.here, i) for i in range(3)))

    for _ in range(10):
        computed(jobs)
    assert capfd.readouterr().err == ""
    assert children() == []


def test_a_program_may_end_with_results_that_it_did_not_take() -> None:
    script = """
        from summarizer import Article, summarize_many
        text = "Alphaville ouvre une usine à Lyon. La société emploie 250 personnes dans la région."
        stream = summarize_many((Article(text=text) for _ in range(10_000)), model="extractive")
        next(stream)
        print("end")
    """
    command = [sys.executable, "-W", "error", "-c", textwrap.dedent(script)]
    done = subprocess.run(command, capture_output=True, text=True, timeout=60, check=False)
    assert (done.returncode, done.stdout, done.stderr) == (0, "end\n", "")


def test_what_cannot_be_told_to_another_process_stays_here(functions: Any) -> None:
    async def jobs(computing: ProcessPool) -> tuple[list[Any], list[Any]]:
        await all_at_work(computing, functions, 3)
        stays = await asyncio.gather(*(computing(functions.stay, i, 0) for i in range(20)))
        return stays, await asyncio.gather(*(computing(functions.unpack, each) for each in stays))

    stays, unpacked = computed(jobs)
    assert [each.number for each in stays] == list(range(20))
    assert unpacked == [(i, os.getpid()) for i in range(20)]


def test_who_goes_away_holds_up_nobody(functions: Any) -> None:
    async def jobs(computing: ProcessPool) -> list[Any]:
        await all_at_work(computing, functions, 3)
        tasks = [asyncio.create_task(computing(functions.here, i)) for i in range(100)]
        await asyncio.sleep(0.05)
        for task in tasks[::3]:
            task.cancel()
        return await asyncio.gather(*tasks, return_exceptions=True)

    results = computed(jobs)
    assert [result[0] for result in results[1::3]] == list(range(1, 100, 3))


@pytest.mark.parametrize("trouble", [OSError("no more processes"), NotImplementedError()])
def test_where_none_can_be_started_this_process_goes_on_alone(
    functions: Any, monkeypatch: pytest.MonkeyPatch, trouble: Exception
) -> None:
    async def refuse(*args: Any, **kwargs: Any) -> None:
        raise trouble

    monkeypatch.setattr(asyncio, "create_subprocess_exec", refuse)

    async def jobs(computing: ProcessPool) -> list[Any]:
        return await asyncio.gather(*(computing(functions.here, i) for i in range(20)))

    assert computed(jobs) == [(i, os.getpid()) for i in range(20)]


def test_a_killed_run_leaves_no_process_behind(tmp_path: Path) -> None:
    (tmp_path / "computed_elsewhere.py").write_text(FUNCTIONS)
    script = """
        import asyncio, sys
        sys.path.insert(0, sys.argv[1])
        from computed_elsewhere import here
        from summarizer.batch.process_pool import ProcessPool

        async def run():
            computing, told = ProcessPool(1, busy=0.0), set()
            while True:
                for number, pid in await asyncio.gather(*(computing(here, i) for i in range(20))):
                    if pid not in told:
                        told.add(pid)
                        print("pid", pid, file=sys.stderr, flush=True)

        asyncio.run(run())
    """
    command = [sys.executable, "-c", textwrap.dedent(script), str(tmp_path)]
    with subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True) as run:
        assert run.stderr is not None
        pids = {int(run.stderr.readline().split()[1]) for _ in range(2)}
        os.kill(run.pid, signal.SIGKILL)
    until = time.monotonic() + 10
    while any(alive(pid) for pid in pids) and time.monotonic() < until:
        time.sleep(0.05)
    assert not any(alive(pid) for pid in pids)


def alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    stat = Path(f"/proc/{pid}/stat")
    return not stat.exists() or stat.read_text().rsplit(")", 1)[1].split()[0] != "Z"


def test_the_embedded_model_says_the_same_from_any_process(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("summarizer.batch.process_pool.BUSY", 0.0)
    text = "Alphaville ouvre une usine à Lyon avec Betaville. La société emploie {} personnes dans la région."
    articles = [Article(text=text.format(100 + i), source=str(i), language="fr") for i in range(300)]

    def said(processes: int) -> list[Any]:
        monkeypatch.setenv("SUMMARIZER_PROCESSES", str(processes))
        results, most = [], 0
        for result in summarize_many(articles, model="extractive"):
            results.append(result)
            if len(results) % 50 == 0:
                most = max(most, len(children()))
        assert all(isinstance(result, Summary) for result in results)
        assert most == processes
        return [result.model_copy(update={"provenance": None}) for result in results if isinstance(result, Summary)]

    assert said(2) == said(0)
    assert children() == []


def test_one_core_is_left_to_this_process() -> None:
    assert 0 <= other_cores() <= MAX_PROCESSES
    assert other_cores() < (os.cpu_count() or 1)
