"""Parse → call → render → exit status: the only room that prints.

Results go to standard output, everything else to standard error. Nothing heavy is imported before the arguments are
understood: `--help` must not wait for a model's client.
"""

import os
import sys
from argparse import Namespace
from collections.abc import Callable, Sequence

from ..errors import ConfigError, PromptError, SummarizerError
from .arguments import parse

OK, FAILED, USAGE, REJECTED, BUG, INTERRUPTED = 0, 1, 2, 3, 70, 130


def main(argv: Sequence[str] | None = None) -> int:
    """Run the command and return its exit status; no traceback reaches a person who did not ask for it."""
    os.environ.setdefault("PYDANTIC_DISABLE_PLUGINS", "true")  # else it looks through all that is installed
    arguments = parse(sys.argv[1:] if argv is None else argv)
    try:
        return _run(arguments.command)(arguments)
    except (ConfigError, PromptError) as error:
        return complain(str(error), USAGE)
    except SummarizerError as error:
        return complain(str(error), FAILED)
    except KeyboardInterrupt:
        return complain("interrupted; what was written is complete", INTERRUPTED)
    except BrokenPipeError:  # the reader has gone, `| head` for one: nothing more to say
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return OK
    except Exception as error:  # the door: a bug of ours becomes one line and a status
        if arguments.verbose:
            raise
        hint = "run it again with --verbose for the traceback, and report it"
        return complain(f"a bug in summarizer: {type(error).__name__}: {error}; {hint}", BUG)


def complain(message: str, status: int) -> int:
    """Say what went wrong in one line of standard error, and return the exit status."""
    from ..rendering.visible import visible

    print(f"summarizer: {visible(' '.join(message.split()))}", file=sys.stderr)
    return status


def _run(command: str) -> Callable[[Namespace], int]:
    """Return the function of a command, importing its room only now."""
    if command == "batch":
        from .batch import run
    elif command == "check":
        from .check import run
    elif command == "eval":
        from .evaluate import run
    elif command == "golden":
        from .golden import run
    elif command == "graph":
        from .graph import run
    elif command == "models":
        from .models import run
    elif command == "prompts":
        from .prompts import run
    elif command == "cache":
        from .cache import run
    else:
        from .summarize import run
    return run
