"""Bytes → text, decoded once: byte order mark, strict UTF-8, what was declared, then a guess that is confined and said.

The guess knows the code pages that news comes in. Latin ones are told apart by the language of their words,
where charset-normalizer alone goes wrong (it reads French cp1252 as cp1250); the others are left to it.
"""

import codecs
import re
from typing import NamedTuple

from ..errors import SourceError
from ..language.identification import identify
from .readers import PLAIN


class Decoded(NamedTuple):
    """A text, and what the reader should know of how its bytes were read."""

    text: str
    warnings: tuple[str, ...] = ()


def decode(raw: bytes, name: str, declared: str | None = None) -> Decoded:
    """Turn bytes into text with `\\n` as its line ends; `name` stands in messages.

    `declared` is the charset that a header or the document itself names; it counts where the bytes bear it out.
    Raises `SourceError` when the bytes are not text.
    """
    decoded = _decode(raw, name, _codec(declared))
    if _is_noise(decoded.text):
        raise SourceError(f"cannot read {name!r}: it is binary, not text; {PLAIN}")
    return decoded._replace(text=decoded.text.replace("\r\n", "\n").replace("\r", "\n"))


_BYTE_ORDER_MARKS = (  # the longer first: that of UTF-32 begins with that of UTF-16
    (b"\xff\xfe\x00\x00", "utf-32-le"),
    (b"\x00\x00\xfe\xff", "utf-32-be"),
    (b"\xef\xbb\xbf", "utf-8"),
    (b"\xff\xfe", "utf-16-le"),
    (b"\xfe\xff", "utf-16-be"),
)
_LOST = "\ufffd"
_ESCAPED = re.compile("[\udc80-\udcff]+")  # how Python spells bytes that are not UTF-8
_PAUSES = re.compile("[ \n\u3000-\u3002\uff0c\uff0e]")
"""What no text does without for a hundred characters, and what other bytes hardly ever form."""
_MOSTLY = 4
"""Well-formed characters to one bad byte that make a text UTF-8 with slips: the accents of another code page
hardly ever form one by chance."""

# Latin code pages agree on most letters: the right one is the first in which a text reads as its language.
_LATIN = {
    "cp1252": ("fr", "en", "de", "es", "it", "pt", "nl", "da", "fi", "nb", "sv"),
    "cp1250": ("cs", "hu", "pl", "ro"),
    "cp1254": ("tr",),
    "cp1258": ("vi",),
}
_CP_SIGNS = re.compile(rb"[\x80-\x9f]")  # where cp1250 and cp1252 have letters and signs, ISO 8859 has none
_ISO = {  # the ISO 8859 that is nearest, and what that page has elsewhere: ą ś ź; €
    "cp1250": ("iso8859_2", re.compile(rb"[\xb1\xb6\xbc]")),
    "cp1252": ("iso8859_15", re.compile(rb"\xa4")),
}
_FAR = (
    *("cp1251", "koi8_r", "cp1253", "iso8859_7", "cp1255", "cp1256", "cp874"),
    *("cp932", "euc_jp", "gb18030", "big5", "cp949"),
)


# What a declared name means in practice: those of the web, where each stands for its superset.
_MEANT = {
    **dict.fromkeys(("iso8859-1", "ascii"), "cp1252"),
    **dict.fromkeys(("gb2312", "gbk"), "gb18030"),
    "iso8859-9": "cp1254",
    "shift_jis": "cp932",
    "euc_kr": "cp949",
    "tis-620": "cp874",
}
_BY_ITSELF = ("utf-8", "utf-8-sig", "utf-7")


def _codec(declared: str | None) -> str | None:
    """Return the codec of a charset, None where there is none of that name, or it is UTF-8, which shows by itself."""
    try:
        found = codecs.lookup((declared or "").strip(" \t\"'"))
        "".encode(found.name)  # not one that turns bytes into bytes
    except (LookupError, ValueError):
        return None
    return None if found.name in _BY_ITSELF else _MEANT.get(found.name, found.name)


def _as_declared(raw: bytes, codec: str) -> Decoded | None:
    """Decode as was declared; None where the bytes are something else."""
    if codec.startswith("utf"):
        return _as_declared_wide(raw)
    if b"\x00" in raw or (codec.startswith("iso8859") and _CP_SIGNS.search(raw)):
        return None  # ISO 8859 has no signs where Windows has its quotes
    decoded = _replaced(raw, codec)
    return decoded if decoded.text.count(_LOST) <= _TOLERATED * len(decoded.text) else None


