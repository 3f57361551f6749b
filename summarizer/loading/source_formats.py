"""The table of source formats: detected by content first, by media type or suffix second, and plain text otherwise.

A new format is one row of `FORMATS` and one module with a function `parse(raw, name, charset)`, which returns a
`LoadedText`, or a `FeedEntry` for each of several articles, and raises `SourceError` and nothing else. `raw` is the
content, `name` stands in messages, `charset` is what the transport declared. A format without a module is refused, with
its row's advice.
"""

import re
from collections.abc import Callable, Sequence
from importlib import import_module
from itertools import chain
from typing import Any, NamedTuple

from ..errors import SourceError
from ..plugins import READERS, declared, plugin
from .loaded_text import SAVE_AS_TEXT, FeedEntry, LoadedText
from .sandbox import parse_isolated

HEAD = 1 << 16
"""Bytes that detection looks at: a page may begin with a long comment."""
_PLAIN_MAIL = 2_000_000
"""Bytes of a mail that is parsed in this process."""
_PLAIN_HEADER = 8_000
"""Bytes of a header, or of a line: the time of the header parser grows with their square."""


class Content(NamedTuple):
    """The beginning of a source, as bytes and as text, whatever its encoding."""

    raw: bytes
    text: str


Signature = Callable[[Content], object]
"""Whether a content is of a format: true only where it can be nothing else."""


class SourceFormat(NamedTuple):
    """One format of a source."""

    name: str
    """As it stands in messages: "a PDF document"."""
    module: str | None = None
    """The module of this package that parses it; None where none does."""
    suffixes: tuple[str, ...] = ()
    media_types: tuple[str, ...] = ()
    signature: Signature | None = None
    several: bool = False
    """Whether it may hold several articles."""
    isolated: Callable[[bytes], bool] | None = None
    """Whether a file is parsed in a process of its own: its parser can loop, or exhaust the memory."""
    advice: str = ""
    """What to do with a format that is not read."""
    reader: Callable[[bytes, str, str | None], str | LoadedText] | None = None
    """What another package reads it with (`plugins`)."""

    def parse(self, raw: bytes, name: str, charset: str | None = None) -> LoadedText | tuple[FeedEntry, ...]:
        """Read a source. Raises `SourceError`."""
        if self.reader is not None:
            return _read_by(self.reader, raw, name, charset)
        if self.module is None:
            raise SourceError(f"cannot read {name!r}: it is {self.name}; {self.advice}")
        module = f"{__package__}.{self.module}"
        if self.isolated is None or not self.isolated(raw):
            parsed: LoadedText | tuple[FeedEntry, ...] = import_module(module).parse(raw, name, charset)
            return parsed
        fields = parse_isolated(module, raw, name, charset)
        return tuple(FeedEntry(id, _restored(entry)) for id, entry in fields) if self.several else _restored(fields)


def _read_by(
    reader: Callable[[bytes, str, str | None], str | LoadedText], raw: bytes, name: str, charset: str | None
) -> LoadedText:
    try:
        text = reader(raw, name, charset)
    except SourceError:
        raise
    except Exception as error:  # whatever a stranger's reader raises
        raise SourceError(f"cannot read {name!r}: its reader failed ({type(error).__name__}: {error})") from error
    return LoadedText(text) if isinstance(text, str) else text


def _restored(fields: Sequence[Any]) -> LoadedText:
    text, warnings, *metadata = fields
    return LoadedText(text, tuple(warnings), *metadata)


def detect(raw: bytes, suffix: str = "", media_type: str | None = None) -> SourceFormat:
    """Return the format of a source by its content, then by its media type, then by its suffix."""
    content = Content(raw, _head(raw))
    candidates = chain(
        (row for row in FORMATS if row.signature is not None and row.signature(content)),
        (row for row in FORMATS if media_type in row.media_types),
        (row for row in FORMATS if suffix.lower() in row.suffixes),
    )
    found = next(candidates, TEXT)
    if (found.module is None or (found is TEXT and suffix.lower() not in TEXT.suffixes)) and is_read_elsewhere(suffix):
        return SourceFormat(f"a {suffix} file", reader=plugin(READERS, suffix.lower()))
    return found


def is_read_elsewhere(suffix: str) -> bool:
    """Tell whether an installed package reads files of a suffix that is not read here."""
    return bool(suffix) and suffix.lower() in declared(READERS)


def _head(raw: bytes) -> str:
    """The beginning as text with `\\n` as line end, without a byte order mark; correct for the ASCII of signatures."""
    head = raw[:HEAD]
    for mark, encoding in ((b"\xff\xfe", "utf-16-le"), (b"\xfe\xff", "utf-16-be")):
        if head.startswith(mark):
            return head[2:].decode(encoding, "replace").replace("\r\n", "\n")
    return head.removeprefix(b"\xef\xbb\xbf").decode("latin-1").replace("\x00", "").replace("\r\n", "\n")


# --- signatures ------------------------------------------------------------------------------------------------------


def _starts(*marks: bytes) -> Signature:
    return lambda content: content.raw.startswith(marks)


def _archive(*members: bytes) -> Signature:
    """A ZIP archive that names a member: enough to choose a reader, which looks closer."""
    return lambda content: content.raw.startswith(b"PK\x03\x04") and any(name in content.raw for name in members)


def _compound(stream: str) -> Signature:
    """A compound file of Microsoft that names a stream."""
    name = stream.encode("utf-16-le")
    return lambda content: content.raw.startswith(b"\xd0\xcf\x11\xe0") and name in content.raw


def _matches(pattern: str) -> Signature:
    compiled = re.compile(pattern, re.IGNORECASE)
    return lambda content: compiled.match(content.text)


