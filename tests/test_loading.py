"""Loading: an article's text is read once and exactly, or the reader is told what could not be done."""

import os
import subprocess
import sys
import threading
from collections.abc import Iterator
from importlib import import_module
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from summarizer.errors import SourceError
from summarizer.language.identification import identify
from summarizer.loading import LARGEST, load
from summarizer.loading.source_formats import FORMATS, SourceFormat
from summarizer.loading.text_encoding import decode
from summarizer.schema import Article

FRENCH = (
    "L’été dernier, le groupe a cédé ses activités à l’étranger pour 3,5 milliards d’euros (€).\n"
    "La société n’a pas commenté « cette affaire ». Où en est-on ? Le cœur du projet est à l’arrêt.\n"
)
TEXTS = {
    "fr": FRENCH,
    "de": "Die Gespräche über eine Übernahme wurden für beendet erklärt, teilte die Firma in München mit.\n",
    "es": "La compañía española anunció el miércoles que no habrá más negociaciones con su socio.\n",
    "pl": "Spółka podpisała porozumienie w sprawie współpracy, że umowa została zawarta już w środę.\n",
    "cs": "Společnost podepsala dohodu o spolupráci s německým výrobcem, která začne platit v říjnu.\n",
    "tr": "Şirket, iş birliği için bir anlaşma imzaladığını açıkladı ve görüşmeler için yeni tarih verdi.\n",
    "ru": "Компания подписала соглашение о сотрудничестве с немецким производителем.\n",
    "el": "Η εταιρεία υπέγραψε συμφωνία συνεργασίας με τον γερμανικό κατασκευαστή.\n",
    "he": "החברה חתמה על הסכם שיתוף פעולה עם היצרן הגרמני, כך לפי מקורות.\n",
    "ar": "وقعت الشركة اتفاقية تعاون مع الشركة الألمانية وفقا لمصادر مطلعة.\n",
    "th": "บริษัทลงนามข้อตกลงความร่วมมือกับผู้ผลิตเยอรมันตามแหล่งข่าว\n",
    "ja": "アップルはアリババと提携し、中国で人工知能を導入すると関係者が明らかにした。\n",
    "zh": "苹果公司与阿里巴巴合作，在中国推出人工智能功能，知情人士表示。\n",
    "ko": "애플은 알리바바와 제휴하여 중국에서 인공지능을 도입한다고 관계자가 밝혔다.\n",
}


def utf_16(text: str) -> bytes:
    return text.encode("utf-16")


CODE_PAGES = {
    "fr": ("cp1252", "iso8859_15"),
    "de": ("cp1252", "iso8859_15"),
    "es": ("cp1252", "iso8859_15"),
    "pl": ("cp1250", "iso8859_2"),
    "cs": ("cp1250",),
    "tr": ("cp1254",),
    "ru": ("cp1251", "koi8_r"),
    "el": ("cp1253",),
    "he": ("cp1255",),
    "ar": ("cp1256",),
    "th": ("cp874",),
    "ja": ("cp932", "euc_jp"),
    "zh": ("gb18030",),
    "ko": ("cp949",),
}


@pytest.mark.parametrize("name", ["article.txt", "article.md", "article.markdown", "article.TEXT", "article"])
def test_a_plain_text_is_read_as_it_stands(tmp_path: Path, name: str) -> None:
    file = tmp_path / name
    file.write_bytes(FRENCH.encode())

    article = load(file)

    assert article == Article(text=FRENCH, source=str(file), title=article.title, language="fr", warnings=())
    assert article.title == FRENCH.splitlines()[0]
    assert load(str(file)) == article


def test_a_suffix_that_nobody_knows_is_read_as_text(tmp_path: Path) -> None:
    file = tmp_path / "brief.2024-05"
    file.write_text("Airbus and Thales signed a deal.")
    assert load(file).text == "Airbus and Thales signed a deal."


