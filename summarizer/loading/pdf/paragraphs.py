"""The lines of all pages → paragraphs: running heads are removed, hyphenated words are joined."""

import re
from collections import defaultdict
from collections.abc import Iterator
from functools import cached_property
from itertools import pairwise
from statistics import median, median_low, mode

from ...language.identification import identify
from ...language.lexicon import lexicon
from .page_lines import PdfLine

_LIGATURES = {0xFB00 + place: letters for place, letters in enumerate(("ff", "fi", "fl", "ffi", "ffl", "st", "st"))}
_BULLET = re.compile(r"(?:[•‣▪■●◦–—\-*]|\(?\d{1,2}[.)])\s+\S")
_END = re.compile(r"[.!?:…。！？][\"'»”’)\]]*$")
_SPACED = 1.3
"""Times the median line distance: a larger gap begins a paragraph."""
_HEADING = 1.15
"""Times the median size."""
_INDENT = 0.8
"""Times the font size."""
_SHORT = 0.8
"""Of the width of a column: lines of ragged-right text are longer."""


def paragraphs(pages: list[list[PdfLine]]) -> str:
    """Return the text of the pages of a document, each in reading order, with a blank line between paragraphs."""
    lines = [
        line._replace(text=line.text.translate(_LIGATURES), block=1000 * number + line.block)
        for number, page in enumerate(pages)
        for line in page
    ]
    if not lines:
        return ""
    begins = _ParagraphStart(lines)
    rows: list[list[PdfLine]] = [[lines[0]]]
    for before, line in pairwise(lines):
        if begins(before, line):
            rows.append([])
        rows[-1].append(line)
    dehyphenation = _Dehyphenation([line.text for line in lines])
    return "\n\n".join(_joined(row, dehyphenation) for row in rows)


