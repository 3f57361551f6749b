"""Where the words of an article stand, so that the sentences that speak of a claim are found at once.

A content word counts by its first letters, which its inflections share; scripts that write no spaces are read in pairs
of characters. Nothing here needs a table of the language; where there is one, its function words are left out.
"""

import math
import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property

from ..language.amounts import amounts, ranges, same_amount
from ..language.content_words import Term, terms
from ..language.entities.names import NameSpan, names_in
from ..language.normalization import fold
from ..language.numbers import Number
from ..language.sentences import sentences
from .document import Document

BRIEF = 15
"""Sentences up to which an article is so short that one common word tells what a negation is about, not two."""


@dataclass(frozen=True)
class ClaimSentence:
    """One sentence of a claim, read."""

    text: str
    folded: str
    terms: tuple[Term, ...]
    numbers: tuple[Number, ...]
    names: tuple[NameSpan, ...]

    @cached_property
    def stems(self) -> frozenset[str]:
        """Its content words."""
        return frozenset(term.stem for term in self.terms)

    def about(self, start: int, end: int) -> tuple[list[str], list[str], list[str]]:
        """Return the content words before, in and after a stretch of the text."""
        first, last = start, end
        if not self.folded.isascii() or not self.text.isascii():
            first, last = len(fold(self.text[:start])), len(fold(self.text[:end]))
        inside = [term.stem for term in self.terms if first <= term.start < last]
        before = [term.stem for term in self.terms if term.end <= first and term.stem not in inside]
        return before, inside, [term.stem for term in self.terms if term.start >= last and term.stem not in inside]


def claimed(text: str, reading: Document) -> list[ClaimSentence]:
    """Read the sentences of a claim."""
    return [_read(text[start:end], reading) for start, end in sentences(text)]


def _read(text: str, reading: Document) -> ClaimSentence:
    folded = fold(text)
    return ClaimSentence(
        text=text,
        folded=folded,
        terms=tuple(terms(folded, reading.lexicon)),
        numbers=tuple(amounts(text, reading.lexicon)),
        names=tuple(names_in(text, reading.lexicon, reading.vocabulary)),
    )


class SentenceIndex:
    """The content words, numbers and cues of one article, each with the sentences in which it stands."""

    def __init__(self, reading: Document) -> None:
        self.reading = reading
        self.tables = reading.lexicon
        self._found: dict[str, list[int]] = {}

    @cached_property
    def stems(self) -> list[frozenset[str]]:
        """The content words of each sentence."""
        folded = map(self.reading.folded_sentence, range(len(self.reading.sentences)))
        return [frozenset(term.stem for term in terms(sentence, self.tables)) for sentence in folded]

    @cached_property
    def places(self) -> dict[str, list[int]]:
        """Content word → the sentences that have it."""
        places: dict[str, list[int]] = {}
        for i, stems in enumerate(self.stems):
            for one in stems:
                places.setdefault(one, []).append(i)
        return places

    @cached_property
    def numbers(self) -> dict[int, list[Number]]:
        """The numbers of each sentence that has any; "20 to 25 million" is twenty million too."""
        found = amounts(self.reading.text, self.tables)
        placed: dict[int, list[Number]] = {}
        for number in [*found, *ranges(found, self.reading.text)]:
            placed.setdefault(self.reading.sentences_of(number.start, number.end)[0], []).append(number)
        return placed

    @cached_property
    def _number_places(self) -> dict[tuple[Decimal, str], tuple[Number, list[int]]]:
        """Value and unit → a number, and the sentences that have it."""
        places: dict[tuple[Decimal, str], tuple[Number, list[int]]] = {}
        for i, placed in self.numbers.items():
            for number in placed:
                places.setdefault((number.value, number.unit), (number, []))[1].append(i)
        return places

    @property
    def different_numbers(self) -> list[Number]:
        """The different numbers of the article."""
        return [number for number, _ in self._number_places.values()]

    def places_of(self, said: Number) -> list[int]:
        """Return the sentences that have the number of a claim."""
        found = (places for told, places in self._number_places.values() if same_amount(said, told))
        return sorted({i for places in found for i in places})

    @cached_property
    def heads(self) -> Counter[str]:
        """How often the first word of each name begins one."""
        heads: Counter[str] = Counter()
        for name, count in self.reading.name_counts.items():
            heads[name.partition(" ")[0]] += count
        return heads

    def weight(self, one: str) -> float:
        """Return how much a content word tells: the rarer in the article, the more."""
        return math.log(1 + (1 + len(self.stems)) / (1 + len(self.places.get(one, ()))))

    def best(self, wanted: Iterable[str], most: int) -> list[int]:
        """Return the sentences that together have most of the content words, the best first."""
        left = {one: self.weight(one) for one in sorted(wanted) if one in self.places}
        chosen: list[int] = []
        while left and len(chosen) < most:
            gains: dict[int, float] = {}
            for one, weight in left.items():
                for i in self.places[one]:
                    gains[i] = gains.get(i, 0.0) + weight
            chosen.append(max(gains, key=lambda i: (round(gains[i], 9), -i)))
            for one in self.stems[chosen[-1]]:
                left.pop(one, None)
        return chosen

    def share(self, wanted: frozenset[str], chosen: Iterable[int]) -> float:
        """Return the share of the content words that stand in the chosen sentences, 0 to 1."""
        has = frozenset[str]().union(*(self.stems[i] for i in chosen))
        return len(wanted & has) / len(wanted) if wanted else 0.0

    def having(self, wanted: frozenset[str], share: float) -> list[int]:
        """Return the sentences that have at least a share of the content words."""
        counts = Counter(i for one in wanted for i in self.places.get(one, ()))
        return [i for i, count in counts.items() if count >= share * len(wanted)]

    def most(self, wanted: frozenset[str]) -> int:
        """Return how many of the content words one sentence has at the most."""
        return max(Counter(i for one in wanted for i in self.places.get(one, ())).values(), default=0)

    def near(self, i: int, after: int = 0) -> frozenset[str]:
        """Return the content words of a sentence, of the one before it, and of the `after` that follow."""
        return frozenset[str]().union(*self.stems[max(0, i - 1) : i + after + 1])

    @property
    def brief(self) -> bool:
        """Whether the article is so short that it says nothing twice."""
        return len(self.stems) <= BRIEF

    def found(self, pattern: re.Pattern[str]) -> list[int]:
        """Return the sentences in which a pattern is found."""
        if pattern.pattern not in self._found:
            count = range(len(self.reading.sentences))
            self._found[pattern.pattern] = [i for i in count if pattern.search(self.reading.folded_sentence(i))]
        return self._found[pattern.pattern]

    def tells(self, tables: Sequence[str], anchors: Sequence[str]) -> bool:
        """Tell whether the article has a word of the tables about the anchors, in a sentence or in the answer to it."""
        wanted = frozenset(anchors)
        need = min(len(wanted), 1 if self.brief else 2)
        cues = (i for table in tables if self.tables for i in self.found(self.tables.pattern(table)))
        return any(len(wanted & self.near(i)) >= need for i in cues)
