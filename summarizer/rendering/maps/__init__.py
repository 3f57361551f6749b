"""`render_graph(graph, format)`: the partnerships of many summaries, as a table, a sheet, a diagram or a page.

As with one summary: what articles, models and users say is shown in every format, and acts in none.
"""

from ...errors import ConfigError
from ...graph import Graph
from ..formats import GraphFormat
from .graph_view import GraphView

__all__ = ["GraphFormat", "render_graph"]


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
        chosen = GraphFormat(format)
    except ValueError:
        formats = ", ".join(GraphFormat)
        raise ConfigError(f"there is no format {str(format)!r} for a map; the formats are {formats}") from None
    return chosen.load()(GraphView(graph, quotes=quotes, width=width, color=color))
