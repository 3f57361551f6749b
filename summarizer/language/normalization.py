"""Fold text, so that spellings of the same words become equal, and map folded offsets back to the original.

Folding removes what no reader sees as a difference: Unicode form, full width, case, accents, every kind of quote mark,
apostrophe, dash and space, soft hyphens, zero-width characters, ligatures, entities, line breaks inside a sentence, the
space before a French colon, the spaces inside a grouped number. Most characters fold to one character; only the others
are recorded, so that folding a long text is cheap.
"""

import html
import re
import unicodedata
from bisect import bisect_right
from collections.abc import Iterable, Iterator
from functools import cache, lru_cache

_SPACES = r" \t\n\r\f\v\x1c-\x1f\u0085\u00a0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000"
INVISIBLE = (
    r"\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180e\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufe00-\ufe0f\ufeff"
)
_CJK = r"\u3041-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff"
_MARKS = r"\u0300-\u036f\u064b-\u065f\u0670\u0640\u0591-\u05bd\u05bf\u05c1\u05c2\u05c4\u05c5\u05c7"
_MARKS_OF_SPEECH = '"«»‹›“”„‟″＂〝〞〟「」『』‚״'
_APOSTROPHES = "'‘’‛′ʼʹ`＇׳"  # between two letters; elsewhere these are quote marks too
_QUOTES = _MARKS_OF_SPEECH + _APOSTROPHES
_DASHES = "‐‑‒–—―−﹘﹣－"

_WIDE = r"´¨¸¯˘˙˚˜˝\u0e33\u0eb3ßẞŒœÆæĲĳŉǄ-ǌǱ-ǳİÞþ¼-¾…‥™℠℡№\ufb00-\ufb06\ufb13-\ufb17\u2150-\u215f\u3300-\u33ff"
_BEFORE_SIGNS = "%‰!?;:"
# What does not fold to exactly one character.
_SPECIAL = re.compile(
    rf"(?P<speech>(?:[{_SPACES}]*(?:[{_MARKS_OF_SPEECH}]|(?<![\w{_MARKS}{INVISIBLE}])[{_APOSTROPHES}]|[{_APOSTROPHES}](?![{_MARKS}{INVISIBLE}]*\w)))+[{_SPACES}]*)"
    rf"|(?P<gone>[{_SPACES}]+(?=[{_BEFORE_SIGNS}])"  # French spacing before a sign
    rf"|(?<=[{_CJK}])[{_SPACES}]+(?=\w)|[{_SPACES}]+(?=[{_CJK}])(?<=\w[{_SPACES}])|[{INVISIBLE}{_MARKS}]+)"
    rf"|(?P<number>(?<![\d.,])\d{{1,3}}"  # 1 150 000, 1’150’000, 1.150.000: which of them does not matter for a quote
    rf"(?:(?:[ \u00a0\u202f\u2009'’]\d{{3}})+|(?:\.\d{{3}})+|(?:,\d{{3}})+)(?![.,]?\d))"
    rf"|(?P<space>[{_SPACES}]{{2,}})"
    r"|(?P<entity>&(?:[A-Za-z][A-Za-z0-9]{1,30}|#\d{1,7}|#[xX][0-9a-fA-F]{1,6});)"
    rf"|(?P<wide>[\u1100-\u11ff]+|[\u3041-\u30ff][\u3099\u309a]|[{_WIDE}])"
)
# Where to try that: a search is quick only if it begins with a plain set of characters. A lone space between two words
# begins nothing.
_BEGINNINGS = rf"{INVISIBLE}{_MARKS}\d&{_QUOTES}\u1100-\u11ff\u3041-\u30ff{_WIDE}"
_CANDIDATE = re.compile(
    rf"[{_SPACES}{_BEGINNINGS}](?:(?<![{_SPACES}])|(?=[{_SPACES}{_QUOTES}{_BEFORE_SIGNS}{_CJK}])|(?<=[{_CJK}][{_SPACES}]))"
)
_MARK = re.compile(rf"[{_MARKS}]")
_NO_SPACE_BEFORE = frozenset("%‰!?;:,.…)")
_APART = "\0"  # stands between texts that are folded together, and is folded with neither
_LETTERS = {"œ": "oe", "æ": "ae", "þ": "th"}
_ASCII = str.maketrans(dict.fromkeys("\t\n\r\x0c\x0b\x1c\x1d\x1e\x1f", " ") | {"`": "'", '"': "'"})


