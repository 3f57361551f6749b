"""Files that are made to do harm, or are merely huge: a clear word or a right result, in bounded time and memory."""

import json
import os
import subprocess
import sys
import zlib
from io import BytesIO
from pathlib import Path
from zipfile import ZIP_DEFLATED, ZipFile

import pytest
from docx import Document
from pdf_files import Page, assembled, pdf

from summarizer import Article, SourceError, load, summarize
from summarizer.loading import LARGEST
from summarizer.loading.sandbox import CPU_SECONDS, MEMORY, result

PAGE = Page().column(50, 760, ["Norvik signed a deal with Zelba on Tuesday, both firms said in Lyon."])
WORDS = b"Norvik signed a deal with Zelba on Tuesday, both firms said in Lyon."


def deep_tree() -> bytes:
    objects = {1: b"<< /Type /Catalog /Pages 2 0 R >>"}
    objects |= {n: f"<< /Type /Pages /Kids [{n + 1} 0 R] /Count 1 >>".encode() for n in range(2, 2_000)}
    return assembled(objects | {2_000: b"<< /Type /Page >>"}, "/Root 1 0 R")


def twice_packed(content: bytes) -> bytes:
    packed = zlib.compress(zlib.compress(content, 9), 9)
    return pdf([packed]).replace(b"/Length", b"/Filter [/FlateDecode /FlateDecode] /Length")


def word(document: bytes | None = None, more: dict[str, bytes] | None = None) -> bytes:
    saved, out = BytesIO(), BytesIO()
    Document().save(saved)
    with ZipFile(saved) as whole, ZipFile(out, "w", ZIP_DEFLATED) as made:
        for name in whole.namelist():
            own = name == "word/document.xml" and document is not None
            made.writestr(name, document if own and document is not None else whole.read(name))
        for name, content in (more or {}).items():
            made.writestr(name, content)
    return out.getvalue()


def body(inner: str, prologue: str = "") -> bytes:
    names = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
    return f"{prologue}<w:document {names}><w:body>{inner}</w:body></w:document>".encode()


ENTITIES = "".join(f'<!ENTITY e{n} "{f"&e{n - 1};" * 10}">' for n in range(1, 10))
LAUGHS = f'<!DOCTYPE x [<!ENTITY e0 "lol">{ENTITIES}]>'
THEFT = '<!DOCTYPE x [<!ENTITY e9 SYSTEM "file:///etc/passwd">]>'
PARAGRAPH = "<w:p><w:r><w:t>Norvik &e9; signs.</w:t></w:r></w:p>"
CELLS = "<w:tbl><w:tr><w:tc>"
MAIL = b"From: a@b.c\nMIME-Version: 1.0\n"
PARTS = b"".join(b'Content-Type: multipart/mixed; boundary="b%d"\n\n--b%d\n' % (n, n) for n in range(3_000))

BOMBS = {
    "a PDF of 10,000 pages": (lambda: pdf([PAGE], kids="5 0 R " * 10_000), "it has 10,000 pages, more than 2,000"),
    "a loop in the tree of pages": (lambda: pdf([PAGE], kids="2 0 R 5 0 R"), "the PDF is damaged"),
    "a tree of pages without end": (deep_tree, "the PDF is damaged"),
    "a PDF that unpacks to 500 MB": (lambda: twice_packed(bytes(500_000_000)), "its page is damaged"),
    "arrays in arrays": (lambda: pdf([b"[" * 1_000_000]), "its page is damaged"),
    "objects in objects": (lambda: pdf([PAGE]).replace(b"<<  >>", b"[" * 500_000), "the PDF is damaged"),
    "a Word document that unpacks to 300 MB": (
        lambda: word(more={"word/media/a.png": bytes(300_000_000)}),
        "unpacked it is 300,",
    ),
    "a Word document of much markup": (lambda: word(body("<w:p/>" * 4_000_000)), "unpacked it is 24,"),
    "a Word document of 20,000 parts": (lambda: word(more={f"x{n}": b"" for n in range(20_000)}), "in 20,017 parts"),
    "entities in a Word document": (lambda: word(body(PARAGRAPH, LAUGHS)), "the document is damaged"),
    "a file named in a Word document": (lambda: word(body(PARAGRAPH, THEFT)), "it declares a document type"),
    "tables in tables": (lambda: word(body(CELLS * 5_000)), "the document is damaged"),
    "mails in mails": (lambda: MAIL + PARTS, "the mail is damaged"),
    "a feed of 20,000 entries": (
        lambda: b'<rss version="2.0"><channel>' + b"<item><title>t</title></item>" * 20_000 + b"</channel></rss>",
        "the feed has 20,000 entries, more than 10,000",
    ),
    "a page of 100,000 elements in each other": (
        lambda: b"<!doctype html><body>" + b"<div>" * 100_000 + WORDS,
        "cannot read",
    ),
}


@pytest.mark.slow
@pytest.mark.parametrize("name", BOMBS)
def test_a_bomb_is_refused_with_its_reason(tmp_path: Path, name: str) -> None:
    make, message = BOMBS[name]
    file = tmp_path / "article"
    file.write_bytes(make())
    with pytest.raises(SourceError) as refused:
        load(file)
    assert message in str(refused.value)


