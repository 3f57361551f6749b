"""`load(source) -> Article`: a table of what an article may come as, and the reader of each.

A text is decoded once, its line ends become `\\n`, and it is never edited again: every offset counts in it.
"""

import errno
import os
import re
import stat
import sys
from collections.abc import Callable, Mapping
from pathlib import Path

from ..errors import SourceError
from ..schema import Article
from .decoding import PLAIN, Decoded, decode

LARGEST = 20_000_000
"""Bytes: ten times the longest report that news is made of; what is larger is a mistake."""

STANDARD_INPUT = "-"

Reader = Callable[[bytes, str], Decoded]
"""Bytes, and the name of where they came from for messages → text."""


def load(source: Path | str) -> Article:
    """Read an article from a file, or from standard input where `source` is "-".

    Raises `SourceError` when there is no such article, it has no words, or its kind is not read yet.
    """
    if str(source) == STANDARD_INPUT:
        return _article(_read_standard_input(), STANDARD_INPUT, _read_text)
    if isinstance(source, str) and (scheme := _SCHEME.match(source)):
        raise SourceError(f"cannot read {source!r}: {scheme[1].lower()} addresses are not read yet; {PLAIN}")
    name = printable(source)
    path = Path(source)
    return _article(_read_file(path, name), name, _reader(path, name))


def printable(path: Path | str) -> str:
    """Return a path as text that can be printed and written as UTF-8, whatever bytes its name is made of."""
    return str(path).encode("utf-8", "surrogateescape").decode("utf-8", "backslashreplace")


# --- which reader ---------------------------------------------------------------------------------

_SCHEME = re.compile(r"([a-z][a-z0-9+.-]+)://", re.IGNORECASE)


def _read_text(raw: bytes, name: str) -> Decoded:
    for signature, kind in _SIGNATURES.items():
        if raw.startswith(signature):
            raise SourceError(f"cannot read {name!r}: it is {kind}, not text; {PLAIN}")
    decoded = decode(raw, name)
    if _WEB_PAGE.match(decoded.text):
        raise SourceError(f"cannot read {name!r}: it is a web page, and these are not read yet; {PLAIN}")
    return decoded


# A new type is one row here. A suffix that stands in neither table is read as text: "brief.2024-05" is one.
READERS: Mapping[str, Reader] = {
    "": _read_text,
    ".txt": _read_text,
    ".text": _read_text,
    ".md": _read_text,
    ".markdown": _read_text,
}
_NOT_YET = frozenset(
    (
        *(".html", ".htm", ".xhtml", ".mhtml", ".xml", ".rss", ".atom"),
        *(".pdf", ".docx", ".doc", ".odt", ".rtf", ".epub", ".pptx"),
        *(".eml", ".msg", ".mbox", ".json", ".jsonl", ".csv", ".tsv", ".xlsx", ".zip", ".gz"),
    )
)
_SIGNATURES = {
    b"\x89PNG": "a PNG image",
    b"\xff\xd8\xff": "a JPEG image",
    b"GIF8": "a GIF image",
    b"%PDF-": "a PDF document",
    b"PK\x03\x04": "a ZIP archive or an Office document",
    b"\xd0\xcf\x11\xe0": "an Office document",
    b"{\\rtf": "an RTF document",
    b"\x1f\x8b": "a gzip archive",
    b"BZh": "a bzip2 archive",
    b"\xfd7zXZ": "an xz archive",
    b"\x28\xb5\x2f\xfd": "a zstd archive",
    b"\x7fELF": "a program",
    b"SQLite format 3": "a database",
}
_WEB_PAGE = re.compile(r"\s*(?:<!--.*?-->\s*)?<(?:!doctype\s+html|html[\s>])", re.IGNORECASE | re.DOTALL)


def _reader(path: Path, name: str) -> Reader:
    suffix = path.suffix.lower()
    if suffix in _NOT_YET:
        raise SourceError(f"cannot read {name!r}: {suffix} files are not read yet; {PLAIN}")
    return READERS.get(suffix, _read_text)


# --- bytes ----------------------------------------------------------------------------------------

_CAUSES = {
    errno.ENOENT: "there is no such file; check the path",
    errno.ENOTDIR: "there is no such file; check the path",
    errno.EACCES: "permission denied; make it readable for you (chmod u+r)",
    errno.EPERM: "permission denied; make it readable for you (chmod u+r)",
    errno.ELOOP: "it is a link that leads to itself; give the file it should lead to",
    errno.ENAMETOOLONG: "no file has so long a name; to summarize a text itself, pipe it in with `-`",
    errno.ENXIO: "it is not a regular file; pipe its text in with `-`",
}


def _read_file(path: Path, name: str) -> bytes:
    """Read a regular file; what would block or never end is refused before a byte is read."""
    try:
        # Non-blocking, so that a FIFO that nobody writes to cannot hold us.
        descriptor = os.open(path, os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0))
    except (OSError, ValueError) as error:
        raise SourceError(f"cannot read {name!r}: {_cause(path, error)}") from error
    try:
        if refusal := _irregular(os.fstat(descriptor).st_mode):
            raise SourceError(f"cannot read {name!r}: {refusal}")
        with open(descriptor, "rb", closefd=False) as file:
            return _bounded(file.read(LARGEST + 1), name)
    except OSError as error:
        raise SourceError(f"cannot read {name!r}: {_cause(path, error)}") from error
    finally:
        os.close(descriptor)


def _irregular(mode: int) -> str | None:
    if stat.S_ISDIR(mode):
        return "it is a folder; give the files in it"
    return None if stat.S_ISREG(mode) else "it is not a regular file; pipe its text in with `-`"


def _cause(path: Path, error: OSError | ValueError) -> str:
    if isinstance(error, ValueError):  # a NUL in the name
        return "no file has such a name; check the path"
    if os.path.isdir(path):  # noqa: PTH112 - never raises; some systems cannot even open a folder
        return "it is a folder; give the files in it"
    return _CAUSES.get(error.errno or 0, f"{error.strerror or error}")


def _read_standard_input() -> bytes:
    if sys.stdin is None:
        raise SourceError("cannot read standard input: it is closed; give a file instead of `-`")
    try:
        return _bounded(sys.stdin.buffer.read(LARGEST + 1), "standard input")
    except (OSError, ValueError) as error:
        raise SourceError(f"cannot read standard input: {error}; give a file instead of `-`") from error


def _bounded(raw: bytes, name: str) -> bytes:
    if len(raw) > LARGEST:
        raise SourceError(
            f"cannot read {name!r}: it is larger than {LARGEST // 1_000_000} MB; give one article at a time"
        )
    return raw


def _article(raw: bytes, name: str, read: Reader) -> Article:
    shown = "standard input" if name == STANDARD_INPUT else name
    decoded = read(raw, shown)
    if not any(map(str.isalnum, decoded.text)):
        what = "has no words in it" if decoded.text.strip() else "is empty"
        raise SourceError(f"cannot summarize {shown!r}: it {what}; give an article with at least one sentence")
    return Article.from_text(decoded.text, source=name).model_copy(update={"warnings": decoded.warnings})
