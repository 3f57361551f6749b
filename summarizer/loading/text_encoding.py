"""Bytes → text, decoded once: byte order mark, strict UTF-8, the declared charset, then a guess with a warning.

The guess covers the code pages that news is written in. Latin code pages are identified by the language of the decoded
words, where charset-normalizer alone errs (it reads French cp1252 as cp1250); the others are left to it.
"""

import codecs
import re
from collections.abc import Iterable, Iterator
from itertools import chain
from typing import NamedTuple

from ..errors import SourceError
from ..language.identification import identify
from .loaded_text import SAVE_AS_TEXT, LoadedText


class Decoded(NamedTuple):
    """A text, and warnings on how its bytes were decoded."""

    text: str
    warnings: tuple[str, ...] = ()


def parse(raw: bytes, name: str, charset: str | None) -> LoadedText:
    """Read plain text or Markdown, as it stands. Raises `SourceError` for binary data."""
    decoded = decode(raw, name, charset)
    return LoadedText(decoded.text, decoded.warnings)


def decode(raw: bytes, name: str, declared: str | None = None) -> Decoded:
    """Decode bytes to text with `\\n` as line end; `name` stands in messages.

    `declared` is the charset of a header or of the document itself; it is ignored where the bytes contradict it.
    Raises `SourceError` when the bytes are not text.
    """
    decoded = _decode(raw, name, codec(declared))
    if _is_binary(decoded.text):
        raise SourceError(f"cannot read {name!r}: it is binary, not text; {SAVE_AS_TEXT}")
    return decoded._replace(text=decoded.text.replace("\r\n", "\n").replace("\r", "\n"))


def lines_of(chunks: Iterable[bytes], *, names: bool = False) -> Iterator[bytes]:
    """Yield the lines of a text in UTF-8, whatever Unicode it is in.

    Lines that are `names` may end in NUL instead, as `find -print0` writes them.
    """
    end, pending = b"\n", b""
    for chunk in utf8(chunks):
        pending += chunk
        if names and b"\0" in pending:
            end = b"\0"
        *lines, pending = pending.split(end)
        yield from lines
    if pending:
        yield pending


def utf8(chunks: Iterable[bytes]) -> Iterator[bytes]:
    """Yield chunks of a text in UTF-8 without a mark, where they are UTF-16, UTF-32 or have one; others as they are."""
    stream = iter(chunks)
    head = next(stream, b"")
    while len(head) < _ENOUGH and (more := next(stream, b"")):
        head += more
    mark, encoding = next(((m, e) for m, e in _BYTE_ORDER_MARKS if head.startswith(m)), (b"", _sixteen_bits(head)))
    head = head.removeprefix(mark)
    if encoding in (None, "utf-8"):
        yield from filter(None, chain((head,), stream))
        return
    decoder = codecs.getincrementaldecoder(str(encoding))("replace")
    yield from (decoder.decode(chunk).encode() for chunk in chain((head,), stream))
    yield decoder.decode(b"", final=True).encode()


_ENOUGH = 4
"""Bytes that a byte order mark has at the most."""
_BYTE_ORDER_MARKS = (  # UTF-32 first: its mark begins with that of UTF-16
    (b"\xff\xfe\x00\x00", "utf-32-le"),
    (b"\x00\x00\xfe\xff", "utf-32-be"),
    (b"\xef\xbb\xbf", "utf-8"),
    (b"\xff\xfe", "utf-16-le"),
    (b"\xfe\xff", "utf-16-be"),
)
_REPLACEMENT = "\ufffd"
_ESCAPED = re.compile("[\udc80-\udcff]+")  # bytes that are not UTF-8, under `surrogateescape`
_PAUSES = re.compile("[ \n\u3000-\u3002\uff0c\uff0e]")
"""Every text has one of these in a hundred characters, and other bytes hardly ever form one."""
_MOSTLY = 4
"""Well-formed characters to one bad byte in a text that is mostly UTF-8: the accents of another code page hardly ever
form one by chance."""

# Latin code pages agree on most letters: the right one is the first whose decoded text is in one of its languages.
_LATIN = {
    "cp1252": ("fr", "en", "de", "es", "it", "pt", "nl", "da", "fi", "nb", "sv"),
    "cp1250": ("cs", "hu", "pl", "ro"),
    "cp1254": ("tr",),
    "cp1258": ("vi",),
}
_C1 = re.compile(rb"[\x80-\x9f]")  # letters and punctuation in cp1250 and cp1252, control characters in ISO 8859
_ISO = {  # the nearest ISO 8859, and the bytes of letters that it has elsewhere: ą ś ź; €
    "cp1250": ("iso8859_2", re.compile(rb"[\xb1\xb6\xbc]")),
    "cp1252": ("iso8859_15", re.compile(rb"\xa4")),
}
_NOT_LATIN = (
    *("cp1251", "koi8_r", "cp1253", "iso8859_7", "cp1255", "cp1256", "cp874"),
    *("cp932", "euc_jp", "gb18030", "big5", "cp949"),
)


# What a declared charset means on the web: each stands for its superset.
_SUPERSETS = {
    **dict.fromkeys(("iso8859-1", "ascii"), "cp1252"),
    **dict.fromkeys(("gb2312", "gbk"), "gb18030"),
    "iso8859-9": "cp1254",
    "shift_jis": "cp932",
    "euc_kr": "cp949",
    "tis-620": "cp874",
}
_UNICODE = ("utf-8", "utf-8-sig", "utf-7")


