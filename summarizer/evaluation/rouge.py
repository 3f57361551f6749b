"""ROUGE-1, -2 and -L (Lin 2004) as F1, for any language: words are Unicode letters and digits, without a stemmer.

The usual package splits at every letter that is not ASCII, and needs a tokenizer's data for its stemmer.
"""

import re
from collections import Counter
from collections.abc import Sequence
from typing import NamedTuple

from ..language.normalization import fold
from ..language.statuses import has_unspaced


class Rouge(NamedTuple):
    """Shares of words, of pairs of words, and of the longest common sequence; 0 to 1."""

    one: float
    two: float
    longest: float


def rouge(gold: str, ours: str) -> Rouge:
    """Compare two texts; nothing shared, or nothing said, is 0."""
    wanted, has = words(gold), words(ours)
    return Rouge(_shared(wanted, has, 1), _shared(wanted, has, 2), _f1(_longest(wanted, has), len(wanted), len(has)))


def words(text: str) -> list[str]:
    """Return the folded words of a text; where a script has no spaces, each character is one."""
    found = re.findall(r"\d+(?:[.,]\d+)*|[^\W\d_]+", fold(text))
    return [part for word in found for part in (word if has_unspaced(word) else (word,))]


def _shared(wanted: Sequence[str], has: Sequence[str], size: int) -> float:
    left, right = _grams(wanted, size), _grams(has, size)
    return _f1((left & right).total(), left.total(), right.total())


def _grams(words: Sequence[str], size: int) -> Counter[tuple[str, ...]]:
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
