"""Counts → figures, each a ratio of sums over articles, and the difference of two models with its interval.

The interval is the middle 95 % of the differences on two thousand resamples of the articles (a paired bootstrap).
"""

from collections.abc import Callable, Sequence
from functools import cache
from math import isnan, nan
from random import Random
from typing import NamedTuple

from .scoring import Score

DRAWS = 2_000
FEWEST = 6
"""Articles: with fewer, even full agreement is by chance more often than once in twenty."""
SEED = 20_261_123
"""Fixed, so that a figure changes only for a reason."""


class Measure(NamedTuple):
    """A figure in percent."""

    name: str
    label: str
    part: Callable[[Score], tuple[float, float]]
    """Numerator and denominator of one article."""
    higher: bool = True
    """Whether higher is better."""
    gates: bool = True
    """Whether it has a floor: ROUGE has none, because other wording is not a regression."""

    def of(self, scores: Sequence[Score]) -> float | None:
        """Return the figure in percent, None where there was nothing to measure."""
        parts = [self.part(score) for score in scores]
        total = sum(part[1] for part in parts)
        return 100 * sum(part[0] for part in parts) / total if total else None


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
    Measure("language", "in the language asked for", lambda s: (s.language_correct, s.language_checked)),
    Measure("failed", "articles that failed", lambda s: (s.error is not None, 1), higher=False),
)


class ModelDifference(NamedTuple):
    """The difference of a model from the first one in percentage points, with its interval."""

    measure: str
    model: str
    points: float
    low: float
    high: float
    articles: int
    """Those with something to measure."""

    @property
    def verdict(self) -> str:
        """What the interval allows to conclude."""
        if self.articles < FEWEST:
            return f"too few articles to say ({self.articles})"
        if self.low <= 0 <= self.high:
            return f"no difference that {self.articles} articles can show"
        better = (self.points > 0) == next(one.higher for one in MEASURES if one.name == self.measure)
        return "better" if better else "worse"


def difference(measure: Measure, model: str, ours: Sequence[Score], first: Sequence[Score]) -> ModelDifference | None:
    """Compare two models on the same articles, in the same order; None where one has nothing to measure."""
    ours_figure, first_figure = measure.of(ours), measure.of(first)
    if ours_figure is None or first_figure is None:
        return None
    left, right = [measure.part(one) for one in ours], [measure.part(one) for one in first]
    gaps = (_ratio(left, draw) - _ratio(right, draw) for draw in _draws(len(ours)))
    drawn = sorted(100 * gap for gap in gaps if not isnan(gap))
    if not drawn:
        return None
    low, high = drawn[int(0.025 * len(drawn))], drawn[int(0.975 * (len(drawn) - 1))]
    measured = sum(bool(mine[1] or other[1]) for mine, other in zip(left, right, strict=True))
    return ModelDifference(measure.name, model, ours_figure - first_figure, low, high, measured)


@cache
def _draws(size: int) -> tuple[tuple[int, ...], ...]:
    chance = Random(SEED)  # noqa: S311 - not for cryptography
    return tuple(tuple(chance.choices(range(size), k=size)) for _ in range(DRAWS))


def _ratio(parts: Sequence[tuple[float, float]], draw: Sequence[int]) -> float:
    total = sum(parts[i][1] for i in draw)
    return sum(parts[i][0] for i in draw) / total if total else nan
