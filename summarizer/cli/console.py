"""Messages to the user, exit statuses, and what standard output can display."""

import os
import re
import shutil
import sys
from argparse import Namespace
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from enum import IntEnum
from pathlib import Path
from typing import NamedTuple, TextIO

from ..rendering.control_characters import visible

_WITHOUT_COLOR = ("", "dumb", "unknown")
"""Terminals that have no colour."""
_WITHOUT_LINKS = ("linux", "cons25", "eterm", "vt")
"""Prefixes of terminals that would print the target of a hyperlink, or lose its text."""

_SETTING = re.compile(r"`(?P<name>base_url|model|max_cost|allow_private)(?:=\"?(?P<value>[^`\"]*)\"?)?`")
"""The settings that errors name (`errors`)."""


class ExitStatus(IntEnum):
    """The exit statuses of every command."""

    OK = 0
    FAILED = 1
    """An article failed and the others were done, or a score is below its floor."""
    USAGE = 2
    """A usage or configuration error."""
    REJECTED = 3
    """`--strict` was given and a claim was rejected."""
    BUG = 70
    INTERRUPTED = 130


def report(message: str) -> None:
    """Print a message as one line on standard error; settings are shown as the flags that they are here."""
    line = " ".join(_SETTING.sub(_flag, message).split())
    say(f"summarizer: {visible(line)}")


def _flag(setting: re.Match[str]) -> str:
    value = "" if setting["value"] in (None, "True") else f" {setting['value']}"
    return f"--{setting['name'].replace('_', '-')}{value}"


def say(line: str) -> None:
    """Print a line on standard error; where nobody can read it, the run goes on, and its exit status tells."""
    with heard():
        print(line, file=sys.stderr, flush=True)


@contextmanager
def heard() -> Iterator[None]:
    """Write to standard error; once that fails, for it is closed or its disk full, messages go nowhere."""
    try:
        yield
        sys.stderr.flush()
    except OSError:
        discard(sys.stderr)


def discard(stream: TextIO) -> None:
    """Send what a stream holds nowhere: Python would try to write it again at exit, and complain."""
    with suppress(OSError, ValueError), Path(os.devnull).open("w") as nowhere:
        os.dup2(nowhere.fileno(), stream.fileno())


def complain(message: str, status: ExitStatus = ExitStatus.FAILED) -> ExitStatus:
    """Report an error and return its exit status."""
    report(message)
    return status


def notify(arguments: Namespace, message: str) -> None:
    """Report a notice, unless `--quiet` is given."""
    if not arguments.quiet:
        report(message)


class ConsoleStyle(NamedTuple):
    """What an output can display; by default that of a pipe or a file."""

    width: int | None = None
    color: bool = False
    links: bool = False


def console_style(output: str | None) -> ConsoleStyle:
    """Return the style of an output: a file or a pipe has no width; `NO_COLOR` and dumb terminals have no colour.

    `FORCE_COLOR` has a pipe shown as a terminal, as for `| less -R` or the log of a build.
    """
    if output is None and not sys.stdout.isatty() and os.environ.get("FORCE_COLOR", "0") not in ("", "0", "false"):
        return ConsoleStyle(shutil.get_terminal_size().columns, not os.environ.get("NO_COLOR"))
    if output is not None or not sys.stdout.isatty():
        return ConsoleStyle()
    terminal = os.environ.get("TERM", "").lower() if os.name != "nt" else "windows"
    color = terminal not in _WITHOUT_COLOR and not os.environ.get("NO_COLOR")
    links = color and not terminal.startswith(_WITHOUT_LINKS)
    return ConsoleStyle(shutil.get_terminal_size().columns, color, links)


def counted(number: int, noun: str) -> str:
    """Return a number with its noun, in the plural where it is not one."""
    return f"{number:,} {noun}{'' if number == 1 else 's'}"
