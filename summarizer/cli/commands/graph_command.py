"""`summarizer graph SUMMARY...`: who works with whom in many summaries."""

import argparse
from collections.abc import Iterator
from pathlib import Path

from ...errors import ConfigError, SourceError
from ...graph import Graph, OrganisationNames, graph, only
from ...graph.spelling_keys import possible_duplicates
from ...graph.summary_files import STANDARD_INPUT, Unread, read
from ...rendering.maps import GraphFormat, render_graph
from ...schema import Failure, Status, Summary
from .. import FAILED, OK, complain
from ..console import ConsoleStyle, look_of_standard_output
from ..parser import common, make_parser
from ..sinks.stream import put

_ABOUT = """\
Who works with whom in many summaries, each line backed by the articles' own words.

Spellings that differ in case, accents, punctuation or legal form are one organisation; a table says which others are:
  Alibaba = ["Alibaba Group", "阿里巴巴"]"""
_SHOWN = 10
"""Lines that cannot be read, of which each is spoken of: a wrong file may have thousands."""
_SUFFIXES = {
    **{f".{format}": format for format in GraphFormat},
    ".mmd": GraphFormat.MERMAID,
    ".gv": GraphFormat.DOT,
    ".htm": GraphFormat.HTML,
}


def parser() -> argparse.ArgumentParser:
    """Return the parser of `graph`."""
    parser = make_parser("summarizer graph", _ABOUT)
    add = parser.add_argument
    add(
        "summaries",
        nargs="+",
        metavar="SUMMARY",
        help="JSON or JSON lines that summarizer wrote, a folder of them, or - for standard input",
    )
    formats = ", ".join(list(GraphFormat)[:-1])
    add(
        "-f",
        "--format",
        choices=tuple(map(str, GraphFormat)),
        metavar="FORMAT",
        help=f"{formats} or html; default: what -o ends in, else table",
    )
    add("-o", "--output", metavar="PATH", help="write to a file")
    add("--names", metavar="FILE", help="a table of organisations and their spellings, TOML or CSV")
    add(
        "--status",
        action="append",
        choices=tuple(map(str, Status)),
        metavar="STATUS",
        help=f"only pairs whose status is now {', '.join(list(Status)[:-1])} or {Status.DENIED}; may be given again",
    )
    add("--quotes", action="store_true", help="show all that was said under each pair (table)")
    common(parser)
    return parser


def run(arguments: argparse.Namespace) -> int:
    """Read the summaries, draw the map, and return the exit status."""
    format = _format(arguments)
    names = OrganisationNames.read(Path(arguments.names)) if arguments.names else None
    if arguments.summaries.count(STANDARD_INPUT) > 1:
        raise ConfigError("standard input can be read once only: give `-` once")
    unread: list[Unread] = []
    drawn = graph(_summaries(arguments, unread), names=names)
    if not drawn.articles and not drawn.failures:
        raise SourceError("there is no summary to draw: give what `summarizer -f json` or `-f jsonl` wrote")
    shown = drawn.model_copy(update={"unread": len(unread)})
    chosen = only(shown, [Status(status) for status in arguments.status]) if arguments.status else shown
    put(_rendered(chosen, format, arguments), arguments.output, is_sheet=format is GraphFormat.CSV)
    _say_the_rest(drawn, unread, arguments)
    return FAILED if unread else OK


def _format(arguments: argparse.Namespace) -> GraphFormat:
    if arguments.format:
        return GraphFormat(arguments.format)
    suffix = Path(arguments.output or "").suffix.lower()
    return _SUFFIXES.get(suffix, GraphFormat.TABLE)


def _summaries(arguments: argparse.Namespace, unread: list[Unread]) -> Iterator[Summary | Failure]:
    """Yield what can be read, and say of each line that cannot what is wrong with it."""
    for item in read(arguments.summaries):
        if not isinstance(item, Unread):
            yield item
            continue
        unread.append(item)
        if arguments.verbose or len(unread) <= _SHOWN:
            complain(f"{item.where}: {item.why}", FAILED)


def _say_the_rest(drawn: Graph, unread: list[Unread], arguments: argparse.Namespace) -> None:
    """Say how many lines were not spoken of, and, where more is wanted, which names the user might call one."""
    if len(unread) > _SHOWN and not arguments.verbose:
        complain(f"and {len(unread) - _SHOWN:,} more that could not be read: -v says of each what is wrong", FAILED)
    if arguments.verbose:
        for short, long in possible_duplicates(each.name for each in drawn.organisations):
            complain(f"perhaps one organisation, if --names says so: {short!r} and {long!r}", OK)


def _rendered(drawn: Graph, format: GraphFormat, arguments: argparse.Namespace) -> str:
    look = look_of_standard_output() if arguments.output is None else ConsoleStyle()
    return render_graph(drawn, format, quotes=arguments.quotes, width=look.width, color=look.color)
