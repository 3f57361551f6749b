"""A graph as text for a terminal, with rich: a table where there is space for one, else a list of pairs."""

from collections.abc import Iterator, Sequence

from rich.console import RenderableType
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from ...graph import Edge, State
from ...schema import Status
from ..summary_view import SIGNS
from ..terminal import COLOURS, NARROW, WIDEST, in_columns, printed
from .graph_view import (
    DETAILS,
    WITHOUT_DATE,
    GraphView,
    conflict_words,
    counted,
    details,
    disputed,
    earlier,
    pair,
    quotes,
    status_words,
    when,
    who_says,
)

ROOMY = 110
"""Columns from which on the table has the purpose."""

_INDENT = 4


def render_terminal(view: GraphView) -> str:
    """Return the text for a terminal of `view.width` columns, with a line end."""
    return printed(_parts(view), view.width or 80, color=view.color)


def _parts(view: GraphView) -> Iterator[RenderableType]:
    yield Text(view.title, "bold")
    yield from (Text(note, "dim") for note in view.notes)
    width = view.width or 80
    if width >= NARROW and not view.quotes and view.graph.edges:
        yield Text()
        yield _table(view.graph.edges, width)
        yield from _contradictions(view, width)
        return
    for edge in view.graph.edges:
        yield Text()
        yield _lines(edge)
        yield from _states(edge.states if view.quotes else disputed(edge), width)


def _status(status: Status) -> Text:
    return Text.assemble((SIGNS[status], COLOURS[status]), f" {status_words(status)}")


def _course(edge: Edge) -> Text:
    """The history of a pair, and the label of its conflict."""
    now = Text(" / ").join(map(_status, edge.status))
    text = Text(" → ").join([*(_status(status) if status else Text("…") for status in earlier(edge)), now])
    return text.append(f"\n{conflict_words(edge)}", "bold red") if edge.conflict else text


def _table(edges: Sequence[Edge], width: int) -> Table:
    """A table of pairs, with a column for each optional field that occurs and fits."""
    known = [details(edge) for edge in edges]
    wanted = [field.label for field in DETAILS if field.verbatim or width >= ROOMY]
    labels = [label for label in wanted if any(label in each for each in known)]
    rows = [
        (
            *(Text(pair(edge), "bold"), _course(edge), Text(edge.when or WITHOUT_DATE), Text(f"{edge.articles:,}")),
            *(Text(more.get(label, "–")) for label in labels),
        )
        for edge, more in zip(edges, known, strict=True)
    ]
    return in_columns(("organisations", "status", "latest", "articles", *labels), rows, width)


def _contradictions(view: GraphView, width: int) -> Iterator[RenderableType]:
    edges = [edge for edge in view.graph.edges if edge.conflict]
    if edges:
        yield Text()
        yield Text("Contradictions", "bold underline")
    for edge in edges:
        yield Text.assemble((pair(edge), "bold"), ": ", (conflict_words(edge), "red"))
        yield from _states(disputed(edge), width)


def _lines(edge: Edge) -> Text:
    """A pair as lines."""
    text = Text.assemble((pair(edge), "bold"), ": ", _course(edge))
    text.append(f"\n{edge.when or WITHOUT_DATE}, {counted(edge.articles, 'article')}", "dim")
    for label, value in details(edge).items():
        text.append(f"\n{label}: ", "dim").append(value)
    return text


def _states(states: Sequence[State], width: int) -> Iterator[RenderableType]:
    for state in states:
        text = _status(state.status).append(f", {when(state)}, ")
        text.append(who_says(state), "dim")
        for quote in quotes(state):
            text.append(f"\n{quote}", "italic")
        yield Padding(text, (0, max(0, width - WIDEST), 0, _INDENT), expand=False)
