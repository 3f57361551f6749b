"""A graph as text: a table for a terminal where its width or colour is known, else one line per pair; or as JSON."""

from ..json_csv import to_json
from .graph_view import GraphView


def render_text(view: GraphView) -> str:
    """Return the text; rich is imported for a terminal only."""
    if view.width is None and not view.color:
        from .plain_map import render_plain

        return render_plain(view)
    from .terminal_map import render_terminal

    return render_terminal(view)


def render_json(view: GraphView) -> str:
    """Return the graph as JSON."""
    return to_json(view.graph)
