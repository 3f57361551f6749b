"""The drawing of a graph as SVG: boxes with names, and lines whose stroke and symbol show the status.

Partners are near each other, and no box is over another: a force-directed layout (Fruchterman and Reingold) that starts
from a spiral, so that it is deterministic. That of networkx needs numpy.
"""

import math
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from html import escape
from itertools import combinations
from unicodedata import east_asian_width

from ..graph import Edge, Organisation
from .control_characters import visible
from .graph_view import course, pair
from .summary_view import SIGNS

ORGANISATIONS = 60
"""In the drawing: more are illegible."""
TIES = 120
"""Lines, those in most articles first."""
LONGEST_NAME = 24
"""Characters of a name in its box; the whole name is in the tooltip and below the drawing."""
CONFLICT = "⚡"
"""Where articles contradict each other."""

WIDTH, HEIGHT = 1000.0, 640.0
"""Of the drawing, before overlapping boxes are separated: it may grow."""

_ROUNDS = 150
_GRAVITY = 0.08
"""Towards the centre: components without ties between them must not drift apart."""
_GAP = 34.0
"""Between two boxes: space for the line and its symbol."""

_FULL = 30
"""Boxes that need the whole drawing."""

_WIDE = 2.5
"""Preference for separating boxes vertically, because they are wider than high."""

_Places = list[list[float]]

_Box = tuple[float, float, float]
"""Its centre and its width."""

_LETTER, _HEIGHT, _MARGIN = 7.6, 26.0, 12.0


@dataclass(frozen=True)
class MapDrawing:
    """The drawn organisations with their boxes, and the edges between them with their rows on the page."""

    organisations: Sequence[Organisation]
    boxes: Sequence[_Box]
    """Of each organisation."""
    edges: Sequence[tuple[int, Edge]]

    @classmethod
    def of(cls, organisations: Sequence[Organisation], edges: Sequence[Edge]) -> "MapDrawing":
        """Choose the best connected organisations, and place them."""
        partners = {each.name: each.partners for each in organisations}
        rows = sorted(
            enumerate(edges, 1), key=lambda row: (-row[1].articles, -sum(partners[name] for name in row[1].parties))
        )
        chosen: set[str] = set()
        for _, edge in rows:
            wider = chosen.union(edge.parties)
            chosen = wider if len(wider) <= ORGANISATIONS else chosen
        ties = [(number, edge) for number, edge in rows if chosen.issuperset(edge.parties)][:TIES]
        tied = Counter(name for _, edge in ties for name in edge.parties)
        drawn = [each for each in organisations if each.name in tied]
        return cls(drawn, _boxes(drawn, ties, tied), ties)

    def svg(self) -> Iterator[str]:
        """Yield the SVG: lines first, so that names are on top."""
        if not self.boxes:
            return
        left = min(x - width / 2 for x, _, width in self.boxes) - _MARGIN
        top = min(y for _, y, _ in self.boxes) - _HEIGHT / 2 - _MARGIN
        width = max(x + width / 2 for x, _, width in self.boxes) + _MARGIN - left
        height = max(y for _, y, _ in self.boxes) + _HEIGHT / 2 + _MARGIN - top
        size = f'width="{width:.0f}" height="{height:.0f}" viewBox="{left:.0f} {top:.0f} {width:.0f} {height:.0f}"'
        yield f'<svg class="map" {size} role="group" aria-label="Who is tied to whom">'
        yield from (self._tie(number, edge) for number, edge in self.edges)
        yield from map(_box, self.organisations, self.boxes)
        yield "</svg>"

    def _tie(self, number: int, edge: Edge) -> str:
        at = {each.name: box for each, box in zip(self.organisations, self.boxes, strict=True)}
        one, other = (at[name] for name in edge.parties)
        line = f'<line class="tie" x1="{one[0]:.0f}" y1="{one[1]:.0f}" x2="{other[0]:.0f}" y2="{other[1]:.0f}"/>'
        x, y = _middle(one, other)
        sign = f'<text class="sign" x="{x:.0f}" y="{y:.0f}" dy=".35em">{_signs(edge)}</text>'
        words = escape(f"{pair(edge)}: {course(edge)}")
        return f'<a href="#pair-{number}" class="edge {edge.status[-1]}"><title>{words}</title>{line}{sign}</a>'


def _middle(one: _Box, other: _Box) -> tuple[float, float]:
    """Return the middle of the visible part of a line between two boxes."""
    dx, dy = other[0] - one[0], other[1] - one[1]
    hidden = [min(width / 2 / (abs(dx) or 1e-9), _HEIGHT / 2 / (abs(dy) or 1e-9)) for _, _, width in (one, other)]
    half = (1 + hidden[0] - hidden[1]) / 2
    return one[0] + dx * half, one[1] + dy * half


