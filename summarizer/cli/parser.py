"""What can be said on the command line; argparse, for it starts ten times faster than the alternatives."""

import argparse
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import NoReturn

from ..version import __version__

ROWS = ("partnerships", "takeaways", "rejected", "all")
FORMATS = ("text", "json", "jsonl", "markdown", "html", "csv")
COMMANDS = ("batch", "check", "eval", "golden", "graph", "prompts", "cache", "models")

_SUMMARIZE = """\
Key takeaways and partnerships of news articles, each proven by the article's own words.

With no -m and no SUMMARIZER_MODEL, a language model answers where OPENAI_API_KEY or OPENAI_BASE_URL is set, and else
the embedded extractive model, which needs no key and no network."""
_ALLOW_PRIVATE = "let a URL be on a private network"
_EPILOG = """\
other commands:
  summarizer check ARTICLE CLAIMS   hold anybody's draft, summary or claims against an article
  summarizer golden add|review|run|diff|approve   cases that must not change unnoticed
  summarizer eval [FOLDER]          score models and prompts against golden cases
  summarizer graph SUMMARY...       the partnerships of many summaries: a table, a sheet, a map
  summarizer batch submit|status|collect   the provider's batch service: half the price, within a day
  summarizer prompts list|show|path|diff   the prompt templates
  summarizer cache stats|why|prune|clear|path   the answers that are remembered
  summarizer models                 which models can be used here, and what the others lack
  each has its own --help

exit status: 0 all well, 1 an article failed, 2 usage or configuration, 3 --strict and a claim was rejected,
  70 a bug of ours, 130 interrupted"""

_ROWS_HELP = "what a row of csv is: partnerships (the default), takeaways, rejected or all"


def parse(argv: Sequence[str]) -> argparse.Namespace:
    """Understand the command line; print help where it is asked for, and exit with 2 where it is wrong."""
    if argv and argv[0] in COMMANDS:
        parser = {
            "batch": _batch_parser,
            "check": check_parser,
            "eval": _eval_parser,
            "golden": _golden_parser,
            "graph": _graph_parser,
            "prompts": prompts_parser,
            "cache": cache_parser,
            "models": models_parser,
        }[argv[0]]()
        # Options may stand between the words of a command: `cache why -n 3 ARTICLE`.
        return parser.parse_intermixed_args(argv[1:], argparse.Namespace(command=argv[0]))
    parser = summarize_parser()
    _refuse_slips(parser, argv)
    arguments = parser.parse_args(argv, argparse.Namespace(command="summarize"))
    if arguments.verify and not arguments.inputs and arguments.files_from is None:
        arguments.inputs, arguments.verify = [arguments.verify], ""  # `--verify article.txt`: no model was named
    if not arguments.inputs and arguments.files_from is None:
        parser.error("give an INPUT: a file, a folder, or - for standard input")
    return arguments


def _refuse_slips(parser: argparse.ArgumentParser, argv: Sequence[str]) -> None:
    """Refuse a word that is no file and all but a command: `grpah news.jsonl` is no list of articles."""
    if argv and argv[0].isalpha() and not Path(argv[0]).exists() and (meant := _nearest(argv[0], COMMANDS)):
        parser.error(f"there is no command and no file named {argv[0]!r}; did you mean `summarizer {meant}`?")


def _nearest(typed: str, known: Iterable[str]) -> str | None:
    import difflib  # only where something is wrong

    return next(iter(difflib.get_close_matches(typed, known, n=1)), None)


def summarize_parser() -> argparse.ArgumentParser:
    """Return the parser of the main command."""
    parser = make_parser("summarizer", _SUMMARIZE, _EPILOG)
    add = parser.add_argument
    add("inputs", nargs="*", metavar="INPUT", help="a file, a folder, a URL, a .jsonl of articles, or -")
    add(
        "-m",
        "--model",
        metavar="MODEL",
        help="extractive, openai/NAME, ollama/NAME, anthropic/NAME, … [SUMMARIZER_MODEL]",
    )
    add("--base-url", metavar="URL", help="any OpenAI-compatible server [OPENAI_BASE_URL]")
    add(
        "-f",
        "--format",
        choices=FORMATS,
        help="text, json, jsonl, markdown, html or csv; default: what -o ends in, else text",
        metavar="FORMAT",
    )
    add(
        "-o",
        "--output",
        metavar="PATH",
        help="write to a file, or to a folder where there are many inputs; a folder, and a file in jsonl, are taken up "
        "again: the same command does what is missing there",
    )
    add(
        "--files-from",
        metavar="PATH",
        help="more inputs, one a line, or JSON lines with id and text; - for standard input",
    )
    add("-l", "--language", metavar="TAG", help="output language, fr or en for two; default: the article's own")
    add("-n", "--takeaways", type=int, metavar="N", help="how many takeaways at the most (5)")
    add("--prompt", metavar="NAME|PATH", help="another prompt template")
    add("--strict", action="store_true", help="exit with 3 if any claim was rejected")
    cache = parser.add_mutually_exclusive_group()
    cache.add_argument("--no-cache", action="store_true", help="neither read nor write the cache [SUMMARIZER_CACHE]")
    cache.add_argument("--refresh", action="store_true", help="ask anew, and remember the answer")
    add("--concurrency", type=int, metavar="N", help="requests at the same time (16)")
    add("--rpm", type=int, metavar="N", help="requests a minute at the most")
    add("--tpm", type=int, metavar="N", help="tokens a minute at the most")
    add("--max-cost", type=float, metavar="USD", help="stop before a call that could make the run cost more")
    add("--verify", nargs="?", const="", metavar="MODEL", help="a second opinion on each kept claim (the same model)")
    add("--dry-run", action="store_true", help="print the exact prompt, its size and the most it can cost; call nobody")
    add("--trace", metavar="FILE", help="every request and answer as JSON lines, without keys")
    add("--allow-private", action="store_true", help=_ALLOW_PRIVATE)
    add("--quotes", action="store_true", help="show the evidence under each claim (text and markdown)")
    add("--rows", choices=ROWS, default=ROWS[0], metavar="KIND", help=_ROWS_HELP)
    common(parser)
    return parser


