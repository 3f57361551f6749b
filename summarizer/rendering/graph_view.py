"""The texts that all formats of a graph show: the history of a pair, its sources, and what is left out."""

import re
from collections.abc import Iterator, Sequence
from itertools import groupby
from typing import TYPE_CHECKING, NamedTuple

from ..schema import OPTIONAL_FIELDS, FieldProof, Status, field_values
from .control_characters import visible
from .summary_view import words_of

if TYPE_CHECKING:  # only named here: text of a summary is rendered without waiting for the graph
    from ..graph import Edge, Graph, State

WORDS = words_of("en")
"""English, because a graph may combine articles in several languages."""
DETAILS = sorted(
    (field for field in OPTIONAL_FIELDS if field.proof not in (FieldProof.DATE, FieldProof.SOURCE)),
    key=lambda field: not field.verbatim,
)
"""What is shown of a partnership besides when it was and who says so, wording last."""
WITHOUT_DATE = "no date"
BETWEEN = " + "
STAGES = 5
"""Past statuses of a pair that are shown, the latest."""


class GraphView(NamedTuple):
    """A graph, and the options of its display."""

    graph: "Graph"
    quotes: bool = False
    """Show all statements under each pair."""
    width: int | None = None
    """Columns of a terminal; None for a pipe or a file."""
    color: bool = False

    @property
    def title(self) -> str:
        """The numbers of articles, organisations and pairs, in a line."""
        graph = self.graph
        counts = ((graph.articles, "article"), (len(graph.organisations), "organisation"), (len(graph.edges), "pair"))
        return ", ".join(counted(number, what) for number, what in counts)

    @property
    def notes(self) -> tuple[str, ...]:
        """What is left out, and the number of contradictions."""
        graph = self.graph
        disputed = sum(edge.conflict == "contradiction" for edge in graph.edges)
        notes = (
            (disputed, "pair", "on which articles contradict each other"),
            (graph.repeated, "summary", "left out: another of the same article is newer"),
            (graph.failures, "article", "that could not be summarized"),
            (graph.unread, "line or file", "that could not be read"),
            (graph.alone, "statement", "whose parties are one organisation"),
            (graph.crowds, "statement", "of so many parties that no pairs are drawn"),
        )
        return tuple(f"{counted(number, what)} {rest}" for number, what, rest in notes if number)


def counted(number: int, what: str) -> str:
    """Return a number with its noun in singular or plural."""
    plural = {"summary": "summaries", "line or file": "lines or files"}.get(what, f"{what}s")
    return f"{number:,} {what if number == 1 else plural}"


def for_xml(text: str) -> str:
    """Return untrusted text without the noncharacters that XML cannot hold."""
    return re.sub("[\ufffe\uffff]", lambda sign: f"‹U+{ord(sign[0]):04X}›", visible(text))


def pair(edge: "Edge") -> str:
    """Return the names of the two organisations."""
    return BETWEEN.join(map(visible, edge.parties))


def earlier(edge: "Edge") -> tuple[Status | None, ...]:
    """Return the past statuses of a pair, as far as they are dated; None stands for more."""
    dated = [state.status for state in edge.states if state.when and state.when != edge.when]
    stages = [status for status, _ in groupby([*dated, edge.status[0]])][:-1]
    return tuple(stages) if len(stages) <= STAGES else (None, *stages[-STAGES:])


def course(edge: "Edge") -> str:
    """Return the history of a pair, the current statuses last."""
    before = (WORDS.statuses[status] if status else "…" for status in earlier(edge))
    return " → ".join((*before, " / ".join(WORDS.statuses[status] for status in edge.status)))


def conflict_words(edge: "Edge") -> str:
    """Return the label of a conflict; empty where there is none."""
    return "contradiction, or a change without dates" if edge.conflict == "undated" else edge.conflict or ""


def disputed(edge: "Edge") -> Sequence["State"]:
    """Return the states that contradict each other."""
    return [state for state in edge.states if state.statement in edge.disputed]


def who_says(state: "State") -> str:
    """Return the sources of a state: the one that the article names, the article, and the model."""
    parts = (state.attribution, state.title, state.source if state.source != state.title else None)
    said = (visible(part) for part in parts if part)
    return " · ".join((*said, visible(state.model)))


def when(state: "State") -> str:
    """Return the date of the article, and the partnership's own date in the article's words, as far as known."""
    said = f"“{visible(state.date)}”" if state.date else ""
    published = state.published or ""
    # without the time, where the date can be parsed
    day = state.when if state.when and published.strip().startswith(state.when) else visible(published)
    return f"{day} ({said})" if day and said else day or said or WITHOUT_DATE


def quotes(state: "State") -> Iterator[str]:
    """Return the quotes of a state."""
    return (f"“{visible(evidence.quote)}”" for evidence in state.evidence)


def details(edge: "Edge") -> dict[str, str]:
    """Return region and purpose, each from the latest article that states it."""
    known: dict[str, str] = {}
    for field in DETAILS:
        said = (field_values(state)[field.name] for state in reversed(edge.states))
        if value := next(filter(None, said), None):
            known[field.label] = visible(value)
    return known
