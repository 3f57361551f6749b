"""Where an article is cut: at the best border that a passage has in its second half, and a little before it again."""

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Sequence
from enum import IntEnum
from itertools import pairwise
from typing import NamedTuple

from ..language.sentences import Span, sentences

OVERLAP = 800
"""Characters that two passages share at the least: three sentences, or twice the longest quote that is usual."""
_LARGEST_SHARE = 3  # a window holds at least three times what it shares with the one before
_LONGEST_HEADING = 90  # characters: a longer line without a full stop is a sentence that lost it
_LONGEST_ITEM = 2_000  # characters: what stands further behind a bullet belongs to no list
_STOPS = re.compile(r"[.!?…:;,。！？][\"'”’»›」』)\]]*$")
_ITEM = re.compile(r"\s*(?:[-*•–—▪‣·]\s|\d{1,3}[.)]\s|\|)")
_NUMBER = re.compile(r"\d{1,3}[.)]")
_CELLS = re.compile(r"\t|\s\|\s|(?<! ) {3,}\S")
_BLANK = re.compile(r"\n[ \t\r]*\n")


class Border(IntEnum):
    """What lies between two pieces of a text, the better to cut at the higher."""

    INSIDE = 0
    """Of a sentence that is longer than a window."""
    HEADED = 1
    """Between a heading and its text, between the sentences of an item."""
    ITEM = 2
    """Between the items of a list, the rows of a table, or either and the line that leads up to it."""
    SENTENCE = 3
    LINE = 4
    PARAGRAPH = 5
    SECTION = 6
    """Before a heading."""


class Piece(NamedTuple):
    """A sentence, or as much of one as a window holds, and the border before it."""

    start: int
    end: int
    border: Border


def spans(text: str, window: int) -> list[Span]:
    """Return the spans of passages of at most `window` characters, which together hold every sentence of `text`."""
    pieces = list(_pieces(text, window))
    if not pieces:  # nothing but white space
        return [Span(0, min(len(text), window))]
    starts, ends = [piece.start for piece in pieces], [piece.end for piece in pieces]
    found: list[Span] = []
    first = cut = 0
    while ends[-1] - starts[first] > window:
        last = bisect_right(ends, starts[first] + window)  # the first piece that does not fit any more
        if last <= cut:  # what was shared leaves no room for the next piece
            first = cut
            continue
        middle = bisect_left(starts, starts[first] + window // 2, cut + 1, last)
        cut = max(range(min(middle, last), last + 1), key=lambda i: (pieces[i].border, i))
        found.append(Span(starts[first], ends[cut - 1]))
        first = _shared(starts, first, cut, window)
    return [*found, Span(starts[first], ends[-1])]


def _shared(starts: Sequence[int], first: int, cut: int, window: int) -> int:
    """Return the piece that the next passage begins with: `OVERLAP` characters before the cut, where there is room."""
    wanted = bisect_right(starts, starts[cut] - OVERLAP) - 1
    bound = bisect_left(starts, starts[cut] - window // _LARGEST_SHARE)
    return min(cut, max(first + 1, wanted, bound))


def _pieces(text: str, window: int) -> Iterator[Piece]:
    """Yield the sentences of a text with the border before each."""
    if not (found := sentences(text)):
        return
    lines = [_Line.of(text, span) for span in found]
    borders = [Border.SECTION, *(_border(text, *two) for two in pairwise(lines))]
    for span, border in zip(found, borders, strict=True):
        for start in range(span.start, span.end, window):
            yield Piece(start, min(start + window, span.end), border if start == span.start else Border.INSIDE)


class _Line(NamedTuple):
    """A sentence, and what it is for by its shape."""

    start: int
    end: int
    heading: bool
    item: bool
    leads: bool
    """It ends in a colon, or is no more than a number: what it leads up to comes next."""

    @classmethod
    def of(cls, text: str, span: Span) -> "_Line":
        words = text[span.start : span.end]
        far = max(0, span.start - _LONGEST_ITEM)
        opens = text.rfind("\n", far, span.start) + 1 or far
        alone = not text[opens : span.start].strip() and text[span.end : span.end + 1] in ("", "\n", "\r")
        item = _ITEM.match(text, opens) is not None or _CELLS.search(words) is not None
        heading = alone and not item and len(words) <= _LONGEST_HEADING and not _STOPS.search(words)
        leads = words.endswith(":") or _NUMBER.fullmatch(words) is not None
        return cls(span.start, span.end, heading or (alone and words.startswith("#")), item, leads)


def _border(text: str, one: _Line, other: _Line) -> Border:
    gap = text[one.end : other.start]
    if one.heading or (other.item and "\n" not in gap):
        return Border.HEADED
    if other.heading:
        return Border.SECTION
    if other.item and (one.item or one.leads):
        return Border.ITEM
    if _BLANK.search(gap):
        return Border.PARAGRAPH
    return Border.LINE if "\n" in gap else Border.SENTENCE
