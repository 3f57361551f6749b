"""The drawing of a graph as SVG: boxes with names, and lines whose stroke and symbol show the status."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from html import escape
from unicodedata import east_asian_width

from ...graph import Edge, Organisation
from ..control_characters import visible
from ..summary_view import SIGNS
from .graph_view import course, pair
from .node_placement import places

ORGANISATIONS = 60
"""In the drawing: more are illegible."""
TIES = 120
"""Lines, those in most articles first."""
LONGEST_NAME = 24
"""Characters of a name in its box; the whole name is in the tooltip and below the drawing."""
CONFLICT = "⚡"
"""Where articles contradict each other."""

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
        left, top, width, height = self._extent()
        size = f'width="{width:.0f}" height="{height:.0f}" viewBox="{left:.0f} {top:.0f} {width:.0f} {height:.0f}"'
        yield f'<svg class="map" {size} role="group" aria-label="Who is tied to whom">'
        yield from (self._tie(number, edge) for number, edge in self.edges)
        yield from map(_box, self.organisations, self.boxes)
        yield "</svg>"

    def _extent(self) -> tuple[float, float, float, float]:
        left = min(x - width / 2 for x, _, width in self.boxes) - _MARGIN
        right = max(x + width / 2 for x, _, width in self.boxes) + _MARGIN
        top = min(y for _, y, _ in self.boxes) - _HEIGHT / 2 - _MARGIN
        bottom = max(y for _, y, _ in self.boxes) + _HEIGHT / 2 + _MARGIN
        return left, top, right - left, bottom - top

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