_PROLOGUE = r"\s*(?:<\?[^>]*>\s*|<!--(?:[^-]|-(?!->))*-->\s*)*"  # processing instructions and comments
_PAGE = _PROLOGUE + r"<(?:!doctype\s+html|html[\s>])"
_FEED = _PROLOGUE + r"(?:<!doctype[^>\[]*(?:\[[^\]]*\]\s*)?>\s*)?<(?:\w+:)?(?:rss|feed|rdf)[\s>:]"
_HEADER = r"[!-9;-~]+:[^\n]*\n(?:[ \t][^\n]*\n)*"
_MAIL = (
    rf"(?=(?:{_HEADER}){{0,200}}?From:)(?:{_HEADER}){{0,200}}?"
    r"(?:Message-ID|MIME-Version|Received|Return-Path|Delivered-To):"
)
_MAILBOX = r"From \S+ .*\d{4}\n[!-9;-~]+:"
_FOLDED = re.compile(rb"[^\n]+(?:\n[ \t][^\n]*)*")


def _is_extraordinary(raw: bytes) -> bool:
    """Whether a mail is so large, or has headers so long, that it could take minutes."""
    return len(raw) > _PLAIN_MAIL or any(len(line[0]) > _PLAIN_HEADER for line in _FOLDED.finditer(raw))


# --- the table -------------------------------------------------------------------------------------------------------


def _refused(name: str, advice: str, signature: Signature | None = None, *suffixes: str) -> SourceFormat:
    return SourceFormat(name, suffixes=suffixes, signature=signature, advice=advice)


_CONVERT = "open it and save it as .docx, .pdf or plain text"
_UNPACK = "unpack it, and give what is in it"

TEXT = SourceFormat(
    "a text", "text_encoding", ("", ".txt", ".text", ".md", ".markdown"), ("text/plain", "text/markdown")
)
FORMATS: tuple[SourceFormat, ...] = (
    SourceFormat("a PDF document", "pdf", (".pdf",), ("application/pdf",), _starts(b"%PDF-"), isolated=lambda _: True),
    SourceFormat(
        "a Word document",
        "docx",
        (".docx", ".docm"),
        ("application/vnd.openxmlformats-officedocument.wordprocessingml.document",),
        _archive(b"word/document.xml"),
    ),
    _refused("an OpenDocument text", _CONVERT, _archive(b"application/vnd.oasis.opendocument"), ".odt"),
    _refused("an e-book", "convert it to .docx, .html or plain text", _archive(b"application/epub+zip"), ".epub"),
    _refused("a presentation", "export it as .pdf", _archive(b"ppt/presentation.xml"), ".pptx", ".ppt", ".odp"),
    _refused("a spreadsheet", "save its articles as .jsonl", _archive(b"xl/workbook"), ".xlsx", ".xls", ".ods"),
    _refused("a ZIP archive", _UNPACK, _starts(b"PK\x03\x04", b"PK\x05\x06"), ".zip"),
    _refused("an Outlook message", "save it as .eml", _compound("__substg1.0_"), ".msg"),
    _refused("an old Office document", _CONVERT, _starts(b"\xd0\xcf\x11\xe0"), ".doc"),
    _refused("an RTF document", _CONVERT, _starts(b"{\\rtf"), ".rtf"),
    _refused("a PNG image", SAVE_AS_TEXT, _starts(b"\x89PNG"), ".png"),
    _refused("a JPEG image", SAVE_AS_TEXT, _starts(b"\xff\xd8\xff"), ".jpg", ".jpeg"),
    _refused("a GIF image", SAVE_AS_TEXT, _starts(b"GIF8"), ".gif"),
    _refused("a gzip archive", _UNPACK, _starts(b"\x1f\x8b"), ".gz", ".tgz"),
    _refused("a bzip2 archive", _UNPACK, _starts(b"BZh"), ".bz2"),
    _refused("an xz archive", _UNPACK, _starts(b"\xfd7zXZ"), ".xz"),
    _refused("a zstd archive", _UNPACK, _starts(b"\x28\xb5\x2f\xfd"), ".zst"),
    _refused("a program", SAVE_AS_TEXT, _starts(b"\x7fELF", b"MZ\x90")),
    _refused("a database", SAVE_AS_TEXT, _starts(b"SQLite format 3")),
    SourceFormat(
        "a web page", "pages", (".html", ".htm", ".xhtml"), ("text/html", "application/xhtml+xml"), _matches(_PAGE)
    ),
    SourceFormat(
        "a feed",
        "feeds",
        (".rss", ".atom", ".xml", ".rdf"),
        ("application/rss+xml", "application/atom+xml", "application/rdf+xml", "application/xml", "text/xml"),
        _matches(_FEED),
        several=True,
        isolated=lambda _: True,
    ),
    _refused("a mailbox", "give one message at a time, as .eml", _matches(_MAILBOX), ".mbox"),
    SourceFormat(
        "a mail",
        "mail",
        (".eml", ".mht", ".mhtml"),
        ("message/rfc822", "multipart/related"),
        _matches(_MAIL),
        isolated=_is_extraordinary,
    ),
    _refused("JSON", 'give JSON lines with "id" and "text" in a file that ends in .jsonl', None, ".json"),
    _refused("JSON lines", "they are many articles: give the file to the command", None, ".jsonl", ".ndjson"),
    _refused("a table", 'save its articles as JSON lines with "id" and "text"', None, ".csv", ".tsv"),
    TEXT,
)

SUFFIXES = frozenset(suffix for row in FORMATS if row.module is not None for suffix in row.suffixes)
"""Of files that can be articles: what is taken from a folder."""
FEEDS = frozenset(suffix for row in FORMATS if row.several for suffix in row.suffixes)
"""Of files that can hold several articles."""