class FoldedText:
    """A folded text that remembers where each of its characters stood.

    `text` is the folded string; `source` gives the offsets in the original, end exclusive, of a span of it.
    """

    __slots__ = ("_folded", "_original", "_size", "text")

    def __init__(self, text: str) -> None:
        pieces: list[str] = []
        # Breakpoints: from folded offset _folded[i] on, one character is one character, counted from _original[i];
        # where _size[i] is set, the whole piece stands for that many original characters instead.
        self._folded: list[int] = []
        self._original: list[int] = []
        self._size: list[int] = []
        length = 0
        for piece, original, size in _pieces(text):
            if piece:
                pieces.append(piece)
                self._folded.append(length)
                self._original.append(original)
                self._size.append(size)
                length += len(piece)
        self.text = "".join(pieces)

    def source(self, start: int, end: int) -> tuple[int, int]:
        """Return the span of the original text for the folded span `[start, end)`, which must not be empty."""
        i = bisect_right(self._folded, start) - 1
        first = self._original[i] if self._size[i] else self._original[i] + start - self._folded[i]
        i = bisect_right(self._folded, end - 1) - 1
        if self._size[i]:
            return first, self._original[i] + self._size[i]
        return first, self._original[i] + end - self._folded[i]


def _pieces(text: str) -> Iterator[tuple[str, int, int]]:
    """Yield the folded pieces of a text, the offset of each, and the length that a special piece had."""
    plain = fold_characters(text)
    at = 0
    for special in _specials(text):
        start, end = special.span()
        if start > at:
            yield plain[at:start], at, 0
        yield _fold_special(special, start, end), start, end - start
        at = end
    if at < len(text):
        yield plain[at:], at, 0


def _folded(text: str) -> str:
    return "".join([piece for piece, _, _ in _pieces(text)])


def _specials(text: str) -> Iterator[re.Match[str]]:
    """Yield the spans that do not fold to one character each, in order."""
    western = None if "  " in text else _encoded(text)
    at = 0
    for candidate in _CANDIDATE.finditer(text) if western is None else _western_candidate().finditer(western):
        start = candidate.start()
        if start < at:
            continue
        special = None
        if western is not None and start > at and text[start - 1] == " ":
            special = _SPECIAL.match(text, start - 1)
        special = special or _SPECIAL.match(text, start)
        if special:
            yield special
            at = special.end()


@cache
def _western_candidate() -> re.Pattern[bytes]:
    """Finds where a special stretch may be in a text of the West without two spaces side by side.

    One that begins with a space is found by what follows it, so that spaces need not be looked at. Nor need the
    apostrophe between two letters, or a digit of a short number.
    """
    spaces, signs, apostrophes = map(_western_set, (_SPACES, _BEFORE_SIGNS, _APOSTROPHES))
    first = _western_set(_SPACES[1:] + _BEFORE_SIGNS + _BEGINNINGS)  # all but the plain space
    between = _western_set(" \u00a0\u2009'’.,")
    return re.compile(
        rb"[%b](?:(?<![\d%b%b])|(?<=[%b][%b])|(?<=[%b])(?:(?<!\w.)|(?!\w))|(?<=\d)(?<!\d\d)(?=\d{0,2}[%b]\d{3}))"
        % (first, apostrophes, signs, spaces, signs, apostrophes, between)
    )


def _western_set(characters: str) -> bytes:
    """Return the characters of a set that Windows-1252 has, as a set of bytes."""
    chosen = re.compile(f"[{characters}]")
    return b"".join(re.escape(bytes([code])) for code in range(256) if chosen.match(_decoded(code)))


def _decoded(code: int) -> str:
    return bytes([code]).decode("cp1252", "replace")


def _encoded(text: str) -> bytes | None:
    """Return a text in Windows-1252, which suffices for most Western news, None where it does not."""
    try:
        return text.replace("\u202f", "\u00a0").encode("cp1252")
    except UnicodeError:
        return None


def fold(text: str) -> str:
    """Return `text` folded, without a map of offsets."""
    if len(text) <= _WORD:
        return _fold_word(text)
    return _fold_sentence(text) if len(text) <= _SENTENCE else _folded(text)


