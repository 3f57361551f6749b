"""The graph: organisations, edges, and the states of an edge with their evidence."""

from typing import Literal

from pydantic import Field

from ..schema import Evidence, FrozenModel, StatedPartnership, Status

Conflict = Literal["contradiction", "undated"]
"""`contradiction`: one article reports a partnership, another that there is none, at the same time.
`undated`: the same without dates, so that the status may also have changed."""


class Organisation(FrozenModel):
    """One organisation with all its spellings."""

    name: str
    """Its name in the user's table, else its most frequent spelling, the shortest of equals."""
    spellings: dict[str, int]
    """The number of statements with each spelling, the most frequent first."""
    articles: int
    partners: int


class State(StatedPartnership):
    """What one article says about two organisations."""

    statement: int
    """Its number in the graph. Edges with the same number are from one statement, with three parties or more."""
    when: str | None = None
    """ISO 8601, as precise as it is known: of publication, else of the partnership where that can be parsed."""
    published: str | None = None
    source: str | None = None
    title: str | None = None
    language: str = "und"
    article: int
    """The number of its article in the graph."""
    sha256: str = ""
    """Of the article's text, which the offsets of the evidence index."""
    model: str = "unknown"
    evidence: tuple[Evidence, ...] = ()


class Edge(FrozenModel):
    """Two organisations, and all that was said about them."""

    parties: tuple[str, str]
    """Names of organisations, in alphabetical order."""
    status: tuple[Status, ...]
    """According to the latest dated articles, or to all where none is dated; several where they differ."""
    when: str | None = None
    """The date of that status."""
    conflict: Conflict | None = None
    disputed: tuple[int, ...] = ()
    """Statements that contradict each other."""
    articles: int
    states: tuple[State, ...]
    """The oldest first; those without a date last."""


class Graph(FrozenModel):
    """The partnerships of many summaries."""

    schema_: Literal["graph/1"] = Field(default="graph/1", alias="schema")
    articles: int = 0
    repeated: int = 0
    """Summaries of an article that has a newer summary."""
    failures: int = 0
    """Articles that could not be summarized."""
    unread: int = 0
    """Lines and files that are not summaries."""
    alone: int = 0
    """Statements whose parties are all one organisation: no edge."""
    crowds: int = 0
    """Statements with too many parties for edges."""
    organisations: tuple[Organisation, ...] = ()
    """Those of most articles first."""
    edges: tuple[Edge, ...] = ()
    """Those of most articles first."""
