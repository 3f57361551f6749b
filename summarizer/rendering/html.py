"""One page with the article, its evidence highlighted, and the claims beside it: no script, no network.

A claim and its evidence are connected by links, which work by mouse and keyboard, in print and offline; while one of
them is hovered or focused, the style sheet highlights the other. The content security policy forbids all else.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from html import escape
from itertools import pairwise

from ..schema import OPTIONAL_FIELDS, Evidence, Partnership, Rejected, Takeaway
from .page_frame import Facet, classes, filter_rules, filters, frame, language_attributes, shown, spoken, status
from .summary_view import SIGNS, SummaryView, parties, reasons_words

_AnyClaim = Takeaway | Partnership | Rejected
_MANY = 4
"""Partnerships from which on a page has filters."""


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
    facets = _facets(view)
    rules = (*_highlighting(claims), *filter_rules(facets))
    body = (*_head(view), *_claims(view, claims, facets), *_article(view, claims), *_foot(view))
    return frame(view.title, view.words, rules, body)


def _numbered(view: SummaryView) -> list[_Claim]:
    proven: tuple[Takeaway | Partnership, ...] = (*view.summary.takeaways, *view.summary.partnerships)
    with_evidence: list[tuple[_AnyClaim, tuple[Evidence, ...]]] = [(each, each.evidence) for each in proven]
    claims: list[_Claim] = []
    quotes = 0
    for number, (claim, evidence) in enumerate(with_evidence + _rejected_claims(view), 1):
        claims.append(_Claim(number, claim, dict(enumerate(evidence, quotes + 1))))
        quotes += len(evidence)
    return claims


def _rejected_claims(view: SummaryView) -> list[tuple[_AnyClaim, tuple[Evidence, ...]]]:
    """The rejected claims, each with the nearest words of the article."""
    if view.article is None or not view.summary.rejected:
        return [(each, ()) for each in view.summary.rejected]
    from .nearest_words import nearest_words

    words = nearest_words(view.summary.rejected, view.article)
    return list(zip(view.summary.rejected, words, strict=True))


def _headings(view: SummaryView) -> Mapping[str, str]:
    """The name of each kind of claim."""
    words = view.words
    return {"takeaway": words.takeaways, "partnership": words.partnerships, "rejected": words.rejected}


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


def _foot(view: SummaryView) -> Iterator[str]:
    yield "</main>"
    yield '<footer lang="en" dir="ltr">'
    yield from (f'<p class="soft">{escape(line)}</p>' for line in view.footer)
    yield "</footer>"


# --- the claims -----------------------------------------------------------------------------------


def _facets(view: SummaryView) -> list[Facet]:
    """The facets to filter many partnerships by."""
    found = view.summary.partnerships
    if len(found) < _MANY:
        return []
    words = view.words
    known = [view.details(each) for each in found]
    filtered = {field.label: words.labels[field.name] for field in OPTIONAL_FIELDS if field.filters}
    return [
        Facet("status", words.status, tuple(words.of_status(each.status) for each in found)),
        *(Facet(name, label, tuple(each.get(label, "") for each in known)) for name, label in filtered.items()),
    ]


def _claims(view: SummaryView, claims: Sequence[_Claim], facets: Sequence[Facet]) -> Iterator[str]:
    words = view.words
    rows = iter(classes(facets))
    items: dict[str, list[str]] = {"takeaway": [], "partnership": [], "rejected": []}
    for claim in claims:
        row = next(rows, "") if claim.kind == "partnership" else ""
        items[claim.kind].append(_claim(view, claim, row))
    yield '<div class="claims">'
    yield from _section("takeaways", words.takeaways, items["takeaway"], words.none_found)
    choice = list(filters(facets, words))
    yield from _section("partnerships", words.partnerships, items["partnership"], words.none_found, choice)
    if items["rejected"]:
        yield from _section("rejected", words.rejected, items["rejected"], words.none_found)
    yield "</div>"


def _section(name: str, heading: str, items: Sequence[str], nothing: str, choice: Sequence[str] = ()) -> Iterator[str]:
    yield f'<section aria-labelledby="{name}">'
    yield f'<h2 id="{name}">{heading}</h2>'
    yield from choice
    yield from ('<ol class="rows">', *items, "</ol>") if items else (f"<p>{nothing}</p>",)
    yield "</section>"


def _claim(view: SummaryView, claim: _Claim, row: str) -> str:
    number = f'<span class="number">{claim.number}</span> '
    words = _words(view, claim)
    quotes = "".join(_quote(view, quote, evidence) for quote, evidence in claim.quotes.items())
    names = " ".join(filter(None, ("claim", claim.kind, row)))
    return f'<li class="{names}" id="claim-{claim.number}" tabindex="-1">{number}{words}{quotes}</li>'


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


def _rejected(view: SummaryView, rejected: Rejected, *, leans: bool) -> str:
    kind = f'<span class="soft">{view.words.of_kind(rejected.kind)}{view.words.colon}</span>'
    claim = f'<span dir="auto">{escape(view.claim_words(rejected))}</span>'
    why = f'<p lang="en" dir="auto" class="why">{escape(reasons_words(rejected))}</p>'
    return kind + claim + why + (f'<p class="soft">{view.words.nearest}{view.words.colon}</p>' if leans else "")


def _quote(view: SummaryView, number: int, evidence: Evidence) -> str:
    place = view.place(evidence)
    where = f' <span class="soft">({escape(place)})</span>' if place else ""
    words = f"“{shown(evidence.quote)}”"
    if view.article is not None:
        words = f'<a href="#quote-{number}">{words}</a>'
    return f"<blockquote><span {language_attributes(view.summary.article.language)}>{words}</span>{where}</blockquote>"


# --- the article ----------------------------------------------------------------------------------


def _article(view: SummaryView, claims: Sequence[_Claim]) -> Iterator[str]:
    if view.article is None:
        return
    yield '<article id="article" aria-labelledby="article-heading" tabindex="-1">'
    yield f'<h2 id="article-heading">{view.words.article}</h2>'
    yield from _legend(view, claims)
    text = "".join(_marked(view, view.article.text, claims))
    yield f'<div class="text" {language_attributes(view.article.language)}>{text}</div>'
    yield "</article>"


def _legend(view: SummaryView, claims: Sequence[_Claim]) -> Iterator[str]:
    """The legend of the marks that occur."""
    kinds = {claim.kind for claim in claims if claim.quotes}
    marks = [f'<mark class="{kind}">{name}</mark>' for kind, name in _headings(view).items() if kind in kinds]
    if marks:
        yield f'<p class="legend">{" ".join(marks)}</p>'


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
