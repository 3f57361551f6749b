"""Lists of files and JSON Lines as other systems write them: the names are right, and a line fails alone."""

import io
import json
import subprocess
import sys
from pathlib import Path

import pytest

from summarizer.batch.sources import Row, read, rows
from summarizer.cli.inputs import gather
from summarizer.errors import SourceError
from summarizer.loading.text_encoding import lines_of

ENCODINGS = ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "utf-32"]
TEXT = "Norvik a signé un accord avec Zelba mardi à Oslo, pour 40 millions d'euros."


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    for name in ("a.txt", "été.txt", "other.txt"):
        Path(name).write_text(TEXT, encoding="utf-8")
    return tmp_path


@pytest.mark.parametrize("end", ["\n", "\r\n"])
@pytest.mark.parametrize("encoding", ENCODINGS)
def test_a_list_names_its_files_in_any_unicode(folder: Path, encoding: str, end: str) -> None:
    listing = folder / "list.lst"
    listing.write_bytes(f"./a.txt{end}été.txt{end}".encode(encoding))
    assert list(gather([], str(listing)).synchronous()) == [Path("a.txt"), Path("été.txt")]


@pytest.mark.parametrize("encoding", ["cp1252", "utf-8"])
def test_a_list_in_a_code_page_names_its_files(folder: Path, encoding: str) -> None:
    listing = folder / "list.lst"
    listing.write_bytes("été.txt\na.txt\n".encode(encoding))
    assert list(gather([], str(listing)).synchronous()) == [Path("été.txt"), Path("a.txt")]


@pytest.mark.parametrize("end", [b"\0", b"\n"])
def test_a_list_of_print0_is_one_of_names(folder: Path, end: bytes) -> None:
    listing = folder / "list.lst"
    listing.write_bytes(b"./a.txt" + end + b"./other.txt" + end)
    assert list(gather([], str(listing)).synchronous()) == [Path("a.txt"), Path("other.txt")]


@pytest.mark.parametrize("encoding", ENCODINGS)
def test_a_piped_list_may_be_in_any_unicode(folder: Path, encoding: str) -> None:
    command = [sys.executable, "-m", "summarizer", "-q", "-m", "extractive", "-f", "jsonl", "--files-from", "-"]
    done = subprocess.run(command, input="./a.txt\n".encode(encoding), capture_output=True, check=False, cwd=folder)
    assert [json.loads(line)["article"]["source"] for line in done.stdout.splitlines()] == ["a.txt"], done.stderr


@pytest.mark.parametrize("encoding", [*ENCODINGS, "cp1252"])
def test_json_lines_are_decoded_as_text_files_are(encoding: str) -> None:
    lines = "".join(json.dumps({"id": f"é{i}", "text": TEXT}, ensure_ascii=False) + "\r\n" for i in range(3))
    articles = [read(row) for row in rows(io.BytesIO(lines.encode(encoding)), "rows.jsonl")]
    assert [(article.source, article.text) for article in articles if article] == [(f"é{i}", TEXT) for i in range(3)]


@pytest.mark.parametrize(
    ("line", "why"),
    [
        ("[" * 5_000, "is not JSON"),
        ('{"text": ' + "[" * 5_000, "is not JSON"),
        ('{"id": 1}', 'has no "text"'),
        ('{"text": 5}', 'has no "text"'),
        ('{"schema": "summary/1", "article": {}, "takeaways": []}', 'has no "text"'),
        ("[1, 2]", "is no JSON object"),
        ("null", "is no JSON object"),
        ('{"text": "   "}', "is empty"),
        (b'{"text": "\x00\xff\x00"}', "rows.jsonl:1"),
    ],
)
def test_a_line_that_is_no_article_fails_alone(line: str | bytes, why: str) -> None:
    with pytest.raises(SourceError, match=why):
        read(Row(line, "rows.jsonl:1"))


@pytest.mark.parametrize("size", [1, 2, 3, 7, 100])
@pytest.mark.parametrize("encoding", ENCODINGS[:3])
def test_lines_are_the_same_in_chunks_of_any_size(encoding: str, size: int) -> None:
    raw = "é1\nzwei\n\nfour".encode(encoding)
    chunks = [raw[i : i + size] for i in range(0, len(raw), size)]
    assert [line.decode() for line in lines_of(chunks)] == ["é1", "zwei", "", "four"]
