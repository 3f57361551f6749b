"""What a number belongs to: in "sales fell by 3 %, while profit rose by 6 %" the 6 % are not those of sales.

A sentence that gives two things a number of the same unit gives each its own, in clauses of their own. A claim that
speaks of the one with the other's number shares words with the wrong clause, and none with the right one.
"""

from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property

from ...language.content_words import stems
from ...language.lexicon import Lexicon
from ...language.normalization import fold_characters
from ...language.numbers import Number, numbers
from ...schema import Reason
from ..document import Document
from ..evidence import ClaimEvidence
from .number_support import same_number
from .polarity import clause_around, without_directions
from .table import ATTACHMENT


def check_number_attachment(claim: str, evidence: ClaimEvidence) -> list[Reason]:
    """Return a reason for each number of a claim that a sentence of its evidence gives to something else."""
    document = evidence.reading
    tables = document.lexicon
    if tables is None or document.output_lexicon is not tables:
        return []
    said = numbers(claim, tables)
    own = _Claim(claim, said, document, tables)
    distinct = {(number.value, number.unit, number.following): number for number in reversed(said)}
    return [
        ATTACHMENT.reason(f"the quoted words say {value!r} of something else", value)
        for number in sorted(distinct.values(), key=lambda number: number.start)
        if number.unit and _is_of_another(number, own, evidence)
        for value in [claim[number.start : number.end]]
    ]


@dataclass
class _Claim:
    """A claim, with its numbers and content words."""

    text: str
    numbers: list[Number]
    document: Document
    tables: Lexicon

    @cached_property
    def words(self) -> frozenset[str]:
        """Its content words."""
        return _words(fold_characters(self.text), self.numbers, self.tables)

    def has(self, number: Number) -> bool:
        """Tell whether it has a number of the evidence too."""
        return any(same_number(one, number, self.document) for one in self._by_value.get(number.value, ()))

    @cached_property
    def _by_value(self) -> dict[Decimal, list[Number]]:
        grouped: dict[Decimal, list[Number]] = {}
        for number in self.numbers:
            grouped.setdefault(number.value, []).append(number)
        return grouped


def _is_of_another(number: Number, claim: _Claim, evidence: ClaimEvidence) -> bool:
    """Tell whether each sentence with a number gives it to something else, and another number to what is claimed."""
    document = claim.document
    places = [
        (i, other)
        for i in evidence.sentences
        if len(document.sentence(i).numbers) > 1
        for other in document.sentence(i).numbers
        if same_number(number, other, document)
    ]
    return bool(places) and all(_of_another(i, other, claim) for i, other in places)


def _of_another(i: int, own: Number, claim: _Claim) -> bool:
    sentence = claim.document.sentence(i)
    told = sentence.numbers
    rivals = [other for other in told if other.unit == own.unit and other.value != own.value and not claim.has(other)]
    if not rivals:
        return False
    text = sentence.plain
    mine = _clause(text, own, claim.tables)
    if not mine or mine & claim.words:
        return False
    return any(_clause(text, other, claim.tables) & claim.words for other in rivals)


def _clause(folded: str, number: Number, tables: Lexicon) -> frozenset[str]:
    """Return the content words of the clause around a number, without numbers and words of direction."""
    start, end = clause_around(folded, number, tables)
    return _words(folded[start:end], [], tables)


def _words(folded: str, without: list[Number], tables: Lexicon) -> frozenset[str]:
    for number in without:
        folded = f"{folded[: number.start]}{' ' * (number.end - number.start)}{folded[number.end :]}"
    return frozenset(word for word in stems(without_directions(folded, tables), tables) if not word[0].isdigit())
