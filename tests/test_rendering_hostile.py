"""Words of an article or of a model are shown in every format: they never act, and are never lost."""

import csv
import io
import json
import re

import pytest
from hostile_strings import NEVER_SEEN, every_string, places
from html_tags import Markup
from hypothesis import given, settings, strategies
from markdown_it import MarkdownIt
from markdown_it.token import Token

from summarizer.rendering import Format, render
from summarizer.rendering.control_characters import visible
from summarizer.rendering.index_page import IndexEntry as PageOf
from summarizer.rendering.index_page import render_index
from summarizer.rendering.json_csv import COLUMNS
from summarizer.rendering.markdown import escaped
from summarizer.schema import Failure, Summary


def shown(text: str, format: str, **options: object) -> str:
    summary, article = places(text)
    return render(summary, article, format, quotes=True, **options)  # type: ignore[arg-type]


@every_string
@pytest.mark.parametrize("format", [each for each in Format if each not in (Format.JSON, Format.JSONL)])
def test_nothing_that_acts_is_left(text: str, format: str) -> None:
    assert not NEVER_SEEN.search(shown(text, format, rows="all").replace("\r\n", "\n"))


@every_string
@pytest.mark.parametrize("width", [40, 80, 200])
def test_a_terminal_receives_only_colours_of_ours(text: str, width: int) -> None:
    coloured = shown(text, "text", width=width, color=True)
    without = re.sub(r"\x1b\[[0-9;]*m", "", coloured)
    assert not NEVER_SEEN.search(without)
    lines = [line.rstrip() for line in without.splitlines()]
    assert lines == shown(text, "text", width=width).splitlines()


@every_string
def test_text_loses_nothing(text: str) -> None:
    summary, article = places(text)
    words = visible(text)
    piped = render(summary, article, "text", quotes=True)
    assert f"\n- {words}\n" in piped
    letters = "".join(words.split())
    for width in (30, 80, 200):
        assert letters in "".join(render(summary, article, "text", width=width, quotes=True).split())


@every_string
@pytest.mark.parametrize("format", ["json", "jsonl"])
def test_json_keeps_the_very_words_and_prints_harmlessly(text: str, format: str) -> None:
    whole = re.sub("[\ud800-\udfff]", "\ufffd", text)  # no reader of JSON takes half of a character
    written = shown(text, format)
    assert Summary.model_validate_json(written) == places(whole)[0]
    assert json.loads(written)["takeaways"][0]["text"] == whole
    assert not re.search("[\x00-\x09\x0b-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069]", written)


RUNS = ("=", "+", "-", "@", "＝", "＋", "－", "＠", "\t", "\r", "\n")


@every_string
def test_csv_cells_do_not_run_and_keep_their_words(text: str) -> None:
    rows = list(csv.reader(io.StringIO(shown(text, "csv", rows="all"), newline="")))
    assert [len(row) for row in rows] == [len(COLUMNS)] * 7
    for row in rows[1:]:
        for cell in row:
            assert not cell.lstrip("'\" \u00a0").startswith(RUNS) or cell.startswith("'")
    assert unescaped(rows[1][1]) == visible(text)
    assert unescaped(rows[2][4]) == visible(text)


def unescaped(cell: str) -> str:
    """Undo what was done to a cell that would have run."""
    return cell[1:] if cell.startswith("'") and cell[1:].lstrip("'\" \u00a0").startswith(RUNS) else cell


def inline(tokens: list[Token]) -> list[Token]:
    return [child for token in tokens for child in [token, *(token.children or ())]]


