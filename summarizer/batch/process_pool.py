"""Where what takes the processor is computed: here, between all else, and in other processes while it is the limit.

A proof takes milliseconds without a pause, a draft of the embedded model tens. Where the answers of many calls come
together, all of them are taken in, and the next calls go out, before the first is proven. Where the line of those who
wait has not been empty for half a second, a process is started for another core, and so on after each further half;
a run that waits for its model never starts any. They are this program anew and are told what to compute through a
pipe: a caller's own main module is not run again, and none of them outlives this process, whatever that dies of.
"""

import asyncio
import json
import os
import pickle
import signal
import struct
import sys
import time
from collections import deque
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from typing import Any, TypeVar

BUSY = 0.5
"""Seconds for which somebody must have waited all the time before one more process is started."""
AT_HAND, AHEAD, HEAVY = 2, 8, 100_000
"""Things to compute that one process is given at a time, that the next is there when it is done with one; more while
as many wait, for this process may be busy, but none that makes for so many bytes in all."""
LATE, AWAY = 60.0, 1.0
"""Seconds without an answer after which a process is taken for stuck: it is ended, and its work done here. And those by
which this process may be late for that itself, before it waits once more."""
MOST = 8
"""Processes, however many cores there are: an article keeps the one that asks busy for over a millisecond, and a proof
another one for three."""
_MOMENT = 3
"""Rounds of the event loop: one more than it needs to take in another answer."""
_SIZE = struct.Struct(">Q")
_START = "import json, sys; sys.path[:] = json.loads(sys.argv[1]); from {module} import serve; serve()"

_T = TypeVar("_T")


def other_cores() -> int:
    """Return how many cores this process may use beside its own, `MOST` at the most."""
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    return min(cores - 1, MOST)


@dataclass(eq=False)
class _Job:
    """A function and what it is given; `promise` is for whoever waits for the result."""

    promise: "asyncio.Future[Any]"
    function: Callable[..., Any]
    args: tuple[Any, ...]
    kwargs: dict[str, Any]
    here_only: bool = False
    """It could not be computed elsewhere."""

    def told(self) -> bytes | None:
        """Return what another process is told; None if it cannot be told."""
        try:
            return pickle.dumps((self.function, self.args, self.kwargs), pickle.HIGHEST_PROTOCOL)
        except Exception:  # noqa: BLE001 - a function or an argument of a kind that stays in its process
            self.here_only = True
            return None

    def compute(self) -> None:
        """Compute it here and now."""
        if self.promise.done():  # nobody waits for it any more
            return
        try:
            self.promise.set_result(self.function(*self.args, **self.kwargs))
        except Exception as error:  # noqa: BLE001 - told to whoever waits for it
            self.promise.set_exception(error)


class ProcessPool:
    """Computes functions for many at one time: `await computing(function, *args)`, in one event loop.

    The functions are those of modules, and pure: what they are given, and what they return, can be pickled. `most`
    processes beside this one are started while there is more to compute than one can; `aclose` ends them.
    """

    def __init__(self, most: int = 0, *, busy: float | None = None) -> None:
        self._most = most
        self._busy = BUSY if busy is None else busy
        self._jobs: deque[_Job] = deque()
        self._came = 0
        self._others: list[_Other] = []
        self._task: asyncio.Task[None] | None = None

    async def __call__(self, function: Callable[..., _T], /, *args: Any, **kwargs: Any) -> _T:
        """Return what a function returns, in its turn; raises what it raises."""
        job = _Job(asyncio.get_running_loop().create_future(), function, args, kwargs)
        self._came += 1
        self._jobs.append(job)
        if self._task is None or self._task.done():
            self._task = asyncio.create_task(self._work())
        result: _T = await job.promise
        return result

    async def aclose(self) -> None:
        """End the other processes."""
        if self._task is not None:
            self._task.cancel()
            await asyncio.wait([self._task])
        await asyncio.gather(*(other.end() for other in self._others))

    async def _work(self) -> None:
        """Compute until nobody waits any more."""
        began = time.monotonic()
        while self._jobs:
            await self._quiet()
            self.hand_out()
            if self._jobs:
                self._jobs.popleft().compute()
            if time.monotonic() - began > self._busy and len(self._others) < self._most:
                await self._start_another()
                began = time.monotonic()

    async def _quiet(self) -> None:
        """Wait until nobody else has come for a moment."""
        seen = 0
        while seen < self._came:
            seen = self._came
            for _ in range(_MOMENT):
                await asyncio.sleep(0)

    async def _start_another(self) -> None:
        try:
            self._others.append(await _Other.start(self))
        except Exception:  # noqa: BLE001 - no more processes, no memory, a loop that starts none: it goes on alone
            self._most = 0

    def hand_out(self) -> None:
        """Give the other processes what they have room for."""
        for other in self._others:
            while self._jobs and other.has_room(len(self._jobs)) and not self._jobs[0].here_only:
                if self._jobs[0].promise.done():  # nobody waits for it any more
                    self._jobs.popleft()
                elif told := self._jobs[0].told():
                    other.give(self._jobs.popleft(), told)

    def take_back(self, jobs: "deque[_Job]") -> None:
        """Compute here what another process could not."""
        for job in jobs:
            job.here_only = True
        self._jobs.extendleft(reversed(jobs))
        if jobs and (self._task is None or self._task.done()):
            self._task = asyncio.create_task(self._work())


