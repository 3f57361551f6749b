"""One page with the article, its evidence highlighted, and the claims beside it: no script, no network.

A claim and its evidence are connected by links, which work by mouse and keyboard, in print and offline; while one of
them is hovered or focused, the style sheet highlights the other. The content security policy forbids all else.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from html import escape
from itertools import chain, pairwise
from typing import TYPE_CHECKING

from ..schema import OPTIONAL_FIELDS, Evidence, Partnership, Rejected, Takeaway
from .page_frame import (
    Facet,
    classes,
    facets_of,
    filter_rules,
    filters,
    footer,
    frame,
    language_attributes,
    section,
    shown,
    spoken,
    status,
)
from .summary_view import SIGNS, SummaryView, parties, reason_words, reasons_words

if TYPE_CHECKING:
    from ..grounding.document import Document

_AnyClaim = Takeaway | Partnership | Rejected
_MANY = 4
"""Partnerships from which on a page has filters."""
_SHARED = 2
"""The minimum number of words that a sentence shares with a rejected claim to be shown with it."""


@dataclass(frozen=True)
class _Claim:
    """A claim with its number on the page, and its numbered quotes."""

    number: int
    claim: _AnyClaim
    quotes: Mapping[int, Evidence]

    @property
    def kind(self) -> str:
        """The CSS class of its marks: takeaway, partnership or rejected."""
        return type(self.claim).__name__.lower()


def render_html(view: SummaryView) -> str:
    """Return the whole page."""
    claims = _numbered(view)
    partnerships = view.summary.partnerships
    facets = facets_of(partnerships, view.words) if len(partnerships) >= _MANY else []
    rules = (*_highlighting(claims), *filter_rules(facets))
    body = (
        *_head(view),
        *_claims(view, claims, facets),
        *_article(view, claims),
        "</main>",
        *footer(view._replace(verbose=True).footer),
    )
    return frame(view.title, view.words, rules, body)


def _numbered(view: SummaryView) -> list[_Claim]:
    proven: tuple[Takeaway | Partnership, ...] = (*view.summary.takeaways, *view.summary.partnerships)
    claims: list[_Claim] = []
    quotes = 0
    with_evidence = chain(((each, each.evidence) for each in proven), _rejected_claims(view))
    for number, (claim, evidence) in enumerate(with_evidence, 1):
        claims.append(_Claim(number, claim, dict(enumerate(evidence, quotes + 1))))
        quotes += len(evidence)
    return claims


def _rejected_claims(view: SummaryView) -> Iterator[tuple[Rejected, Sequence[Evidence]]]:
    """The rejected claims, each with its own quotes that the article has, else with the most similar sentence."""
    rejected = view.summary.rejected
    if view.article is None or not rejected:
        yield from ((each, ()) for each in rejected)
        return
    from ..grounding.alignment import find_quote  # takes longer to import than a page to render
    from ..grounding.document import Document
    from ..grounding.repair_request import nearest_sentences

    document = Document(view.article)
    for each, sentences in zip(rejected, nearest_sentences(view.article, rejected), strict=True):
        quotes = each.claim.get("quotes")
        texts = [quote for quote in quotes if isinstance(quote, str)] if isinstance(quotes, list | tuple) else []
        found = [match.evidence(document) for text in dict.fromkeys(texts) if (match := find_quote(text, document))]
        yield each, found or ([] if each.kind == "field" else _most_similar(each, sentences, document))


def _most_similar(rejected: Rejected, sentences: Sequence[str], document: "Document") -> list[Evidence]:
    claimed = _long_words(str(list(rejected.claim.values())))
    best = max(sentences, key=lambda sentence: len(claimed & _long_words(sentence)), default="")
    start = document.text.find(best)
    if len(claimed & _long_words(best)) < _SHARED or start < 0:
        return []
    return [document.evidence(start, start + len(best))]


def _long_words(text: str) -> frozenset[str]:
    return frozenset(re.findall(r"\w{3,}", text.casefold()))


# --- the frame ------------------------------------------------------------------------------------


def _highlighting(claims: Sequence[_Claim]) -> Iterator[str]:
    """The CSS rules that highlight what belongs together; they contain no untrusted text."""
    for claim in claims:
        here, there = f"#claim-{claim.number}", f".of-{claim.number}"
        lit = (f"body:has({here}:hover) {there}", f"body:has({here}:focus-within) {there}")
        quotes = (f"body:has(#quote-{quote}:target) .quote-{quote}" for quote in claim.quotes)
        yield f"{', '.join((*lit, *quotes))} {{ background: var(--strong); }}"
        yield f"body:has({there}:hover) {here}, {here}:target {{ outline: 3px solid var(--edge); }}"


def _head(view: SummaryView) -> Iterator[str]:
    if view.article is not None:
        yield f'<a class="skip" href="#article">{view.words.skip}</a>'
    yield "<header>"
    yield f"<h1 {language_attributes(view.summary.article.language)}>{escape(view.title)}</h1>"
    yield f'<p class="soft"><span lang="en" dir="auto">{escape(view.byline)}</span></p>'
    yield "</header>"
    yield "<main>" if view.article is None else '<main class="two">'


# --- the claims -----------------------------------------------------------------------------------


def _headings(view: SummaryView) -> Mapping[str, str]:
    """The name of each kind of claim."""
    return {
        "takeaway": view.words.takeaways,
        "partnership": view.words.partnerships,
        "rejected": view.words.rejected,
    }


def _claims(view: SummaryView, claims: Sequence[_Claim], facets: Sequence[Facet]) -> Iterator[str]:
    rows = iter(classes(facets))
    yield '<div class="claims">'
    for kind, heading in _headings(view).items():
        items = [
            _claim(view, each, next(rows, "") if kind == "partnership" else "") for each in claims if each.kind == kind
        ]
        nothing = view.no_partnerships if kind == "partnership" else view.words.none_found
        found = ('<ol class="rows">', *items, "</ol>") if items else (f"<p>{nothing}</p>",)
        if kind == "rejected":
            yield from section(kind, heading, found) if items else ()
        else:
            choice = filters(facets, view.words) if kind == "partnership" else ()
            yield from section(f"{kind}s", heading, (*choice, *found))
    yield "</div>"


def _claim(view: SummaryView, claim: _Claim, row: str) -> str:
    number = f'<span class="number">{claim.number}</span> '
    words = _words(view, claim)
    own = None if isinstance(claim.claim, Rejected) else view.own_quote(claim.claim)
    for quote, evidence in claim.quotes.items():
        if evidence is own:
            words = _link(view, quote, f"“{words}”") + _where(view, evidence)
    quotes = "".join(_quote(view, quote, evidence) for quote, evidence in claim.quotes.items() if evidence is not own)
    names = " ".join(filter(None, ("claim", claim.kind, row)))
    settled = "" if isinstance(claim.claim, Rejected) else _settled(view, claim.claim)
    return f'<li class="{names}" id="claim-{claim.number}" tabindex="-1">{number}{words}{settled}{quotes}</li>'


def _words(view: SummaryView, claim: _Claim) -> str:
    if isinstance(claim.claim, Takeaway):
        return f"<span {language_attributes(view.summary.provenance.output_language)}>{shown(claim.claim.text)}</span>"
    if isinstance(claim.claim, Partnership):
        return _partnership(view, claim.claim)
    return _rejected(view, claim.claim, leans=bool(claim.quotes))


def _partnership(view: SummaryView, partnership: Partnership) -> str:
    own = spoken(view.summary.article.language)
    other = spoken(view.summary.provenance.output_language)
    written = {view.words.labels[field.name]: own if field.verbatim else other for field in OPTIONAL_FIELDS}
    known = "".join(
        f"<dt>{label}</dt><dd><span {written[label]}>{escape(value)}</span></dd>"
        for label, value in view.details(partnership).items()
    )
    named = f"<strong {own}>{escape(parties(partnership))}</strong>"
    return f"{named} {status(view.words, partnership.status)}" + (f"<dl>{known}</dl>" if known else "")


def _settled(view: SummaryView, claim: Takeaway | Partnership) -> str:
    """The model that settled a claim, and what code doubted of it."""
    if not (settled := view.settled(claim)):
        return ""
    doubts = (f'<p lang="en" dir="auto" class="soft">{escape(reason_words(doubt))}</p>' for doubt in claim.doubts)
    return f'<p class="soft">({escape(settled)})</p>{"".join(doubts)}'


def _rejected(view: SummaryView, rejected: Rejected, *, leans: bool) -> str:
    kind = f'<span class="soft">{view.words.kinds[rejected.kind]}{view.words.colon}</span>'
    claim = f'<span dir="auto">{escape(view.claim_words(rejected))}</span>'
    why = f'<p lang="en" dir="auto" class="why">{escape(reasons_words(rejected))}</p>'
    return kind + claim + why + (f'<p class="soft">{view.words.nearest}{view.words.colon}</p>' if leans else "")


def _quote(view: SummaryView, number: int, evidence: Evidence) -> str:
    words = _link(view, number, f"“{shown(evidence.quote)}”")
    own = language_attributes(view.summary.article.language)
    return f"<blockquote><span {own}>{words}</span>{_where(view, evidence)}</blockquote>"


def _link(view: SummaryView, number: int, words: str) -> str:
    return words if view.article is None else f'<a href="#quote-{number}">{words}</a>'


def _where(view: SummaryView, evidence: Evidence) -> str:
    place = view.place(evidence)
    return f' <span class="soft">({escape(place)})</span>' if place else ""


# --- the article ----------------------------------------------------------------------------------


def _article(view: SummaryView, claims: Sequence[_Claim]) -> Iterator[str]:
    if view.article is None:
        return
    yield '<article id="article" aria-labelledby="article-heading" tabindex="-1">'
    yield f'<h2 id="article-heading">{view.words.article}</h2>'
    kinds = {claim.kind for claim in claims if claim.quotes}
    marks = [f'<mark class="{kind}">{name}</mark>' for kind, name in _headings(view).items() if kind in kinds]
    yield from (f'<p class="legend">{" ".join(marks)}</p>',) if marks else ()
    text = "".join(_marked(view, view.article.text, claims))
    yield f'<div class="text" {language_attributes(view.article.language)}>{text}</div>'
    yield "</article>"


def _marked(view: SummaryView, text: str, claims: Sequence[_Claim]) -> Iterator[str]:
    """Split the text wherever a quote begins or ends, so that quotes may overlap."""
    spans = [(quote, claim, e.start, e.end) for claim in claims for quote, e in claim.quotes.items()]
    edges = sorted({0, len(text), *(at for _, _, start, end in spans for at in (start, end))})
    for start, end in pairwise(edges):
        yield from (f'<span id="quote-{quote}"></span>' for quote, _, begin, _ in spans if begin == start)
        words = "\n".join(map(shown, text[start:end].split("\n")))
        over = [(quote, claim) for quote, claim, begin, stop in spans if begin <= start and end <= stop]
        yield _mark(words, over) if over else words
        ending = {claim.number: claim for _, claim, _, stop in spans if stop == end}
        yield from (_back(view, claim) for claim in ending.values())


def _mark(words: str, over: Sequence[tuple[int, _Claim]]) -> str:
    """Mark evidence; it links to the claim with the shortest of the quotes around it."""
    kinds = dict.fromkeys(claim.kind for _, claim in over)
    names = dict.fromkeys(name for quote, claim in over for name in (f"quote-{quote}", f"of-{claim.number}"))
    nearest = min(over, key=lambda pair: pair[1].quotes[pair[0]].end - pair[1].quotes[pair[0]].start)[1]
    link = f'<a href="#claim-{nearest.number}" tabindex="-1" draggable="false">{words}</a>'
    return f'<mark class="{" ".join((*kinds, *names))}">{link}</mark>'


def _back(view: SummaryView, claim: _Claim) -> str:
    """A link from evidence back to its claim, for the keyboard too."""
    sign = f"{SIGNS[claim.claim.status]}\u2009" if isinstance(claim.claim, Partnership) else ""
    number = claim.number
    label = f"{_headings(view)[claim.kind]} {number}"
    return f'<a class="back {claim.kind}" href="#claim-{number}" aria-label="{label}">{sign}{number}</a>'
