"""`graph(summaries) -> Graph`: the partnerships of many articles as a graph, with the evidence on every edge.

    from summarizer.graph import graph
    for edge in graph(summaries).edges: ...

Nothing is decided that the articles leave open: spellings are merged by rule, by the user's table, or by an article's
own words; states are sorted by date, and contradictions are shown side by side.
"""

from collections.abc import Iterable, Sequence

from ..schema import Failure, Status, Summary
from .building import GraphBuilder
from .graph_model import Edge, Graph, Organisation, State
from .organisation_names import OrganisationNames

__all__ = ["Edge", "Graph", "Organisation", "OrganisationNames", "State", "graph", "only"]


def graph(summaries: Iterable[Summary | Failure], *, names: OrganisationNames | None = None) -> Graph:
    """Build the graph of many summaries, of which only the partnerships are kept in memory.

    Of several summaries of one article the newest counts; failures are counted.
    """
    builder = GraphBuilder()
    for summary in summaries:
        builder.add(summary)
    return builder.build(names or OrganisationNames())


def only(graph: Graph, statuses: Sequence[Status]) -> Graph:
    """Keep the edges with one of these current statuses, and the organisations that still have an edge."""
    edges = tuple(edge for edge in graph.edges if set(edge.status) & set(statuses))
    named = {name for edge in edges for name in edge.parties}
    organisations = tuple(each for each in graph.organisations if each.name in named)
    return graph.model_copy(update={"edges": edges, "organisations": organisations})
