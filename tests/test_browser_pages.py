"""The pages in a real browser: claims and words lead to each other, nothing gets out, and everybody can read it."""

from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from browser import CONTRAST, Open, launched, needs_chromium, opening
from hostile_strings import HOSTILE, places
from rendering_samples import ARTICLE, EMPTY, SUMMARY

from summarizer.rendering import render
from summarizer.rendering.control_characters import visible
from summarizer.rendering.index_page import IndexEntry, render_index
from summarizer.schema import (
    Article,
    Evidence,
    Partnership,
    Provenance,
    Reason,
    ReasonCode,
    Rejected,
    Status,
    Summary,
    Takeaway,
)

pytestmark = needs_chromium

# --- pages -----------------------------------------------------------------------------------------------------

TEXT = (
    "وقعت النيل للاتصالات اتفاق شراكة مع دلتا موبايل في مصر.\n"
    "Norvik discute avec Zelba en Asie, selon Les Échos, et a rompu avec Brel.\n"
)


def evidence(quote: str) -> Evidence:
    start = TEXT.index(quote)
    return Evidence(quote=quote, start=start, end=start + len(quote), match="verbatim")


def partnership(other: str, status: Status, region: str | None, source: str | None) -> Partnership:
    quote = evidence("Norvik discute avec Zelba en Asie, selon Les Échos")
    return Partnership(
        parties=("Norvik", other),
        status=status,
        region=region,
        attribution=source,
        evidence=(quote, evidence("Norvik")),
    )


MANY_ARTICLE = Article(text=TEXT, source="many.txt", title="شراكة جديدة", language="ar")
MANY = Summary(
    article=MANY_ARTICLE.info,
    takeaways=(Takeaway(text="وقعت النيل اتفاقا.", evidence=(evidence("وقعت النيل للاتصالات اتفاق شراكة"),)),),
    partnerships=(
        partnership("Zelba", Status.IN_TALKS, "Asie", "Les Échos"),
        partnership("Brel", Status.ENDED, "Asie", None),
        partnership("Donaudampfschifffahrtselektrizität" * 9, Status.ESTABLISHED, "Europe", "Les Échos"),
        partnership("Kos", Status.DENIED, None, "Le Temps"),
        partnership("Mir", Status.CONSIDERED, "ASIE", "Le Temps"),
        partnership("Sol", Status.ABANDONED, None, None),
    ),
    rejected=(
        Rejected(
            kind="takeaway",
            claim={"text": "Norvik a rompu avec Zelba.", "quotes": ["a rompu avec Brel", "nowhere at all"]},
            reasons=(Reason(code=ReasonCode.NAME_NOT_IN_EVIDENCE, message="Zelba is not in the evidence"),),
        ),
    ),
    provenance=Provenance(model="openai/gpt-5.4-mini", output_language="ar", calls=1, warnings=("a note",)),
)
PAGES = {
    "one.html": render(SUMMARY, ARTICLE, "html"),
    "many.html": render(MANY, MANY_ARTICLE, "html"),
    "nothing.html": render(EMPTY, None, "html"),
    "index.html": render_index(
        [IndexEntry("one.html", SUMMARY), IndexEntry("many.html", MANY), IndexEntry("nothing.html", EMPTY)]
    ),
}
every_page = pytest.mark.parametrize("name", PAGES)


# --- the browser -----------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The pages as files."""
    folder = tmp_path_factory.mktemp("pages")
    for name, page in PAGES.items():
        (folder / name).write_text(page, encoding="utf-8")
    return folder


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    with launched() as browser:
        yield browser


@pytest.fixture
def opened(browser: Any, folder: Path) -> Iterator[Open]:
    """Open a page by its name; whatever gets out of it must be nothing."""
    with opening(browser) as open_file:

        def opened(name: str, **options: Any) -> Any:
            return open_file(folder / name, **options)

        yield opened


def background(page: Any, selector: str) -> str:
    return str(page.locator(selector).first.evaluate("e => getComputedStyle(e).backgroundColor"))


def focused(page: Any) -> str:
    return str(page.evaluate("document.activeElement.getAttribute('href') || document.activeElement.id"))


# --- from a claim to its words, and back -----------------------------------------------------------------------


def test_a_click_leads_from_a_claim_to_its_words_and_back(opened: Open) -> None:
    page = opened("one.html")
    before = background(page, ".quote-4")
    page.click('#claim-3 a[href="#quote-4"]')
    page.mouse.move(0, 0)
    assert page.url.endswith("#quote-4")
    assert background(page, ".quote-4") != before
    assert background(page, ".quote-2") != background(page, ".quote-4")
    page.click("mark.quote-4")
    assert page.url.endswith("#claim-3")
    assert focused(page) == "claim-3"


