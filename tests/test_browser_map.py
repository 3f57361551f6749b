"""The page of a map in a real browser: search and filters, what a click does, and that nothing gets out."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from browser import CONTRAST, Open, launched, needs_chromium, opening
from graph_samples import NEWS, partnership, summary
from hostile_strings import HOSTILE, places

from summarizer.graph import graph
from summarizer.rendering import render_graph
from summarizer.rendering.control_characters import visible

pytestmark = [needs_chromium, pytest.mark.slow]
PAGE = render_graph(graph(NEWS), "html")


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    with launched() as browser:
        yield browser


@pytest.fixture
def opened(browser: Any, tmp_path: Path) -> Iterator[Open]:
    """Open a page; whatever gets out of it must be nothing."""
    with opening(browser) as open_file:

        def opened(text: str = PAGE, **options: Any) -> Any:
            (tmp_path / "map.html").write_text(text, encoding="utf-8")
            return open_file(tmp_path / "map.html", **options)

        yield opened


def rows(page: Any) -> list[str]:
    return list(page.locator("#pairs tbody tr:visible th").all_inner_texts())


ALL = [
    *("Alibaba + Apple", "Airbus + Boeing", "Airbus + Leonardo S.p.A.", "Airbus + Thales", "Apple + OpenAI"),
    "Leonardo S.p.A. + Thales",
]


def test_the_page_is_whole_without_a_script(opened: Open) -> None:
    page = opened(java_script_enabled=False)
    assert rows(page) == ALL
    assert page.locator(".filters").is_hidden()
    assert page.locator("svg.map .node").count() == 7
    assert page.locator("svg.map .edge").count() == 6
    words = page.inner_text("main")
    for quote in ("“Alibaba dément tout accord”", "“Apple et Alibaba s’allient”", "intégrer l’IA [sic]"):
        assert quote in words
    page.click('.edge[href="#pair-5"] text', force=True)
    assert page.locator("#pair-5:target").is_visible()


def test_a_search_shows_what_has_the_words_whatever_their_accents(opened: Open) -> None:
    page = opened()
    assert rows(page) == ALL
    page.fill("[name=words]", "DEMENT tout")
    assert rows(page) == ["Alibaba + Apple"]
    assert page.inner_text("output") == "1 of 6 pairs"
    assert page.locator("#contradictions .contradiction:visible").count() == 1
    page.fill("[name=words]", "nobody")
    assert rows(page) == []
    assert page.locator("#timeline h3:visible").count() == 0
    page.click("text=Show all")
    page.locator("tr[hidden]").first.wait_for(state="detached")  # by no eval, which the page refuses
    assert rows(page) == ALL


def test_filters_hold_for_pairs_timeline_and_map(opened: Open) -> None:
    page = opened()
    page.select_option("[name=status]", "abandoned")
    assert rows(page) == ["Airbus + Boeing"]
    assert page.locator("#timeline li:visible").count() == 1
    assert page.locator(".edge:not(.off)").count() == 1
    assert [node.get_attribute("data-name") for node in page.locator(".node:not(.off)").all()] == ["Airbus", "Boeing"]
    page.select_option("[name=status]", "")
    page.fill("[name=region]", "chine")
    assert rows(page) == ["Alibaba + Apple"]
    page.fill("[name=source]", "information")
    assert rows(page) == ["Alibaba + Apple"]
    page.fill("[name=source]", "deal.txt")
    page.fill("[name=region]", "")
    assert rows(page) == ["Alibaba + Apple", "Apple + OpenAI"]


def test_a_region_and_a_source_are_wanted_of_one_and_the_same_article(opened: Open) -> None:
    page = opened()
    page.fill("[name=region]", "chine")
    page.fill("[name=source]", "denial")
    assert rows(page) == []


def test_a_click_on_an_organisation_searches_for_it(opened: Open) -> None:
    page = opened()
    page.click('.node[data-name="OpenAI"]')
    assert page.input_value("[name=words]") == "OpenAI"
    assert rows(page) == ["Apple + OpenAI"]


def test_the_keyboard_reaches_filters_organisations_and_pairs(opened: Open) -> None:
    page = opened()
    page.focus('.node[data-name="Boeing"]')
    assert page.locator(".node:focus-visible rect").evaluate("e => getComputedStyle(e).strokeWidth") == "3px"
    page.keyboard.press("Enter")
    assert rows(page) == ["Airbus + Boeing"]
    page.focus('.edge[href="#pair-2"]')
    page.keyboard.press("Enter")
    assert page.url.endswith("#pair-2")


def test_status_is_told_without_colour(opened: Open) -> None:
    page = opened()
    strokes = page.eval_on_selector_all(
        ".legend .tie", "all => all.map(e => getComputedStyle(e).strokeDasharray + getComputedStyle(e).strokeWidth)"
    )
    assert len(set(strokes)) == 6
    signs = page.locator(".map .sign").all_text_contents()
    assert sorted(signs) == ["⊘⚡●", "●", "●", "●", "●", "✕"]


@pytest.mark.parametrize("width", [360, 1280])
@pytest.mark.parametrize("script", [True, False])
def test_hostile_words_stay_words(opened: Open, width: int, script: bool) -> None:
    told = (places(f"{number} {text}")[0] for number, text in enumerate(HOSTILE.values()))
    drawn = graph(each.model_copy(update={"article": each.article.model_copy(update={"sha256": ""})}) for each in told)
    page = opened(render_graph(drawn, "html"), width=width, java_script_enabled=script)
    assert page.locator("img, iframe, object, embed, base, link, main script, main form form").count() == 0
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    words = "".join(page.locator("body").text_content().split())
    assert [text for text in HOSTILE.values() if "".join(visible(text).split()) not in words] == []
    if script:
        page.fill("[name=words]", "alert(1)")
        assert page.locator("#pairs tbody tr:visible").count() > 1
        assert page.evaluate("window.__hacked") is None


def test_a_page_of_many_stays_within_its_window_and_can_be_searched(opened: Open) -> None:
    pairs = (partnership(f"Organisation {number}", f"Partner {number % 40}") for number in range(1_000))
    drawn = graph(summary(each, source=f"https://news.example/{each.parties[0]}") for each in pairs)
    page = opened(render_graph(drawn, "html"), width=360)
    assert page.evaluate("document.documentElement.scrollWidth") <= 360
    page.fill("[name=words]", "Organisation 77 ")
    assert page.inner_text("output").endswith("of 400 pairs")


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [360, 1280])
def test_every_word_has_contrast(opened: Open, scheme: str, width: int) -> None:
    page = opened(color_scheme=scheme, width=width)
    assert page.evaluate(CONTRAST) == []
    assert page.evaluate("document.documentElement.scrollWidth") <= width


def test_light_dark_and_paper_differ(opened: Open) -> None:
    def ground(page: Any) -> str:
        return str(page.locator("body").evaluate("e => getComputedStyle(e).backgroundColor"))

    light, dark = (opened(color_scheme=scheme) for scheme in ("light", "dark"))
    assert ground(light) != ground(dark)
    dark.emulate_media(media="print")
    assert ground(dark) == "rgb(255, 255, 255)"
    assert dark.locator(".filters").is_hidden()
    assert dark.pdf().startswith(b"%PDF")
