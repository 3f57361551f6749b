"""One page with the article, what it proves marked in it, and the claims beside it: no script, no network.

A claim and its words are tied together by links, which work by mouse, by keyboard, on paper and without a
network; while one of them is under the pointer or has the focus, the style sheet lights up the other. The
page forbids all else to itself.
"""

import base64
import hashlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from html import escape
from importlib.resources import files
from itertools import pairwise

from ..schema import Evidence, Partnership, Rejected, Takeaway
from .view import NONE_FOUND, View, claim_words, details, parties, reasons_words, status_words
from .visible import visible


@dataclass(frozen=True)
class _Claim:
    """A claim with its number on the page, and the numbers of its quotes."""

    number: int
    said: Takeaway | Partnership
    quotes: Mapping[int, Evidence]


def render_html(view: View) -> str:
    """Return the whole page."""
    claims = _numbered((*view.summary.takeaways, *view.summary.partnerships))
    style = _style(claims)
    parts = (*_head(view, style), *_claims(view, claims), *_article(view, claims), *_foot(view))
    return "\n".join(parts) + "\n"


def _numbered(said: Sequence[Takeaway | Partnership]) -> list[_Claim]:
    claims: list[_Claim] = []
    before = 0
    for number, each in enumerate(said, 1):
        claims.append(_Claim(number, each, dict(enumerate(each.evidence, before + 1))))
        before += len(each.evidence)
    return claims


def _shown(text: str) -> str:
    """Return words of the article or of the model as HTML that shows exactly them."""
    return escape(visible(text))


def _tag(language: str) -> str:
    return escape(language if language.replace("-", "").isalnum() else "und")


# --- the frame ------------------------------------------------------------------------------------


def _style(claims: Sequence[_Claim]) -> str:
    """The style sheet, and the rules that light up what belongs together; only numbers of ours are put into it."""
    rules = [(files(__package__) / "html.css").read_text(encoding="utf-8")]
    for claim in claims:
        here, there = f"#claim-{claim.number}", f".of-{claim.number}"
        lit = (f"body:has({here}:hover) {there}", f"body:has({here}:focus-within) {there}")
        quotes = (f"body:has(#quote-{quote}:target) .quote-{quote}" for quote in claim.quotes)
        rules.append(f"{', '.join((*lit, *quotes))} {{ background: var(--strong); }}")
        rules.append(f"body:has({there}:hover) {here}, {here}:target {{ outline: 3px solid var(--strong); }}")
    return "\n".join(rules)


def _head(view: View, style: str) -> Iterator[str]:
    fingerprint = base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()
    policy = f"default-src 'none'; style-src 'sha256-{fingerprint}'; base-uri 'none'; form-action 'none'"
    language = _tag(view.summary.article.language)
    yield "<!doctype html>"
    yield '<html lang="en">'
    yield "<head>"
    yield '<meta charset="utf-8">'
    yield f'<meta http-equiv="Content-Security-Policy" content="{policy}">'
    yield '<meta name="viewport" content="width=device-width, initial-scale=1">'
    yield '<meta name="referrer" content="no-referrer">'
    yield f"<title>{escape(view.title)}</title>"
    yield f"<style>{style}</style>"
    yield "</head>"
    yield "<body>"
    if view.article is not None:
        yield '<a class="skip" href="#article">Skip to the article</a>'
    yield "<header>"
    yield f'<h1 lang="{language}" dir="auto">{escape(view.title)}</h1>'
    yield f'<p class="soft">{escape(view.byline)}</p>'
    yield "</header>"
    yield "<main>"


def _foot(view: View) -> Iterator[str]:
    yield "</main>"
    yield "<footer>"
    yield from (f'<p class="soft">{escape(line)}</p>' for line in view.footer)
    yield "</footer>"
    yield "</body>"
    yield "</html>"


# --- the claims -----------------------------------------------------------------------------------


