"""What people look at: nothing twice, no word divided, no empty column, one name for a page, dates in one form."""

import csv
import io
import json
from pathlib import Path

import pytest

from summarizer import Article, Draft, Failure, Summary, ground, render, summarize_many
from summarizer.batch import Row
from summarizer.cli.main import main
from summarizer.rendering import Rows

SENTENCE = "Norvik and Zelba signed a partnership on Monday."
ARTICLE = Article.from_text(f"{SENTENCE} It is worth 3 million euros. Norvik is in talks with Arden.", source="a.txt")
PARTNERSHIP = {"parties": ["Norvik", "Zelba"], "status": "established", "quotes": [SENTENCE]}


def summarized(*takeaways: tuple[str, ...], **partnership: object) -> Summary:
    drafted = [{"text": text, "quotes": quotes} for text, *quotes in takeaways]
    partnerships = [PARTNERSHIP | partnership] if partnership else []
    return ground(Draft.model_validate({"takeaways": drafted, "partnerships": partnerships}), ARTICLE)


# --- takeaways once --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("format", "width"), [("text", None), ("text", 80), ("markdown", None), ("html", None)])
def test_a_takeaway_in_the_words_of_the_article_is_shown_once(format: str, width: int | None) -> None:
    """Beside what is marked in the article itself, on a page that has one."""
    summary = summarized((SENTENCE, SENTENCE))
    shown = " ".join(render(summary, None if format == "html" else ARTICLE, format, quotes=True, width=width).split())
    assert shown.count("signed a partnership on Monday") == 1
    if format != "html":
        assert "(line 1)" in shown


@pytest.mark.parametrize(("format", "width"), [("text", None), ("text", 80), ("markdown", None), ("html", None)])
def test_other_quotes_and_other_words_are_still_shown(format: str, width: int | None) -> None:
    more = "It is worth 3 million euros."
    same = render(summarized((SENTENCE, SENTENCE, more)), None, format, quotes=True, width=width)
    other = render(summarized(("Norvik and Zelba signed on Monday.", SENTENCE)), None, format, quotes=True, width=width)
    assert more in same and SENTENCE in other and "Norvik and Zelba signed on Monday." in other


# --- words and columns -----------------------------------------------------------------------------------------------

LONG = ["Meerwasser-Wärmepumpe", "Donaudampfschifffahrtsgesellschaft", "Norvik", "Kraftfahrzeughaftpflicht"]


@pytest.mark.parametrize("width", [72, 80, 100, 140])
@pytest.mark.parametrize("word", LONG)
def test_no_word_is_divided_where_a_line_has_room_for_it(word: str, width: int) -> None:
    summary = summarized(purpose="p", region="r", date="d", attribution="a")
    (made,) = summary.partnerships
    fields = {
        "purpose": f"eine {word} bauen",
        "region": word,
        "date": "Dezember 2026",
        "attribution": f"Sprecher {word}",
    }
    shown = render(
        summary.model_copy(update={"partnerships": (made.model_copy(update=fields),)}), ARTICLE, "text", width=width
    )
    assert all(len(line) <= width for line in shown.splitlines())
    assert shown.count(word) == 3 + (word == "Norvik")


@pytest.mark.parametrize("rows", Rows)
def test_no_column_of_a_table_is_always_empty(rows: Rows) -> None:
    wrong = "It is worth 9 million euros."
    summary = summarized((SENTENCE, SENTENCE), (wrong, "It is worth"), purpose="9", region="Mars", date="2031")
    (made,) = summary.partnerships
    filled = {"purpose": "p", "region": "r", "date": "d", "attribution": "a", "date_iso": "2026"}
    rejected = [
        each.model_copy(update={"claim": {**each.claim, "text": "t", "parties": ["A"], "status": "ended", **filled}})
        for each in summary.rejected
    ]
    whole = summary.model_copy(
        update={
            "partnerships": (made.model_copy(update=filled),),
            "rejected": tuple(rejected),
            "article": summary.article.model_copy(update={"title": "T", "published": "2026-11-30"}),
        }
    )
    table = list(csv.DictReader(io.StringIO(render(whole, ARTICLE, "csv", rows=rows))))
    assert table and [name for name in table[0] if not any(row[name] for row in table)] == []


# --- names of pages, dates -------------------------------------------------------------------------------------------


def test_pages_are_named_alike_whatever_the_input_is(tmp_path: Path) -> None:
    inputs = tmp_path / "in"
    inputs.mkdir()
    (inputs / "a.txt").write_text(ARTICLE.text, encoding="utf-8")
    (inputs / "b.html").write_text(f"<html><body><article><p>{ARTICLE.text}</p></article></body></html>", "utf-8")
    mail = f"From: a@b.example\nMessage-ID: <1@b.example>\nSubject: Norvik\n\n{ARTICLE.text}\n"
    (inputs / "c.eml").write_text(mail, encoding="utf-8")
    assert main([str(inputs), "-q", "-m", "extractive", "-f", "html", "-o", str(tmp_path / "out")]) == 0
    pages = {path.name for path in (tmp_path / "out").glob("*.html")}
    assert pages == {"a.html", "b.html", "c.html", "index.html"}


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ("2026-11-30", "2026-11-30"),
        ("2026-11", "2026-11"),
        ("2026", "2026"),
        ("2026-11-30T10:00:00Z", "2026-11-30T10:00:00Z"),
        ("30/11/2026", None),
        ("Nov 30, 2026", None),
        ("2026-13-01", None),
        ("yesterday", None),
    ],
)
def test_the_day_of_publication_is_iso_or_left_out_with_a_note(given: str, kept: str | None) -> None:
    row = Row(json.dumps({"id": "1", "text": ARTICLE.text, "published": given}), "a.jsonl:1")
    (summary,) = summarize_many([row], model="extractive")
    assert not isinstance(summary, Failure)
    assert summary.article.published == kept
    assert any(given in warning for warning in summary.provenance.warnings) is (kept is None)
