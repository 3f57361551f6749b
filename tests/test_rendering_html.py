"""The page: whole expected output, and what it forbids itself."""

import base64
import hashlib
import re
from typing import Any

import pytest
from rendering_samples import ARTICLE, EMPTY, SUMMARY, TEXT, expected

from summarizer.rendering import render
from summarizer.rendering.index_page import IndexEntry, render_index
from summarizer.schema import Evidence, Failure, Match, Reason, ReasonCode, Rejected, Takeaway


def without_style(page: str) -> str:
    """Return a page without its style sheet, and without the fingerprint of it."""
    page = re.sub(r"<style>.*?</style>", "<style>…</style>", page, flags=re.DOTALL)
    return re.sub(r"'sha256-[^']*'", "'sha256-…'", page)


def test_the_page_is_whole() -> None:
    assert without_style(render(SUMMARY, ARTICLE, "html")) == expected("page.html")


def test_the_page_without_an_article_is_whole() -> None:
    assert without_style(render(EMPTY, None, "html")) == expected("nothing.html")


def test_the_index_is_whole() -> None:
    pages = [IndexEntry("airbus.html", SUMMARY), IndexEntry("a b&c.html", EMPTY)]
    failure = Failure(source="gone.txt", error="SourceError", message="cannot read 'gone.txt': there is no such file")
    assert without_style(render_index(pages, [failure])) == expected("index.html")


def test_the_page_allows_itself_its_own_style_and_nothing_else() -> None:
    page = render(SUMMARY, ARTICLE, "html")
    style = page[page.index("<style>") + len("<style>") : page.index("</style>")]
    fingerprint = base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()
    assert (
        '<meta http-equiv="Content-Security-Policy" content="default-src \'none\'; '
        f"style-src 'sha256-{fingerprint}'; base-uri 'none'; form-action 'none'\">"
    ) in page
    assert "url(" not in style
    assert "@import" not in style


def test_every_link_leads_to_a_place_on_the_page() -> None:
    page = render(SUMMARY, ARTICLE, "html")
    places = re.findall(r' id="([^"]+)"', page)
    assert len(places) == len(set(places))
    assert set(re.findall(r' href="#([^"]+)"', page)) <= set(places)


@pytest.mark.parametrize(
    ("claim", "shown"),
    [
        ({"text": "Airbus discute avec Saab.", "quotes": ["discute avec Boeing"]}, "“discute avec Boeing”"),
        (
            {"text": "Airbus discute avec Dassault et Saab.", "quotes": ["nowhere"]},
            "“Airbus discute avec Boeing et Saab ;",
        ),
        ({"text": "Rien de tel.", "quotes": ["nowhere"]}, None),
    ],
    ids=["the words that it quotes", "the sentence that is most like it", "nothing"],
)
def test_a_rejected_claim_leads_to_where_the_article_comes_nearest(claim: dict[str, Any], shown: str | None) -> None:
    fallen = Rejected(
        kind="takeaway", claim=claim, reasons=(Reason(code=ReasonCode.WEAK_EVIDENCE, message="it is not said"),)
    )
    summary = SUMMARY.model_copy(update={"takeaways": (), "partnerships": (), "rejected": (fallen,)})
    page = render(summary, ARTICLE, "html")
    assert ("Mots les plus proches" in page) is (shown is not None)
    assert shown is None or f'<a href="#quote-1">{shown}' in page
    assert page.count('<mark class="rejected quote-1 of-1">') == (shown is not None)


def test_quotes_that_overlap_in_any_way_leave_the_text_as_it_is() -> None:
    spans: list[tuple[int, int, Match]] = [
        (0, 20, "verbatim"),
        (5, 30, "folded"),
        (5, 10, "close"),
        (0, len(TEXT), "elided"),
    ]
    evidence = tuple(Evidence(quote=TEXT[a:b], start=a, end=b, match=match) for a, b, match in spans)
    summary = SUMMARY.model_copy(update={"takeaways": (Takeaway(text="All", evidence=evidence),), "partnerships": ()})
    page = render(summary, ARTICLE, "html")
    text = page[page.index('<div class="text"') : page.index("</article>")]
    without_links = re.sub(r'<a class="back[^>]*>.*?</a>', "", text)
    assert re.sub(r"<[^>]*>", "", without_links) == TEXT + "\n"
