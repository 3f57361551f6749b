"""Remove running heads, footers and page numbers: isolated lines at one position on most pages."""

import re
from collections import defaultdict
from itertools import pairwise
from statistics import median_low

from .page_lines import PdfLine

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
    if sum(len(line.text) for _, line in running) > _LARGEST_SHARE * sum(
        len(line.text) for page in pages for line in page
    ):
        return pages  # copies of one page: everything repeats
    return [[line for line in page if (number, line) not in running] for number, page in enumerate(pages)]


def _running(pages: list[list[PdfLine]]) -> set[tuple[int, PdfLine]]:
    seen: dict[tuple[str, int], list[tuple[int, PdfLine]]] = defaultdict(list)
    leading, size = _usual(pages)
    for number, page in enumerate(pages):
        for line in _margin_lines(page, leading, size):
            for place in (
                int(line.y // _NEAR),
                int(line.y // _NEAR) + 1,
            ):  # overlapping bins, so that no boundary separates neighbours
                seen[_shape(line), place].append((number, line))
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


def _usual(pages: list[list[PdfLine]]) -> tuple[float, float]:
    """Return the median distance of two baselines, and the median size."""
    gaps = [abs(a - b) for page in pages for a, b in pairwise(sorted({round(line.y) for line in page}))]
    sizes = [line.size for page in pages for line in page]
    return median_low(gaps or [12]), median_low(sizes or [10])


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
