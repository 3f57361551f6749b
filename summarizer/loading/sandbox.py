"""A parser in a process of its own, for files that can make it loop or fill the memory.

The process has so much time and memory and no more; whatever becomes of it, the run goes on. It is started anew for
each file: that costs a tenth of a second, and nothing of one file can reach the next.
"""

import json
import subprocess
import sys
from importlib import import_module
from typing import Any

from ..errors import SourceError
from .readers import PLAIN

SECONDS = 60
"""Of computing: a report of 2,000 pages takes ten."""
PATIENCE = 300
"""Seconds by the clock, on a machine that has other work too."""
MEMORY = 1 << 30
"""Bytes of address space, the interpreter's own 100 MB among them."""

_START = "import json, sys; sys.path[:] = json.loads(sys.argv[1]); from {module} import answer; answer(*sys.argv[2:])"


def run_bounded(module: str, raw: bytes, name: str, charset: str | None = None) -> Any:
    """Return what `parse(raw, name, charset)` of a module of this room gives, as JSON has it. Raises `SourceError`."""
    if not sys.executable:  # inside of another program there is no interpreter to start
        return _parser(module)(raw, name, charset)
    command = [sys.executable, "-P", "-c", _START.format(module=__name__), json.dumps(sys.path)]
    try:
        done = subprocess.run(  # noqa: S603 - ourselves
            [*command, module, name, charset or ""], input=raw, capture_output=True, timeout=PATIENCE, check=False
        )
    except subprocess.TimeoutExpired:
        raise _beyond(name, f"it took longer than {PATIENCE} s") from None
    except OSError as error:
        raise SourceError(f"cannot read {name!r}: no process could be started for it ({error}); try again") from error
    return said(done.stdout, done.returncode, name)


def answer(module: str, name: str, charset: str) -> None:
    """Be that process: read what comes in, and print what was found, or why nothing was."""
    limit()
    try:
        answered = {"found": _parser(module)(sys.stdin.buffer.read(), name, charset or None)}
    except SourceError as error:
        answered = {"error": str(error)}
    sys.stdout.buffer.write(json.dumps(answered).encode())


def _parser(module: str) -> Any:
    return import_module(f".{module}", __package__).parse


def limit(*, seconds: int = SECONDS, memory: int = MEMORY) -> None:
    """Give this process so much to compute with, from its start, and no more; nothing where the system cannot."""
    if sys.platform == "win32":
        return
    import resource

    resource.setrlimit(resource.RLIMIT_AS, (memory, memory))
    resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds + 1))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def said(output: bytes, status: int, name: str) -> Any:
    """Return what such a process found; raise `SourceError` with what it says, or with what became of it."""
    try:
        answered = json.loads(output)
    except ValueError:
        raise _beyond(name, _fate(status)) from None
    if "error" in answered:
        raise SourceError(answered["error"])
    return answered["found"]


def _fate(status: int) -> str:
    if -status in (9, 24):  # SIGKILL, SIGXCPU
        return f"it took longer than {SECONDS} s, or more memory than there is"
    return f"its reader needed more than {MEMORY >> 20} MB, or broke down ({status})"


def _beyond(name: str, why: str) -> SourceError:
    return SourceError(f"cannot read {name!r}: {why}; it may be damaged, or made to do harm: {PLAIN}")
