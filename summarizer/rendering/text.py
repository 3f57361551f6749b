"""Text for a pipe or a file: no colour, no box, one line per claim or pair, so that it can be searched.

Written without rich, whose import would be most of the time that a cached summary takes; `terminal` has it.
"""

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from ..schema import Evidence, Partnership, Takeaway
from .control_characters import visible
from .graph_view import (
    WITHOUT_DATE,
    WORDS,
    GraphView,
    conflict_words,
    counted,
    course,
    details,
    disputed,
    pair,
    quotes,
    when,
    who_says,
)
from .summary_view import SummaryView, parties, reasons_words

if TYPE_CHECKING:
    from ..graph import Edge, State


def render_text(view: SummaryView) -> str:
    """Return a summary as text, laid out for a terminal where its width or colour is known."""
    if view.width is not None or view.color:
        from .terminal import render_summary

        return render_summary(view)
    return "\n".join(_summary(view)) + "\n"


def render_graph_text(view: GraphView) -> str:
    """Return a graph as text, laid out for a terminal where its width or colour is known."""
    if view.width is not None or view.color:
        from .terminal import render_graph

        return render_graph(view)
    return "\n".join(_graph(view)) + "\n"


# --- a summary ----------------------------------------------------------------------------------------------------


def _summary(view: SummaryView) -> Iterator[str]:
    yield view.title
    yield view.byline
    yield from _section(view.words.takeaways)
    for takeaway in view.summary.takeaways:
        settled = view.settled(takeaway)
        own = view.own_quote(takeaway) if view.quotes else None
        words = visible(takeaway.text) if own is None else _quote(view, own)
        yield f"- {words}" + (f" ({settled})" if settled else "")
        yield from _doubts(view, takeaway)
        yield from _quotes(view, [each for each in takeaway.evidence if each is not own])
    if not view.summary.takeaways:
        yield view.words.none_found
    yield from _section(view.words.partnerships)
    for partnership in view.summary.partnerships:
        yield f"- {_partnership(view, partnership)}"
        yield from _doubts(view, partnership)
        yield from _quotes(view, partnership.evidence)
    if not view.summary.partnerships:
        yield view.no_partnerships
    yield from _rejected(view)
    yield ""
    yield from view.footer


def _section(heading: str) -> Iterator[str]:
    yield ""
    yield heading.upper()


def _partnership(view: SummaryView, partnership: Partnership) -> str:
    purpose, *labels = view.words.labels.values()
    known = view.details(partnership)
    rest = (f"{label}{view.words.colon}{known[label]}" for label in labels if label in known)
    status = view.words.statuses[partnership.status]
    return " | ".join(
        (parties(partnership), status, *filter(None, (known.get(purpose), *rest, view.settled(partnership))))
    )


def _doubts(view: SummaryView, claim: Takeaway | Partnership) -> Iterator[str]:
    yield from (f"    {doubt}" for doubt in view.doubts(claim))


def _quotes(view: SummaryView, evidence: Sequence[Evidence]) -> Iterator[str]:
    if view.quotes:
        yield from (f"    {_quote(view, each)}" for each in evidence)


def _quote(view: SummaryView, evidence: Evidence) -> str:
    place = view.place(evidence)
    return f"“{visible(evidence.quote)}”" + (f" ({place})" if place else "")


def _rejected(view: SummaryView) -> Iterator[str]:
    if view.summary.rejected and view.reasons_in_full:
        yield from _section(view.words.rejected)
        for each in view.summary.rejected:
            yield f"- {view.words.kinds[each.kind]}{view.words.colon}{view.claim_words(each)} | {reasons_words(each)}"
    elif view.summary.rejected:
        yield ""
        yield f"{view.rejected_count}; -v shows them"


# --- a graph ------------------------------------------------------------------------------------------------------


def _graph(view: GraphView) -> Iterator[str]:
    yield view.title
    yield from view.notes
    if view.graph.edges:
        yield ""
    for edge in view.graph.edges:
        yield _edge(edge)
        yield from _states(edge.states if view.quotes else disputed(edge))


def _edge(edge: "Edge") -> str:
    known = (f"{label}: {value}" for label, value in details(edge).items())
    parts = (pair(edge), course(edge), edge.when or WITHOUT_DATE, counted(edge.articles, "article"), *known)
    return " | ".join(filter(None, (*parts, conflict_words(edge))))


def _states(states: Sequence["State"]) -> Iterator[str]:
    for state in states:
        yield f"    {WORDS.statuses[state.status]}, {when(state)}, {who_says(state)}"
        yield from (f"        {quote}" for quote in quotes(state))
