"""A graph as GraphML, for Gephi, yEd and others."""

import io
import json

from ...graph import Edge, Organisation
from ..json_csv import to_line
from .graph_view import GraphView, details, for_xml


def render_graphml(view: GraphView) -> str:
    """Return XML with a node for each organisation and an edge for each pair, whose states are JSON."""
    import networkx

    drawing = networkx.Graph()
    ids = {each.name: f"n{number}" for number, each in enumerate(view.graph.organisations, 1)}
    for each in view.graph.organisations:
        drawing.add_node(ids[each.name], **_node(each))
    for edge in view.graph.edges:
        drawing.add_edge(*(ids[name] for name in edge.parties), **_edge(edge))
    out = io.BytesIO()
    networkx.write_graphml_xml(drawing, out, prettyprint=True)
    return out.getvalue().decode().rstrip("\n") + "\n"


def _node(organisation: Organisation) -> dict[str, str | int]:
    return {
        "label": for_xml(organisation.name),
        "spellings": for_xml(json.dumps(organisation.spellings, ensure_ascii=False)),
        "articles": organisation.articles,
        "partners": organisation.partners,
    }


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