def limited(script: str) -> "subprocess.CompletedProcess[bytes]":
    start = f"from summarizer.loading.sandbox import limit\nlimit(seconds=1)\n{script}"
    return subprocess.run([sys.executable, "-c", start], capture_output=True, check=False)


@pytest.mark.slow
def test_a_parser_without_end_is_stopped() -> None:
    done = limited("while True: pass")
    with pytest.raises(SourceError, match=f"'it': it took longer than {CPU_SECONDS} s, or more memory than"):
        result(done.stdout, done.returncode, "it")


def test_a_parser_that_fills_the_memory_is_stopped() -> None:
    done = limited(f"bytearray({2 * MEMORY})")
    assert b"MemoryError" in done.stderr
    with pytest.raises(SourceError, match="cannot read 'it': its reader needed more than 1024 MB, or crashed"):
        result(done.stdout, done.returncode, "it")


def test_a_parser_that_breaks_down_is_one_error() -> None:
    done = limited("import os; os.abort()")
    with pytest.raises(SourceError, match=r"or crashed \(-6\); it may be damaged or malicious: save the"):
        result(done.stdout, done.returncode, "it")


def test_a_file_of_two_gigabytes_is_refused_before_it_is_read(tmp_path: Path) -> None:
    for name in ("a.txt", "a.pdf", "a.docx", "a.html", "a.eml", "a.xml"):
        file = tmp_path / name
        with file.open("wb") as sparse:
            sparse.truncate(2_000_000_000)
        with pytest.raises(SourceError, match=f"it is larger than {LARGEST // 1_000_000} MB"):
            load(file)


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="no FIFO here")
@pytest.mark.parametrize("name", ["a.pdf", "a.html", "a.xml", "a.eml", "a"])
def test_a_fifo_is_refused_whatever_it_is_called(tmp_path: Path, name: str) -> None:
    os.mkfifo(tmp_path / name)
    with pytest.raises(SourceError, match="it is not a regular file"):
        load(tmp_path / name)
    done = command(str(tmp_path / name))
    assert (done.returncode, "Traceback" in done.stderr) == (1, False)


def command(*arguments: str, **options: object) -> "subprocess.CompletedProcess[str]":
    asked = [sys.executable, "-m", "summarizer", "-m", "extractive", "-q", *arguments]
    return subprocess.run(asked, capture_output=True, text=True, check=False, timeout=120, **options)  # type: ignore[call-overload, no-any-return]


# --- texts that are odd, and no bombs --------------------------------------------------------------------------------

SENTENCE = "Norvik a signé mardi un accord de collaboration avec Zelba."


@pytest.mark.parametrize(
    "text",
    [
        "Norvik signe Zelba",
        "mot",
        "https://example.org/a\nhttps://example.org/b\n" * 50,
        "Norvik a signé avec Zelba " * 8_000,
        "a" * 200_000,
        "Norvik\u202e a signé\u2066 un accord\u2069 avec Zelba.\u200b",
        "Norvik \ud800 a signé \udfff un accord avec Zelba.",
        f"\x0b\x0c{SENTENCE}\x1b[31m{SENTENCE}",
        "\ufeff" + SENTENCE,
        "…" * 1_000 + SENTENCE,
        "é" * 3 + "\u0301" * 50_000,
    ],
    ids=lambda text: ascii(text[:24]),
)
def test_an_odd_text_is_summarized_with_exact_offsets(text: str) -> None:
    article = Article.from_text(text)
    summary = summarize(article, model="extractive")
    claims = [*summary.takeaways, *summary.partnerships]
    for evidence in (evidence for claim in claims for evidence in claim.evidence):
        assert article.text[evidence.start : evidence.end] == evidence.quote


@pytest.mark.slow
def test_a_line_of_json_may_hold_what_no_text_can(tmp_path: Path) -> None:
    file = tmp_path / "rows.jsonl"
    file.write_text(
        '{"id": "half", "text": "Norvik \\ud800 a signé un accord avec Zelba."}\n'
        '{"id": "nul", "text": "Norvik \\u0000 a signé un accord avec Zelba."}\n'
        '{"id": "bidi", "text": "Norvik \\u202e a signé un accord avec Zelba."}\n'
        '{"id": 5, "text": ""}\n'
        '{"id": "x", "text": 7}\n'
        "[1]\n{\n",
        encoding="utf-8",
    )
    done = command("-f", "jsonl", str(file))
    results = [json.loads(line) for line in done.stdout.splitlines()]
    assert [result["schema"] for result in results] == ["summary/1"] * 3 + ["failure/1"] * 4
    assert (done.returncode, "Traceback" in done.stderr) == (1, False)


@pytest.mark.slow
def test_signs_that_turn_the_writing_stay_in_the_text_and_are_shown_as_signs(tmp_path: Path) -> None:
    file = tmp_path / "a.txt"
    file.write_text("Norvik\u202e a signé un accord avec Zelba\u2069 mardi.\n" * 3, encoding="utf-8")
    assert "\u202e" in load(file).text
    for format in ("text", "markdown", "html", "csv"):
        shown = command("-f", format, "--quotes", str(file)).stdout
        assert "Norvik" in shown
        assert "\u202e" not in shown, format
