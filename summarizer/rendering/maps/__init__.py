"""`render_graph(graph, format)`: the partnerships of many summaries, as a table, a sheet, a diagram or a page.

As with one summary: what articles, models and users say is shown in every format, and acts in none.
"""

from collections.abc import Callable, Mapping
from enum import StrEnum

from ...errors import ConfigError
from ...graph import Graph
from .graph_view import GraphView


class GraphFormat(StrEnum):
    """What a map can be shown as."""

    TABLE = "table"
    JSON = "json"
    CSV = "csv"
    GRAPHML = "graphml"
    MERMAID = "mermaid"
    DOT = "dot"
    HTML = "html"


def render_graph(
    graph: Graph,
    format: GraphFormat | str = GraphFormat.TABLE,
    *,
    quotes: bool = False,
    width: int | None = None,
    color: bool = False,
) -> str:
    """Show a map; the string ends with a line end.

    `quotes` shows all that was said of a pair under it in a table; the other formats have it, but for the diagrams.
    `width` is that of a terminal: without it, a table is laid out for a pipe, a line for each pair. Raises
    `ConfigError` where there is no such format.
    """
    try:
        renderer = _RENDERERS[GraphFormat(format)]
    except ValueError:
        formats = ", ".join(GraphFormat)
        raise ConfigError(f"there is no format {str(format)!r} for a map; the formats are {formats}") from None
    return renderer(GraphView(graph, quotes=quotes, width=width, color=color))


def _table(view: GraphView) -> str:
    if view.width is None and not view.color:
        from .plain_map import render_plain

        return render_plain(view)
    from .terminal_map import render_terminal

    return render_terminal(view)


def _json(view: GraphView) -> str:
    from ..json_csv import to_json

    return to_json(view.graph)


def _csv(view: GraphView) -> str:
    from .map_csv import render_csv

    return render_csv(view)


def _graphml(view: GraphView) -> str:
    from .graphml import render_graphml

    return render_graphml(view)


def _mermaid(view: GraphView) -> str:
    from .diagrams import render_mermaid

    return render_mermaid(view)


def _dot(view: GraphView) -> str:
    from .diagrams import render_dot

    return render_dot(view)


def _html(view: GraphView) -> str:
    from .map_page import render_html

    return render_html(view)


# Each imports what it needs when it is asked: networkx alone takes longer than all the rest.
_RENDERERS: Mapping[GraphFormat, Callable[[GraphView], str]] = {
    GraphFormat.TABLE: _table,
    GraphFormat.JSON: _json,
    GraphFormat.CSV: _csv,
    GraphFormat.GRAPHML: _graphml,
    GraphFormat.MERMAID: _mermaid,
    GraphFormat.DOT: _dot,
    GraphFormat.HTML: _html,
}
