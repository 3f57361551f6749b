"""Counts → figures, each a ratio of sums over articles, and the difference of two models with its interval.

What twenty-four articles show is uncertain: the articles are drawn again at random, with repetition, two thousand
times, and the middle 95 % of the differences is what stands beside each of them (a paired bootstrap).
"""

from collections.abc import Callable, Sequence
from functools import cache
from random import Random
from typing import NamedTuple

from .scoring import Score

DRAWS = 2_000
FEWEST = 6
"""Articles: of fewer, even if all agreed, chance would do it more often than once in twenty."""
SEED = 20_261_123
"""The same articles are drawn in every run: a figure that changes has a reason."""


class Measure(NamedTuple):
    """A figure in percent."""

    name: str
    label: str
    part: Callable[[Score], tuple[float, float]]
    """Numerator and denominator of one article."""
    higher: bool = True
    """Whether more is better."""
    gates: bool = True
    """Whether it has a floor: ROUGE has none, for other words are no regression."""

    def of(self, scores: Sequence[Score]) -> float | None:
        """Return the figure in percent, None where there was nothing to measure."""
        parts = [self.part(score) for score in scores]
        asked = sum(part[1] for part in parts)
        return 100 * sum(part[0] for part in parts) / asked if asked else None


MEASURES = (
    Measure("pair_precision", "pairs: precision", lambda s: (s.hit_pairs, s.pairs)),
    Measure("pair_recall", "pairs: recall", lambda s: (s.hit_pairs, s.gold_pairs)),
    Measure("pair_f1", "pairs: F1", lambda s: (2 * s.hit_pairs, s.pairs + s.gold_pairs)),
    Measure("status", "status of the pairs found", lambda s: (s.right_statuses, s.hit_pairs)),
    Measure("covered", "takeaways of the gold covered", lambda s: (s.covered, s.gold_takeaways)),
    Measure("extra", "takeaways beside the gold", lambda s: (s.extra, s.takeaways), higher=False),
    Measure("redundant", "takeaways that repeat another", lambda s: (s.redundant, s.takeaways), higher=False),
    Measure("rouge_1", "ROUGE-1", lambda s: (s.rouge[0], bool(s.gold_takeaways)), gates=False),
    Measure("rouge_2", "ROUGE-2", lambda s: (s.rouge[1], bool(s.gold_takeaways)), gates=False),
    Measure("rouge_l", "ROUGE-L", lambda s: (s.rouge[2], bool(s.gold_takeaways)), gates=False),
    Measure("kept", "claims that were proven", lambda s: (s.kept, s.kept + s.fallen)),
    Measure("exact", "offsets that are exact", lambda s: (s.exact, s.evidence)),
    Measure("language", "in the language asked for", lambda s: (s.rightly_spoken, s.spoken)),
    Measure("failed", "articles that failed", lambda s: (s.error is not None, 1), higher=False),
)


class Difference(NamedTuple):
    """How far a model is from the first one, in points, and how far it may be."""

    measure: str
    model: str
    points: float
    low: float
    high: float
    articles: int
    """Those that have something to measure."""

    @property
    def verdict(self) -> str:
        """What may be said of it."""
        if self.articles < FEWEST:
            return f"too few articles to say ({self.articles})"
        if self.low <= 0 <= self.high:
            return f"no difference that {self.articles} articles can show"
        better = (self.points > 0) == next(one.higher for one in MEASURES if one.name == self.measure)
        return "better" if better else "worse"


def difference(measure: Measure, model: str, ours: Sequence[Score], first: Sequence[Score]) -> Difference | None:
    """Compare two models on the same articles, in the same order; None where one has nothing to measure."""
    here, there = measure.of(ours), measure.of(first)
    if here is None or there is None:
        return None
    left, right = [measure.part(one) for one in ours], [measure.part(one) for one in first]
    drawn = sorted(filter(_is_number, (_gap(left, right, draw) for draw in _draws(len(ours)))))
    if not drawn:
        return None
    low, high = drawn[int(0.025 * len(drawn))], drawn[int(0.975 * (len(drawn) - 1))]
    telling = sum(bool(mine[1] or other[1]) for mine, other in zip(left, right, strict=True))
    return Difference(measure.name, model, here - there, low, high, telling)


@cache
def _draws(size: int) -> tuple[tuple[int, ...], ...]:
    chance = Random(SEED)  # noqa: S311 - a draw of articles, no secret
    return tuple(tuple(chance.choices(range(size), k=size)) for _ in range(DRAWS))


_Parts = Sequence[tuple[float, float]]


def _gap(left: _Parts, right: _Parts, draw: Sequence[int]) -> float:
    """Return the difference in points on the articles of a draw, or no number where nothing was asked there."""
    ours, theirs = _ratio(left, draw), _ratio(right, draw)
    return 100 * (ours - theirs)


def _ratio(parts: _Parts, draw: Sequence[int]) -> float:
    asked = sum(parts[i][1] for i in draw)
    return sum(parts[i][0] for i in draw) / asked if asked else float("nan")


def _is_number(value: float) -> bool:
    return value == value