def codec(declared: str | None) -> str | None:
    """Return the codec of a declared charset; None where it is unknown, or UTF-8, which is recognized without it."""
    try:
        found = codecs.lookup((declared or "").strip(" \t\"'"))
        "".encode(found.name)  # fails for codecs from bytes to bytes
    except (LookupError, ValueError):
        return None
    return None if found.name in _UNICODE else _SUPERSETS.get(found.name, found.name)


def _as_declared(raw: bytes, codec: str) -> Decoded | None:
    """Decode as declared; None where the bytes contradict it."""
    if codec.startswith("utf"):
        return _as_declared_wide(raw)
    if b"\x00" in raw or (codec.startswith("iso8859") and _C1.search(raw)):
        return None  # control characters in ISO 8859, quotation marks in Windows code pages
    decoded = _replaced(raw, codec)
    return decoded if decoded.text.count(_REPLACEMENT) <= _TOLERATED * len(decoded.text) else None


def _as_declared_wide(raw: bytes) -> Decoded | None:
    """Decode declared UTF-16 in the byte order in which it contains spaces or full stops."""
    for wide in filter(None, (_sixteen_bits(raw), "utf-16-le", "utf-16-be")):
        try:
            text = raw.decode(wide)
        except UnicodeDecodeError:
            continue
        if len(_PAUSES.findall(text)) > len(text) / 100:
            return Decoded(text)
    return None


def _decode(raw: bytes, name: str, codec: str | None = None) -> Decoded:
    for mark, encoding in _BYTE_ORDER_MARKS:
        if raw.startswith(mark):
            raw = raw.removeprefix(mark)
            if encoding != "utf-8":
                return _replaced(raw, encoding)
            break
    if b"\x00" in raw:  # UTF-16, or binary
        if codec is not None and (decoded := _as_declared(raw, codec)):
            return decoded
        if wide := _sixteen_bits(raw):
            return _guessed(raw, wide)
        raise SourceError(f"cannot read {name!r}: it is binary, not text; {SAVE_AS_TEXT}")
    try:
        if codec is None or b"\x1b" not in raw:  # ISO 2022 encodes its letters as ASCII
            return Decoded(raw.decode())
    except UnicodeDecodeError:
        pass
    if codec is not None and (decoded := _as_declared(raw, codec)):
        return decoded
    return _mixed_utf8(raw) or _guessed(raw, _code_page(raw))


def _mixed_utf8(raw: bytes) -> Decoded | None:
    """Decode UTF-8 that holds a few bytes of cp1252; None where it is not mostly UTF-8."""
    text = raw.decode("utf-8", "surrogateescape")
    strays = sum(len(run[0]) for run in _ESCAPED.finditer(text))
    if sum(c > "\x7f" for c in text) - strays < _MOSTLY * strays:
        return None
    note = f"{strays} bytes are not UTF-8, as the rest is; they were read as cp1252, a guess"
    repaired = _ESCAPED.sub(lambda run: run[0].encode("utf-8", "surrogateescape").decode("cp1252", "replace"), text)
    return Decoded(repaired, (note,))


def _sixteen_bits(raw: bytes) -> str | None:
    """Return the UTF-16 byte order of a Western text without a mark, in which every other byte is NUL."""
    head = raw[:2_000]
    half = len(head) // 2
    for wide, offset in (("utf-16-le", 1), ("utf-16-be", 0)):
        if half and head[offset::2].count(0) > 0.6 * half and head[1 - offset :: 2].count(0) < 0.05 * half:
            return wide
    return None


def _code_page(raw: bytes) -> str:
    """Guess the code page of bytes that are not Unicode."""
    if len(re.findall(rb"[\x80-\xff]", raw)) > len(re.findall(rb"[A-Za-z]", raw)):
        from charset_normalizer import from_bytes

        best = from_bytes(raw, cp_isolation=list(_NOT_LATIN)).best()
        return best.encoding if best else "cp1252"
    read_as = ((page, identify(raw.decode(page, "replace"))) for page in _LATIN)
    page = next((page for page, language in read_as if language in _LATIN[page]), "cp1252")
    iso, iso_letters = _ISO.get(page, (page, _C1))
    return iso if iso_letters.search(raw) and not _C1.search(raw) else page


def _guessed(raw: bytes, encoding: str) -> Decoded:
    decoded = _replaced(raw, encoding)
    note = f"it is not UTF-8; it was read as {encoding}, a guess: save it as UTF-8 if letters are wrong"
    return Decoded(decoded.text, (note, *decoded.warnings))


def _replaced(raw: bytes, encoding: str) -> Decoded:
    """Decode with U+FFFD for what is undecodable, and a warning with the count."""
    try:
        return Decoded(raw.decode(encoding))
    except UnicodeDecodeError:
        text = raw.decode(encoding, "replace")
    count = text.count(_REPLACEMENT)
    return Decoded(text, (f"{count} places are not {encoding}, and show as {_REPLACEMENT}",))


_CONTROL = re.compile("[\x00-\x08\x0e-\x1a\x1c-\x1f\x7f\ufffd]")
_TOLERATED = 0.01  # of all characters: a stray form feed, backspace or bad byte does not make a text binary


def _is_binary(text: str) -> bool:
    """Return whether a text has a NUL, or more than a few control and undecodable characters."""
    return "\x00" in text or len(_CONTROL.findall(text)) > 2 + _TOLERATED * len(text)
