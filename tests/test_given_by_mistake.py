"""What cannot have been meant is an error that says what to give instead: no empty summary, no file in disguise."""

import asyncio
from pathlib import Path

import pytest

from summarizer import Article, Failure, SourceError, Summary, asummarize, load, summarize, summarize_many
from summarizer.cli.main import main

NEWS = "Airbus and Thales signed a deal on Monday. It is worth 3 million euros."


@pytest.fixture(autouse=True)
def in_a_folder_with_articles(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "news").mkdir()
    for name in ("article.txt", "without suffix", "news/été.md"):
        (tmp_path / name).write_text(NEWS, encoding="utf-8")


# --- a name instead of a text ----------------------------------------------------------------------------------------

NAMES = [
    ("article.txt", "Path('article.txt')"),
    ("article.txt\n", "Path('article.txt')"),
    ("./article.txt", "Path("),
    ("news/été.md", "Path("),
    ("without suffix", "Path("),
    ("missing.html", "Path("),
    ("C:\\texts\\missing.PDF", "Path("),
    ("news", "folder"),
    ("https://example.org/news", "load('https://example.org/news')"),
    ("  HTTP://example.org/a?b=c ", "load("),
    ("ftp://example.org/news.txt", "load("),
    ("www.example.org/news", "load('https://www.example.org/news')"),
    ("-", "no words"),
    ("…", "no words"),
]


@pytest.mark.parametrize(("given", "hint"), NAMES, ids=[name for name, _ in NAMES])
def test_the_name_of_an_article_is_not_taken_for_its_text(given: str, hint: str) -> None:
    with pytest.raises(SourceError) as raised:
        summarize(given, model="extractive")
    assert hint in str(raised.value)
    with pytest.raises(SourceError):
        asyncio.run(asummarize(given, model="extractive"))
    (failure,) = summarize_many([given], model="extractive")
    assert isinstance(failure, Failure)
    assert hint in failure.message


@pytest.mark.parametrize(
    "text",
    [
        NEWS,
        f"https://example.org/news\n{NEWS}",
        f"{NEWS} More at https://example.org/news",
        "Wires in brief: article.txt",
        "Profits fell.",
        f"article.txt\n{NEWS}",
        "Ça " * 2_000,
        "\0 is no name of a file",
    ],
)
def test_a_text_that_mentions_one_is_a_text(text: str) -> None:
    assert isinstance(summarize(text, model="extractive"), Summary)


def test_a_text_given_as_a_path_is_told_from_a_missing_file() -> None:
    with pytest.raises(SourceError, match=r"from_text"):
        load(f"{NEWS}\n" * 9)


@pytest.mark.parametrize("address", ["https://example.org/news", "http://example.org/a.html", "HTTPS://example.org"])
def test_an_address_given_as_a_path_is_told_from_a_missing_file(address: str) -> None:
    with pytest.raises(SourceError, match=rf"load\('{address}'\)"):
        summarize(Path(address), model="extractive")


# --- a list with something else in it --------------------------------------------------------------------------------


def test_what_is_no_article_fails_alone_and_is_named_by_its_place() -> None:
    texts = [NEWS, float("nan"), None, "", 7, b"bytes", Article.from_text("…"), NEWS, Path("missing.txt")]
    results = list(summarize_many(texts, model="extractive"))  # type: ignore[arg-type]  # as a column of a frame is
    failures = [result for result in results if isinstance(result, Failure)]
    assert [failure.source for failure in failures] == ["1", "2", "3", "4", "5", "missing.txt"]
    assert {failure.error for failure in failures} == {"SourceError"}
    assert "nan (float)" in failures[0].message
    assert len(results) == len(texts)


@pytest.mark.parametrize("given", [NEWS, Path("article.txt"), Article.from_text(NEWS), {"id": NEWS}], ids=type)
def test_one_article_is_not_taken_for_a_list(given: object) -> None:
    with pytest.raises(TypeError, match="list of texts, paths or articles"):
        summarize_many(given, model="extractive")  # type: ignore[arg-type]


# --- a file in disguise ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "arguments",
    [
        ["article.txt", "-o", "out.docx"],
        ["article.txt", "-o", "out.PDF"],
        ["article.txt", "-o", "out.xlsx"],
        ["news", "article.txt", "-o", "out.jsnol"],
        ["article.txt", "-o", "out.graphml"],
        ["check", "article.txt", "article.txt", "-o", "verdicts.docx"],
        ["graph", "summary.json", "-o", "graph.png"],
        ["eval", ".", "-m", "replay", "-o", "report.csv"],
    ],
    ids=" ".join,
)
def test_an_output_is_what_its_suffix_says_or_refused(arguments: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    assert main([*arguments, *([] if arguments[0] in ("check", "graph", "eval") else ["-m", "extractive"])]) == 2
    assert "name a format with -f" in capsys.readouterr().err
    assert not Path(arguments[-1]).exists()


@pytest.mark.parametrize("output", ["out.docx", "out", "out.txt", "out.md", "pages.d/"])
def test_a_format_that_is_named_or_told_by_the_suffix_is_written(output: str) -> None:
    named = ["-f", "text"] if output == "out.docx" else []
    assert main(["article.txt", "-q", "-m", "extractive", "-o", output, *named]) == 0
    assert Path(output).exists()
