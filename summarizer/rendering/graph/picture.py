"""The map itself, laid out when the page is made: boxes with names, and lines whose stroke and sign say the status."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from html import escape
from unicodedata import east_asian_width

from ...graph import Edge, Organisation
from ..view import SIGNS
from ..visible import visible
from .layout import places
from .view import course, pair

ORGANISATIONS = 60
"""On the map: with more, nobody finds anything."""
TIES = 240
"""Lines, those of most articles first."""
LONGEST_NAME = 24
"""Characters of a name in its box; the whole name stands in the box's tooltip and under the map."""

_LETTER, _HEIGHT, _MARGIN = 7.6, 26.0, 12.0


@dataclass(frozen=True)
class Picture:
    """What is drawn: the organisations, each with its box, and the edges between them, each with its row."""

    organisations: Sequence[Organisation]
    boxes: Sequence[tuple[float, float, float]]
    """Of each organisation: the middle, and how wide it is."""
    edges: Sequence[tuple[int, Edge]]

    @classmethod
    def of(cls, organisations: Sequence[Organisation], edges: Sequence[Edge]) -> "Picture":
        """Choose the organisations with most partners, and lay them out."""
        by_partners = sorted(organisations, key=lambda each: -each.partners)
        drawn = [each for each in by_partners[:ORGANISATIONS] if each.partners]
        index = {each.name: number for number, each in enumerate(drawn)}
        kept = [(n, edge) for n, edge in enumerate(edges, 1) if all(name in index for name in edge.parties)][:TIES]
        sizes = [(_width(each.name), _HEIGHT) for each in drawn]
        ties: dict[tuple[int, int], float] = {}
        for _, edge in kept:
            one, other = sorted(index[name] for name in edge.parties)
            ties[one, other] = 1.0
        middles = places(sizes, ties) if drawn else []
        boxes = [(x, y, width) for (x, y), (width, _) in zip(middles, sizes, strict=True)]
        return cls(drawn, boxes, kept)

    def drawn(self) -> Iterator[str]:
        """Return the picture as SVG: lines first, so that names lie on top."""
        if not self.boxes:
            return
        yield f'<svg class="map" viewBox="{self._view_box()}" role="img" aria-label="Who is tied to whom">'
        yield from (self._tie(number, edge) for number, edge in self.edges)
        yield from map(_box, self.organisations, self.boxes)
        yield "</svg>"

    def _view_box(self) -> str:
        left = min(x - width / 2 for x, _, width in self.boxes) - _MARGIN
        right = max(x + width / 2 for x, _, width in self.boxes) + _MARGIN
        top = min(y for _, y, _ in self.boxes) - _HEIGHT / 2 - _MARGIN
        bottom = max(y for _, y, _ in self.boxes) + _HEIGHT / 2 + _MARGIN
        return f"{left:.0f} {top:.0f} {right - left:.0f} {bottom - top:.0f}"

    def _tie(self, number: int, edge: Edge) -> str:
        at = {each.name: box for each, box in zip(self.organisations, self.boxes, strict=True)}
        (x1, y1, _), (x2, y2, _) = (at[name] for name in edge.parties)
        status = edge.status[-1]
        middle = f'x="{(x1 + x2) / 2:.0f}" y="{(y1 + y2) / 2:.0f}"'
        line = f'<line class="tie" x1="{x1:.0f}" y1="{y1:.0f}" x2="{x2:.0f}" y2="{y2:.0f}"/>'
        sign = f'<text class="sign" {middle} dy=".35em">{"⚡" if edge.conflict else ""}{SIGNS[status]}</text>'
        words = escape(f"{pair(edge)}: {course(edge)}")
        return f'<a href="#pair-{number}" class="edge {status}"><title>{words}</title>{line}{sign}</a>'


def _width(name: str) -> float:
    cells = sum(2 if east_asian_width(sign) in "WF" else 1 for sign in _short(name))
    return cells * _LETTER + 18


def _short(name: str) -> str:
    shown = visible(name)
    return shown if len(shown) <= LONGEST_NAME else f"{shown[: LONGEST_NAME - 1]}…"


def _box(organisation: Organisation, box: tuple[float, float, float]) -> str:
    x, y, width = box
    words = escape(visible(organisation.name))
    return (
        f'<a href="#names" class="node" data-name="{words}"><title>{words}</title>'
        f'<rect x="{x - width / 2:.0f}" y="{y - _HEIGHT / 2:.0f}" width="{width:.0f}" height="{_HEIGHT:.0f}" rx="6"/>'
        f'<text x="{x:.0f}" y="{y:.0f}" dy=".35em">{escape(_short(organisation.name))}</text></a>'
    )