def _boxes(
    organisations: Sequence[Organisation], ties: Sequence[tuple[int, Edge]], tied: Mapping[str, int]
) -> list[_Box]:
    """Place the boxes; the many ties of one box pull less each, so that they do not pile up."""
    index = {each.name: number for number, each in enumerate(organisations)}
    pulls: dict[tuple[int, int], float] = {}
    for _, edge in ties:
        one, other = sorted(edge.parties, key=index.__getitem__)
        pulls[index[one], index[other]] = 2 / (tied[one] + tied[other])
    sizes = [(_width(each.name), _HEIGHT) for each in organisations]
    middles = places(sizes, pulls) if sizes else []
    return [(x, y, width) for (x, y), (width, _) in zip(middles, sizes, strict=True)]


def _signs(edge: Edge) -> str:
    signs = [SIGNS[status] for status in edge.status]
    if not edge.conflict:
        return "/".join(signs)
    return CONFLICT.join(signs) if len(signs) > 1 else CONFLICT + signs[0]


def _width(name: str) -> float:
    cells = sum(2 if east_asian_width(sign) in "WF" else 1 for sign in _short(name))
    return cells * _LETTER + 18


def _short(name: str) -> str:
    shown = visible(name)
    return shown if len(shown) <= LONGEST_NAME else f"{shown[: LONGEST_NAME - 1]}…"


def _box(organisation: Organisation, box: _Box) -> str:
    x, y, width = box
    words = escape(visible(organisation.name))
    return (
        f'<a href="#names" class="node" data-name="{words}"><title>{words}</title>'
        f'<rect x="{x - width / 2:.0f}" y="{y - _HEIGHT / 2:.0f}" width="{width:.0f}" height="{_HEIGHT:.0f}" rx="6"/>'
        f'<text x="{x:.0f}" y="{y:.0f}" dy=".35em">{escape(_short(organisation.name))}</text></a>'
    )


# --- places of the boxes ---------------------------------------------------------------------------------------------


def places(sizes: Sequence[tuple[float, float]], ties: Mapping[tuple[int, int], float]) -> list[tuple[float, float]]:
    """Return the centre of each box; `ties` holds the weights of connected pairs."""
    golden = math.pi * (3 - math.sqrt(5))
    radii = [math.sqrt((i + 0.5) / len(sizes)) for i in range(len(sizes))]
    at = [[radius * math.cos(i * golden), radius * math.sin(i * golden)] for i, radius in enumerate(radii)]  # a spiral
    for turn in range(_ROUNDS):
        _move(at, ties, step=0.12 * (1 - turn / _ROUNDS))
    at = _scaled(at)
    for _ in range(_ROUNDS):
        if not _separate(at, sizes):
            break
    return [(x, y) for x, y in at]


def _move(at: _Places, ties: Mapping[tuple[int, int], float], step: float) -> None:
    """Apply repulsion between all and attraction along ties, and move each place by at most a step."""
    apart = 2.4 / math.sqrt(len(at))
    forces = [[-_GRAVITY * x, -_GRAVITY * y] for x, y in at]
    for i, j in combinations(range(len(at)), 2):
        dx, dy = at[i][0] - at[j][0], at[i][1] - at[j][1]
        squared = dx * dx + dy * dy or 1e-9
        push = apart * apart / squared
        weight = ties.get((i, j), 0.0)
        if weight:
            push -= weight * math.sqrt(squared) / apart
        push *= 0.1
        forces[i][0] += dx * push
        forces[i][1] += dy * push
        forces[j][0] -= dx * push
        forces[j][1] -= dy * push
    for place, (x, y) in zip(at, forces, strict=True):
        length = math.hypot(x, y) or 1e-9
        far = min(length, step) / length
        place[0] += x * far
        place[1] += y * far


def _scaled(at: _Places) -> _Places:
    """Scale the places to the drawing."""
    across, down = zip(*at, strict=True)
    share = min(1.0, math.sqrt(len(at) / _FULL))
    return [
        [_stretched(x, min(across), max(across), WIDTH * share), _stretched(y, min(down), max(down), HEIGHT * share)]
        for x, y in at
    ]


def _stretched(value: float, low: float, high: float, room: float) -> float:
    return room / 2 if high - low < 1e-9 else room * (0.08 + 0.84 * (value - low) / (high - low))


def _separate(at: _Places, sizes: Sequence[tuple[float, float]]) -> bool:
    """Separate overlapping boxes the shorter way; return whether there were any."""
    moved = False
    for i, j in combinations(range(len(at)), 2):
        dx, dy = at[j][0] - at[i][0], at[j][1] - at[i][1]
        over_x = (sizes[i][0] + sizes[j][0]) / 2 + _GAP - abs(dx)
        over_y = (sizes[i][1] + sizes[j][1]) / 2 + _GAP - abs(dy)
        if over_x > 0 and over_y > 0:
            axis, over, way = (0, over_x, dx) if over_x < _WIDE * over_y else (1, over_y, dy)
            push = math.copysign(over / 2 + 0.1, way or 1)
            at[i][axis] -= push
            at[j][axis] += push
            moved = True
    return moved
