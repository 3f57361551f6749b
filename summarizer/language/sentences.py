"""Sentences, as spans of the text. No library that was tried splits French news well enough.

A line break ends a sentence, except inside a paragraph that is wrapped at a column. A full stop ends one unless it
belongs to an abbreviation, an initial, an ordinal or a date. Scripts that write no space after a full stop are split at
theirs, and so are two sentences between which a page has lost the space.
"""

import re
from collections.abc import Iterator
from functools import cache
from typing import NamedTuple

from .lexicon import common


class Span(NamedTuple):
    """A stretch of a text: `text[start:end]`."""

    start: int
    end: int


_END = re.compile(
    r"(?P<wide>[。！？｡]+[」』）”’]*+(?!\s*[とっ、])\s*)"
    r"|(?<![.!?…؟۔।])(?P<stop>[.!?…؟۔।]++)[\"'”’»›)\]]*(?:\s?[»”])?(?P<gap>\s+)(?=[\"'“‘«„‹(\[¿¡–—-]*\s?[^\W_a-zà-öø-ÿа-я])"
    r"|(?:(?<=[^\W\d_]{3})|(?<=[^\W\d_]{2}[\"”»]))(?P<glued>[.!?…]++[”»]?)(?=(?:[«„“]\s?)?[^\W\d_a-zà-öø-ÿа-я][a-zà-öø-ÿ])"
    r"|(?P<line>\n)",
)
_SIGN = re.compile("[。！？｡.!?…؟۔।\n]")  # what an end begins with: a search for these is ten times faster
_LAST_WORD = re.compile(r"[^\W_]+(?:\.[^\W\d_])*+")  # read backwards: it begins at the full stop
_WORD = re.compile(r"[^\W\d_]+")
_BULLET = re.compile(r"\s*(?:[-*•–—▪‣·]\s|\d{1,2}[.)]\s)")
LONGEST = 2_000
"""Characters: a longer text without a full stop is no sentence, and is cut."""
_WRAP = range(40, 121)  # columns at which people and programs wrap


def sentences(text: str) -> list[Span]:
    """Return the spans of the sentences of `text`, in order, without surrounding white space.

    A heading, a bullet and a line of a list are a sentence each.
    """
    return list(_sentences(text))


def _sentences(text: str) -> Iterator[Span]:
    start = 0
    for block in _blocks(text):
        wrapped = _is_wrapped(text[block.start : block.end])
        start = block.start
        for end in _ends(text, block):
            if end["line"] and _is_inside(text, block, end, wrapped=wrapped):
                continue
            if end["stop"] and _goes_on(text, start, end):
                continue
            yield from _trimmed(text, start, end.end())
            start = end.end()
        yield from _trimmed(text, start, block.end)


def _ends(text: str, block: Span) -> Iterator[re.Match[str]]:
    at = block.start
    for sign in _SIGN.finditer(text, block.start, block.end):
        if sign.start() >= at and (end := _END.match(text, sign.start(), block.end)):
            yield end
            at = end.end()


def _blocks(text: str) -> Iterator[Span]:
    at = 0
    for gap in re.finditer(r"\n[ \t]*\n\s*", text):
        yield Span(at, gap.start())
        at = gap.end()
    yield Span(at, len(text))


def _is_inside(text: str, block: Span, line_break: re.Match[str], *, wrapped: bool) -> bool:
    """Tell whether a line break stands inside a sentence: the paragraph is wrapped, and what follows goes on."""
    if not wrapped or _BULLET.match(text, line_break.end()):
        return False
    following = text[line_break.end() : line_break.end() + 1]
    return text.count("\n", block.start, block.end) > 1 or following.islower()


def _is_wrapped(block: str) -> bool:
    lines = block.split("\n")[:-1]
    if not lines:
        return False
    broken = sum(
        len(line) in _WRAP and not line.rstrip().endswith((".", "!", "?", ":", "…", "»", "”")) for line in lines
    )
    return broken >= len(lines) / 2 and max(map(len, lines)) <= _WRAP.stop


def _goes_on(text: str, start: int, end: re.Match[str]) -> bool:
    """Tell whether the full stop belongs to an abbreviation, an initial, an ordinal or a date."""
    if end["stop"] != ".":
        return False
    last = _LAST_WORD.match(text[max(start, end.start() - 20) : end.start()][::-1])
    if last is None:
        return False
    word = last[0][::-1].lower()
    if word.isdigit():
        before = _LAST_WORD.match(text[max(start, end.start() - 20) : end.start() - len(word)].rstrip()[::-1])
        ordinal = before is not None and before[0][::-1].lower() in _common_words()["before_ordinals"]
        return len(word) <= 2 and (ordinal or _month().match(text, end.end("stop")) is not None)
    words = _common_words()
    if word in words["suffixes"] or (
        "." in word and word.replace(".", "").isalpha() and word not in words["abbreviations"]
    ):
        following = _WORD.search(text, end.end("gap"))
        return following is None or following[0].lower() not in words["starters"]
    return word in words["abbreviations"] or (len(word) == 1 and last[0].isupper())


@cache
def _month() -> re.Pattern[str]:
    return re.compile(rf"\s+(?:{'|'.join(common()['sentences']['months'])})\w*", re.IGNORECASE)


@cache
def _common_words() -> dict[str, frozenset[str]]:
    return {name: frozenset(words) for name, words in common()["sentences"].items()}


def _trimmed(text: str, start: int, end: int) -> Iterator[Span]:
    piece = text[start:end].lstrip()
    start = end - len(piece)
    end = start + len(piece.rstrip())
    while end - start > LONGEST:
        cut = text.rfind(" ", start + LONGEST // 2, start + LONGEST)
        cut = cut if cut > 0 else start + LONGEST
        yield Span(start, cut)
        start = cut + 1 if text[cut : cut + 1] == " " else cut
    if start < end:
        yield Span(start, end)
