"""Place the organisations of a drawing: partners near each other, and no box over another.

A force-directed layout (Fruchterman and Reingold) that starts from a spiral, so that it is deterministic. That of
networkx needs numpy.
"""

import math
from collections.abc import Mapping, Sequence
from itertools import combinations

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


def places(sizes: Sequence[tuple[float, float]], ties: Mapping[tuple[int, int], float]) -> list[tuple[float, float]]:
    """Return the centre of each box; `ties` holds the weights of connected pairs."""
    at = _spiral(len(sizes))
    for turn in range(_ROUNDS):
        _move(at, ties, step=0.12 * (1 - turn / _ROUNDS))
    at = _scaled(at)
    for _ in range(_ROUNDS):
        if not _separate(at, sizes):
            break
    return [(x, y) for x, y in at]


def _spiral(count: int) -> _Places:
    """Return places around the centre, the first nearest to it."""
    golden = math.pi * (3 - math.sqrt(5))
    return [
        [math.sqrt((i + 0.5) / count) * math.cos(i * golden), math.sqrt((i + 0.5) / count) * math.sin(i * golden)]
        for i in range(count)
    ]


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
