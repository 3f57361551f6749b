"""A graph as a file: JSON, CSV, GraphML for Gephi and yEd, Mermaid for a wiki or an issue, DOT for Graphviz.

The diagrams have the status on every edge, and no quotes. Names are in quotation marks, with every special character
escaped.
"""

import io
import json
import re
from collections.abc import Sequence

from ..graph import Edge, State
from ..schema import OPTIONAL_FIELDS, Status
from .control_characters import visible
from .graph_view import GraphView, conflict_words, course, details, for_xml
from .json_csv import joined_quotes, to_json, to_line, written

_PLACED = (
    *("organisation", "partner", "current_status", "conflict", "status", "when", "date", "published", "attribution"),
    *("region", "purpose"),
)
COLUMNS = (
    *_PLACED,
    *(field.name for field in OPTIONAL_FIELDS if field.name not in _PLACED),
    *("quotes", "offsets", "source", "title", "language", "model", "sha256", "statement"),
)

MERMAID_LINES = 500
"""Edges above which Mermaid refuses to draw."""
MERMAID_CHARACTERS = 50_000
"""Characters above which Mermaid refuses to draw."""

_MERMAID_STROKES = {
    Status.ESTABLISHED: "===",
    Status.IN_TALKS: "---",
    Status.CONSIDERED: "-.-",
    Status.ABANDONED: "x-.-x",
    Status.ENDED: "x--x",
    Status.DENIED: "x==x",
}
_DOT_STYLES = {
    Status.ESTABLISHED: 'style="bold"',
    Status.IN_TALKS: 'style="solid"',
    Status.CONSIDERED: 'style="dashed"',
    Status.ABANDONED: 'style="dashed", dir="both", arrowhead="tee", arrowtail="tee"',
    Status.ENDED: 'style="dotted"',
    Status.DENIED: 'style="dotted", dir="both", arrowhead="tee", arrowtail="tee"',
}


def render_json(view: GraphView) -> str:
    """Return the graph as JSON."""
    return to_json(view.graph)


def render_csv(view: GraphView) -> str:
    """Return the CSV with a header, as RFC 4180 and Excel define it."""
    header = dict(zip(COLUMNS, COLUMNS, strict=True))
    rows = (_csv_row(edge, state) for edge in view.graph.edges for state in edge.states)
    return written([header, *rows], COLUMNS)


def _csv_row(edge: Edge, state: State) -> dict[str, str | None]:
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


def render_graphml(view: GraphView) -> str:
    """Return XML with a node for each organisation and an edge for each pair, whose states are JSON."""
    import networkx

    drawing = networkx.Graph()
    ids = _node_ids(view)
    for each in view.graph.organisations:
        drawing.add_node(
            ids[each.name],
            label=for_xml(each.name),
            spellings=for_xml(json.dumps(each.spellings, ensure_ascii=False)),
            articles=each.articles,
            partners=each.partners,
        )
    for edge in view.graph.edges:
        drawing.add_edge(*(ids[name] for name in edge.parties), **_edge(edge))
    out = io.BytesIO()
    networkx.write_graphml_xml(drawing, out, prettyprint=True)
    return out.getvalue().decode().rstrip("\n") + "\n"


def _edge(edge: Edge) -> dict[str, str | int]:
    return {
        "label": " / ".join(edge.status),
        "status": edge.status[-1].value,
        "when": edge.when or "",
        "conflict": edge.conflict or "",
        "articles": edge.articles,
        "weight": edge.articles,
        **{label: for_xml(value) for label, value in details(edge).items()},
        "states": for_xml(f"[{', '.join(to_line(state).rstrip() for state in edge.states)}]"),
    }


def render_mermaid(view: GraphView) -> str:
    """Return a Mermaid flowchart of the pairs in most articles, up to Mermaid's limits."""
    edges = _drawn(view.graph.edges)
    left_out = len(view.graph.edges) - len(edges)
    lines = ["graph LR", *_mermaid_lines(edges)]
    if left_out:
        lines.insert(1, f"    %% {len(edges):,} of {len(view.graph.edges):,} pairs: Mermaid draws no more")
    return "\n".join(lines) + "\n"


def _drawn(edges: Sequence[Edge]) -> Sequence[Edge]:
    """Return the edges within Mermaid's limits, those in most articles first."""
    room = MERMAID_CHARACTERS - 200
    for number, edge in enumerate(edges[:MERMAID_LINES]):
        room -= sum(map(len, _mermaid_lines([edge]))) + 20
        if room < 0:
            return edges[:number]
    return edges[:MERMAID_LINES]


def _mermaid_lines(edges: Sequence[Edge]) -> list[str]:
    names = dict.fromkeys(name for edge in edges for name in edge.parties)
    ids = {name: f"n{number}" for number, name in enumerate(names, 1)}
    nodes = [f'    {node}["{_mermaid(name)}"]' for name, node in ids.items()]
    return nodes + [
        f'    {ids[edge.parties[0]]} {_MERMAID_STROKES[edge.status[-1]]}|"{_label(edge)}"| {ids[edge.parties[1]]}'
        for edge in edges
    ]


def _label(edge: Edge) -> str:
    return ", ".join(filter(None, (course(edge), conflict_words(edge))))


def _mermaid(text: str) -> str:
    """Return a name escaped for a quoted label: Mermaid writes a quotation mark as `#34;`."""
    return re.sub(r"[^\w ,.()'’+-]|_", lambda sign: f"#{ord(sign[0])};", visible(text)) or "#32;"


def render_dot(view: GraphView) -> str:
    """Return a graph for Graphviz."""
    ids = _node_ids(view)
    lines = (
        "graph partnerships {",
        '    graph [overlap="false", splines="true"];',
        '    node [shape="box", style="rounded"];',
        *(f'    {node} [label="{_dot(name)}"];' for name, node in ids.items()),
        *(
            f'    {ids[one]} -- {ids[other]} [label="{_label(edge)}", {_DOT_STYLES[edge.status[-1]]}];'
            for edge in view.graph.edges
            for one, other in [edge.parties]
        ),
        "}",
    )
    return "\n".join(lines) + "\n"


def _node_ids(view: GraphView) -> dict[str, str]:
    return {each.name: f"n{number}" for number, each in enumerate(view.graph.organisations, 1)}


def _dot(text: str) -> str:
    r"""Return a name escaped for a label: Graphviz expands `\N` and HTML entities."""
    return for_xml(text).replace("\\", "\\\\").replace('"', '\\"').replace("&", "&amp;")