class _ParagraphStart:
    """Decides whether a line begins a paragraph."""

    def __init__(self, lines: list[PdfLine]) -> None:
        blocks: dict[int, list[PdfLine]] = {}
        for line in lines:
            blocks.setdefault(line.block, []).append(line)
        self._left = {block: mode(round(line.x) for line in some) for block, some in blocks.items()}
        self._right = {block: sorted(line.end for line in some)[-1 - len(some) // 20] for block, some in blocks.items()}
        self._leading = _leadings(lines)
        self._body = median(line.size for line in lines)

    def __call__(self, before: PdfLine, line: PdfLine) -> bool:
        if _same_baseline(before, line):
            return False
        if abs(before.size - line.size) > 0.08 * max(before.size, line.size) or _BULLET.match(line.text):
            return True
        if line.size > _HEADING * self._body:  # often centred: its left edge means nothing
            return not 0 < before.y - line.y <= 1.5 * line.size
        short = self._is_short(before, line)
        if before.block != line.block:
            return bool(_END.search(before.text)) and (short or self._is_indented(line))
        if before.y - line.y > _SPACED * self._leading.get(round(line.size), 1.2 * line.size):
            return True
        if self._is_indented(line) and not self._is_indented(before) and not _BULLET.match(before.text):
            return True
        return short and (bool(_END.search(before.text)) or self._is_heading(before, line))

    def _is_short(self, line: PdfLine, following: PdfLine) -> bool:
        """Return whether a line ends well before its column, with room for the next word."""
        left, right = self._left[line.block], self._right[line.block]
        word = len(following.text.partition(" ")[0]) + 1
        needed = (following.end - following.x) * word / len(following.text)
        return line.end < left + _SHORT * (right - left) and line.end + needed < right

    def _is_indented(self, line: PdfLine) -> bool:
        return line.x > self._left[line.block] + _INDENT * line.size

    def _is_heading(self, before: PdfLine, line: PdfLine) -> bool:
        return line.text[:1].isupper() and before.text[-1:].isalnum()


def _same_baseline(before: PdfLine, line: PdfLine) -> bool:
    return before.block == line.block and abs(before.y - line.y) < 0.3 * line.size


def _leadings(lines: list[PdfLine]) -> dict[int, float]:
    """Return the median line distance for each font size."""
    gaps: dict[int, list[float]] = {}
    for before, line in pairwise(lines):
        gap = before.y - line.y
        if before.block == line.block and 0.5 * line.size < gap < 3 * line.size and before.size == line.size:
            gaps.setdefault(round(line.size), []).append(gap)
    return {size: median(some) for size, some in gaps.items()}


def _joined(lines: list[PdfLine], dehyphenation: "_Dehyphenation") -> str:
    parts = [lines[0].text]
    for before, line in pairwise(lines):
        if _same_baseline(before, line):
            parts.append("\t")
        else:
            parts[-1], between = dehyphenation.join(parts[-1], line.text)
            parts.append(between)
        parts.append(line.text)
    return "".join(parts)


# --- dehyphenation ---------------------------------------------------------------------------------------------------

_HYPHENS = "-\u2010\u00ad"
_DIVIDED = re.compile(rf"([^\W_]+(?:[-\u2010][^\W_]+)*)([{_HYPHENS}])$")
_CONTINUED = re.compile(r"[^\W_]+")
_WORDS = re.compile(r"[^\W_]+(?:[-\u2010][^\W_]+)*")
_PART = 4
"""Letters: a shorter part of a word may also be a word by chance."""


class _Dehyphenation:
    """Joins the words that the end of a line divides, as the rest of the text writes them."""

    def __init__(self, lines: list[str]) -> None:
        self._words = set(_inner_words(lines))
        self._folded = {word.casefold() for word in self._words}
        self._compounding = {word.partition("-")[0] for word in self._words if "-" in word}
        self._lines = lines

    def join(self, line: str, following: str) -> tuple[str, str]:
        """Return a line without its hyphen where that divides a word, and the separator before the next line."""
        divided, rest = _DIVIDED.search(line), _CONTINUED.match(following)
        if divided is None or rest is None:
            return line, " "
        if divided[2] == "\u00ad" or not self._keeps(divided[1], rest[0]):
            return line[:-1], ""
        return line, ""

    def _keeps(self, head: str, tail: str) -> bool:
        """Return whether the hyphen belongs to the word, as in "deutsch-französisch", and not in "Bundes-regierung"."""
        part = head.rpartition("-")[2]
        if not tail[0].islower():
            return True
        if f"{head}-{tail}".casefold() in self._folded:
            return True
        if not self._folded.isdisjoint(((head + tail).casefold(), (part + tail).casefold())):
            return False
        if tail in self._enclitics or (part in self._compounding and len(part) >= _PART):
            return True
        return min(len(part), len(tail)) >= _PART and {part, tail} <= self._words

    @cached_property
    def _enclitics(self) -> frozenset[str]:
        """The words that the language attaches with a hyphen: "est-il"."""
        tables = lexicon(identify("\n".join(self._lines)))
        return frozenset((tables and tables.get("hyphenation.enclitics")) or ())


def _inner_words(lines: list[str]) -> Iterator[str]:
    """Yield the words that are whole within a line."""
    for before, line in pairwise(["", *lines]):
        words = [found[0] for found in _WORDS.finditer(line)]
        if before.endswith(tuple(_HYPHENS)):
            words = words[1:]
        if line.endswith(tuple(_HYPHENS)):
            words = words[:-1]
        yield from (word.replace("\u2010", "-") for word in words)


# --- running heads: isolated lines at one position on most pages ----------------------------------------------------

_DEPTH = 3
"""Baselines from the top and from the bottom of a page."""
_SHARE = 0.4
"""Of the pages: left and right pages may have different heads."""
_GAP = 1.25
"""Times the usual line distance: a head is farther from the text."""
_NEAR = 4.0
"""Points by which a position may differ from page to page."""
_LARGEST_SHARE = 0.3
"""Of all characters."""
_NUMBER = re.compile(r"\d+")


def without_running(pages: list[list[PdfLine]]) -> list[list[PdfLine]]:
    """Return the pages without their running heads and footers."""
    running = _running(pages)
    characters = sum(len(line.text) for page in pages for line in page)
    if sum(len(line.text) for _, line in running) > _LARGEST_SHARE * characters:
        return pages  # copies of one page: everything repeats
    return [[line for line in page if (number, line) not in running] for number, page in enumerate(pages)]


def _running(pages: list[list[PdfLine]]) -> set[tuple[int, PdfLine]]:
    seen: dict[tuple[str, int], list[tuple[int, PdfLine]]] = defaultdict(list)
    gaps = [abs(a - b) for page in pages for a, b in pairwise(sorted({round(line.y) for line in page}))]
    leading = median_low(gaps or [12])
    size = median_low([line.size for page in pages for line in page] or [10])
    for number, page in enumerate(pages):
        for line in _margin_lines(page, leading, size):
            place = int(line.y // _NEAR)
            for bin in (place, place + 1):  # they overlap, so that no boundary separates neighbours
                seen[_shape(line), bin].append((number, line))
    enough = max(2, _SHARE * sum(1 for page in pages if page))
    return {
        entry
        for entries in seen.values()
        if len({number for number, _ in entries}) >= enough and _only_count(entries)
        for entry in entries
    }


def _margin_lines(page: list[PdfLine], leading: float, size: float) -> list[PdfLine]:
    """Return the lines at the top and the bottom that are separated from the text, or of another size."""
    levels = sorted({round(line.y) for line in page})
    edge = {*_apart(levels, leading), *_apart(levels[::-1], leading)}
    outer = {*levels[:_DEPTH], *levels[-_DEPTH:]}
    odd = {round(line.y) for line in page if abs(line.size - size) > 0.08 * size}
    return [line for line in page if round(line.y) in edge | (outer & odd)]


def _apart(levels: list[int], leading: float) -> list[int]:
    """Return the baselines before the first wide gap, where that is near."""
    for place, (level, further) in enumerate(pairwise(levels[: _DEPTH + 1]), start=1):
        if abs(further - level) > _GAP * leading:
            return levels[:place]
    return []


def _shape(line: PdfLine) -> str:
    return _NUMBER.sub("#", " ".join(line.text.casefold().split()))


def _only_count(entries: list[tuple[int, PdfLine]]) -> bool:
    """Return whether each number of a line is constant or increases with the page; a bare number must increase."""
    rows = [(number, [int(found[:9]) for found in _NUMBER.findall(line.text)[:20]]) for number, line in entries]
    if any(len(values) != len(rows[0][1]) for _, values in rows):
        return False
    columns = list(zip(*(values for _, values in rows), strict=True))
    steps = [len({value - number for value, (number, _) in zip(column, rows, strict=True)}) == 1 for column in columns]
    same = [len(set(column)) == 1 for column in columns]
    wordless = not any(map(str.isalpha, _shape(entries[0][1])))
    return all(step or stays for step, stays in zip(steps, same, strict=True)) and (not wordless or any(steps))
