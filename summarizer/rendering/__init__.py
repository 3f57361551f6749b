"""`render(summary, article, format)` and `render_graph(graph, format)`, in one of the formats of `formats`.

What an article, a model or a user says is hostile until shown: in no format can it become markup, a formula, a
link, or a sequence that steers a terminal, and in none is it lost.
"""

from enum import StrEnum
from typing import TYPE_CHECKING, TypeVar

from ..errors import ConfigError
from .formats import Format, GraphFormat, Layout, Rows

if TYPE_CHECKING:  # imported on use: the command line reads the table of formats without waiting for pydantic
    from ..graph import Graph
    from ..schema import Article, Summary

__all__ = ["Format", "GraphFormat", "Layout", "Rows", "render", "render_graph"]

_Choice = TypeVar("_Choice", bound=StrEnum)


def render(
    summary: "Summary",
    article: "Article | None",
    format: Format | str = Format.TEXT,
    *,
    quotes: bool = False,
    verbose: bool = False,
    width: int | None = None,
    color: bool = False,
    address: str | None = None,
    rows: Rows | str = Rows.PARTNERSHIPS,
) -> str:
    """Show a summary; the string ends with a line end.

    `quotes` shows the evidence under each claim (json, jsonl, csv and html always have it), `verbose` what
    was rejected in full. `width` is that of a terminal: without it, text is laid out for a pipe, a line for
    each claim. `address` is that of the article's file, `file://…`, for a terminal that follows links; `rows` says what
    a row of csv is. Raises `ConfigError` where there is no such format, or no such row.
    """
    from .summary_view import SummaryView

    chosen, row = _one_of(Format, format, "format"), _one_of(Rows, rows, "row")
    return chosen.load()(SummaryView(summary, article, quotes, verbose, width, color, address, row))


def render_graph(
    graph: "Graph",
    format: GraphFormat | str = GraphFormat.TABLE,
    *,
    quotes: bool = False,
    width: int | None = None,
    color: bool = False,
) -> str:
    """Show the partnerships of many summaries; the string ends with a line end.

    `quotes` shows all that was said of a pair under it in a table; the other formats have it, but for the diagrams.
    `width` is that of a terminal: without it, a table is laid out for a pipe, a line for each pair. Raises
    `ConfigError` where there is no such format.
    """
    from .graph_view import GraphView

    return _one_of(GraphFormat, format, "format", " for a map").load()(GraphView(graph, quotes, width, color))


def _one_of(choices: type[_Choice], asked: str, what: str, where: str = "") -> _Choice:
    try:
        return choices(asked)
    except ValueError:
        raise ConfigError(f"there is no {what} {str(asked)!r}{where}; the {what}s are {', '.join(choices)}") from None
