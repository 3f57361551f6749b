"""Split a text at the best boundary in the second half of each passage, with an overlap."""

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Sequence
from enum import IntEnum
from itertools import pairwise
from typing import NamedTuple

from ..language.sentences import Span, sentences
from ..language.weighing import HEAVIEST, weight

OVERLAP = 800
"""Characters that two passages share at least, as a window counts them: three sentences, or twice the longest usual
quote."""
_LARGEST_SHARE = 3  # a passage is at least three times as long as its overlap
_LONGEST_HEADING = 90  # characters: a longer line without a full stop is a sentence
_LONGEST_ITEM = 2_000  # characters between a bullet and the end of its item
_STOPS = re.compile(r"[.!?…:;,。！？][\"'”’»›」』)\]]*$")
_ITEM = re.compile(r"\s*(?:[-*•–—▪‣·]\s|\d{1,3}[.)]\s|\|)")
_NUMBER = re.compile(r"\d{1,3}[.)]")
_CELLS = re.compile(r"\t|\s\|\s|(?<! ) {3,}\S")
_BLANK = re.compile(r"\n[ \t\r]*\n")


class Boundary(IntEnum):
    """The boundary between two pieces of a text; a higher one is a better place to cut."""

    INSIDE = 0
    """Inside a sentence that is longer than a window."""
    HEADED = 1
    """Between a heading and its text, between the sentences of an item."""
    ITEM = 2
    """Between the items of a list or the rows of a table, or between either and its introduction."""
    SENTENCE = 3
    LINE = 4
    PARAGRAPH = 5
    SECTION = 6
    """Before a heading."""


class Piece(NamedTuple):
    """A sentence, or the part of one that fits a window, with the boundary before it."""

    start: int
    end: int
    begins: int
    """Where it begins and ends in the text as a window counts it."""
    ends: int
    boundary: Boundary


def spans(text: str, window: int) -> list[Span]:
    """Return the spans of passages of at most `window` characters, which together cover every sentence of `text`.

    Characters are counted as `language.weighing` does.
    """
    pieces = list(_pieces(text, window))
    if not pieces:  # only white space
        return [Span(0, min(len(text), window))]
    starts, ends = [piece.begins for piece in pieces], [piece.ends for piece in pieces]
    found: list[Span] = []
    first = cut = 0
    while ends[-1] - starts[first] > window:
        last = bisect_right(ends, starts[first] + window)  # the first piece that does not fit
        if last <= cut:  # the overlap leaves no room for the next piece
            first = cut
            continue
        middle = bisect_left(starts, starts[first] + window // 2, cut + 1, last)
        cut = max(range(min(middle, last), last + 1), key=lambda i: (pieces[i].boundary, i))
        found.append(Span(pieces[first].start, pieces[cut - 1].end))
        first = _shared(starts, first, cut, window)
    return [*found, Span(pieces[first].start, pieces[-1].end)]


def _shared(starts: Sequence[int], first: int, cut: int, window: int) -> int:
    """Return the first piece of the next passage: `OVERLAP` characters before the cut, where there is room."""
    wanted = bisect_right(starts, starts[cut] - OVERLAP) - 1
    bound = bisect_left(starts, starts[cut] - window // _LARGEST_SHARE)
    return min(cut, max(first + 1, wanted, bound))


def _pieces(text: str, window: int) -> Iterator[Piece]:
    """Yield the sentences of a text with the boundary before each."""
    if not (found := sentences(text)):
        return
    lines = [_Line.of(text, span) for span in found]
    boundaries = [Boundary.SECTION, *(_boundary(text, *two) for two in pairwise(lines))]
    last = position = 0
    for span, boundary in zip(found, boundaries, strict=True):
        longest = window if weight(text[span.start : span.end]) <= window else max(1, window // HEAVIEST)
        for start in range(span.start, span.end, longest):
            end = min(start + longest, span.end)
            begins = position + weight(text[last:start])
            last, position = end, begins + min(window, weight(text[start:end]))
            yield Piece(start, end, begins, position, boundary if start == span.start else Boundary.INSIDE)


class _Line(NamedTuple):
    """A sentence, and its role by its shape."""

    start: int
    end: int
    heading: bool
    item: bool
    introduces: bool
    """It ends in a colon, or is only a number: it introduces what follows."""

    @classmethod
    def of(cls, text: str, span: Span) -> "_Line":
        words = text[span.start : span.end]
        far = max(0, span.start - _LONGEST_ITEM)
        opens = text.rfind("\n", far, span.start) + 1 or far
        alone = not text[opens : span.start].strip() and text[span.end : span.end + 1] in ("", "\n", "\r")
        item = _ITEM.match(text, opens) is not None or _CELLS.search(words) is not None
        heading = alone and not item and len(words) <= _LONGEST_HEADING and not _STOPS.search(words)
        introduces = words.endswith(":") or _NUMBER.fullmatch(words) is not None
        return cls(span.start, span.end, heading or (alone and words.startswith("#")), item, introduces)


def _boundary(text: str, one: _Line, other: _Line) -> Boundary:
    gap = text[one.end : other.start]
    if one.heading or (other.item and "\n" not in gap):
        return Boundary.HEADED
    if other.heading:
        return Boundary.SECTION
    if other.item and (one.item or one.introduces):
        return Boundary.ITEM
    if _BLANK.search(gap):
        return Boundary.PARAGRAPH
    return Boundary.LINE if "\n" in gap else Boundary.SENTENCE