def check_parser() -> argparse.ArgumentParser:
    """Return the parser of `check`."""
    about = (
        "Hold anybody's claims against an article: the same proof, for a draft, a summary, or text with a claim a line."
    )
    parser = make_parser("summarizer check", about)
    parser.add_argument("article", metavar="ARTICLE", help="the article: a file, a URL, or -")
    parser.add_argument("claims", metavar="CLAIMS", help="a JSON draft or summary, or text with one claim a line")
    parser.add_argument(
        "-f", "--format", choices=FORMATS, default="text", metavar="FORMAT", help=f"{', '.join(FORMATS)} (text)"
    )
    parser.add_argument("--strict", action="store_true", help="exit with 3 if any claim was rejected")
    parser.add_argument("--allow-private", action="store_true", help=_ALLOW_PRIVATE)
    common(parser)
    return parser


def _batch_parser() -> argparse.ArgumentParser:
    from .commands.batch_command import parser

    return parser()


def _eval_parser() -> argparse.ArgumentParser:
    from .commands.eval_command import parser

    return parser()


def _golden_parser() -> argparse.ArgumentParser:
    from .commands.golden_command import parser

    return parser()


def _graph_parser() -> argparse.ArgumentParser:
    from .commands.graph_command import parser

    return parser()


def prompts_parser() -> argparse.ArgumentParser:
    """Return the parser of `prompts`."""
    about = "The prompt templates: list them, show one, say where it is, or how yours differs from the built-in one."
    parser = make_parser("summarizer prompts", about)
    parser.add_argument(
        "action", choices=("list", "show", "path", "diff"), metavar="list|show|path|diff", help="what to do"
    )
    parser.add_argument("name", nargs="?", help="which template (summarize; diff: each that you have)")
    common(parser)
    return parser


def models_parser() -> argparse.ArgumentParser:
    """Return the parser of `models`."""
    about = "Which models can be used now, what the others lack, and which is chosen."
    parser = make_parser("summarizer models", about)
    common(parser)
    return parser


def cache_parser() -> argparse.ArgumentParser:
    """Return the parser of `cache`."""
    about = "The answers that are remembered: count them, ask why one was not used, remove some, or say where they are."
    parser = make_parser("summarizer cache", about)
    add = parser.add_argument
    add("action", choices=("stats", "why", "prune", "clear", "path"), metavar="stats|why|prune|clear|path", help="what")
    add("article", nargs="?", metavar="ARTICLE", help="why: the article that was asked about anew")
    add("-m", "--model", metavar="MODEL", help="why: who would answer [SUMMARIZER_MODEL]")
    add("--base-url", metavar="URL", help="why: at which server [OPENAI_BASE_URL]")
    add("-l", "--language", metavar="TAG", help="why: in which output language")
    add("-n", "--takeaways", type=int, metavar="N", help="why: with how many takeaways (5)")
    add("--prompt", metavar="NAME|PATH", help="why: with which prompt template")
    add("--older-than", metavar="AGE", help="prune: what is older, 30d or 12h or 6w")
    add("--max-size", metavar="SIZE", help="prune: the oldest, until the rest is no larger than 500MB or 2GB")
    add("--yes", action="store_true", help="clear: do not ask")
    common(parser)
    return parser


def make_parser(name: str, about: str, epilog: str | None = None) -> argparse.ArgumentParser:
    """Return the empty parser of a command, laid out as all are."""
    return _Parser(prog=name, description=about, epilog=epilog, formatter_class=_Help, allow_abbrev=False)


class _Parser(argparse.ArgumentParser):
    """Says what is wrong in one line, and what may have been meant."""

    def error(self, message: str) -> NoReturn:
        """Exit with 2."""
        slips = (word.partition("=")[0] for word in message.split() if word.startswith("--"))
        wrong = next(slips, None) if message.startswith("unrecognized") else None
        meant = _nearest(wrong, self._option_string_actions) if wrong else None
        hint = f"; did you mean {meant}?" if meant else ""
        self.exit(2, f"{self.prog}: {' '.join(message.split())}{hint} ({self.prog} --help says more)\n")


class _Help(argparse.RawDescriptionHelpFormatter):
    """The description as it was written, and 100 columns whatever the terminal: the README shows the same."""

    def __init__(self, prog: str) -> None:
        super().__init__(prog, max_help_position=26, width=100)


def common(parser: argparse.ArgumentParser) -> None:
    """Add what every command takes."""
    parser.add_argument("-q", "--quiet", action="store_true", help="no notices on standard error")
    parser.add_argument(
        "-v", "--verbose", action="store_true", help="more notices, rejected claims in full, tracebacks"
    )
    parser.add_argument("--version", action="version", version=f"summarizer {__version__}")