def test_the_keyboard_leads_from_a_claim_to_its_words_and_back(opened: Open) -> None:
    page = opened("one.html")
    plain = background(page, ".of-4")
    page.keyboard.press("Tab")
    assert focused(page) == "#article"
    while focused(page) != "#quote-5":
        page.keyboard.press("Tab")
    assert background(page, ".of-4") != plain
    assert page.locator(":focus-visible").evaluate("e => getComputedStyle(e).outlineStyle") == "solid"
    page.keyboard.press("Enter")
    assert page.url.endswith("#quote-5")
    page.keyboard.press("Tab")
    assert focused(page) == "#claim-4"
    page.keyboard.press("Enter")
    assert focused(page) == "claim-4"


def test_hovering_lights_up_what_belongs_together(opened: Open) -> None:
    page = opened("one.html")
    plain = background(page, ".of-4")
    page.hover("#claim-4")
    assert background(page, ".of-4") != plain
    page.hover("mark.of-2")
    assert background(page, ".of-4") == plain
    assert page.locator("#claim-2").evaluate("e => getComputedStyle(e).outlineStyle") == "solid"


def test_words_of_several_claims_lead_to_the_narrowest_and_name_them_all(opened: Open) -> None:
    page = opened("one.html")
    both = page.locator("mark.of-1.of-3")
    assert both.inner_text() == "Airbus et Thales créent une coentreprise [sic]"
    both.click()
    assert page.url.endswith("#claim-3")
    names = [link.get_attribute("aria-label") for link in page.locator("a.back").all()]
    assert names == ["Partenariats 3", "À retenir 1", "Partenariats 3", "Partenariats 4", "À retenir 2"]


def test_a_rejected_claim_shows_the_words_that_it_leans_on(opened: Open) -> None:
    page = opened("many.html")
    page.click(".claim.rejected a")
    assert page.locator("mark.rejected.quote-14").inner_text() == "a rompu avec Brel"
    assert page.locator(".claim.rejected blockquote").count() == 1
    page.click("mark.rejected.quote-14")
    assert focused(page) == "claim-8"


def test_a_page_does_the_same_where_scripts_are_forbidden(opened: Open) -> None:
    page = opened("one.html", java_script_enabled=False)
    page.click('#claim-3 a[href="#quote-4"]')
    assert page.url.endswith("#quote-4")


# --- filters ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["many.html", "index.html"])
def test_filters_show_the_rows_that_have_all_that_was_chosen(opened: Open, name: str) -> None:
    page = opened(name)
    rows = page.locator(".row:visible")
    all_rows = rows.count()
    page.select_option("#by-region", label="Asie (3)")
    assert rows.count() == 3
    page.select_option("#by-source", label="Le Temps (2)")
    assert rows.count() == 1
    assert "Mir" in rows.inner_text()
    page.click("button[type=reset]")
    assert rows.count() == all_rows == (6 if name == "many.html" else 8)
    page.select_option("#by-status", index=1)
    assert 0 < rows.count() < all_rows


def test_filters_work_by_keyboard(opened: Open) -> None:
    page = opened("index.html")
    page.keyboard.press("Tab")
    assert focused(page) == "by-status"
    page.keyboard.press("ArrowDown")
    assert page.locator(".row:visible").count() == 1
    for _ in range(4):
        page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    assert page.locator("button:focus").count() == 1
    assert page.locator(".row:visible").count() == 8


def test_the_index_leads_to_the_claim_on_its_page(opened: Open) -> None:
    page = opened("index.html")
    page.click("text=Airbus + Boeing + Saab")
    assert page.url.endswith("/one.html#claim-4")
    assert page.locator("#claim-4:target").is_visible()


# --- nothing gets out ------------------------------------------------------------------------------------------


def all_hostile() -> tuple[Summary, Article]:
    """One summary with every trick in every place."""
    told = [places(text) for text in HOSTILE.values()]
    everything, article = places(" ".join(HOSTILE.values()))
    claims = {
        "takeaways": tuple(claim for summary, _ in told for claim in summary.takeaways),
        "partnerships": tuple(claim for summary, _ in told for claim in summary.partnerships),
        "rejected": tuple(claim for summary, _ in told for claim in summary.rejected),
    }
    return everything.model_copy(update=claims), article


@pytest.mark.slow
def test_no_hostile_word_becomes_more_than_a_word(opened: Open, folder: Path) -> None:
    summary, article = all_hostile()
    (folder / "hostile.html").write_text(render(summary, article, "html"), encoding="utf-8")
    (folder / "hostile-index.html").write_text(render_index([IndexEntry("hostile.html", summary)]), encoding="utf-8")
    for name in ("hostile.html", "hostile-index.html"):
        page = opened(name, width=360)
        assert page.evaluate("window.__hacked") is None
        assert page.locator("script, img, iframe, svg, input, object, embed, base, link").count() == 0
        attributes = page.evaluate("[...document.querySelectorAll('*')].flatMap(e => e.getAttributeNames())")
        assert not [attribute for attribute in attributes if attribute.startswith("on") or attribute == "style"]
        assert page.evaluate("document.documentElement.scrollWidth") <= 360
        words = page.evaluate("document.body.textContent")
        assert [text for text in HOSTILE.values() if visible(text) not in words] == []


