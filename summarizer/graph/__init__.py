"""`graph(summaries) -> Graph`: the partnerships of many articles as a graph, with the evidence on every edge.

    from summarizer.graph import graph
    for edge in graph(summaries).edges: ...

Nothing is decided that the articles leave open: spellings are merged by rule, by the user's table, or by an article's
own words; states are sorted by date, and contradictions are shown side by side.
"""

from .building import graph, only
from .graph_model import Edge, Graph, Organisation, State
from .organisation_names import OrganisationNames

__all__ = ["Edge", "Graph", "Organisation", "OrganisationNames", "State", "graph", "only"]
