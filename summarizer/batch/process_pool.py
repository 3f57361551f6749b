"""Runs the functions that need the processor: in this process in turn, and in others while the processor is the limit.

Grounding takes milliseconds without a pause, a draft of the embedded model tens. Where the answers of many calls arrive
together, all of them are received, and the next calls sent, before the first is grounded. Once the queue has not been
empty for half a second, a process is started for another core, and one more after each further half second; a run that
waits for its model starts none. Processes are fresh interpreters that receive functions through a pipe: the caller's
main module does not run again, and none of them outlives this process, however it ends.
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
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from typing import Any, TypeVar

BUSY = 0.5
"""Seconds for which the queue must not have been empty before one more process is started."""
MIN_QUEUED, MAX_QUEUED, MAX_BYTES = 2, 8, 100_000
"""Jobs that a process is given at a time, so that the next one is there when it has finished one; more while as many
wait, for this process may be busy, but none beyond so many bytes in all."""
TIMEOUT, SUSPENDED = 60.0, 1.0
"""Seconds without an answer after which a process counts as stuck: it is killed, and its work done here. And seconds by
which this process may notice that too late, having been suspended itself, before it waits once more."""
MAX_PROCESSES = 8
"""However many cores there are: an article keeps this process busy for over a millisecond, and another for three."""
_ROUNDS = 3
"""Rounds of the event loop: one more than it needs to receive another answer."""
_SIZE = struct.Struct(">Q")
_SCRIPT = "import json, sys; sys.path[:] = json.loads(sys.argv[1]); from {module} import serve; serve()"

_T = TypeVar("_T")


def other_cores() -> int:
    """Return how many cores this process may use beside its own, at most `MAX_PROCESSES`."""
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    return min(cores - 1, MAX_PROCESSES)


@dataclass(eq=False)
class _Job:
    """A function and its arguments; the caller waits for `result`."""

    result: "asyncio.Future[Any]"
    function: Callable[..., Any]
    args: tuple[Any, ...]
    kwargs: dict[str, Any]
    local: bool = False
    """Another process cannot run it."""

    def pickled(self) -> bytes | None:
        """Return what is sent to another process; None if it cannot be pickled."""
        try:
            return pickle.dumps((self.function, self.args, self.kwargs), pickle.HIGHEST_PROTOCOL)
        except Exception:  # noqa: BLE001 - whatever a class raises that cannot be pickled
            self.local = True
            return None

    def run(self) -> None:
        """Run it in this process."""
        if self.result.done():  # cancelled
            return
        try:
            self.result.set_result(self.function(*self.args, **self.kwargs))
        except Exception as error:  # noqa: BLE001 - raised where the result is awaited
            self.result.set_exception(error)


class ProcessPool:
    """Runs functions for many callers in one event loop: `await pool(function, *args)`.

    Functions are those of modules, and pure; arguments and results can be pickled. At most `most` processes beside this
    one are started while there is more to compute than one can; `aclose` ends them.
    """

    def __init__(self, most: int = 0, *, busy: float | None = None) -> None:
        self._most = most
        self._busy = BUSY if busy is None else busy
        self._jobs: deque[_Job] = deque()
        self._submitted = 0
        self._processes: list[_WorkerProcess] = []
        self._task: asyncio.Task[None] | None = None

    async def __call__(self, function: Callable[..., _T], /, *args: Any, **kwargs: Any) -> _T:
        """Return what a function returns, in its turn; raises what it raises."""
        job = _Job(asyncio.get_running_loop().create_future(), function, args, kwargs)
        self._submitted += 1
        self._jobs.append(job)
        self._wake()
        result: _T = await job.result
        return result

    async def aclose(self) -> None:
        """End the other processes."""
        if self._task is not None:
            self._task.cancel()
            await asyncio.wait([self._task])
        await asyncio.gather(*(process.end() for process in self._processes))

    def _wake(self) -> None:
        if self._task is None or self._task.done():
            self._task = asyncio.create_task(self._work())

    async def _work(self) -> None:
        """Run jobs until the queue is empty."""
        began = time.monotonic()
        while self._jobs:
            await self._settle()
            self.dispatch()
            if self._jobs:
                self._jobs.popleft().run()
            if time.monotonic() - began > self._busy and len(self._processes) < self._most:
                try:
                    self._processes.append(await _WorkerProcess.start(self))
                except Exception:  # noqa: BLE001 - no more processes, no memory, a loop that starts none: continue alone
                    self._most = 0
                began = time.monotonic()

    async def _settle(self) -> None:
        """Wait until no more jobs arrive."""
        seen = 0
        while seen < self._submitted:
            seen = self._submitted
            for _ in range(_ROUNDS):
                await asyncio.sleep(0)

    def dispatch(self) -> None:
        """Send the other processes the jobs that they have room for."""
        for process in self._processes:
            while self._jobs and process.has_room(len(self._jobs)) and not self._jobs[0].local:
                if self._jobs[0].result.done():  # cancelled
                    self._jobs.popleft()
                elif pickled := self._jobs[0].pickled():
                    process.send(self._jobs.popleft(), pickled)

    def take_back(self, jobs: Sequence[_Job]) -> None:
        """Run here what another process could not."""
        for job in jobs:
            job.local = True
        self._jobs.extendleft(reversed(jobs))
        if jobs:
            self._wake()


class _WorkerProcess:
    """Another process, the jobs that it was sent, and the task that reads its results."""

    def __init__(self, process: asyncio.subprocess.Process, pool: ProcessPool) -> None:
        assert process.stdin is not None  # noqa: S101 - it has pipes
        assert process.stdout is not None  # noqa: S101
        self._process = process
        self._stdin, self._stdout = process.stdin, process.stdout
        self._pool = pool
        self._jobs: deque[tuple[_Job, int]] = deque()
        """With their size in bytes."""
        self._gone = False
        self._timer: asyncio.TimerHandle | None = None
        self._receiver = asyncio.create_task(self._receive())

    @classmethod
    async def start(cls, pool: ProcessPool) -> "_WorkerProcess":
        """Start it. Raises `OSError`, or whatever an event loop raises that cannot start processes."""
        name = os.path.basename(sys.executable or "").lower()  # noqa: PTH119 - there may be none
        if getattr(sys, "frozen", False) or not name.startswith(("python", "pypy")):  # embedded in another program
            raise OSError("there is no interpreter to start")
        command = (sys.executable, "-P", "-c", _SCRIPT.format(module=__name__), json.dumps(sys.path))
        pipe, null = asyncio.subprocess.PIPE, asyncio.subprocess.DEVNULL
        return cls(await asyncio.create_subprocess_exec(*command, stdin=pipe, stdout=pipe, stderr=null), pool)

    def has_room(self, waiting: int) -> bool:
        """Whether it takes one more of so many jobs that are waiting."""
        if self._gone or self._stdin.is_closing():
            return False
        count = len(self._jobs)
        return count < MIN_QUEUED or (count < MAX_QUEUED <= waiting and sum(size for _, size in self._jobs) < MAX_BYTES)

    def send(self, job: _Job, pickled: bytes) -> None:
        """Let it run a job."""
        self._jobs.append((job, len(pickled)))
        if len(self._jobs) == 1:
            self._restart_timer()
        self._stdin.write(_SIZE.pack(len(pickled)) + pickled)

    async def end(self) -> None:
        """End it, and wait until it is gone."""
        self._receiver.cancel()
        self._stop_timer()
        self._stdin.close()
        self._kill()
        await self._process.wait()

    def _kill(self) -> None:
        """Kill it: it has nothing to finish, and would not notice anything else while it is stopped."""
        with suppress(ProcessLookupError):
            self._process.kill()

    def _restart_timer(self) -> None:
        self._stop_timer()
        if self._jobs:
            due = asyncio.get_running_loop().time() + TIMEOUT
            self._timer = asyncio.get_running_loop().call_at(due, self._time_out, due)

    def _stop_timer(self) -> None:
        if self._timer is not None:
            self._timer.cancel()

    def _time_out(self, due: float) -> None:
        """Kill it; but wait again if this process was suspended meanwhile, for the answer may have arrived."""
        if asyncio.get_running_loop().time() > due + SUSPENDED:
            self._restart_timer()
        else:
            self._kill()

    async def _receive(self) -> None:
        """Pass results on until it ends, then take back the jobs that it has not finished."""
        try:
            while True:
                (size,) = _SIZE.unpack(await self._stdout.readexactly(_SIZE.size))
                done, result = pickle.loads(await self._stdout.readexactly(size))  # noqa: S301 - we wrote it
                job, _ = self._jobs.popleft()
                self._restart_timer()
                if not done:
                    self._pool.take_back([job])
                elif not job.result.done():
                    job.result.set_result(result)
                self._pool.dispatch()
        except Exception:  # noqa: BLE001 - it died, or sent what cannot be read: continue without it
            self._gone = True
            self._stop_timer()
            self._pool.take_back([job for job, _ in self._jobs])


def serve() -> None:
    """Run the jobs that arrive on standard input, in another process, until it is closed."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Control-C is for the parent
    output = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)  # a function that prints does not disturb the results
    while len(header := sys.stdin.buffer.read(_SIZE.size)) == _SIZE.size:
        job = sys.stdin.buffer.read(_SIZE.unpack(header)[0])
        try:
            function, args, kwargs = pickle.loads(job)  # noqa: S301 - we wrote it
            result = pickle.dumps((True, function(*args, **kwargs)), pickle.HIGHEST_PROTOCOL)
        except Exception:  # noqa: BLE001 - whatever it is, it is raised when the parent runs the function once more
            result = pickle.dumps((False, None))
        output.write(_SIZE.pack(len(result)) + result)
        output.flush()
