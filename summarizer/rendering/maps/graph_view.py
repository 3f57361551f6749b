"""What the formats say of a map, in words: what became of a pair, who says so, and what is not on it."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby

from ...graph import Edge, Graph, State
from ...schema import OPTIONAL_FIELDS, FieldProof, Status, field_values
from ..control_characters import visible
from ..labels import words_of

WORDS = words_of("en")
"""Of a map, which may be of articles in all languages."""
DETAILS = sorted(
    (field for field in OPTIONAL_FIELDS if field.proof not in (FieldProof.DATE, FieldProof.SOURCE)),
    key=lambda field: not field.verbatim,
)
"""What is shown of a partnership besides when it was and who says so, wording last."""
WITHOUT_DATE = "no date"
BETWEEN = " + "
STAGES = 5
"""Of the course of a pair, before what stands now: the latest."""


@dataclass(frozen=True)
class GraphView:
    """A map, and how it is to be shown."""

    graph: Graph
    quotes: bool = False
    """Show all that was said of each pair under it."""
    width: int | None = None
    """Columns of a terminal; None in a pipe or a file."""
    color: bool = False

    @property
    def title(self) -> str:
        """Say in a line how much there is."""
        graph = self.graph
        counts = (
            (graph.articles, "article"),
            (len(graph.organisations), "organisation"),
            (len(graph.edges), "pair"),
        )
        return ", ".join(counted(number, what) for number, what in counts)

    @property
    def notes(self) -> tuple[str, ...]:
        """Say what is not on the map, and what to look at."""
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
    """Return a number of things."""
    plural = {"summary": "summaries", "line or file": "lines or files"}.get(what, f"{what}s")
    return f"{number:,} {what if number == 1 else plural}"


def for_xml(text: str) -> str:
    """Return words that XML can hold too, which has no way to write what Unicode says is no character."""
    return _NO_CHARACTER.sub(lambda sign: f"‹U+{ord(sign[0]):04X}›", visible(text))


_NO_CHARACTER = re.compile("[\ufffe\uffff]")


def status_words(status: Status) -> str:
    """Spell a status."""
    return WORDS.of_status(status)


def pair(edge: Edge) -> str:
    """Name the two organisations."""
    return BETWEEN.join(map(visible, edge.parties))


def earlier(edge: Edge) -> tuple[Status | None, ...]:
    """Return what a pair went through before what stands now, as far as there are dates; None stands for still more."""
    dated = [state.status for state in edge.states if state.when and state.when != edge.when]
    stages = [status for status, _ in groupby([*dated, edge.status[0]])][:-1]
    return tuple(stages) if len(stages) <= STAGES else (None, *stages[-STAGES:])


def course(edge: Edge) -> str:
    """Spell what a pair went through, what stands now last; where that is not one, all of it."""
    before = (status_words(status) if status else "…" for status in earlier(edge))
    return " → ".join((*before, " / ".join(map(status_words, edge.status))))


def conflict_words(edge: Edge) -> str:
    """Say that articles contradict each other, or may do so; empty where they do not."""
    return {
        None: "",
        "contradiction": "contradiction",
        "undated": "contradiction, or a change without dates",
    }[edge.conflict]


def disputed(edge: Edge) -> Sequence[State]:
    """Return the states that stand against each other."""
    return [state for state in edge.states if state.statement in edge.disputed]


def who_says(state: State) -> str:
    """Say whose words these are: whom the article names, the article, and the model that found them."""
    parts = (state.attribution, state.title, state.source if state.source != state.title else None)
    said = (visible(part) for part in parts if part)
    return " · ".join((*said, visible(state.model)))


def when(state: State) -> str:
    """Say when: the day of the article, and the partnership's own date in the article's words, as far as known."""
    said = f"“{visible(state.date)}”" if state.date else ""
    day = _day(state.published, state.when) if state.published else ""
    return f"{day} ({said})" if day and said else day or said or WITHOUT_DATE


def _day(published: str, when: str | None) -> str:
    """Return a date of publication without its time of day, where it is a date."""
    return when if when and published.strip().startswith(when) else visible(published)


def quotes(state: State) -> Iterator[str]:
    """Return the article's own words."""
    return (f"“{visible(evidence.quote)}”" for evidence in state.evidence)


def details(edge: Edge) -> dict[str, str]:
    """Return where and what for, as the latest article says that says so."""
    known: dict[str, str] = {}
    for field in DETAILS:
        said = (field_values(state)[field.name] for state in reversed(edge.states))
        if value := next(filter(None, said), None):
            known[field.label] = visible(value)
    return known
