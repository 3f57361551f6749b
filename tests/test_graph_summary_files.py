"""Summaries are read one at a time, from whatever shape they come in; what is none is said, and costs only itself."""

import json
import tracemalloc
from pathlib import Path

import pytest
from graph_samples import NEWS, summary

from summarizer.errors import ConfigError, SourceError
from summarizer.graph import OrganisationNames
from summarizer.graph.summary_files import Item, Unread, read
from summarizer.schema import Failure, Summary

ONE, OTHER = NEWS[:2]
FAILURE = Failure(source="gone.txt", error="SourceError", message="it is gone")


def items(path: Path) -> list[Item]:
    return list(read([str(path)]))


def written(path: Path, text: str | bytes) -> Path:
    path.write_bytes(text.encode() if isinstance(text, str) else text)
    return path


def compact(value: Summary | Failure) -> str:
    return value.model_dump_json()


def indented(value: Summary | Failure) -> str:
    return value.model_dump_json(indent=2)


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("one line", compact(ONE) + "\n" + compact(OTHER) + "\n"),
        ("no line end", compact(ONE) + "\n" + compact(OTHER)),
        ("blank lines", "\n\n" + compact(ONE) + "\n\n  \n" + compact(OTHER) + "\n\n"),
        ("windows", "\ufeff" + compact(ONE) + "\r\n" + compact(OTHER) + "\r\n"),
        ("an array", f"[\n{indented(ONE)},\n{indented(OTHER)}\n]\n"),
        ("an array on one line", f"[{compact(ONE)},{compact(OTHER)}]"),
        ("one after the other", indented(ONE) + "\n" + indented(OTHER)),
        ("white space before", " \n [ \n" + compact(ONE) + " , " + compact(OTHER) + " ] \n\n"),
    ],
)
def test_every_shape_that_summaries_are_written_in_is_read(tmp_path: Path, name: str, text: str) -> None:
    assert items(written(tmp_path / "x.json", text)) == [ONE, OTHER]


def test_a_long_array_is_read_piece_by_piece(tmp_path: Path) -> None:
    many = [summary(source=f"{number}.txt", title="é" * 4000) for number in range(800)]
    path = written(tmp_path / "x.json", f"[\n{','.join(map(indented, many))}\n]")
    size = path.stat().st_size
    del many
    tracemalloc.start()
    count = sum(isinstance(item, Summary) for item in read([str(path)]))
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert (count, size > 6_000_000, peak < 12_000_000) == (800, True, True), peak


def test_a_bad_line_costs_itself_and_says_where_it_stands(tmp_path: Path) -> None:
    lines = (compact(ONE), "{not json", '{"schema":"summary/2","article":{}}', '{"id":"a"}', compact(FAILURE), "7")
    path = written(tmp_path / "x.jsonl", "\n".join((*lines, compact(OTHER))))
    found = items(path)
    assert [item for item in found if not isinstance(item, Unread)] == [ONE, FAILURE, OTHER]
    assert [item.where.removeprefix(f"{path}:") for item in found if isinstance(item, Unread)] == ["2", "3", "4", "6"]
    assert [item.why.partition(":")[0] for item in found if isinstance(item, Unread)] == [
        "it is not JSON",
        *["it is not a summary"] * 3,
    ]


