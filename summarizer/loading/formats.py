"""What an article may come as: by content first, by suffix or media type second, and plain text else.

A new type is one row of `KINDS`: what a person calls it, who reads it, and how it is known. A type that nobody reads
has a row too: its reader says what to do instead.
"""

import re
from collections.abc import Callable
from importlib import import_module
from typing import Any, NamedTuple, NoReturn

from ..errors import SourceError
from .readers import PLAIN, Reader, Splitter
from .text_files import read_text

HEAD = 1 << 16
"""Bytes that are looked at: a page may begin with a long comment."""


class Content(NamedTuple):
    """The beginning of a source, as bytes and as text, whatever its encoding."""

    raw: bytes
    text: str


Sign = Callable[[Content], object]
"""Whether a content is of a kind: true only where it can be nothing else."""


class SourceFormat(NamedTuple):
    """One type of source."""

    name: str
    """As it stands in messages: "a PDF document"."""
    read: Reader | Splitter
    suffixes: tuple[str, ...] = ()
    types: tuple[str, ...] = ()
    """Media types."""
    sign: Sign | None = None
    several: bool = False
    """Whether it may hold several articles."""
    refused: bool = False


def kind_of(raw: bytes, suffix: str = "", media_type: str | None = None) -> SourceFormat:
    """Return the kind of a source: by what is in it, then by what it is called."""
    content = Content(raw, _head(raw))
    named = [kind for kind in KINDS if suffix.lower() in kind.suffixes]
    typed = [kind for kind in KINDS if media_type in kind.types]
    signed = (kind for kind in KINDS if kind.sign is not None and kind.sign(content))
    return next(signed, None) or next(iter((*typed, *named)), TEXT)


def _head(raw: bytes) -> str:
    """The beginning as text, without a byte order mark; right for ASCII, which is all that signs are made of."""
    head = raw[:HEAD]
    for mark, encoding in ((b"\xff\xfe", "utf-16-le"), (b"\xfe\xff", "utf-16-be")):
        if head.startswith(mark):
            return head[2:].decode(encoding, "replace")
    return head.removeprefix(b"\xef\xbb\xbf").decode("latin-1").replace("\x00", "")


# --- how they are known ----------------------------------------------------------------------------------------------


def _starts(*marks: bytes) -> Sign:
    return lambda content: content.raw.startswith(marks)


def _archive(*members: bytes) -> Sign:
    """A ZIP archive that names a member: enough to choose a reader, which looks closer."""
    return lambda content: content.raw.startswith(b"PK\x03\x04") and any(name in content.raw for name in members)


def _compound(stream: str) -> Sign:
    """A compound file of Microsoft that names a stream."""
    name = stream.encode("utf-16-le")
    return lambda content: content.raw.startswith(b"\xd0\xcf\x11\xe0") and name in content.raw


def _matches(pattern: str) -> Sign:
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


def _is_mail(content: Content) -> object:
    return _MAIL_HEADERS.match(content.text.replace("\r\n", "\n"))


_MAIL_HEADERS = re.compile(_MAIL, re.IGNORECASE)


# --- readers, imported where they are used ---------------------------------------------------------------------------


def _later(module: str, verb: str) -> Callable[[bytes, str, str | None], Any]:
    """Return the reader, or splitter, of a module that is imported when it is first wanted: most are, seldom."""

    def read(raw: bytes, name: str, charset: str | None) -> Any:
        return getattr(import_module(f".{module}", __package__), verb)(raw, name, charset)

    return read


def _never(what: str, instead: str) -> Reader:
    def refuse(raw: bytes, name: str, charset: str | None) -> NoReturn:
        raise SourceError(f"cannot read {name!r}: it is {what}; {instead}")

    return refuse


def _refused(name: str, instead: str, sign: Sign | None = None, *suffixes: str) -> SourceFormat:
    return SourceFormat(name, _never(name, instead), suffixes, sign=sign, refused=True)


_AS_DOCUMENT = "open it and save it as .docx, .pdf or plain text"
_UNPACK = "unpack it, and give what is in it"

_WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
_FEEDS = ("application/rss+xml", "application/atom+xml", "application/rdf+xml", "application/xml", "text/xml")

TEXT = SourceFormat("a text", read_text, ("", ".txt", ".text", ".md", ".markdown"), ("text/plain", "text/markdown"))

KINDS: tuple[SourceFormat, ...] = (
    SourceFormat("a PDF document", _later("pdf", "read_pdf"), (".pdf",), ("application/pdf",), _starts(b"%PDF-")),
    SourceFormat(
        "a Word document", _later("docx", "read_word"), (".docx", ".docm"), (_WORD,), _archive(b"word/document.xml")
    ),
    _refused("an OpenDocument text", _AS_DOCUMENT, _archive(b"application/vnd.oasis.opendocument"), ".odt"),
    _refused("an e-book", "convert it to .docx, .html or plain text", _archive(b"application/epub+zip"), ".epub"),
    _refused("a presentation", "export it as .pdf", _archive(b"ppt/presentation.xml"), ".pptx", ".ppt", ".odp"),
    _refused("a spreadsheet", "save its articles as .jsonl", _archive(b"xl/workbook"), ".xlsx", ".xls", ".ods"),
    _refused("a ZIP archive", _UNPACK, _starts(b"PK\x03\x04", b"PK\x05\x06"), ".zip"),
    _refused("an Outlook message", "save it as .eml", _compound("__substg1.0_"), ".msg"),
    _refused("an old Office document", _AS_DOCUMENT, _starts(b"\xd0\xcf\x11\xe0"), ".doc"),
    _refused("an RTF document", _AS_DOCUMENT, _starts(b"{\\rtf"), ".rtf"),
    _refused("a PNG image", PLAIN, _starts(b"\x89PNG"), ".png"),
    _refused("a JPEG image", PLAIN, _starts(b"\xff\xd8\xff"), ".jpg", ".jpeg"),
    _refused("a GIF image", PLAIN, _starts(b"GIF8"), ".gif"),
    _refused("a gzip archive", _UNPACK, _starts(b"\x1f\x8b"), ".gz", ".tgz"),
    _refused("a bzip2 archive", _UNPACK, _starts(b"BZh"), ".bz2"),
    _refused("an xz archive", _UNPACK, _starts(b"\xfd7zXZ"), ".xz"),
    _refused("a zstd archive", _UNPACK, _starts(b"\x28\xb5\x2f\xfd"), ".zst"),
    _refused("a program", PLAIN, _starts(b"\x7fELF", b"MZ\x90")),
    _refused("a database", PLAIN, _starts(b"SQLite format 3")),
    SourceFormat(
        "a web page",
        _later("pages", "read_page"),
        (".html", ".htm", ".xhtml"),
        ("text/html", "application/xhtml+xml"),
        _matches(_PAGE),
    ),
    SourceFormat(
        "a feed",
        _later("feeds", "split_feed"),
        (".rss", ".atom", ".xml", ".rdf"),
        _FEEDS,
        _matches(_FEED),
        several=True,
    ),
    _refused("a mailbox", "give one message at a time, as .eml", _matches(r"From \S+ .*\d{4}\n[!-9;-~]+:"), ".mbox"),
    SourceFormat(
        "a mail",
        _later("mail", "read_mail"),
        (".eml", ".mht", ".mhtml"),
        ("message/rfc822", "multipart/related"),
        _is_mail,
    ),
    _refused("JSON", 'give JSON lines with "id" and "text" in a file that ends in .jsonl', None, ".json"),
    _refused("JSON lines", "they are many articles: give the file to the command", None, ".jsonl", ".ndjson"),
    _refused("a table", 'save its articles as JSON lines with "id" and "text"', None, ".csv", ".tsv"),
    TEXT,
)

SUFFIXES = frozenset(suffix for kind in KINDS if not kind.refused for suffix in kind.suffixes)
"""Of files that can be articles: what is taken from a folder."""
FEEDS = frozenset(suffix for kind in KINDS if kind.several for suffix in kind.suffixes)
"""Of files that can be several."""
