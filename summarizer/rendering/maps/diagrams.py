"""A graph as Mermaid or DOT, for a wiki, an issue or Graphviz: with the status on every edge, without quotes.

Names are in quotation marks, with every special character escaped.
"""

import re
from collections.abc import Iterator, Sequence

from ...graph import Edge
from ...schema import Status
from ..control_characters import visible
from .graph_view import GraphView, conflict_words, course, for_xml

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
    ids = _ids(edges)
    nodes = [f'    {node}["{_mermaid(name)}"]' for name, node in ids.items()]
    return nodes + [
        f'    {ids[edge.parties[0]]} {_MERMAID_STROKES[edge.status[-1]]}|"{_label(edge)}"| {ids[edge.parties[1]]}'
        for edge in edges
    ]


def _ids(edges: Sequence[Edge]) -> dict[str, str]:
    names = dict.fromkeys(name for edge in edges for name in edge.parties)
    return {name: f"n{number}" for number, name in enumerate(names, 1)}


def _label(edge: Edge) -> str:
    return ", ".join(filter(None, (course(edge), conflict_words(edge))))


_PLAIN = re.compile(r"[^\w ,.()'’+-]|_")


def _mermaid(text: str) -> str:
    """Return a name escaped for a quoted label: Mermaid writes a quotation mark as `#34;`."""
    return _PLAIN.sub(lambda sign: f"#{ord(sign[0])};", visible(text)) or "#32;"


def render_dot(view: GraphView) -> str:
    """Return a graph for Graphviz."""
    return "\n".join(_dot_lines(view)) + "\n"


def _dot_lines(view: GraphView) -> Iterator[str]:
    ids = {each.name: f"n{number}" for number, each in enumerate(view.graph.organisations, 1)}
    yield "graph partnerships {"
    yield '    graph [overlap="false", splines="true"];'
    yield '    node [shape="box", style="rounded"];'
    yield from (f'    {node} [label="{_dot(name)}"];' for name, node in ids.items())
    for edge in view.graph.edges:
        one, other = (ids[name] for name in edge.parties)
        yield f'    {one} -- {other} [label="{_label(edge)}", {_DOT_STYLES[edge.status[-1]]}];'
    yield "}"


def _dot(text: str) -> str:
    r"""Return a name escaped for a label: Graphviz expands `\N` and HTML entities."""
    return for_xml(text).replace("\\", "\\\\").replace('"', '\\"').replace("&", "&amp;")
