"""Parse → call → render → exit status: the only room that prints.

Results go to standard output, everything else to standard error. Nothing heavy is imported before the arguments are
understood: `--help` must not wait for a model's client.
"""

import atexit
import errno
import gc
import os
import signal
import sys
import threading
from argparse import Namespace
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from types import FrameType

from ..errors import ConfigError, PromptError, SummarizerError
from .parser import parse

OK, FAILED, USAGE, REJECTED, BUG, INTERRUPTED = 0, 1, 2, 3, 70, 130

_SELDOM = 100_000
"""New objects between two looks for garbage: twice what a start makes, of which none is any."""
_NO_ROOM = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)


def main(argv: Sequence[str] | None = None) -> int:
    """Run the command and return its exit status; no traceback reaches a person who did not ask for it."""
    if argv is None:  # the process is ours
        _look_for_garbage_seldom()
    os.environ.setdefault("PYDANTIC_DISABLE_PLUGINS", "true")  # else it looks through all that is installed
    if sys.stderr is None:  # first of all, lest a file of ours be given its number
        sys.stderr = Path(os.devnull).open("w")  # noqa: SIM115 - for as long as the process lives
    arguments = parse(sys.argv[1:] if argv is None else argv)
    try:
        with _terminated_as_interrupted():
            return _done(arguments)
    except (ConfigError, PromptError) as error:
        return complain(str(error), USAGE)
    except SummarizerError as error:
        return complain(str(error), FAILED)
    except KeyboardInterrupt:
        return complain("interrupted; what was written is complete", INTERRUPTED)
    except BrokenPipeError:  # the reader has gone, `| head` for one: nothing more to say
        _let_go_of_standard_output()
        return OK
    except Exception as error:  # the door: a bug of ours becomes one line and a status
        if isinstance(error, OSError) and error.errno in _NO_ROOM:
            _let_go_of_standard_output()
            return complain(f"cannot write the results: {error.strerror}; make room, or write them elsewhere", USAGE)
        if arguments.verbose:
            raise
        hint = "run it again with --verbose for the traceback, and report it"
        return complain(f"a bug in summarizer: {type(error).__name__}: {error}; {hint}", BUG)


def _look_for_garbage_seldom() -> None:
    """Spare a start the looks at all that was imported, and the end the last one, which cost a fifth of a short run."""
    gc.set_threshold(_SELDOM)
    atexit.register(gc.freeze)


def _done(arguments: Namespace) -> int:
    """Run the command, and see that all it printed has arrived."""
    if sys.stdout is None:
        if getattr(arguments, "output", None) is None:
            raise ConfigError("standard output is closed: send the results to a file or a pipe")
        sys.stdout = Path(os.devnull).open("w")  # noqa: SIM115 - for as long as the process lives
    status = _run(arguments.command)(arguments)
    sys.stdout.flush()
    return status


@contextmanager
def _terminated_as_interrupted() -> Iterator[None]:
    """Let SIGTERM end a run as Control-C does: what is written is whole, and what is half written is taken away."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return

    def interrupt(number: int, frame: FrameType | None) -> None:
        as_control_c = signal.getsignal(signal.SIGINT)
        if not callable(as_control_c):  # ignored, as in a script's background
            raise KeyboardInterrupt
        as_control_c(number, frame)

    before = signal.signal(signal.SIGTERM, interrupt)
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, before)


def _let_go_of_standard_output() -> None:
    """Send what is still held back nowhere: Python would try it once more at the end, and complain."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def complain(message: str, status: int) -> int:
    """Say what went wrong in one line of standard error, and return the exit status."""
    from ..rendering.control_characters import visible

    print(f"summarizer: {visible(' '.join(message.split()))}", file=sys.stderr)
    return status


def _run(command: str) -> Callable[[Namespace], int]:
    """Return the function of a command, importing its room only now."""
    if command == "batch":
        from .commands.batch_command import run
    elif command == "check":
        from .commands.check_command import run
    elif command == "eval":
        from .commands.eval_command import run
    elif command == "golden":
        from .commands.golden_command import run
    elif command == "graph":
        from .commands.graph_command import run
    elif command == "models":
        from .commands.models_command import run
    elif command == "prompts":
        from .commands.prompts_command import run
    elif command == "cache":
        from .commands.cache_command import run
    else:
        from .commands.summarize_command import run
    return run