@pytest.mark.parametrize("ends", ["\r\n", "\r", "\n"])
def test_line_ends_become_newlines_and_nothing_else_is_edited(tmp_path: Path, ends: str) -> None:
    text = "  Title \n\nWith\ttabs,\u00a0no-break  spaces,\u2028soft\u00ad hyphens and e\u0301.\n\n\n"
    file = tmp_path / "article.txt"
    file.write_bytes(text.replace("\n", ends).encode())
    assert load(file).text == text


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-32"])
def test_unicode_with_a_byte_order_mark_needs_no_guess(encoding: str) -> None:
    assert decode(FRENCH.encode(encoding), "it") == (FRENCH, ())


@pytest.mark.parametrize("encoding", ["utf-16-le", "utf-16-be"])
def test_utf_16_without_a_mark_is_guessed(encoding: str) -> None:
    assert decode(FRENCH.encode(encoding), "it") == (
        FRENCH,
        (f"it is not UTF-8; it was read as {encoding}, a guess: save it as UTF-8 if letters are wrong",),
    )


@pytest.mark.parametrize("declared", ["utf-16", "UTF-16LE", "utf-16-be"])
@pytest.mark.parametrize("encoding", ["utf-16-le", "utf-16-be"])
@pytest.mark.parametrize("language", ["fr", "zh", "ja", "ru"])
def test_utf_16_that_is_declared_is_no_guess(language: str, encoding: str, declared: str) -> None:
    assert decode(TEXTS[language].encode(encoding), "it", declared) == (TEXTS[language], ())


@pytest.mark.parametrize(
    ("encoding", "declared", "read_as"),
    [
        ("cp1252", "utf-16", "cp1252, a guess"),
        ("cp1252", "iso-8859-15", "cp1252, a guess"),
        ("utf-16-le", "iso-8859-15", "utf-16-le, a guess"),
        ("utf-8", "utf-16", None),
        ("cp1252", "iso-8859-1", None),
        ("cp1252", "hex", "cp1252, a guess"),
    ],
)
def test_what_is_declared_counts_where_the_bytes_bear_it_out(encoding: str, declared: str, read_as: str | None) -> None:
    text, warnings = decode(FRENCH.encode(encoding), "it", declared)
    assert text == FRENCH
    assert [f"read as {read_as}" in warning for warning in warnings] == ([True] if read_as else [])


@pytest.mark.parametrize(
    ("language", "encoding"), [(language, page) for language, pages in CODE_PAGES.items() for page in pages]
)
def test_the_code_page_is_guessed_and_said(language: str, encoding: str) -> None:
    raw = TEXTS[language].encode(encoding, "replace")

    decoded = decode(raw, "it")

    assert decoded.text == raw.decode(encoding)
    assert len(decoded.warnings) == 1
    assert "a guess" in decoded.warnings[0]


def test_a_guess_stands_in_the_warnings_of_the_article(tmp_path: Path) -> None:
    file = tmp_path / "article.txt"
    file.write_bytes(FRENCH.encode("cp1252"))

    article = load(file)

    assert (article.text, article.language) == (FRENCH, "fr")
    assert article.warnings == (
        "it is not UTF-8; it was read as cp1252, a guess: save it as UTF-8 if letters are wrong",
    )


def test_a_few_bytes_of_another_code_page_in_utf_8_are_mended_and_counted() -> None:
    raw = FRENCH.encode() + "café d’hier".encode("cp1252")
    assert decode(raw, "it") == (
        FRENCH + "café d’hier",
        ("2 bytes are not UTF-8, as the rest is; they were read as cp1252, a guess",),
    )


def test_what_no_code_page_has_is_counted() -> None:
    decoded = decode(b"L'\xe9t\xe9 \x81 et la soci\xe9t\xe9 du groupe est dans les affaires " * 3, "it")
    assert decoded.text.count("\ufffd") == 3
    assert "3 places are not cp1252, and show as \ufffd" in decoded.warnings


