"""Markdown for a wiki or an issue.

Untrusted text is shown literally: it never becomes a link, an image, HTML, a heading, or a table column.
"""

import re
from collections.abc import Iterator, Sequence

from ..schema import Evidence, Partnership, Takeaway
from .control_characters import visible
from .summary_view import SummaryView, capital, parties, reasons_words

_SIGNS = re.compile(r"[\\`*_\[\]{}|~$^]|(?<=[A-Za-z])(?=://)|(?<=[Ww][Ww][Ww])(?=\.)")
_ENTITY = re.compile(r"&(?=#|[A-Za-z])")
# Mentions, issue references and emoji codes, which sites expand even when escaped.
_REFERENCE = re.compile(r"@(?=\w)|[#!](?=\d)|(?<=\bGH)-(?=\d)|:(?=[a-z0-9_+-]+:)")
_BREAK = "&#8203;"


def escaped(text: str) -> str:
    """Return `text` on one line, escaped so that any dialect of Markdown shows it literally.

    HTML is escaped with entities, because not every dialect accepts backslashes there.
    """
    shown = _ENTITY.sub("&amp;", visible(text).strip()).replace("<", "&lt;").replace(">", "&gt;")
    shown = _REFERENCE.sub(lambda found: found[0] + _BREAK, shown)
    shown = _SIGNS.sub(lambda sign: "\\" + sign[0], shown)
    shown = re.sub(r"^\d{1,9}(?=[.)])", r"\g<0>\\", shown)
    return "\\" + shown if shown[:1] in tuple("#+=:-") else shown


def render_markdown(view: SummaryView) -> str:
    """Return the document, with a line end."""
    return "\n".join(_lines(view)) + "\n"


def _lines(view: SummaryView) -> Iterator[str]:
    yield f"# {escaped(view.title)}"
    yield ""
    yield escaped(view.byline)
    yield from _section(view.words.takeaways)
    for takeaway in view.summary.takeaways:
        own = view.own_quote(takeaway) if view.quotes else None
        words = escaped(takeaway.text) if own is None else _quote(view, own)
        yield f"- {words}{_settled(view, takeaway)}"
        yield from _doubts(view, takeaway)
        yield from _quotes(view, [each for each in takeaway.evidence if each is not own])
    if not view.summary.takeaways:
        yield view.words.none_found
    yield from _section(view.words.partnerships)
    yield from _partnerships(view)
    yield from _rejected(view)
    yield from ("", "---", "")
    yield "  \n".join(escaped(line) for line in view.footer)


def _section(heading: str) -> Iterator[str]:
    yield from ("", f"## {heading}", "")


def _partnerships(view: SummaryView) -> Iterator[str]:
    if not view.summary.partnerships:
        yield view.no_partnerships
        return
    labels = (view.words.parties, view.words.status, *view.words.labels.values())
    yield f"| {' | '.join(map(capital, labels))} |"
    yield f"|{'---|' * len(labels)}"
    for partnership in view.summary.partnerships:
        known = view.details(partnership)
        cells = (escaped(known.get(label, "–")) for label in view.words.labels.values())
        status = view.words.statuses[partnership.status]
        named = escaped(parties(partnership)) + _settled(view, partnership)
        yield f"| {' | '.join((named, status, *cells))} |"
    if view.quotes or any(map(view.doubts, view.summary.partnerships)):
        yield ""
        for partnership in view.summary.partnerships:
            yield f"- {escaped(parties(partnership))}{view.words.colon}{view.words.statuses[partnership.status]}"
            yield from _doubts(view, partnership)
            yield from _quotes(view, partnership.evidence)


def _settled(view: SummaryView, claim: Takeaway | Partnership) -> str:
    settled = view.settled(claim)
    return f" ({escaped(settled)})" if settled else ""


def _doubts(view: SummaryView, claim: Takeaway | Partnership) -> Iterator[str]:
    yield from (f"  - {escaped(doubt)}" for doubt in view.doubts(claim))


def _quotes(view: SummaryView, evidence: Sequence[Evidence]) -> Iterator[str]:
    if view.quotes:
        yield from (f"  > {_quote(view, each)}" for each in evidence)


def _quote(view: SummaryView, evidence: Evidence) -> str:
    place = view.place(evidence)
    return f"“{escaped(evidence.quote)}”" + (f" ({place})" if place else "")


def _rejected(view: SummaryView) -> Iterator[str]:
    if view.summary.rejected and view.reasons_in_full:
        yield from _section(view.words.rejected)
        for each in view.summary.rejected:
            yield f"- {view.words.kinds[each.kind]}{view.words.colon}{escaped(view.claim_words(each))}"
            yield f"  - {escaped(reasons_words(each))}"
    elif view.summary.rejected:
        yield from ("", escaped(view.rejected_count))
