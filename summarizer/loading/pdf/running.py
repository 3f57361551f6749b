"""Running heads, feet and page numbers: lines that stand at the same place on most pages, whose numbers only count."""

import re
from collections import defaultdict

from .page import Line

_DEPTH = 3
"""Baselines from the top and from the bottom of a page."""
_SHARE = 0.4
"""Of the pages: left and right pages may have heads of their own."""
_NEAR = 4.0
"""Points: so far may a place differ from page to page."""
_NUMBER = re.compile(r"\d+")


def without_running(pages: list[list[Line]]) -> list[list[Line]]:
    """Return the pages without what runs through them."""
    running = _running(pages)
    return [[line for line in page if (number, line) not in running] for number, page in enumerate(pages)]


def _running(pages: list[list[Line]]) -> set[tuple[int, Line]]:
    seen: dict[tuple[str, int], list[tuple[int, Line]]] = defaultdict(list)
    for number, page in enumerate(pages):
        for line in _at_the_rim(page):
            for place in (int(line.y // _NEAR), int(line.y // _NEAR) + 1):  # so that no border between places divides
                seen[_shape(line), place].append((number, line))
    enough = max(2, _SHARE * sum(1 for page in pages if page))
    return {
        entry
        for entries in seen.values()
        if len({number for number, _ in entries}) >= enough and _only_count(entries)
        for entry in entries
    }


def _at_the_rim(page: list[Line]) -> list[Line]:
    levels = sorted({round(line.y) for line in page})
    rim = {*levels[:_DEPTH], *levels[-_DEPTH:]}
    return [line for line in page if round(line.y) in rim]


def _shape(line: Line) -> str:
    return _NUMBER.sub("#", " ".join(line.text.casefold().split()))


def _only_count(entries: list[tuple[int, Line]]) -> bool:
    """Whether each number of a line stays the same, or steps with the page; a bare number has to step."""
    rows = [(number, [int(found[:9]) for found in _NUMBER.findall(line.text)[:20]]) for number, line in entries]
    if any(len(values) != len(rows[0][1]) for _, values in rows):
        return False
    columns = list(zip(*(values for _, values in rows), strict=True))
    steps = [len({value - number for value, (number, _) in zip(column, rows, strict=True)}) == 1 for column in columns]
    same = [len(set(column)) == 1 for column in columns]
    wordless = not any(map(str.isalpha, _shape(entries[0][1])))
    return all(step or stays for step, stays in zip(steps, same, strict=True)) and (not wordless or any(steps))