def _claims(view: View, claims: Sequence[_Claim]) -> Iterator[str]:
    language = _tag(view.summary.provenance.output_language)
    yield f'<div class="claims" lang="{language}">'
    takeaways = [claim for claim in claims if isinstance(claim.said, Takeaway)]
    yield from _section("takeaways", view.headings.takeaways, [_claim(view, claim) for claim in takeaways])
    others = [claim for claim in claims if isinstance(claim.said, Partnership)]
    yield from _section("partnerships", view.headings.partnerships, [_claim(view, claim) for claim in others])
    if fallen := view.summary.rejected:
        yield from _section("rejected", view.headings.rejected, [_rejected(each) for each in fallen])
    yield "</div>"


def _section(name: str, heading: str, items: Sequence[str]) -> Iterator[str]:
    yield f'<section aria-labelledby="{name}">'
    yield f'<h2 id="{name}">{escape(heading)}</h2>'
    if items:
        yield from ("<ol>", *items, "</ol>")
    else:
        yield f'<p lang="en">{NONE_FOUND}</p>'
    yield "</section>"


def _claim(view: View, claim: _Claim) -> str:
    words = _takeaway(claim.said) if isinstance(claim.said, Takeaway) else _partnership(claim.said)
    number = f'<span class="number">{claim.number}</span>'
    quotes = "".join(_quote(view, quote, evidence) for quote, evidence in claim.quotes.items())
    return f'<li class="claim" id="claim-{claim.number}" tabindex="-1">{number}{words}{quotes}</li>'


def _takeaway(takeaway: Takeaway) -> str:
    return f'<span dir="auto">{_shown(takeaway.text)}</span>'


def _partnership(partnership: Partnership) -> str:
    named = f'<strong dir="auto">{escape(parties(partnership))}</strong>'
    status = f'<span lang="en" class="status {partnership.status}">{status_words(partnership.status)}</span>'
    known = "".join(
        f'<dt lang="en">{label}</dt><dd dir="auto">{escape(value)}</dd>'
        for label, value in details(partnership).items()
    )
    return f"{named} {status}" + (f"<dl>{known}</dl>" if known else "")


def _quote(view: View, number: int, evidence: Evidence) -> str:
    place = view.place(evidence)
    where = f' <span lang="en" class="soft">({escape(place)})</span>' if place else ""
    language = _tag(view.summary.article.language)
    words = f"“{_shown(evidence.quote)}”"
    if view.article is not None:
        words = f'<a href="#quote-{number}">{words}</a>'
    return f'<blockquote lang="{language}" dir="auto">{words}{where}</blockquote>'


def _rejected(rejected: Rejected) -> str:
    return (
        f'<li class="rejected"><span lang="en" class="number">{rejected.kind}</span>'
        f'<span dir="auto">{escape(claim_words(rejected))}</span>'
        f'<p lang="en" class="why">{escape(reasons_words(rejected))}</p></li>'
    )


# --- the article ----------------------------------------------------------------------------------


def _article(view: View, claims: Sequence[_Claim]) -> Iterator[str]:
    if view.article is None:
        return
    language = _tag(view.article.language)
    yield f'<article id="article" lang="{language}" aria-label="Article" tabindex="-1">'
    yield f'<div class="text" dir="auto">{"".join(_marked(view.article.text, claims))}</div>'
    yield "</article>"


def _marked(text: str, claims: Sequence[_Claim]) -> Iterator[str]:
    """Cut the text wherever a quote begins or ends, so that quotes may overlap in any way."""
    spans = [(quote, claim.number, e.start, e.end) for claim in claims for quote, e in claim.quotes.items()]
    edges = sorted({0, len(text), *(at for _, _, start, end in spans for at in (start, end))})
    for start, end in pairwise(edges):
        yield from (f'<span id="quote-{quote}"></span>' for quote, _, begin, _ in spans if begin == start)
        words = "\n".join(map(_shown, text[start:end].split("\n")))
        over = [(quote, claim) for quote, claim, begin, stop in spans if begin <= start and end <= stop]
        if over:
            names = " ".join(
                dict.fromkeys(f"{kind}-{n}" for pair in over for kind, n in zip(_KINDS, pair, strict=True))
            )
            words = f'<mark class="{names}">{words}</mark>'
        yield words
        yield from (_back(claim) for _, claim, _, stop in spans if stop == end)


_KINDS = ("quote", "of")


def _back(claim: int) -> str:
    return f'<a class="back" href="#claim-{claim}" aria-label="to claim {claim}">{claim}</a>'