def _as_declared_wide(raw: bytes) -> Decoded | None:
    """Decode what is declared to be UTF-16, in whichever order of bytes there are spaces or stops in it."""
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
    if b"\x00" in raw:
        return _with_nuls(raw, name, codec)
    try:
        if codec is None or b"\x1b" not in raw:  # ISO 2022 hides its letters in ASCII
            return Decoded(raw.decode())
    except UnicodeDecodeError:
        pass
    if codec is not None and (decoded := _as_declared(raw, codec)):
        return decoded
    return _with_slips(raw) or _guessed(raw, _code_page(raw))


def _with_nuls(raw: bytes, name: str, codec: str | None) -> Decoded:
    """Decode what is UTF-16 or no text at all."""
    if codec is not None and (decoded := _as_declared(raw, codec)):
        return decoded
    if wide := _sixteen_bits(raw):
        return _guessed(raw, wide)
    raise SourceError(f"cannot read {name!r}: it is binary, not text; {PLAIN}")


def _with_slips(raw: bytes) -> Decoded | None:
    """Read UTF-8 into which a few bytes of cp1252 were pasted; None where it is not UTF-8 at all."""
    text = raw.decode("utf-8", "surrogateescape")
    slips = sum(len(run[0]) for run in _ESCAPED.finditer(text))
    if sum(c > "\x7f" for c in text) - slips < _MOSTLY * slips:
        return None
    note = f"{slips} bytes are not UTF-8, as the rest is; they were read as cp1252, a guess"
    return Decoded(_ESCAPED.sub(_as_cp1252, text), (note,))


def _as_cp1252(run: re.Match[str]) -> str:
    return run[0].encode("utf-8", "surrogateescape").decode("cp1252", "replace")


def _sixteen_bits(raw: bytes) -> str | None:
    """Name the UTF-16 without a mark in which every other byte of a Western text is NUL."""
    head = raw[:2_000]
    half = len(head) // 2
    for wide, offset in (("utf-16-le", 1), ("utf-16-be", 0)):
        if half and head[offset::2].count(0) > 0.6 * half and head[1 - offset :: 2].count(0) < 0.05 * half:
            return wide
    return None


def _code_page(raw: bytes) -> str:
    """Guess the code page of bytes that are not Unicode, among those that news comes in."""
    if len(re.findall(rb"[\x80-\xff]", raw)) > len(re.findall(rb"[A-Za-z]", raw)):
        return _far_code_page(raw)
    read_as = ((page, identify(raw.decode(page, "replace"))) for page in _LATIN)
    page = next((page for page, language in read_as if language in _LATIN[page]), "cp1252")
    iso, letters_of_iso = _ISO.get(page, (page, _CP_SIGNS))
    return iso if letters_of_iso.search(raw) and not _CP_SIGNS.search(raw) else page


def _far_code_page(raw: bytes) -> str:
    from charset_normalizer import from_bytes

    best = from_bytes(raw, cp_isolation=list(_FAR)).best()
    return best.encoding if best else "cp1252"


def _guessed(raw: bytes, encoding: str) -> Decoded:
    decoded = _replaced(raw, encoding)
    note = f"it is not UTF-8; it was read as {encoding}, a guess: save it as UTF-8 if letters are wrong"
    return Decoded(decoded.text, (note, *decoded.warnings))


def _replaced(raw: bytes, encoding: str) -> Decoded:
    """Decode, with U+FFFD for what cannot be, and a warning that counts it."""
    try:
        return Decoded(raw.decode(encoding))
    except UnicodeDecodeError:
        text = raw.decode(encoding, "replace")
    lost = text.count(_LOST)
    return Decoded(text, (f"{lost} places are not {encoding}, and show as {_LOST}",))


_NOISE = re.compile("[\x00-\x08\x0e-\x1a\x1c-\x1f\x7f\ufffd]")
_TOLERATED = 0.01  # of all characters: a stray form feed, backspace or bad byte does not make a text binary


def _is_noise(text: str) -> bool:
    """Tell whether control characters and undecodable places are more than strays; a NUL is never a stray."""
    return "\x00" in text or len(_NOISE.findall(text)) > 2 + _TOLERATED * len(text)
