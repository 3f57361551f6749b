"""ROUGE-1, -2 and -L (Lin 2004) as F1, for any language: words are Unicode letters and digits, without stemming.

The package rouge-score splits at every non-ASCII letter, and needs tokenizer data for its stemmer.
"""

import re
from collections import Counter
from collections.abc import Sequence
from typing import NamedTuple

from ..language.normalization import fold
from ..language.statuses import has_unspaced


class Rouge(NamedTuple):
    """F1 of unigrams, bigrams, and the longest common subsequence; 0 to 1."""

    one: float
    two: float
    longest: float


def rouge(gold: str, ours: str) -> Rouge:
    """Compare two texts; an empty one scores 0."""
    left, right = words(gold), words(ours)
    return Rouge(_shared(left, right, 1), _shared(left, right, 2), _f1(_longest(left, right), len(left), len(right)))


def words(text: str) -> list[str]:
    """Return the folded words of a text; in scripts without spaces, each character is a word."""
    found = re.findall(r"\d+(?:[.,]\d+)*|[^\W\d_]+", fold(text))
    return [part for word in found for part in (word if has_unspaced(word) else (word,))]


def _shared(left: Sequence[str], right: Sequence[str], size: int) -> float:
    ours, theirs = _ngrams(left, size), _ngrams(right, size)
    return _f1((ours & theirs).total(), ours.total(), theirs.total())


def _ngrams(words: Sequence[str], size: int) -> Counter[tuple[str, ...]]:
    return Counter(zip(*(words[i:] for i in range(size)), strict=False))


def _f1(common: int, left: int, right: int) -> float:
    return 2 * common / (left + right) if left and right else 0.0


def _longest(left: Sequence[str], right: Sequence[str]) -> int:
    """Return the length of the longest common subsequence."""
    row = [0] * (len(right) + 1)
    for word in left:
        before = row
        row = [0]
        for i, other in enumerate(right):
            row.append(before[i] + 1 if word == other else max(before[i + 1], row[i]))
    return row[-1]
