"""The parts of every command's parser, with argparse: the alternatives take ten times as long to start."""

import argparse
import re
from collections.abc import Iterable
from typing import Any, NamedTuple, NoReturn, Protocol

from .. import defaults
from ..rendering import Format, Rows
from ..version import __version__


def listed(names: Iterable[str]) -> str:
    """Return names as a list in a sentence."""
    *most, last = names
    return f"{', '.join(most)} or {last}"


class _Option(NamedTuple):
    """An option that several commands have: its flags, and the keywords of `add_argument`."""

    flags: tuple[str, ...]
    keywords: dict[str, Any]


def _option(*flags: str, **keywords: Any) -> _Option:
    return _Option(flags, keywords)


_SHARED = (
    _option(
        "-m",
        "--model",
        metavar="MODEL",
        help="extractive, openai/NAME, ollama/NAME, anthropic/NAME, … [SUMMARIZER_MODEL]",
    ),
    _option("--base-url", metavar="URL", help="use an OpenAI-compatible server [OPENAI_BASE_URL]"),
    _option("--prompt", metavar="NAME|PATH", help=f"use another prompt template (default: {defaults.PROMPT})"),
    _option("-l", "--language", metavar="TAG", help="output language, such as fr or en (default: the article's own)"),
    _option(
        "-n",
        "--takeaways",
        type=int,
        metavar="N",
        help=f"maximum number of takeaways (default: {defaults.TAKEAWAYS})",
    ),
    _option(
        "--no-cache",
        dest="cache",
        action="store_const",
        const="off",
        help="neither read nor write the cache [SUMMARIZER_CACHE]",
    ),
    _option("--refresh", action="store_true", help="ask the model again and cache the new answers"),
    _option(
        "--concurrency",
        type=int,
        metavar="N",
        help=f"maximum number of concurrent requests (default: {defaults.CONCURRENCY})",
    ),
    _option("--rpm", type=int, metavar="N", help="maximum requests per minute (default: no limit)"),
    _option("--tpm", type=int, metavar="N", help="maximum tokens per minute (default: no limit)"),
    _option("--max-cost", type=float, metavar="USD", help="stop before a request that could exceed this total cost"),
    _option("--allow-private", action="store_const", const=True, help="allow URLs on private networks"),
    _option(
        "--files-from",
        metavar="PATH",
        help="read more inputs from a file, one per line or as JSON Lines with id and text; - for standard input",
    ),
    _option(
        "-f",
        "--format",
        choices=tuple(map(str, Format)),
        metavar="FORMAT",
        help=f"{listed(Format)} (default: by the suffix of --output, else {Format.TEXT})",
    ),
    _option(
        "-o",
        "--output",
        metavar="PATH",
        help="write to a file, or to a folder with one file per article; a folder or a .jsonl file is resumed: only "
        "what it lacks is done",
    ),
    _option("--quotes", action="store_true", help="show the evidence of each claim (text and markdown)"),
    _option(
        "--rows",
        choices=tuple(map(str, Rows)),
        default=str(Rows.PARTNERSHIPS),
        metavar="KIND",
        help=f"rows of a csv table: {listed(Rows)} (default: {Rows.PARTNERSHIPS})",
    ),
    _option("--strict", action="store_true", help="exit with status 3 if any claim is rejected"),
)
_OPTION = {option.flags[-1]: option for option in _SHARED}


class _TakesOptions(Protocol):
    """A parser, or a group of one."""

    def add_argument(self, *flags: str, **keywords: Any) -> Any:
        """Add an option."""


def make_parser(name: str, description: str, *, usage: str | None = None, epilog: str | None = None) -> "Parser":
    """Return the parser of a command, without its arguments."""
    return Parser(
        prog=name,
        usage=usage,
        description=description,
        epilog=epilog,
        formatter_class=_HelpFormatter,
        allow_abbrev=False,
        add_help=False,
    )


def add_shared(group: _TakesOptions, *flags: str, **overrides: Any) -> None:
    """Add options that commands share, by their long flags; `overrides` replace their keywords."""
    for flag in flags:
        group.add_argument(*_OPTION[flag].flags, **_OPTION[flag].keywords | overrides)


def add_general(parser: argparse.ArgumentParser) -> None:
    """Add the options that every command takes, in the last group of its help."""
    group = parser.add_argument_group("general options")
    group.add_argument("-q", "--quiet", action="store_true", help="print no notices on standard error")
    group.add_argument(
        "-v", "--verbose", action="store_true", help="print more notices, rejected claims in full, and tracebacks"
    )
    group.add_argument("-h", "--help", action="help", help="show this help and exit")
    group.add_argument(
        "--version", action="version", version=f"summarizer {__version__}", help="show the version and exit"
    )


def nearest(typed: str, known: Iterable[str]) -> str | None:
    """Return the known word that was probably meant, if any."""
    import difflib  # only where something is wrong

    return next(iter(difflib.get_close_matches(typed, list(known), n=1)), None)


class Parser(argparse.ArgumentParser):
    """A parser whose errors are one line with a suggestion."""

    def error(self, message: str) -> NoReturn:
        """Exit with status 2."""
        hint = ""
        if message.startswith("unrecognized") and (unknown := re.search(r"--[^\s=]+", message)):
            meant = nearest(unknown[0], re.findall(r"--[a-z-]+", self.format_help()))
            hint = f"; did you mean {meant}?" if meant else ""
        self.exit(2, f"{self.prog}: {' '.join(message.split())}{hint} (see '{self.prog} --help')\n")


class _HelpFormatter(argparse.RawDescriptionHelpFormatter):
    """Keeps the lines of descriptions, and is 100 columns wide on any terminal: the README shows the same text."""

    def __init__(self, prog: str) -> None:
        super().__init__(prog, max_help_position=28, width=100)
