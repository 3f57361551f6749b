"""A graph as CSV: a row for each statement about a pair."""

from ...graph import Edge, State
from ...schema import OPTIONAL_FIELDS
from ..json_csv import joined_quotes, written
from .graph_view import GraphView

_PLACED = (
    *("organisation", "partner", "current_status", "conflict", "status", "when", "date", "published", "attribution"),
    *("region", "purpose"),
)
COLUMNS = (
    *_PLACED,
    *(field.name for field in OPTIONAL_FIELDS if field.name not in _PLACED),
    *("quotes", "offsets", "source", "title", "language", "model", "sha256", "statement"),
)


def render_csv(view: GraphView) -> str:
    """Return the CSV with a header, as RFC 4180 and Excel define it."""
    header = dict(zip(COLUMNS, COLUMNS, strict=True))
    rows = (_row(edge, state) for edge in view.graph.edges for state in edge.states)
    return written([header, *rows], COLUMNS)


def _row(edge: Edge, state: State) -> dict[str, str | None]:
    one, other = edge.parties
    return {
        **{name: getattr(state, name) for name in COLUMNS if name in State.model_fields},
        "organisation": one,
        "partner": other,
        "current_status": " / ".join(edge.status),
        "conflict": edge.conflict,
        "quotes": joined_quotes(state.evidence),
        "offsets": " | ".join(f"{each.start}-{each.end}" for each in state.evidence),
        "statement": str(state.statement),
    }
