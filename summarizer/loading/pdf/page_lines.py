"""The lines of one page, in reading order.

A PDF holds glyphs and positions, in any order. Glyphs on one baseline form a line, and lines that begin at the same x,
beside others that end before it, form a column. What spans several columns divides the page.
"""

import re
from collections import Counter
from collections.abc import Callable
from math import atan2, degrees, hypot, radians, sin
from math import cos as cosine
from statistics import median
from typing import TYPE_CHECKING, Any, NamedTuple

if TYPE_CHECKING:
    from pypdf import PageObject


class PdfLine(NamedTuple):
    """A run of text on one baseline; coordinates in points, y upwards."""

    text: str
    x: float
    end: float
    """An estimate of its right edge, precise enough to separate columns."""
    y: float
    size: float
    block: int = 0
    """The number of its column: lines of one block follow one another."""


class _Piece(NamedTuple):
    text: str
    x: float
    y: float
    size: float
    width: float
    angle: int


NO_LETTER = "\ufffd"
"""Stands for each letter that cannot be read."""
_READABLE = re.compile(r"/(?:Uni\w+-(?:UTF16|UCS2)|90ms-RKSJ|GBK?-EUC|GBpc-EUC|GBK2K|ETen-B5|ETenms-B5)-[HV]")
"""The encodings that pypdf decodes."""
_SHADOW = 2.0
"""Points between a text and its shadow, at the most."""
_STRIKES = 8

_INITIAL = re.compile(r"[\"'«“‘„¿¡]?\s?[^\W\d_] ?")
_LARGE = 1.6
"""Times the size of the text that a large initial begins."""
_INITIALS = 50
"""Of one page: more are a table."""

_STAMP_SHARE = 0.05
"""Of the characters of a page: fewer in another direction are a stamp in the margin."""


def lines_of(page: "PageObject") -> list[PdfLine]:
    """Return the lines of a page, in the order of the file. Raises whatever pypdf raises."""
    pieces: list[_Piece] = []
    fonts: dict[int, tuple[Callable[[str], float], bool]] = {}

    def visit(text: str, outer: Any, inner: Any, font: Any, size: float) -> None:
        if text.strip():
            if id(font) not in fonts:
                fonts[id(font)] = _text_width(font), _has_letters(font)
            width, has_letters = fonts[id(font)]
            shown = text if has_letters else re.sub(r"\S", NO_LETTER, text)
            pieces.append(_piece(shown, _product(inner, outer), size, width))

    page.extract_text(visitor_text=visit)
    return _with_initials(_joined(_upright(_struck_once(pieces))))


def _has_letters(font: Any) -> bool:
    """Tell whether the codes of a font can be read as letters: a composite font has to say which they are."""
    if not hasattr(font, "get") or font.get("/Subtype") != "/Type0" or "/ToUnicode" in font:
        return True
    return _READABLE.fullmatch(str(font.get("/Encoding"))) is not None


def _struck_once(pieces: list[_Piece]) -> list[_Piece]:
    """Leave out text that is struck again in nearly the same place, to look bold or to cast a shadow."""
    struck: dict[tuple[str, int], list[_Piece]] = {}
    kept = []
    for piece in pieces:
        others = struck.setdefault((piece.text.strip(), round(piece.size)), [])
        near = min(_SHADOW, 0.6 * piece.width)
        if not any(abs(piece.x - other.x) <= near and abs(piece.y - other.y) <= near for other in others[-_STRIKES:]):
            kept.append(piece)
        others.append(piece)
    return kept


def _product(inner: Any, outer: Any) -> tuple[float, ...]:
    a, b, c, d, e, f = (float(value) for value in inner)
    g, h, i, j, k, m = (float(value) for value in outer)
    return a * g + b * i, a * h + b * j, c * g + d * i, c * h + d * j, e * g + f * i + k, e * h + f * j + m


def _piece(text: str, matrix: tuple[float, ...], size: float, measure: Callable[[str], float]) -> _Piece:
    a, b, c, d, x, y = matrix
    angle = round(degrees(atan2(b, a)) / 90) % 4
    words = " ".join(text.split())
    lead = " " if text[:1].isspace() else ""
    trail = " " if text[-1:] in " \t\u00a0" else ""
    return _Piece(lead + words + trail, x, y, abs(size) * hypot(c, d), measure(words) * abs(size) * hypot(a, b), angle)