def test_standard_input_is_read_to_its_end() -> None:
    script = "from summarizer import loading; print(ascii(loading.load('-').text), loading.load.__name__)"
    done = subprocess.run(
        [sys.executable, "-c", script], input=FRENCH.encode("utf-8-sig"), capture_output=True, check=True
    )
    assert done.stdout.decode().strip() == f"{FRENCH!a} load"


def test_closed_standard_input_is_an_error_not_a_crash() -> None:
    script = (
        "from summarizer.errors import SourceError\n"
        "from summarizer.loading import load\n"
        "try: load('-')\n"
        "except SourceError as error: print(error)\n"
    )
    done = subprocess.run(
        ["sh", "-c", f"exec '{sys.executable}' -c \"{script}\" <&-"],
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stdout == "cannot read standard input: it is closed; give a file instead of `-`\n"


PLAIN = "save the article as plain text (.txt or .md), or pipe its text in with `-`"


@pytest.mark.parametrize(
    ("name", "raw", "message"),
    [
        ("empty.txt", b"", "cannot summarize {!r}: it is empty; give an article with at least one sentence"),
        ("mark.txt", b"\xef\xbb\xbf", "cannot summarize {!r}: it is empty; give an article with at least"),
        ("spaces.txt", b" \n\t\r\n ", "cannot summarize {!r}: it is empty; give an article with at least"),
        ("rule.txt", b"--- * ---\n", "cannot summarize {!r}: it has no words in it; give an article"),
        ("image.txt", b"\x89PNG\r\n\x1a\n\x00", f"cannot read {{!r}}: it is a PNG image; {PLAIN}"),
        ("report.txt", b"%PDF-1.7\n", "cannot read {!r}: the PDF is damaged ("),
        ("nul.txt", b"Airbus\x00and Thales", f"cannot read {{!r}}: it is binary, not text; {PLAIN}"),
        ("nuls.txt", bytes(range(256)) * 9, f"cannot read {{!r}}: it is binary, not text; {PLAIN}"),
        ("soup.txt", b"\x01\x02\x03 words \x06", f"cannot read {{!r}}: it is binary, not text; {PLAIN}"),
        ("notes.csv", b"a,b", "cannot read {!r}: it is a table; save its articles as JSON lines with"),
        ("report.pdf", b"text", "cannot read {!r}: the PDF is damaged ("),
        ("old.RTF", b"text", "cannot read {!r}: it is an RTF document; open it and save it as .docx, .pdf or"),
        ("letter.docx", b"text", "cannot read {!r}: the document is damaged ("),
    ],
)  # fmt: skip
def test_what_is_not_an_article_is_refused_with_its_reason(tmp_path: Path, name: str, raw: bytes, message: str) -> None:
    file = tmp_path / name
    file.write_bytes(raw)
    with pytest.raises(SourceError) as refused:
        load(file)
    assert str(refused.value).startswith(message.format(str(file)))


@pytest.mark.parametrize(
    ("source", "message"),
    [
        ("no/such/article.txt", "cannot read 'no/such/article.txt': there is no such file; check the path"),
        ("ftp://example.org/a", "ftp URLs are not supported; give one that begins with https:// or http://, or a file"),
        ("x" * 5_000, "the file name is too long; pipe a text itself in with `-`, or use Article.from_text(…)"),
        ("nul\0.txt", "it is not a valid file name; check the path"),
    ],
)  # fmt: skip
def test_what_is_not_there_is_refused_with_its_reason(source: str, message: str) -> None:
    with pytest.raises(SourceError) as refused:
        load(source)
    assert str(refused.value).endswith(message)


def test_a_folder_is_refused(tmp_path: Path) -> None:
    with pytest.raises(SourceError) as refused:
        load(tmp_path)
    assert str(refused.value) == f"cannot read {os.fspath(tmp_path)!r}: it is a folder; give the files in it"


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="no FIFO here")
def test_a_fifo_and_a_device_are_refused_without_waiting(tmp_path: Path) -> None:
    fifo = tmp_path / "fifo.txt"
    os.mkfifo(fifo)
    before = threading.active_count()
    for source in (fifo, Path("/dev/zero")):
        with pytest.raises(SourceError, match="it is not a regular file; pipe its text in with `-`"):
            load(source)
    assert threading.active_count() == before


