"""Where the words of an article stand, so that the sentences that speak of a claim are found at once.

Every content word is reduced to what its inflections share (see `term`); scripts that write no spaces are read in pairs of
characters. Nothing here needs a table of the language; where there is one, its function words are left out.
"""

import math
import re
from collections.abc import Iterable, Iterator, Sequence
from functools import cached_property
from typing import NamedTuple

from ..text.folding import fold
from ..text.lexicon import Lexicon
from ..text.numbers import Number, numbers
from ..text.sentences import sentences
from ..text.status import is_unspaced
from .reading import Reading

STEM = 5
"""Letters that two inflections of a word share, in the languages of the tables."""
_WORD = re.compile(r"\w+")


class Term(NamedTuple):
    """A content word of a folded text: what counts of it, and where it stands."""

    stem: str
    start: int
    end: int


def terms(folded: str, tables: Lexicon | None) -> list[Term]:
    """Return the content words of a folded text, in order."""
    return list(_terms(folded, tables.words("words.function") if tables else frozenset()))


def _terms(folded: str, function: frozenset[str]) -> Iterator[Term]:
    for match in _WORD.finditer(folded):
        word, start = match[0], match.start()
        if not word.isascii() and any(map(is_unspaced, word)):
            for i in range(max(1, len(word) - 1)):
                yield Term(word[i : i + 2], start + i, start + i + 2)
        elif word[0].isdigit() or (len(word) > 2 and word not in function):
            yield Term(stem(word), start, match.end())


def stem(word: str) -> str:
    """Return what counts of a folded word."""
    if word[0].isdigit() or len(word) <= 3:
        return word
    return word.removesuffix("s")[:STEM]


class Claimed(NamedTuple):
    """One sentence of a claim, read."""

    text: str
    folded: str
    terms: list[Term]

    @property
    def stems(self) -> frozenset[str]:
        """Its content words."""
        return frozenset(term.stem for term in self.terms)

    def folded_span(self, start: int, end: int) -> tuple[int, int]:
        """Return where a stretch of the sentence stands in its folded form."""
        return len(fold(self.text[:start])), len(fold(self.text[:end]))

    def terms_in(self, start: int, end: int) -> list[Term]:
        """Return the content words in a stretch of the sentence."""
        first, last = self.folded_span(start, end)
        return [term for term in self.terms if first <= term.start and term.end <= last]

    def terms_about(self, start: int, end: int) -> tuple[list[str], list[str]]:
        """Return the content words before and after a stretch of the sentence."""
        first, last = self.folded_span(start, end)
        inside = {term.stem for term in self.terms if first <= term.start < last}
        before = [term.stem for term in self.terms if term.end <= first and term.stem not in inside]
        return before, [term.stem for term in self.terms if term.start >= last and term.stem not in inside]


def claimed(text: str, tables: Lexicon | None) -> list[Claimed]:
    """Read the sentences of a claim."""
    parts = [text[start:end] for start, end in sentences(text)]
    return [Claimed(part, folded, terms(folded, tables)) for part in parts for folded in [fold(part)]]


class Concordance:
    """The words of one article, each with the sentences in which it stands."""

    def __init__(self, reading: Reading) -> None:
        self.reading = reading
        self.tables = reading.lexicon
        self._cues: dict[str, list[int]] = {}

    @cached_property
    def stems(self) -> list[frozenset[str]]:
        """The content words of each sentence."""
        count = range(len(self.reading.sentences))
        function = self.tables.words("words.function") if self.tables else frozenset[str]()
        return [frozenset(term.stem for term in _terms(self.reading.folded_sentence(i), function)) for i in count]

    @cached_property
    def places(self) -> dict[str, list[int]]:
        """Content word → the indices of the sentences that have it."""
        places: dict[str, list[int]] = {}
        for i, stems in enumerate(self.stems):
            for one in stems:
                places.setdefault(one, []).append(i)
        return places

    @cached_property
    def numbers(self) -> list[Number]:
        """The numbers of the article."""
        return numbers(self.reading.text, self.tables)

    @cached_property
    def numbered(self) -> dict[int, list[Number]]:
        """The numbers of each sentence that has any."""
        numbered: dict[int, list[Number]] = {}
        for number in self.numbers:
            numbered.setdefault(self.reading.sentences_of(number.start, number.end)[0], []).append(number)
        return numbered

    def weight(self, one: str) -> float:
        """Return how much a content word tells: the rarer in the article, the more."""
        return math.log(1 + (1 + len(self.stems)) / (1 + len(self.places.get(one, ()))))

    def best(self, wanted: Iterable[str], most: int) -> list[int]:
        """Return the sentences that together have most of the content words, the best first."""
        left = {one: self.weight(one) for one in wanted if one in self.places}
        chosen: list[int] = []
        while left and len(chosen) < most:
            gains: dict[int, float] = {}
            for one, weight in left.items():
                for i in self.places[one]:
                    gains[i] = gains.get(i, 0.0) + weight
            best = max(gains, key=lambda i: (gains[i], -i))
            chosen.append(best)
            for one in self.stems[best]:
                left.pop(one, None)
        return chosen

    def share(self, wanted: frozenset[str], chosen: Iterable[int]) -> float:
        """Return the share of the content words that stand in the chosen sentences, 0 to 1."""
        has = frozenset[str]().union(*(self.stems[i] for i in chosen))
        return len(wanted & has) / len(wanted) if wanted else 1.0

    def cues(self, table: str) -> list[int]:
        """Return the sentences that have a word of a table of the language."""
        if table not in self._cues:
            pattern = self.tables.pattern(table) if self.tables else None
            count = range(len(self.reading.sentences))
            self._cues[table] = [i for i in count if pattern and pattern.search(self.reading.folded_sentence(i))]
        return self._cues[table]

    def around(self, i: int) -> frozenset[str]:
        """Return the content words of a sentence and of the one before it: a question and its answer."""
        return self.stems[i] | self.stems[i - 1] if i else self.stems[i]

    def about(self, i: int, reach: int) -> frozenset[str]:
        """Return the content words of a sentence, the one before it and the `reach` that follow it."""
        return self.stems[max(0, i - 1)].union(*self.stems[i : i + reach + 1])

    def told(self, table: str, anchors: Sequence[str], need: float) -> bool:
        """Tell whether the article uses a word of the table about the anchors."""
        wanted = frozenset(anchors)
        cues = self.cues(table)
        if MODE == "adaptive":
            chance = sum(len(self.places.get(a, ())) for a in wanted) * 2 * len(cues) / max(1, len(self.stems)) ** 1
            need = 1 if chance <= TH else 2
        need = min(need, len(wanted))
        return any(len(wanted & self.around(i)) >= need for i in cues)


MODE = ""
TH = 1
