"""A graph as text for a pipe or a file: no colour, no box, one line per pair, so that it can be searched."""

from collections.abc import Iterator, Sequence

from ...graph import Edge, State
from .graph_view import (
    WITHOUT_DATE,
    GraphView,
    conflict_words,
    counted,
    course,
    details,
    disputed,
    pair,
    quotes,
    status_words,
    when,
    who_says,
)


def render_plain(view: GraphView) -> str:
    """Return the text, with a line end."""
    return "\n".join(_lines(view)) + "\n"


def _lines(view: GraphView) -> Iterator[str]:
    yield view.title
    yield from view.notes
    if view.graph.edges:
        yield ""
    for edge in view.graph.edges:
        yield _edge(edge)
        yield from _states(edge.states if view.quotes else disputed(edge))


def _edge(edge: Edge) -> str:
    known = (f"{label}: {value}" for label, value in details(edge).items())
    parts = (pair(edge), course(edge), edge.when or WITHOUT_DATE, counted(edge.articles, "article"), *known)
    return " | ".join(filter(None, (*parts, conflict_words(edge))))


def _states(states: Sequence[State]) -> Iterator[str]:
    for state in states:
        yield f"    {status_words(state.status)}, {when(state)}, {who_says(state)}"
        yield from (f"        {quote}" for quote in quotes(state))
