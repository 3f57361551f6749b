"""Markdown for a wiki or an issue.

Words of the article or of the answer are shown as they are: never a link, an image, HTML, a heading, or a column.
"""

import re
from collections.abc import Iterator, Sequence

from ..schema import Evidence, Partnership
from .view import NONE_FOUND, View, claim_words, details, parties, reasons_words, status_words
from .visible import visible

_SIGNS = re.compile(r"[\\`*_\[\]{}|~$^]|(?<=[A-Za-z])(?=://)|(?<=[Ww][Ww][Ww])(?=\.)")
_ENTITY = re.compile(r"&(?=#|[A-Za-z])")
_NUMBERED = re.compile(r"\d{1,9}(?=[.)])")


def escaped(text: str) -> str:
    """Return `text` so that any dialect of Markdown shows its very characters, on one line.

    HTML is written with entities rather than backslashes, for not every dialect knows the latter.
    """
    shown = _ENTITY.sub("&amp;", visible(text).strip()).replace("<", "&lt;").replace(">", "&gt;")
    shown = _SIGNS.sub(lambda sign: "\\" + sign[0], shown)
    if numbered := _NUMBERED.match(shown):
        return shown[: numbered.end()] + "\\" + shown[numbered.end() :]
    return "\\" + shown if shown[:1] in tuple("#+=:-") else shown


def render_markdown(view: View) -> str:
    """Return the whole page, with a line end."""
    return "\n".join(_lines(view)) + "\n"


def _lines(view: View) -> Iterator[str]:
    yield f"# {escaped(view.title)}"
    yield ""
    yield escaped(view.byline)
    yield from _section(view.headings.takeaways)
    for takeaway in view.summary.takeaways:
        yield f"- {escaped(takeaway.text)}"
        yield from _quotes(view, takeaway.evidence)
    if not view.summary.takeaways:
        yield NONE_FOUND
    yield from _section(view.headings.partnerships)
    yield from _partnerships(view)
    yield from _rejected(view)
    yield from ("", "---", "")
    yield "  \n".join(escaped(line) for line in view.footer)


def _section(heading: str) -> Iterator[str]:
    yield from ("", f"## {heading}", "")


def _partnerships(view: View) -> Iterator[str]:
    if not view.summary.partnerships:
        yield NONE_FOUND
        return
    yield "| Parties | Status | Purpose | Region | Date | Source |"
    yield "|---|---|---|---|---|---|"
    for partnership in view.summary.partnerships:
        yield f"| {' | '.join(_cells(partnership))} |"
    if view.quotes:
        yield ""
        for partnership in view.summary.partnerships:
            yield f"- {escaped(parties(partnership))}: {status_words(partnership.status)}"
            yield from _quotes(view, partnership.evidence)


def _cells(partnership: Partnership) -> Iterator[str]:
    yield escaped(parties(partnership))
    yield status_words(partnership.status)
    known = details(partnership)
    for label in ("purpose", "region", "date", "source"):
        yield escaped(known.get(label, "–"))


def _quotes(view: View, evidence: Sequence[Evidence]) -> Iterator[str]:
    if view.quotes:
        for each in evidence:
            place = view.place(each)
            yield f"  > “{escaped(each.quote)}”" + (f" ({place})" if place else "")


def _rejected(view: View) -> Iterator[str]:
    if view.summary.rejected and view.rejected_in_full:
        yield from _section(view.headings.rejected)
        for each in view.summary.rejected:
            yield f"- {each.kind}: {escaped(claim_words(each))}: {escaped(reasons_words(each))}"
    elif view.summary.rejected:
        yield from ("", escaped(view.rejected_count))