def test_a_bad_item_of_an_array_costs_itself(tmp_path: Path) -> None:
    path = written(tmp_path / "x.json", f'[{compact(ONE)}, {{"a": 1}}, {compact(FAILURE)}, {compact(OTHER)}]')
    found = items(path)
    assert [item for item in found if not isinstance(item, Unread)] == [ONE, FAILURE, OTHER]
    assert found[1] == Unread(f"{path}, item 2", "it is not a summary: article: Field required")


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "it is empty"),
        (" \n\n", "it is empty"),
        (f"[{compact(ONE)},", "it is not JSON"),
        (f"[{compact(ONE)}", "it is not JSON"),
        (f"[{compact(ONE)} {compact(ONE)}]", "it is not JSON"),
        (f'[{compact(ONE)}, "', "it is not JSON"),
        ("[\n" * 100_000, "it is not JSON"),
        ('{"a":' * 100_000, "it is not JSON"),
        (b"\xff\xfe{\x00}\x00", "it is not JSON"),
        (b"[\n\xff]", "it is not JSON"),
        ("# Markdown\n", "it is not JSON"),
    ],
)
def test_what_is_no_document_is_said_once_or_once_a_line(tmp_path: Path, text: str | bytes, said: str) -> None:
    unread = [item for item in items(written(tmp_path / "x.json", text)) if isinstance(item, Unread)]
    assert len(unread) == 1
    assert unread[0].why.startswith(said)


def test_half_a_character_is_read(tmp_path: Path) -> None:
    value = json.loads(compact(ONE))
    value["article"]["title"] = "half \ud800 a character"
    (found,) = items(written(tmp_path / "x.jsonl", json.dumps(value)))
    assert isinstance(found, Summary)
    assert found.article.title == "half \ud800 a character"


def test_a_folder_is_read_by_name_without_what_is_hidden_or_of_another_kind(tmp_path: Path) -> None:
    (tmp_path / "b").mkdir()
    (tmp_path / ".cache").mkdir()
    written(tmp_path / "b" / "2.jsonl", compact(OTHER))
    written(tmp_path / "a.json", indented(ONE))
    written(tmp_path / ".cache" / "x.json", "no")
    written(tmp_path / "page.html", "<p>")
    assert items(tmp_path) == [ONE, OTHER]


def test_a_folder_without_summaries_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(SourceError, match=r"holds no summary: put files in it that end in \.json"):
        items(tmp_path)


def test_a_file_that_is_not_there_is_said(tmp_path: Path) -> None:
    path = tmp_path / "none.json"
    assert items(path) == [Unread(str(path), "it cannot be read: No such file or directory; check the path")]


# --- tables of names -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("names.toml", 'Alibaba = ["Alibaba Group", "阿里巴巴"]\n"AT&T" = "ATT"\n'),
        ("names.csv", "Alibaba,Alibaba Group,阿里巴巴\nAT&T,ATT\n"),
        ("names.csv", "\ufeffAlibaba;Alibaba Group\r\nAlibaba;阿里巴巴\r\nAT&T;ATT\r\n"),
    ],
)
def test_a_table_is_read(tmp_path: Path, name: str, text: str) -> None:
    names = OrganisationNames.read(written(tmp_path / name, text))
    assert [names.key(each).named for each in ("ALIBABA GROUP", "阿里巴巴", "ATT", "Other")] == [
        "Alibaba",
        "Alibaba",
        "AT&T",
        None,
    ]


@pytest.mark.parametrize(
    ("name", "text", "said"),
    [
        ("x.toml", "Alibaba = [", "it is not TOML"),
        ("x.toml", "Alibaba = [1]", "'Alibaba' needs a list of spellings"),
        ("x.toml", "[Alibaba]\na = 1", "'Alibaba' needs a list of spellings"),
        ("x.toml", 'Alibaba = [""]', "a spelling of 'Alibaba' is empty"),
        ("x.toml", 'A = ["Ali"]\nB = ["ALI"]', "'ALI' is listed under two names, 'A' and 'B'"),
        ("x.csv", "A,Ali\nB,Ali", "'Ali' is listed under two names, 'A' and 'B'"),
        ("x.toml", b"\xff", "it is not UTF-8"),
    ],
)
def test_a_table_that_cannot_be_read_says_what_is_wrong(
    tmp_path: Path, name: str, text: str | bytes, said: str
) -> None:
    with pytest.raises(ConfigError, match=said) as error:
        OrganisationNames.read(written(tmp_path / name, text))
    assert str(tmp_path / name) in str(error.value)


def test_a_table_that_is_not_there_says_so(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="No such file"):
        OrganisationNames.read(tmp_path / "none.toml")