def fold_all(words: Iterable[str]) -> list[str]:
    """Return words folded, each as if it stood alone: five times faster than one by one."""
    some = list(words)
    joined = _APART.join(some)
    if joined.count(_APART) >= len(some):  # the words have it themselves, or there are none
        return [fold(word) for word in some]
    return _folded(joined).split(_APART)


# The same words are folded hundreds of times in one proof: cached, in a few megabytes at most.
_WORD, _SENTENCE = 40, 10_000


@lru_cache(maxsize=8_192)
def _fold_word(text: str) -> str:
    if text.isalpha():  # nothing in it is special, but for a letter that folds to two, which is none of ASCII
        folded = text.lower().translate(_table)
        if folded.isascii() and folded.isalpha() and len(folded) == len(text):
            return folded
    return _folded(text)


@lru_cache(maxsize=64)
def _fold_sentence(text: str) -> str:
    return _folded(text)


def fold_characters(text: str) -> str:
    """Return `text` with each character folded to one character: less thorough than `fold`, but offsets stay."""
    return _fold_characters(text) if len(text) <= _SENTENCE else _folded_one_by_one(text)


@lru_cache(maxsize=64)
def _fold_characters(text: str) -> str:
    return _folded_one_by_one(text)


def _folded_one_by_one(text: str) -> str:
    lowered = text.lower()
    if len(lowered) != len(text):
        lowered = "".join(c.lower()[0] for c in text)
    if lowered.isascii():
        return lowered.translate(_ASCII)
    western = _encoded(lowered)  # bytes are translated four times faster
    try:
        return lowered.translate(_table) if western is None else western.translate(_western()).decode("cp1252")
    except UnicodeError:
        return lowered.translate(_table)


@cache
def _western() -> bytes:
    """Return the table that folds each byte of that code page."""
    folded = (_fold_character(_decoded(code)) for code in range(256))
    return b"".join(c.encode("cp1252") if _is_western(c) else b"\x81" for c in folded)  # 0x81 cannot be decoded


def _is_western(c: str) -> bool:
    return c.encode("cp1252", "replace") != b"?" or c == "?"


def same_but_accents(left: str, right: str) -> bool:
    """Tell whether two strings with the same folding differ in their accents."""
    return fold(left) == fold(right) and _accents(left) != _accents(right)


def _accents(text: str) -> list[str]:
    composed = unicodedata.normalize("NFC", unicodedata.normalize("NFKC", html.unescape(text)).casefold())
    return [c for c in composed if c.isalpha() and len(unicodedata.normalize("NFD", c)) > 1]


def _fold_special(special: re.Match[str], start: int, end: int) -> str:
    text, piece = special.string, special.string[start:end]
    match special.lastgroup:
        case "gone":
            return ""
        case "speech":  # « mot », "mot" and “mot” are one: the marks go, and the spaces inside them
            spaced = piece[0].isspace() or piece[-1].isspace()
            inside = start > 0 and text[start - 1] != _APART and text[end : end + 1] not in ("", _APART)
            return " " if spaced and inside and text[end] not in _NO_SPACE_BEFORE else ""
        case "number":
            return "".join(str(int(c)) for c in piece if c.isdecimal())
        case "space":
            return " "
        case "entity":
            decoded = html.unescape(piece)
            return piece.lower() if decoded == piece else "".join(map(_fold_character, decoded))
        case _:
            folded = unicodedata.normalize("NFKC", piece).casefold()
            return "".join(_LETTERS.get(c) or _fold_character(c) for c in folded if not "\u0300" <= c <= "\u036f")


class _Table(dict[int, str]):
    """Folds one character to one character, cached: the result depends on the character alone."""

    def __missing__(self, code: int) -> str:
        self[code] = folded = _fold_character(chr(code))
        return folded


_table = _Table()


def _fold_character(c: str) -> str:
    if c in _QUOTES:
        return "'"
    if c in _DASHES:
        return "-"
    if c.isspace():
        return " "
    folded = unicodedata.normalize("NFKC", c).casefold()
    if c < "\u3041" or c > "\u30ff":  # the voicing mark of kana makes another letter, an accent does not
        folded = _MARK.sub("", unicodedata.normalize("NFD", folded)) or c
    folded = unicodedata.normalize("NFC", folded)
    return folded if len(folded) == 1 and folded != " " else c  # a lone "¸" is a space with a mark in NFKC
