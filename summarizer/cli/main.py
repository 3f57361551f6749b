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
from contextlib import contextmanager, suppress
from importlib import import_module
from pathlib import Path
from types import FrameType, ModuleType

from ..errors import ConfigError, PromptError, SummarizerError
from ..version import DISTRIBUTION, __version__
from .console import ExitStatus, complain, discard, heard
from .parser import Parser, add_shared, nearest

COMMANDS = {
    "check": ("ARTICLE CLAIMS", "check claims, a draft or a summary against an article"),
    "eval": ("[FOLDER]", "score models and prompts on golden cases"),
    "golden": ("add|review|run|diff|approve", "manage golden cases (regression tests)"),
    "graph": ("SUMMARY...", "combine the partnerships of many summaries"),
    "batch": ("submit|status|collect", "use the provider's batch API, at half the price"),
    "prompts": ("list|show|path|diff", "inspect the prompt templates"),
    "cache": ("stats|why|prune|clear|path", "inspect or shrink the cache"),
    "models": ("", "list the models that can be used"),
    "config": ("[show|path|example]", "show what is set, and by what"),
    "schema": ("[MODEL]", "print the JSON schema of what is written"),
    "completion": ("bash|zsh|fish", "print a script for the completion of commands in a shell"),
    "mcp": ("[FOLDER]", "serve these tools to agents (Model Context Protocol)"),
}
"""The synopsis and the help of each command, in the order of the help.

The module of a command in `commands` has `parser()` and `run(arguments)`, and is imported only when it is used.
"""

_DESCRIPTION = """\
Summarize news articles: key takeaways and partnerships, each proven by a quote from the article.

Without --model, openai/… is used if OPENAI_API_KEY or OPENAI_BASE_URL is set, else the embedded
extractive model, which needs no key and no network."""
_EPILOG = """\
commands (each has its own --help):
{commands}

examples:
  summarizer article.txt
  summarizer -m openai/gpt-5.4-mini -f json -o summary.json https://example.org/news
  summarizer -m ollama/llama3 -o summaries.jsonl articles/

exit status:
  0 success, 1 an article failed, 2 usage or configuration error, 3 --strict and a claim was rejected,
  70 internal error, 130 interrupted"""

_GC_THRESHOLD = 100_000
"""New objects between two garbage collections: twice what a start creates, none of which is garbage."""
_DISK_FULL = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)


def main(argv: Sequence[str] | None = None) -> int:
    """Run a command and return its exit status; a traceback is shown with `--verbose` only."""
    if argv is None:  # the process is ours: a fifth of a short run would be spent on garbage collection
        gc.set_threshold(_GC_THRESHOLD)
        atexit.register(gc.freeze)
    os.environ.setdefault("PYDANTIC_DISABLE_PLUGINS", "true")  # else pydantic searches all installed packages
    if sys.stderr is None:  # before any file is opened: it would get the number of standard error
        sys.stderr = Path(os.devnull).open("w")  # noqa: SIM115 - open as long as the process runs
    with heard():  # what is left there may not be writable either
        return _status(sys.argv[1:] if argv is None else argv)


def _status(argv: Sequence[str]) -> int:
    """Run a command; what it raises becomes a message and an exit status."""
    arguments = parse(argv)
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
        discard(sys.stdout)
        return ExitStatus.OK
    except Exception as error:  # a bug becomes one line and a status
        if isinstance(error, OSError) and error.errno in _DISK_FULL:
            discard(sys.stdout)
            hint = "free some space, or write them elsewhere"
            return complain(f"cannot write the results: {error.strerror}; {hint}", ExitStatus.USAGE)
        if arguments.verbose:
            raise
        hint = "run it again with --verbose for the traceback, and report it"
        return complain(f"a bug in summarizer: {type(error).__name__}: {error}; {hint}", ExitStatus.BUG)