_HELVETICA = {
    letter: width
    for letters, width in (
        ("ijl'’", 0.222),
        (" .,:;!ftI/[]", 0.278),
        ('-()r"“”„`', 0.333),
        ("cksvxyzJ", 0.5),
        ("FTZ", 0.611),
        ("ABEKPSVXYÀÂÄÉÈÊ&", 0.667),
        ("CDHNRUwÜÇ", 0.722),
        ("GOQÖÔ", 0.778),
        ("mM", 0.833),
        ("Wæœ%", 0.92),
        ("@—…ŒÆ", 1.0),
    )
    for letter in letters
}
"""Glyph widths in units of the font size, for fonts without widths of their own: most are similar."""
_TIMES, _COURIER = 0.9, 0.6
_WIDE_SCRIPTS = "\u2e80"


def _text_width(font: Any) -> Callable[[str], float]:
    """Return a function from a text to its width, in units of the font size."""
    first, widths = _widths(font)
    name = str(font.get("/BaseFont", "")) if hasattr(font, "get") else ""
    scale = _TIMES if "Times" in name else 1.0

    def default(letter: str) -> float:
        if "Courier" in name:
            return _COURIER
        return scale * (1.0 if letter > _WIDE_SCRIPTS else _HELVETICA.get(letter, 0.556))

    def measure(text: str) -> float:
        places = ((ord(letter) - first, letter) for letter in text)
        return sum(widths[at] / 1000 if 0 <= at < len(widths) else default(letter) for at, letter in places)

    return measure


def _widths(font: Any) -> tuple[int, list[float]]:
    """Return the first code and the widths of a simple font; no widths of any other."""
    try:
        widths = [float(width) for width in font["/Widths"]]
        return int(font["/FirstChar"]), widths if any(widths) else []
    except (KeyError, TypeError, ValueError, AttributeError):
        return 0, []


def _upright(pieces: list[_Piece]) -> list[_Piece]:
    """Rotate each direction of text to be upright, the most frequent first; leave out stamps in the margin."""
    letters = Counter[int]()
    for piece in pieces:
        letters[piece.angle] += len(piece.text)
    kept = [angle for angle, count in letters.most_common() if count >= _STAMP_SHARE * letters.total()]
    return [_rotated(piece) if angle else piece for angle in kept for piece in pieces if piece.angle == angle]


def _rotated(piece: _Piece) -> _Piece:
    by = radians(90 * piece.angle)
    x, y = piece.x * cosine(by) + piece.y * sin(by), piece.y * cosine(by) - piece.x * sin(by)
    return piece._replace(x=x, y=y)


# --- pieces → lines --------------------------------------------------------------------------------------------------


def _joined(pieces: list[_Piece]) -> list[PdfLine]:
    """Join adjacent pieces to lines; a column begins a new line."""
    edges = _edges([piece.x for piece in pieces])
    lines: list[PdfLine] = []
    for piece in pieces:
        if lines and _continues(lines[-1], piece, edges):
            lines[-1] = _extended(lines[-1], piece)
        else:
            text = piece.text if _INITIAL.fullmatch(piece.text) else piece.text.strip()
            lines.append(PdfLine(text, piece.x, piece.x + piece.width, piece.y, piece.size))
    return lines


def _continues(line: PdfLine, piece: _Piece, edges: list[float]) -> bool:
    gap = piece.x - line.end
    level = abs(piece.y - line.y) < 0.5 * max(line.size, piece.size)
    at_edge = any(abs(piece.x - edge) < 1 for edge in edges) and gap > 0.5 * piece.size
    initial = line.size > _LARGE * piece.size and _INITIAL.fullmatch(line.text)
    return level and -2 * line.size < gap < 1.5 * line.size and piece.x > line.x and not at_edge and not initial


def _extended(line: PdfLine, piece: _Piece) -> PdfLine:
    apart = piece.x - line.end > 0.15 * piece.size or piece.text[0] == " "
    text = line.text + (" " if apart else "") + piece.text.strip()
    return line._replace(text=text, end=max(line.end, piece.x + piece.width))


def _with_initials(lines: list[PdfLine]) -> list[PdfLine]:
    """Put a large initial before the first line beside it; all lines beside it begin where it does."""
    initials = [line for line in lines if _INITIAL.fullmatch(line.text) and line.text.isupper()]
    for initial in initials if len(initials) <= _INITIALS else ():
        beside = [line for line in lines if _is_beside(line, initial)]
        if not beside:
            continue
        first = max(beside, key=lambda line: line.y)
        for line in beside:
            if abs(line.x - first.x) < 0.5 * line.size:
                lines[lines.index(line)] = line._replace(x=initial.x)
        place = lines.index(first._replace(x=initial.x))
        apart = " " if first.text[:2].istitle() and not initial.text[-1].isspace() else ""
        lines[place] = lines[place]._replace(text=initial.text + apart + first.text)
        lines.remove(initial)
    return lines


