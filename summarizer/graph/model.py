"""The nouns of the map: who there is, who does what with whom, and by whose words."""

from typing import Literal

from pydantic import Field

from ..schema import Evidence, FrozenModel, StatedPartnership, Status

Conflict = Literal["contradiction", "undated"]
"""`contradiction`: one article says that there is something, another that there is nothing, of the same time.
`undated`: the same, where no date tells whether they contradict each other or things have changed."""


class Organisation(FrozenModel):
    """One organisation, under all its spellings."""

    name: str
    """The table's name for it, else its most frequent spelling, the shortest of equals."""
    spellings: dict[str, int]
    """How many statements have each spelling, the most frequent first."""
    articles: int
    partners: int


class State(StatedPartnership):
    """What one article says of two organisations."""

    statement: int
    """Its number in the map. Two edges with the same number rest on one statement, of three parties or more."""
    when: str | None = None
    """ISO 8601, no finer than it is known: the date of publication, else the date as said where it can be read."""
    published: str | None = None
    source: str | None = None
    title: str | None = None
    language: str = "und"
    article: int
    """Its number in the map: states with the same one are of one article."""
    sha256: str = ""
    """Of the article's text: what the offsets of the evidence count in."""
    model: str = "unknown"
    evidence: tuple[Evidence, ...] = ()


class Edge(FrozenModel):
    """Two organisations, and all that was said of them."""

    parties: tuple[str, str]
    """Names of organisations, in alphabetical order."""
    status: tuple[Status, ...]
    """What the latest dated articles say; where none is dated, what any says. More than one where they differ."""
    when: str | None = None
    """Of what date that is."""
    conflict: Conflict | None = None
    disputed: tuple[int, ...] = ()
    """Statements that stand against each other."""
    articles: int
    states: tuple[State, ...]
    """The oldest first; those without a date last."""


class Graph(FrozenModel):
    """The partnerships of many summaries."""

    schema_: Literal["graph/1"] = Field(default="graph/1", alias="schema")
    articles: int = 0
    repeated: int = 0
    """Summaries of an article that another summary is newer of."""
    failures: int = 0
    """Articles that could not be summarized."""
    unread: int = 0
    """Lines and files that hold no summary."""
    alone: int = 0
    """Statements whose parties are all one organisation: nothing to draw."""
    crowds: int = 0
    """Statements of more parties than can be paired."""
    organisations: tuple[Organisation, ...] = ()
    """Those of most articles first."""
    edges: tuple[Edge, ...] = ()
    """Those of most articles first."""