# --- everybody can read it -------------------------------------------------------------------------------------


@pytest.mark.slow
@every_page
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_every_word_has_contrast(opened: Open, name: str, scheme: str) -> None:
    page = opened(name, color_scheme=scheme)
    for details in page.locator("summary").all():
        details.click()
    assert page.evaluate(CONTRAST) == []
    for claim in page.locator(".claim").all():
        claim.hover()
        assert page.evaluate(CONTRAST) == []


@pytest.mark.slow
def test_light_and_dark_are_what_was_asked_for(opened: Open) -> None:
    grounds = [background(opened("one.html", color_scheme=scheme), "body") for scheme in ("light", "dark")]
    assert grounds == ["rgb(251, 250, 247)", "rgb(21, 23, 27)"]


@pytest.mark.slow
@every_page
@pytest.mark.parametrize("width", [360, 1280])
def test_no_page_is_wider_than_its_window(opened: Open, name: str, width: int) -> None:
    page = opened(name, width=width)
    assert page.evaluate("document.documentElement.scrollWidth") <= width


@pytest.mark.slow
@every_page
def test_a_page_has_landmarks_and_headings_in_order(opened: Open, name: str) -> None:
    page = opened(name)
    for landmark in ("header", "main", "footer"):
        assert page.locator(f"body > {landmark}").count() == 1
    levels = page.evaluate("[...document.querySelectorAll('h1,h2,h3')].map(e => +e.tagName[1])")
    assert levels[0] == 1
    assert levels.count(1) == 1
    assert all(after - before <= 1 for before, after in pairwise(levels))
    named = page.evaluate(
        "[...document.querySelectorAll('section, article')].map(e => e.getAttribute('aria-labelledby'))"
    )
    assert all(page.locator(f"#{heading}").is_visible() for heading in named)
    assert all(label.strip() for label in page.evaluate(LABELS))
    assert (
        page.evaluate("new Set([...document.querySelectorAll('[id]')].map(e => e.id)).size")
        == page.locator("[id]").count()
    )


LABELS = """[...document.querySelectorAll('a, select, button')].map(
  e => e.getAttribute('aria-label') || e.labels?.[0]?.textContent || e.textContent)"""


@pytest.mark.slow
def test_languages_and_their_directions_are_told(opened: Open) -> None:
    page = opened("many.html")
    assert page.locator("html").get_attribute("dir") == "rtl"
    assert page.locator("html").get_attribute("lang") == "ar"
    assert page.locator("h1").evaluate("e => getComputedStyle(e).direction") == "rtl"
    assert page.locator("footer").get_attribute("lang") == "en"
    claims, article = (page.locator(each).bounding_box()["x"] for each in (".claims", "article"))
    assert claims > article
    arabic, french = (page.locator(f"mark.of-{n} >> nth=0").bounding_box() for n in (1, 2))
    assert french["x"] < arabic["x"] + arabic["width"]
    assert [page_.locator(".text").get_attribute("lang") for page_ in (page, opened("one.html"))] == ["ar", "fr"]


def test_a_status_is_told_without_its_colour(opened: Open) -> None:
    page = opened("index.html")
    told = {status.inner_text() for status in page.locator(".rows .status").all()}
    assert told == {"● established", "◐ in talks", "○ considered", "✕ abandoned", "■ ended", "⊘ denied"}


@pytest.mark.slow
def test_on_paper_evidence_is_marked_without_colour(opened: Open) -> None:
    page = opened("many.html", color_scheme="dark")
    page.emulate_media(media="print")
    assert page.locator(".filters").is_hidden()
    assert background(page, "body") == "rgb(255, 255, 255)"
    lines = {
        kind: page.locator(f".text mark.{kind}").first.evaluate("e => getComputedStyle(e).textDecoration")
        for kind in ("takeaway", "partnership", "rejected")
    }
    assert ["underline" in line for line in lines.values()] == [True] * 3
    assert "double" in lines["partnership"]
    assert "wavy" in lines["rejected"]
    assert page.evaluate(CONTRAST) == []
    assert page.pdf().startswith(b"%PDF")


def test_on_paper_nothing_stays_folded(opened: Open) -> None:
    page = opened("index.html")
    folded = page.locator("details li").first
    assert not folded.is_visible()
    page.emulate_media(media="print")
    assert folded.is_visible()