def parse(argv: Sequence[str]) -> Namespace:
    """Parse the arguments; print help on request, and exit with 2 on a usage error."""
    if argv and argv[0] == "help":  # as other programs have it: `summarizer help check`
        argv = [*argv[1:2], "--help"]
    if "--version" in argv and {"-v", "--verbose"} & {*argv}:
        print(*_versions(), sep="\n")
        sys.exit(ExitStatus.OK)
    if argv and argv[0] in COMMANDS:
        parser: Parser = _load(argv[0]).parser()
        parser.add_general()
        # Options may stand between positional arguments: `cache why -n 3 ARTICLE`.
        return parser.parse_intermixed_args(argv[1:], Namespace(command=argv[0]))
    parser = main_parser()
    if argv and argv[0].isalpha() and not Path(argv[0]).exists() and (meant := nearest(argv[0], COMMANDS)):
        parser.error(f"there is no command and no file named {argv[0]!r}; did you mean `summarizer {meant}`?")
    arguments = parser.parse_args(argv, Namespace(command="summarize"))
    if not arguments.inputs and arguments.files_from is None:
        if not arguments.verify:
            parser.error("give an INPUT: a file, a folder, a URL, or - for standard input")
        arguments.inputs, arguments.verify = [arguments.verify], ""  # `--verify article.txt` names an article
    return arguments


def _versions() -> Iterator[str]:
    """Yield what a report of a fault needs: our version, Python's, the system's, and those of what is installed."""
    import platform
    import re
    from importlib.metadata import PackageNotFoundError, requires, version

    yield f"summarizer {__version__}, {Path(__file__).parents[1]}"
    yield f"Python {platform.python_version()}, {platform.platform()}"
    with suppress(PackageNotFoundError):  # run from a checkout that is not installed
        names = {found[0] for line in requires(DISTRIBUTION) or () if (found := re.match(r"[\w.-]+", line))}
        for name in sorted(names, key=str.lower):
            with suppress(PackageNotFoundError):  # of an extra
                yield f"{name} {version(name)}"


def _load(command: str) -> ModuleType:
    return import_module(f".commands.{command}_command", __package__)


def main_parser() -> Parser:
    """Return the parser of the command without a command word: its help imports nothing but the table of formats."""
    names = {f"{name} {synopsis}": help for name, (synopsis, help) in COMMANDS.items()}
    width = max(map(len, names))
    commands = "\n".join(f"  {name:{width}}  {help}" for name, help in names.items())
    synopsis = "INPUT...\n       summarizer COMMAND [ARGUMENTS]"
    parser = Parser("", _DESCRIPTION, synopsis, _EPILOG.format(commands=commands))
    inputs = parser.group("input")
    inputs.add_argument("inputs", nargs="*", metavar="INPUT", help="a file, a folder, a URL, a .jsonl file, or -")
    add_shared(inputs, "--files-from", "--allow-private")
    model = parser.group("model", "--model", "--base-url", "--prompt")
    model.add_argument(
        "--verify",
        nargs="?",
        const="",
        metavar="MODEL",
        help="have a model confirm each kept claim (default: the same model)",
    )
    parser.group("content", "--takeaways", "--language", "--proof", "--strict")
    parser.group("output", "--format", "--output", "--quotes", "--rows")
    limits = parser.group("requests and cache", "--concurrency", "--rpm", "--tpm", "--max-cost")
    add_shared(limits.add_mutually_exclusive_group(), "--no-cache", "--refresh")
    limits.add_argument(
        "--dry-run", action="store_true", help="print the prompt, its size and the maximum cost; send nothing"
    )
    limits.add_argument("--trace", metavar="FILE", help="write each request and reply as JSON Lines, without keys")
    parser.add_general()
    return parser


def _run(arguments: Namespace) -> int:
    """Run the command and flush its output."""
    if sys.stdout is None:
        if vars(arguments).get("output") is None:
            raise ConfigError("standard output is closed: send the results to a file or a pipe")
        sys.stdout = Path(os.devnull).open("w")  # noqa: SIM115 - open as long as the process runs
    status: int = _load(arguments.command).run(arguments)
    sys.stdout.flush()
    return status


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
