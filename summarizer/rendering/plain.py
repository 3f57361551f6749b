"""Text for a pipe or a file: no colour, no box, one line per claim, so that it can be searched.

Written without rich, whose import would be most of the time that a cached summary takes.
"""

from collections.abc import Iterator, Sequence

from ..schema import Evidence, Partnership
from .control_characters import visible
from .summary_view import SummaryView, parties, reasons_words


def render_plain(view: SummaryView) -> str:
    """Return the text, with a line end."""
    return "\n".join(_lines(view)) + "\n"


def _lines(view: SummaryView) -> Iterator[str]:
    yield view.title
    yield view.byline
    yield from _section(view.words.takeaways)
    for takeaway in view.summary.takeaways:
        yield f"- {visible(takeaway.text)}"
        yield from _quotes(view, takeaway.evidence)
    if not view.summary.takeaways:
        yield view.words.none_found
    yield from _section(view.words.partnerships)
    for partnership in view.summary.partnerships:
        yield f"- {_partnership(view, partnership)}"
        yield from _quotes(view, partnership.evidence)
    if not view.summary.partnerships:
        yield view.words.none_found
    yield from _rejected(view)
    yield ""
    yield from view.footer


def _section(heading: str) -> Iterator[str]:
    yield ""
    yield heading.upper()


def _partnership(view: SummaryView, partnership: Partnership) -> str:
    purpose, *labels = view.words.details
    known = view.details(partnership)
    rest = (f"{label}{view.words.colon}{known[label]}" for label in labels if label in known)
    status = view.words.of_status(partnership.status)
    return " | ".join((parties(partnership), status, *filter(None, [known.get(purpose)]), *rest))


def _quotes(view: SummaryView, evidence: Sequence[Evidence]) -> Iterator[str]:
    if view.quotes:
        for each in evidence:
            place = view.place(each)
            yield f"    “{visible(each.quote)}”" + (f" ({place})" if place else "")


def _rejected(view: SummaryView) -> Iterator[str]:
    if view.summary.rejected and view.rejected_in_full:
        yield from _section(view.words.rejected)
        for each in view.summary.rejected:
            yield f"- {view.words.of_kind(each.kind)}{view.words.colon}{view.claim_words(each)} | {reasons_words(each)}"
    elif view.summary.rejected:
        yield ""
        yield view.rejected_count
