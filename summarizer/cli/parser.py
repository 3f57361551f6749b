"""The parts of every command's parser, with argparse: the alternatives take ten times as long to start."""

import argparse
import re
from collections.abc import Iterable
from functools import partial
from typing import Any, NoReturn, Protocol

from .. import defaults
from ..rendering import Format, Rows
from ..version import __version__


def listed(names: Iterable[str]) -> str:
    """Return names as a list in a sentence."""
    *most, last = names
    return f"{', '.join(most)} or {last}"


_SHORT = {"--model": "-m", "--language": "-l", "--takeaways": "-n", "--format": "-f", "--output": "-o"}
_SHARED: dict[str, dict[str, Any]] = {
    "action": {"metavar": "ACTION", "help": "one of the actions above"},
    "--model": {
        "metavar": "MODEL",
        "help": "extractive, openai/NAME, ollama/NAME, anthropic/NAME, … [SUMMARIZER_MODEL]",
    },
    "--base-url": {"metavar": "URL", "help": "use an OpenAI-compatible server [OPENAI_BASE_URL]"},
    "--prompt": {"metavar": "NAME|PATH", "help": f"use another prompt template (default: {defaults.PROMPT})"},
    "--language": {"metavar": "TAG", "help": "output language, such as fr or en (default: the article's own)"},
    "--takeaways": {
        "type": int,
        "metavar": "N",
        "help": f"maximum number of takeaways (default: {defaults.TAKEAWAYS})",
    },
    "--no-cache": {
        "dest": "cache",
        "action": "store_const",
        "const": "off",
        "help": "neither read nor write the cache [SUMMARIZER_CACHE]",
    },
    "--refresh": {"action": "store_true", "help": "ask the model again and cache the new answers"},
    "--concurrency": {
        "type": int,
        "metavar": "N",
        "help": f"maximum number of concurrent requests (default: {defaults.CONCURRENCY})",
    },
    "--rpm": {"type": int, "metavar": "N", "help": "maximum requests per minute (default: no limit)"},
    "--tpm": {"type": int, "metavar": "N", "help": "maximum tokens per minute (default: no limit)"},
    "--max-cost": {"type": float, "metavar": "USD", "help": "stop before a request that could exceed this total cost"},
    "--allow-private": {"action": "store_const", "const": True, "help": "allow URLs on private networks"},
    "--files-from": {
        "metavar": "PATH",
        "help": "read more inputs from a file, one per line or as JSON Lines with id and text; - for standard input",
    },
    "--format": {
        "choices": tuple(map(str, Format)),
        "metavar": "FORMAT",
        "help": f"{listed(Format)} (default: by the suffix of --output, else {Format.TEXT})",
    },
    "--output": {
        "metavar": "PATH",
        "help": "write to a file, or to a folder with one file per article; a folder or a .jsonl file is resumed: only "
        "what it lacks is done",
    },
    "--quotes": {"action": "store_true", "help": "show the evidence of each claim (text and markdown)"},
    "--rows": {
        "choices": tuple(map(str, Rows)),
        "default": str(Rows.PARTNERSHIPS),
        "metavar": "KIND",
        "help": f"rows of a csv table: {listed(Rows)} (default: {Rows.PARTNERSHIPS})",
    },
    "--proof": {
        "choices": ("code", "assisted"),
        "metavar": "code|assisted",
        "help": "reject what code doubts, or have the model look at it once more (default: "
        f"{defaults.PROOF} where a language model answers) [SUMMARIZER_PROOF]",
    },
    "--strict": {"action": "store_true", "help": "exit with status 3 if any claim is rejected"},
}
"""The arguments that several commands have."""


class Group(Protocol):
    """A group of arguments in the help."""

    def add_argument(self, *flags: str, **keywords: Any) -> Any:
        """Add an argument."""

    def add_mutually_exclusive_group(self) -> "Group":
        """Add options of which only one can be given."""


class Parser(argparse.ArgumentParser):
    """The parser of a command: its help is as wide on any terminal as in the README, its errors have a suggestion."""

    def __init__(self, command: str, description: str, synopsis: str, epilog: str | None = None) -> None:
        name = f"summarizer {command}".rstrip()
        super().__init__(
            prog=name,
            usage=f"{name} [OPTIONS] {synopsis}".rstrip(),
            description=description,
            epilog=epilog,
            formatter_class=partial(argparse.RawDescriptionHelpFormatter, max_help_position=28, width=100),
            allow_abbrev=False,
            add_help=False,
        )

    def group(self, title: str, *shared: str) -> Group:
        """Add a group, with arguments that commands share."""
        group = self.add_argument_group(title)
        add_shared(group, *shared)
        return group

    def add_general(self) -> None:
        """Add the options that every command takes, in the last group of its help."""
        group = self.add_argument_group("general options")
        group.add_argument("-q", "--quiet", action="store_true", help="print no notices on standard error")
        group.add_argument(
            "-v", "--verbose", action="store_true", help="print more notices, rejected claims in full, and tracebacks"
        )
        group.add_argument("-h", "--help", action="help", help="show this help and exit")
        group.add_argument(
            "--version",
            action="version",
            version=f"summarizer {__version__}",
            help="show the version (with -v: all) and exit",
        )

    def error(self, message: str) -> NoReturn:
        """Exit with status 2."""
        hint = ""
        if message.startswith("unrecognized") and (unknown := re.search(r"--[^\s=]+", message)):
            meant = nearest(unknown[0], re.findall(r"--[a-z-]+", self.format_help()))
            hint = f"; did you mean {meant}?" if meant else ""
        self.exit(2, f"{self.prog}: {' '.join(message.split())}{hint} (see '{self.prog} --help')\n")


def add_shared(group: Group, *names: str, **overrides: Any) -> None:
    """Add arguments that commands share; `overrides` replace their keywords."""
    for name in names:
        flags = (_SHORT[name], name) if name in _SHORT else (name,)
        group.add_argument(*flags, **_SHARED[name] | overrides)


def nearest(typed: str, known: Iterable[str]) -> str | None:
    """Return the known word that was probably meant, if any."""
    import difflib  # only where something is wrong

    return next(iter(difflib.get_close_matches(typed, list(known), n=1)), None)
