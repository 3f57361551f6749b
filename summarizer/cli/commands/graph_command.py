"""`summarizer graph SUMMARY...`: combine the partnerships of many summaries."""

import argparse
from collections.abc import Iterator
from pathlib import Path

from ...errors import ConfigError, SourceError
from ...graph import OrganisationNames, graph, only
from ...graph.organisation_names import possible_duplicates
from ...graph.summary_files import STANDARD_INPUT, Unread, read
from ...rendering import GraphFormat, Layout, render_graph
from ...schema import Failure, Status, Summary
from ..arguments import format_among
from ..console import ExitStatus, console_style, report
from ..output import refuse_own_input, write_text
from ..parser import Parser, add_shared, listed

_DESCRIPTION = """\
Combine the partnerships of many summaries, each backed by the articles' own words.

Spellings that differ in case, accents, punctuation or legal form count as one organisation; a table adds others:
  Alibaba = ["Alibaba Group", "阿里巴巴"]"""
_REPORTED = 10
"""Unreadable lines that are reported one by one: a wrong file may have thousands."""


def parser() -> Parser:
    """Return the parser of `graph`."""
    made = Parser("graph", _DESCRIPTION, "SUMMARY...")
    inputs = made.group("input")
    inputs.add_argument(
        "summaries", nargs="+", metavar="SUMMARY", help="JSON or JSON Lines of summarizer, a folder of them, or -"
    )
    inputs.add_argument("--names", metavar="FILE", help="table of organisations and their spellings, in TOML or CSV")
    inputs.add_argument(
        "--status",
        action="append",
        choices=tuple(map(str, Status)),
        metavar="STATUS",
        help=f"only pairs with this current status: {listed(Status)}; can be repeated",
    )
    output = made.group("output")
    add_shared(
        output,
        "--format",
        choices=tuple(map(str, GraphFormat)),
        help=f"{listed(GraphFormat)} (default: by the suffix of --output, else {GraphFormat.TABLE})",
    )
    add_shared(output, "--output", help="write to a file")
    add_shared(output, "--quotes", help="show all statements about each pair (table)")
    return made


def run(arguments: argparse.Namespace) -> ExitStatus:
    """Read the summaries, write the graph, and return the exit status."""
    format = format_among(GraphFormat, arguments)
    refuse_own_input([*arguments.summaries, *filter(None, [arguments.names])], arguments.output)
    names = OrganisationNames.read(Path(arguments.names)) if arguments.names else None
    if arguments.summaries.count(STANDARD_INPUT) > 1:
        raise ConfigError("standard input can be read only once: give `-` once")
    unread: list[Unread] = []
    whole = graph(_summaries(arguments, unread), names=names)
    if not whole.articles and not whole.failures:
        raise SourceError("there are no summaries: give what `summarizer -f json` or `-f jsonl` wrote")
    chosen = whole.model_copy(update={"unread": len(unread)})
    if arguments.status:
        chosen = only(chosen, [Status(status) for status in arguments.status])
    style = console_style(arguments.output)
    text = render_graph(chosen, format, quotes=arguments.quotes, width=style.width, color=style.color)
    write_text(text, arguments.output, table=format.layout is Layout.TABLE)
    if len(unread) > _REPORTED and not arguments.verbose:
        report(f"{len(unread) - _REPORTED:,} more cannot be read: -v reports each of them")
    if arguments.verbose:
        for short, long in possible_duplicates(each.name for each in whole.organisations):
            report(f"may be one organisation, if --names says so: {short!r} and {long!r}")
    return ExitStatus.FAILED if unread else ExitStatus.OK


def _summaries(arguments: argparse.Namespace, unread: list[Unread]) -> Iterator[Summary | Failure]:
    """Yield the summaries, and report the lines that cannot be read."""
    for item in read(arguments.summaries):
        if not isinstance(item, Unread):
            yield item
            continue
        unread.append(item)
        if arguments.verbose or len(unread) <= _REPORTED:
            report(f"{item.where}: {item.why}")