class _Other:
    """Another process, what it has in hand, and who reads what it says."""

    def __init__(self, process: asyncio.subprocess.Process, computing: ProcessPool) -> None:
        assert process.stdin is not None  # noqa: S101 - it has pipes
        assert process.stdout is not None  # noqa: S101
        self._process = process
        self._ear, self._mouth = process.stdin, process.stdout
        self._computing = computing
        self._jobs: deque[_Job] = deque()
        self._sizes: deque[int] = deque()
        self._gone = False
        self._alarm: asyncio.TimerHandle | None = None
        self._listening = asyncio.create_task(self._listen())

    @classmethod
    async def start(cls, computing: ProcessPool) -> "_Other":
        """Start it. Raises `OSError`, or what an event loop says that starts no processes."""
        name = os.path.basename(sys.executable or "").lower()  # noqa: PTH119 - there may be none
        if getattr(sys, "frozen", False) or not name.startswith(("python", "pypy")):  # inside of another program
            raise OSError("there is no interpreter to start")
        command = (sys.executable, "-P", "-c", _START.format(module=__name__), json.dumps(sys.path))
        pipe, nowhere = asyncio.subprocess.PIPE, asyncio.subprocess.DEVNULL
        return cls(await asyncio.create_subprocess_exec(*command, stdin=pipe, stdout=pipe, stderr=nowhere), computing)

    def has_room(self, waiting: int) -> bool:
        """Tell whether it takes one more of those that are waiting."""
        has = len(self._jobs)
        if self._gone or self._ear.is_closing():
            return False
        return has < AT_HAND or (has < AHEAD <= waiting and sum(self._sizes) < HEAVY)

    def give(self, job: _Job, told: bytes) -> None:
        """Let it compute a job."""
        self._jobs.append(job)
        self._sizes.append(len(told))
        if len(self._jobs) == 1:
            self._wait()
        self._ear.write(_SIZE.pack(len(told)) + told)

    async def end(self) -> None:
        """End it, and wait until it is gone."""
        self._listening.cancel()
        if self._alarm is not None:
            self._alarm.cancel()
        self._ear.close()
        self._kill()
        await self._process.wait()

    def _kill(self) -> None:
        """Take it away: it has nothing to finish, and one that was stopped hears nothing else."""
        with suppress(ProcessLookupError):
            self._process.kill()

    def _wait(self) -> None:
        """Begin to wait for the next answer, if one is due."""
        if self._alarm is not None:
            self._alarm.cancel()
        self._alarm = asyncio.get_running_loop().call_later(LATE, self._look) if self._jobs else None

    def _look(self) -> None:
        """End it where it is late; not where this process was away for as long, for its answer may have come."""
        due = self._alarm.when() if self._alarm is not None else 0.0
        if asyncio.get_running_loop().time() > due + AWAY:
            self._wait()
        else:
            self._kill()

    async def _listen(self) -> None:
        """Hand results on until it has none to give any more, then give back what it was given."""
        try:
            while True:
                done, result = await self._answer()
                job = self._jobs.popleft()
                self._sizes.popleft()
                self._wait()
                if not done:
                    self._computing.take_back(deque([job]))
                elif not job.promise.done():
                    job.promise.set_result(result)
                self._computing.hand_out()
        except Exception:  # noqa: BLE001 - it died, or says what nobody understands: this process does without it
            self._gone = True
            if self._alarm is not None:
                self._alarm.cancel()
            self._computing.take_back(self._jobs)

    async def _answer(self) -> tuple[bool, Any]:
        (size,) = _SIZE.unpack(await self._mouth.readexactly(_SIZE.size))
        answer: tuple[bool, Any] = pickle.loads(await self._mouth.readexactly(size))  # noqa: S301 - we wrote it
        return answer


def serve() -> None:
    """Be another process: compute what comes in, and say what comes of it, until nothing comes any more."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Control-C is for the one that asks
    says = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)  # whoever prints disturbs nothing
    while len(head := sys.stdin.buffer.read(_SIZE.size)) == _SIZE.size:
        answer = _answered(sys.stdin.buffer.read(_SIZE.unpack(head)[0]))
        says.write(_SIZE.pack(len(answer)) + answer)
        says.flush()


def _answered(told: bytes) -> bytes:
    try:
        function, args, kwargs = pickle.loads(told)  # noqa: S301 - what we wrote ourselves
        return pickle.dumps((True, function(*args, **kwargs)), pickle.HIGHEST_PROTOCOL)
    except Exception:  # noqa: BLE001 - whatever it is, it comes out where the function is computed once more
        return pickle.dumps((False, None))
