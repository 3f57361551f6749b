"""The text that a reader sees: without invisible characters, and without the markup of links, images and notes.

A soft hyphen divides no word, `[Norvik](https://…)` is the word Norvik, and `[1]` is no number of the article. Offsets
lead both ways, so that evidence is the article's own text, markup and all.
"""

import re
from bisect import bisect_right
from collections.abc import Iterator

from .normalization import INVISIBLE
from .sentences import Span

_ADDRESS = r"\((?=[^()\s]*[/.#:])(?:[^()\s]|\([^()\s]*\)){0,2000}(?:\s+[\"'][^\"'\n]{0,200}[\"'])?\)"
_IMAGE = rf"!\[[^\[\]\n]{{0,300}}\]{_ADDRESS}"
_HIDDEN = re.compile(
    rf"\u00ad[ \t]*\n[ \t]*(?=[^\W\d_])|[{INVISIBLE}]+"  # a word that is divided at the end of a line is one
    rf"|\[{_IMAGE}\]{_ADDRESS}|{_IMAGE}"
    rf"|(?P<open>\[)(?P<shown>[^\[\]\n]{{1,300}})(?P<close>\](?:{_ADDRESS}|\[(?!\d{{1,3}}\])[^\[\]\s]{{0,40}}\]))"
    r"|(?<=[^\s\[$€£¥])(?:\[\^?\d{1,3}\])+(?![(:])"  # a note
    r"|<(?:https?://|mailto:)[^\s<>]{1,2000}>"
)
_MAYBE = re.compile(rf"[{INVISIBLE}]|\][(\[]|\[[\^\d]|<(?:http|mailto)")
"""Few articles have any of it: a quick look first."""


class VisibleText:
    """A text as a reader sees it: `text`, and the way to the original and back."""

    __slots__ = ("_closing", "_opening", "_original", "_shown", "original", "text")

    def __init__(self, original: str) -> None:
        self.original = original
        self.text = original
        self._opening: dict[int, tuple[Span, Span]] = {}
        """Links, the whole and what is shown of it, by where the latter begins."""
        self._closing: dict[int, tuple[Span, Span]] = {}
        """The same, by where it ends."""
        # From the offset _shown[i] of `text` on, one character is one character, counted from _original[i].
        self._shown = [0]
        self._original = [0]
        if _MAYBE.search(original):
            self._hide()

    def _hide(self) -> None:
        pieces: list[str] = []
        at = length = 0
        for hidden in self._hidden(0, len(self.original)):
            if hidden.start > at:
                self._shown.append(length)
                self._original.append(at)
                pieces.append(self.original[at : hidden.start])
                length += hidden.start - at
            at = hidden.end
        self._shown.append(length)
        self._original.append(at)
        pieces.append(self.original[at:])
        self.text = "".join(pieces)

    def _hidden(self, start: int, end: int) -> Iterator[Span]:
        """Yield the hidden spans, in order."""
        for found in _HIDDEN.finditer(self.original, start, end):
            if found["shown"] is None:
                yield Span(*found.span())
                continue
            inside = Span(*found.span("shown"))
            self._opening[inside.start] = self._closing[inside.end] = (Span(*found.span()), inside)
            yield Span(*found.span("open"))
            yield from self._hidden(*inside)
            yield Span(*found.span("close"))

    def source(self, start: int, end: int) -> Span:
        """Return the span of the original for the span `[start, end)` of `text`, which must not be empty.

        It has the markup of a link whose words it holds from the first to the last.
        """
        first, last = self._at(start), self._at(end - 1) + 1
        opening, closing = self._opening.get(first), self._closing.get(last)
        if opening is not None and last > opening[1].end:
            first = opening[0].start
        if closing is not None and first < closing[1].start:
            last = closing[0].end
        return Span(first, last)

    def _at(self, offset: int) -> int:
        i = bisect_right(self._shown, offset) - 1
        return self._original[i] + offset - self._shown[i]

    def shown(self, start: int, end: int) -> Span:
        """Return the span of `text` for a span of the original: what of it is visible."""
        return Span(self._shown_at(start), self._shown_at(end))

    def _shown_at(self, offset: int) -> int:
        i = bisect_right(self._original, offset) - 1
        following = self._shown[i + 1] if i + 1 < len(self._shown) else len(self.text)
        return min(self._shown[i] + offset - self._original[i], following)


def visible(text: str) -> str:
    """Return a text as a reader sees it."""
    return VisibleText(text).text if _MAYBE.search(text) else text
