"""Run a parser in a process of its own, for files that can make it loop or exhaust the memory.

The process has a limit of time and of memory, and the run goes on whatever becomes of it. Each file gets a new process:
that costs a tenth of a second, and no file can affect the next.
"""

import json
import sys
from importlib import import_module
from typing import Any

from ..errors import SourceError
from .loaded_text import SAVE_AS_TEXT

CPU_SECONDS = 60
"""A report of 2,000 pages takes ten."""
TIMEOUT = 300
"""Seconds by the clock, on a machine under load."""
MEMORY = 1 << 30
"""Bytes of address space, the interpreter's own 100 MB included."""

_START = "import json, sys; sys.path[:] = json.loads(sys.argv[1]); from {sandbox} import serve; serve(*sys.argv[2:])"


def parse_isolated(module: str, raw: bytes, name: str, charset: str | None = None) -> Any:
    """Return the result of a module's `parse(raw, name, charset)`, converted to JSON types. Raises `SourceError`."""
    import subprocess  # imported here: most files need no process

    if not sys.executable:  # embedded in another program: there is no interpreter to start
        return import_module(module).parse(raw, name, charset)
    command = [sys.executable, "-P", "-c", _START.format(sandbox=__name__), json.dumps(sys.path)]
    try:
        process = subprocess.run(  # noqa: S603 - our own interpreter and code
            [*command, module, name, charset or ""], input=raw, capture_output=True, timeout=TIMEOUT, check=False
        )
    except subprocess.TimeoutExpired:
        raise _aborted(name, f"it took longer than {TIMEOUT} s") from None
    except OSError as error:
        raise SourceError(f"cannot read {name!r}: no process could be started for it ({error}); try again") from error
    return result(process.stdout, process.returncode, name)


def serve(module: str, name: str, charset: str) -> None:
    """Parse standard input in the child process, and print the result or the error as JSON."""
    limit()
    try:
        reply = {"result": import_module(module).parse(sys.stdin.buffer.read(), name, charset or None)}
    except SourceError as error:
        reply = {"error": str(error)}
    sys.stdout.buffer.write(json.dumps(reply).encode())


def limit(*, seconds: int = CPU_SECONDS, memory: int = MEMORY) -> None:
    """Limit the CPU time and the memory of this process, where the system can."""
    if sys.platform == "win32":
        return
    import resource

    resource.setrlimit(resource.RLIMIT_AS, (memory, memory))
    resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds + 1))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def result(output: bytes, status: int, name: str) -> Any:
    """Return the result that a child process printed. Raises `SourceError` with its error, or for how it ended."""
    try:
        reply = json.loads(output)
    except ValueError:
        raise _aborted(name, _cause(status)) from None
    if "error" in reply:
        raise SourceError(reply["error"])
    return reply["result"]


def _cause(status: int) -> str:
    if -status in (9, 24):  # SIGKILL, SIGXCPU
        return f"it took longer than {CPU_SECONDS} s, or more memory than there is"
    return f"its reader needed more than {MEMORY >> 20} MB, or crashed ({status})"


def _aborted(name: str, why: str) -> SourceError:
    return SourceError(f"cannot read {name!r}: {why}; it may be damaged or malicious: {SAVE_AS_TEXT}")