@every_string
def test_markdown_shows_the_very_characters_and_has_only_our_marks(text: str) -> None:
    tokens = MarkdownIt("commonmark", {"html": True}).enable(["table", "strikethrough"]).parse(shown(text, "markdown"))
    kinds = {token.type for token in inline(tokens)}
    ours = {"heading", "paragraph", "bullet_list", "list_item", "blockquote"}
    ours |= {"table", "thead", "tbody", "tr", "th", "td"}
    allowed = {f"{kind}_{side}" for kind in ours for side in ("open", "close")}
    assert kinds <= allowed | {"inline", "text", "text_special", "hr", "hardbreak", "softbreak"}
    columns = [token.type for token in tokens].count("th_open")
    assert (columns, [token.type for token in tokens].count("td_open")) == (6, 6)
    cell = next(i for i, token in enumerate(tokens) if token.type == "td_open")
    words = "".join(child.content for child in tokens[cell + 1].children or ())
    assert words.replace(BREAK, "") == f"{visible(text)} + Other".strip()


BREAK = "\u200b"


@pytest.mark.parametrize(
    ("text", "called"),
    [
        ("@everyone", r"@\w"),
        ("thanks to @torvalds/core", r"@\w"),
        ("fixes #1 and GH-1", r"#\d|GH-\d"),
        ("evil/evil#1 and !1", r"[#!]\d"),
        ("a@evil.example", r"@\w"),
        (":smile: :+1:", r":[a-z0-9_+-]+:"),
    ],
)
def test_markdown_calls_nobody(text: str, called: str) -> None:
    content = "".join(child.content for child in MarkdownIt("commonmark").parse(escaped(text))[1].children or ())
    assert content.replace(BREAK, "") == text
    assert not re.search(called, content)


TAGS = {
    *("html", "head", "meta", "title", "style", "body", "header", "main", "div", "section", "article", "footer"),
    *("h1", "h2", "h3", "p", "a", "ol", "ul", "li", "span", "strong", "dl", "dt", "dd", "blockquote", "mark"),
    *("table", "thead", "tbody", "tr", "th", "td", "details", "summary"),
    *("form", "label", "select", "option", "button"),
}
ATTRIBUTES = {
    *("lang", "charset", "http-equiv", "content", "name", "href", "class", "id", "dir", "tabindex", "draggable"),
    *("aria-labelledby", "aria-label", "aria-hidden", "scope", "data-label", "data-all"),
    *("autocomplete", "value", "type"),
}
OURS = re.compile(r"#[a-z]+(-\d+)?|page\.html(#claim-\d)?")


@every_string
def test_a_page_has_only_our_tags_and_attributes(text: str) -> None:
    summary, article = places(text)
    two = [PageOf("page.html", summary), PageOf("page.html", places("plain words")[0])]
    index = render_index(two, [Failure(source=text, error=text, message=text)])
    assert not NEVER_SEEN.search(index)
    for page in map(Markup, (render(summary, article, "html"), index)):
        assert set(page.tags) <= TAGS
        assert {name for name, _ in page.attributes} <= ATTRIBUTES
        assert all(OURS.fullmatch(value or "") for name, value in page.attributes if name == "href")
        assert visible(text) in "".join(page.words)


@pytest.mark.parametrize("format", Format)
def test_half_a_surrogate_pair_is_shown_in_every_format(format: str) -> None:
    written = shown("Airbus \ud800 and Thales", format)
    written.encode()
    assert "\ufffd" in written or "‹U+D800›" in written


@settings(deadline=None, max_examples=60)
@given(strategies.text(min_size=1), strategies.sampled_from(Format), strategies.booleans())
def test_any_words_are_shown_in_any_format(text: str, format: str, terminal: bool) -> None:
    written = shown(text, format, width=60 if terminal else None)
    written.encode()
    assert written.endswith("\n")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("[sic] stays", "[sic] stays"),
        ("\x1b[2J", "␛[2J"),
        ("a\x9bb\x7f", "a‹U+009B›b␡"),
        ("\u202eabc\u202c", "‹U+202E›abc‹U+202C›"),
        ("one\r\n two\tthree", "one two three"),
        ("\ud800", "‹U+D800›"),
    ],
)
def test_what_acts_is_spelled_out(text: str, expected: str) -> None:
    assert visible(text) == expected
