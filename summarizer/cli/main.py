"""The entry point: a table of commands, and the exit status of whichever ran."""

import atexit
import errno
import gc
import os
import signal
import sys
import threading
from argparse import Namespace
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from importlib import import_module
from pathlib import Path
from types import FrameType, ModuleType
from typing import NamedTuple

from ..errors import ConfigError, PromptError, SummarizerError
from .commands import summarize_options
from .console import ExitStatus, complain
from .parser import Parser, nearest


class Command(NamedTuple):
    """A command: its module in `commands` has `parser()` and `run(arguments)`, and is imported only when used."""

    module: str
    synopsis: str
    help: str

    def load(self) -> ModuleType:
        """Import the module."""
        return import_module(f".commands.{self.module}", __package__)


COMMANDS = {
    "check": Command("check_command", "ARTICLE CLAIMS", "check claims, a draft or a summary against an article"),
    "eval": Command("eval_command", "[FOLDER]", "score models and prompts on golden cases"),
    "golden": Command("golden_command", "add|review|run|diff|approve", "manage golden cases (regression tests)"),
    "graph": Command("graph_command", "SUMMARY...", "combine the partnerships of many summaries"),
    "batch": Command("batch_command", "submit|status|collect", "use the provider's batch API, at half the price"),
    "prompts": Command("prompts_command", "list|show|path|diff", "inspect the prompt templates"),
    "cache": Command("cache_command", "stats|why|prune|clear|path", "inspect or shrink the cache"),
    "models": Command("models_command", "", "list the models that can be used"),
}
_SUMMARIZE = Command("summarize_command", "INPUT...", "summarize articles")
"""The command without a command word."""

_GC_THRESHOLD = 100_000
"""New objects between two garbage collections: twice what a start creates, none of which is garbage."""
_DISK_FULL = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)


def main(argv: Sequence[str] | None = None) -> int:
    """Run a command and return its exit status; a traceback is shown with `--verbose` only."""
    if argv is None:  # the process is ours
        _collect_garbage_rarely()
    os.environ.setdefault("PYDANTIC_DISABLE_PLUGINS", "true")  # else pydantic searches all installed packages
    if sys.stderr is None:  # before any file is opened: it would get the number of standard error
        sys.stderr = Path(os.devnull).open("w")  # noqa: SIM115 - open as long as the process runs
    arguments = parse(sys.argv[1:] if argv is None else argv)
    try:
        with _sigterm_as_sigint():
            return _run(arguments)
    except (ConfigError, PromptError) as error:
        return complain(str(error), ExitStatus.USAGE)
    except SummarizerError as error:
        return complain(str(error), ExitStatus.FAILED)
    except KeyboardInterrupt:
        return complain("interrupted; what was written is complete", ExitStatus.INTERRUPTED)
    except BrokenPipeError:  # the reader has left, as `| head` does
        _discard_standard_output()
        return ExitStatus.OK
    except Exception as error:  # a bug becomes one line and a status
        if isinstance(error, OSError) and error.errno in _DISK_FULL:
            _discard_standard_output()
            hint = "free some space, or write them elsewhere"
            return complain(f"cannot write the results: {error.strerror}; {hint}", ExitStatus.USAGE)
        if arguments.verbose:
            raise
        hint = "run it again with --verbose for the traceback, and report it"
        return complain(f"a bug in summarizer: {type(error).__name__}: {error}; {hint}", ExitStatus.BUG)


def parse(argv: Sequence[str]) -> Namespace:
    """Parse the arguments; print help on request, and exit with 2 on a usage error."""
    if argv and argv[0] in COMMANDS:
        parser: Parser = COMMANDS[argv[0]].load().parser()
        # Options may stand between positional arguments: `cache why -n 3 ARTICLE`.
        return parser.parse_intermixed_args(argv[1:], Namespace(command=argv[0]))
    parser = main_parser()
    if argv and argv[0].isalpha() and not Path(argv[0]).exists() and (meant := nearest(argv[0], COMMANDS)):
        parser.error(f"there is no command and no file named {argv[0]!r}; did you mean `summarizer {meant}`?")
    return summarize_options.completed(parser, parser.parse_args(argv, Namespace(command=None)))


def main_parser() -> Parser:
    """Return the parser of the command without a command word, whose help lists the others."""
    width = max(len(f"{name} {command.synopsis}") for name, command in COMMANDS.items())
    rows = (f"  {f'{name} {command.synopsis}':{width}}  {command.help}" for name, command in COMMANDS.items())
    return summarize_options.parser("\n".join(rows))


def _run(arguments: Namespace) -> int:
    """Run the command and flush its output."""
    if sys.stdout is None:
        if vars(arguments).get("output") is None:
            raise ConfigError("standard output is closed: send the results to a file or a pipe")
        sys.stdout = Path(os.devnull).open("w")  # noqa: SIM115 - open as long as the process runs
    status: int = COMMANDS.get(arguments.command, _SUMMARIZE).load().run(arguments)
    sys.stdout.flush()
    return status


def _collect_garbage_rarely() -> None:
    """Save a fifth of a short run: no collection among the imported modules, and none at exit."""
    gc.set_threshold(_GC_THRESHOLD)
    atexit.register(gc.freeze)


@contextmanager
def _sigterm_as_sigint() -> Iterator[None]:
    """Let SIGTERM end a run as Control-C does: whole results are kept, partial files are removed."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return

    def interrupt(number: int, frame: FrameType | None) -> None:
        on_sigint = signal.getsignal(signal.SIGINT)
        if not callable(on_sigint):  # ignored, as in the background of a script
            raise KeyboardInterrupt
        on_sigint(number, frame)

    before = signal.signal(signal.SIGTERM, interrupt)
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, before)


def _discard_standard_output() -> None:
    """Send buffered output nowhere: Python would try to write it again at exit, and complain."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
