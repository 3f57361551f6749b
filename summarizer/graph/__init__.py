"""`graph(summaries) -> Graph`: who works with whom in many articles, with the words that prove it on every edge.

    from summarizer.graph import graph
    for edge in graph(summaries).edges: ...

Articles are held against each other here, so nothing is decided that they leave open: spellings are one organisation by
rule, by the user's table or by an article's own words; states are put in order by date, and what contradicts each other
is shown side by side.
"""

from collections.abc import Iterable, Sequence

from ..schema import Failure, Status, Summary
from .building import StatementTally
from .model import Edge, Graph, Organisation, State
from .organisation_names import OrganisationNames

__all__ = ["Edge", "Graph", "Organisation", "OrganisationNames", "State", "graph", "only"]


def graph(summaries: Iterable[Summary | Failure], *, names: OrganisationNames | None = None) -> Graph:
    """Draw the map of many summaries, of which no more is held than their partnerships.

    An article that is summarized twice counts once, by its newest summary; failures are counted.
    """
    tally = StatementTally()
    for summary in summaries:
        tally.add(summary)
    return tally.drawn(names or OrganisationNames())


def only(graph: Graph, statuses: Sequence[Status]) -> Graph:
    """Leave out the edges whose current status is none of these, and the organisations that have no edge left."""
    edges = tuple(edge for edge in graph.edges if set(edge.status) & set(statuses))
    named = {name for edge in edges for name in edge.parties}
    organisations = tuple(each for each in graph.organisations if each.name in named)
    return graph.model_copy(update={"edges": edges, "organisations": organisations})