def test_a_link_to_itself_is_refused(tmp_path: Path) -> None:
    link = tmp_path / "link.txt"
    link.symlink_to(link)
    with pytest.raises(SourceError, match="it is a symbolic link to itself"):
        load(link)


@pytest.fixture
def nobody() -> Iterator[None]:
    """Lower root, who may read anything, to a user who may not."""
    if not hasattr(os, "seteuid"):
        pytest.skip("no users here")
    before = os.geteuid()
    if before == 0:
        os.seteuid(65534)
    yield
    os.seteuid(before)


def test_a_file_without_permission_is_refused(tmp_path: Path, nobody: None) -> None:
    file = tmp_path / "secret.txt"
    if os.access(tmp_path, os.W_OK, effective_ids=True):
        file.write_text("secret words")
        file.chmod(0)
    with pytest.raises(SourceError, match="permission denied; make it readable for you"):
        load(file)


def test_a_file_over_the_bound_is_refused_and_one_at_the_bound_is_not(tmp_path: Path) -> None:
    file = tmp_path / "large.txt"
    with file.open("wb") as sparse:
        sparse.truncate(50 * LARGEST)
    with pytest.raises(SourceError, match="it is larger than 20 MB; give one article at a time"):
        load(file)


def test_a_name_that_is_not_utf_8_can_be_printed(tmp_path: Path) -> None:
    path = os.fsencode(tmp_path) + b"/caf\xe9.txt"
    try:
        with open(path, "wb") as file:  # noqa: PTH123 - a name in bytes
            file.write(FRENCH.encode())
    except OSError:
        pytest.skip("this file system has no such names")
    article = load(os.fsdecode(path))
    assert article.source is not None
    assert article.source.endswith("caf\\xe9.txt")
    assert '"source"' in article.info.model_dump_json()


@settings(deadline=None, max_examples=300)
@given(st.binary(max_size=400) | st.text(max_size=200).map(str.encode) | st.text(max_size=99).map(utf_16))
def test_any_bytes_are_read_or_refused(raw: bytes) -> None:
    try:
        decoded = decode(raw, "it")
    except SourceError:
        return
    assert "\r" not in decoded.text
    decoded.text.encode()
    if not decoded.warnings and not raw.startswith((b"\xff\xfe", b"\xfe\xff", b"\x00\x00\xfe\xff")):
        assert raw.removeprefix(b"\xef\xbb\xbf").decode().replace("\r\n", "\n").replace("\r", "\n") == decoded.text


@settings(deadline=None, max_examples=100)
@given(st.text(alphabet=st.characters()))
def test_any_text_has_a_language(text: str) -> None:
    assert identify(text).isalpha()


def test_a_text_with_a_lone_surrogate_does_not_crash() -> None:
    article = Article.from_text("Airbus \ud800 and Thales signed the deal.")
    assert len(article.sha256) == 64


@pytest.mark.parametrize(("language", "text"), TEXTS.items())
def test_the_language_of_a_sentence_is_found(language: str, text: str) -> None:
    assert Article.from_text(text).language == language


@pytest.mark.parametrize("row", FORMATS, ids=lambda row: row.name)
def test_a_format_is_a_row_and_a_module_that_parses_it(row: SourceFormat) -> None:
    if row.module is None:
        assert row.advice, "a format that is not read says what to do"
        return
    assert callable(import_module(f"summarizer.loading.{row.module}").parse)
    assert row.suffixes and row.media_types