def _is_beside(line: PdfLine, initial: PdfLine) -> bool:
    near = line.x > initial.x and abs(line.x - initial.end) < 0.4 * initial.size
    within = -0.3 * line.size < line.y - initial.y < 0.9 * initial.size
    return near and within and _LARGE * line.size < initial.size


def _edges(starts: list[float], share: float = 0.15) -> list[float]:
    """Return the x at which many lines begin."""
    counts = Counter(round(x) for x in starts)
    near = {x: counts[x - 1] + counts[x] + counts[x + 1] for x in counts}
    enough = max(4, share * len(starts))
    return [x for x in sorted(counts) if near[x] >= enough and counts[x] >= max(counts[x - 1], counts[x + 1])]


# --- lines → reading order -------------------------------------------------------------------------------------------

_FULL = 0.55
"""Of a column's width: the median line of prose is wider, the median cell of a table is narrower."""
_NARROWEST = 50
"""Points."""
_HEADING = 1.15
"""Times the median size."""
_ENDING_BEFORE = 0.8
"""Share of the lines to the left of a column that end before it."""


def ordered(lines: list[PdfLine]) -> list[PdfLine]:
    """Return the lines of a page in reading order: from top to bottom, column after column."""
    edges = _columns(lines)
    spans = [_spans(lines, edge) for edge in edges]
    heading = _HEADING * median(line.size for line in lines) if edges else 0
    bands: list[list[list[PdfLine]]] = [[[] for _ in range(len(edges) + 1)]]
    for line in _top_down(lines):
        first = not any(bands[-1])
        if any(over(line) for over in spans) or (edges and first and line.size > heading):
            bands += [[[line]], [[] for _ in range(len(edges) + 1)]]
        else:
            bands[-1][sum(line.x > edge - 3 for edge in edges)].append(line)
    blocks = [column for band in bands for column in band if column]
    return [line._replace(block=number) for number, block in enumerate(blocks) for line in block]


def _spans(lines: list[PdfLine], edge: float) -> Callable[[PdfLine], bool]:
    """Return whether a line spans an edge; none does on whose baseline another line begins at the edge."""
    starts = [round(line.y) for line in lines if abs(line.x - edge) < 3]
    taken = {level + near for level in starts for near in (-1, 0, 1)}
    return lambda line: line.x < edge - 3 and line.end > edge + line.size and round(line.y) not in taken


def _top_down(lines: list[PdfLine]) -> list[PdfLine]:
    """Sort lines from top to bottom, and from left to right on one baseline."""
    rows: list[list[PdfLine]] = []
    for line in sorted(lines, key=lambda line: -line.y):
        if rows and abs(rows[-1][0].y - line.y) < 0.3 * line.size:
            rows[-1].append(line)
        else:
            rows.append([line])
    return [line for row in rows for line in sorted(row, key=lambda line: line.x)]


def _columns(lines: list[PdfLine]) -> list[float]:
    """Return the x at which the second and further columns begin."""
    if not lines:
        return []
    found = [min(line.x for line in lines)]
    for edge in _edges([line.x for line in lines])[:50]:
        if edge > found[-1] + _NARROWEST and _is_column(lines, found[-1], edge):
            found.append(edge)
    return found[1:]


def _is_column(lines: list[PdfLine], start: float, edge: float) -> bool:
    """Return whether prose begins at an edge, and the prose to its left, from `start` on, ends before it."""
    right = [line for line in lines if abs(line.x - edge) < 2]
    top, bottom = max(line.y for line in right), min(line.y for line in right)
    beside = [line for line in lines if start - 3 < line.x < edge - 20 and bottom - 2 <= line.y <= top + 2]
    over = _spans(lines, edge)
    left = [line for line in beside if not over(line)]
    if len(left) < max(4, _ENDING_BEFORE * len(beside)) or len(right) < 4:
        return False
    return _are_prose(left, edge - start) and _are_prose(right, max(line.end for line in right) - edge)


def _are_prose(lines: list[PdfLine], width: float) -> bool:
    return median(line.end - line.x for line in lines) >= _FULL * min(width, 40 * median(line.size for line in lines))
