"""A map for Gephi, yEd and whatever else reads GraphML."""

import io
import json
import re

from ...graph import Edge, Organisation
from ..visible import visible
from .view import GraphView, details

_NO_CHARACTERS = re.compile("[\ufffe\uffff]")


def render_graphml(view: GraphView) -> str:
    """Return XML with a node for each organisation and an edge for each pair; all that was said of it as JSON."""
    import networkx

    drawing = networkx.Graph()
    ids = {each.name: f"n{number}" for number, each in enumerate(view.graph.organisations, 1)}
    for each in view.graph.organisations:
        drawing.add_node(ids[each.name], **_node(each))
    for edge in view.graph.edges:
        drawing.add_edge(*(ids[name] for name in edge.parties), **_edge(edge))
    out = io.BytesIO()
    networkx.write_graphml_xml(drawing, out, prettyprint=True)
    return out.getvalue().decode() + "\n"


def _node(organisation: Organisation) -> dict[str, str | int]:
    return {
        "label": _xml(organisation.name),
        "spellings": _xml(json.dumps(organisation.spellings, ensure_ascii=False)),
        "articles": organisation.articles,
        "partners": organisation.partners,
    }


def _edge(edge: Edge) -> dict[str, str | int]:
    states = [state.model_dump(mode="json", exclude_none=True) for state in edge.states]
    return {
        "label": " / ".join(edge.status),
        "status": edge.status[-1].value,
        "when": edge.when or "",
        "conflict": edge.conflict or "",
        "articles": edge.articles,
        "weight": edge.articles,
        **{label: _xml(value) for label, value in details(edge).items()},
        "states": _xml(json.dumps(states, ensure_ascii=False)),
    }


def _xml(text: str) -> str:
    """Return what XML can hold: it has no way to write most controls."""
    return _NO_CHARACTERS.sub("\ufffd", visible(text))
