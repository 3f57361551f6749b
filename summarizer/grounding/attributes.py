"""Whose number it is: in "sales fell by 3 %, while profit rose by 6 %" the 6 % are not those of sales.

A sentence that gives two things a number of the same unit gives each its own, in clauses of their own. A claim that
speaks of the one with the other's number shares words with the wrong clause, and none with the right one.
"""

from collections.abc import Iterator

from ..schema import Reason
from ..text.folding import fold_characters
from ..text.lexicon import Lexicon
from ..text.numbers import Number, numbers
from .figures import same_number
from .grounds import Grounds
from .overlap import stems
from .polarity import clause_around, without_directions


def misattributed(claim: str, grounds: Grounds) -> list[Reason]:
    """Return a reason for each number of a claim that a sentence of its evidence gives to something else."""
    reading = grounds.reading
    tables = reading.lexicon
    if tables is None or reading.output_lexicon is not tables:
        return []
    said = numbers(claim, tables)
    words = _words(fold_characters(claim), said, tables)
    return [
        Reason(code="number_not_in_evidence", message=f"the quoted words say {value!r} of something else", value=value)
        for number in said
        if _is_of_another(number, said, words, grounds, tables)
        for value in [claim[number.start : number.end]]
    ]


def _is_of_another(
    number: Number, said: list[Number], words: frozenset[str], grounds: Grounds, tables: Lexicon
) -> bool:
    """Tell whether every sentence with a number gives it to what the claim does not name, another to what it does."""
    if not number.unit:
        return False
    verdicts = [
        _of_another(other, proven, text, said, words, grounds, tables)
        for text, proven in _sentences(grounds, tables)
        for other in proven
        if same_number(number, other, grounds.reading)
    ]
    return bool(verdicts) and all(verdicts)


def _of_another(
    own: Number,
    proven: list[Number],
    text: str,
    said: list[Number],
    words: frozenset[str],
    grounds: Grounds,
    tables: Lexicon,
) -> bool:
    mine = _clause(text, own, tables)
    if not mine or mine & words:
        return False
    rivals = (other for other in proven if other.unit == own.unit and other.value != own.value)
    return any(
        _clause(text, other, tables) & words
        for other in rivals
        if not any(same_number(one, other, grounds.reading) for one in said)
    )


def _sentences(grounds: Grounds, tables: Lexicon) -> Iterator[tuple[str, list[Number]]]:
    """Yield each sentence of the evidence that has two numbers or more."""
    reading = grounds.reading
    for i in grounds.sentences:
        text = reading.text[slice(*reading.sentences[i])]
        if len(proven := numbers(text, tables)) > 1:
            yield fold_characters(text), proven


def _clause(folded: str, number: Number, tables: Lexicon) -> frozenset[str]:
    """Return the content words of the clause of a number, but for those of number and direction."""
    start, end = clause_around(folded, number, tables)
    return _words(folded[start:end], [], tables)


def _words(folded: str, without: list[Number], tables: Lexicon) -> frozenset[str]:
    for number in without:
        folded = f"{folded[: number.start]}{' ' * (number.end - number.start)}{folded[number.end :]}"
    return frozenset(word for word in stems(without_directions(folded, tables), tables) if not word[0].isdigit())
