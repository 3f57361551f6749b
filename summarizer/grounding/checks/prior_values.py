"""Which of two numbers was there before: "fell to 61 million, from 74 million" is not "fell to 74, from 61"."""

import re
from functools import lru_cache

from ...language.lexicon import Lexicon
from ...language.normalization import fold_characters
from ...language.numbers import Number, numbers
from ...language.tokens import words
from ...schema import Reason, ReasonCode
from ..document import Document
from ..evidence import ClaimEvidence
from .number_support import same_number

BEFORE = 40
"""Folded characters before a number in which a word may say that it is the former one: "frente a los"."""
DATED = 30
"""Characters behind a former number in which the year stands that it is of: "contre 365 en 2024"."""


def former_as_new(claim: str, grounds: ClaimEvidence) -> list[Reason]:
    """Return a reason for the first number that is the former one in the claim or in its evidence, and not in both."""
    reading = grounds.reading
    tables = reading.lexicon
    if tables is None or reading.output_lexicon is not tables or not _compares(tables):
        return []
    folded = fold_characters(claim)
    said = numbers(claim, tables)
    for i in grounds.sentences if said else ():
        sentence = reading.sentence(i)
        told = sentence.numbers
        if len(told) > 1 and (wrong := _wrong(said, folded, told, sentence.plain, tables, reading)):
            value = claim[wrong.start : wrong.end]
            message = f"{value!r} is the former figure on one side only"
            return [Reason(code=ReasonCode.NUMBER_NOT_IN_EVIDENCE, message=message, value=value)]
    return []


def _compares(tables: Lexicon) -> bool:
    return bool(tables.get("direction.former") or tables.get("direction.former_behind"))


def _wrong(
    said: list[Number], claim: str, told: list[Number], text: str, tables: Lexicon, reading: Document
) -> Number | None:
    """Return the number that a sentence with a former and a new one has as the other of the two."""
    former = {number for number in told if _is_former(number, text, tables)}
    if not former:
        return None
    for number in said:
        places = [other for other in told if same_number(number, other, reading)]
        if not places:
            continue
        mine = _is_former(number, claim, tables)
        if mine and former.isdisjoint(places):
            return number
        if not mine and former.issuperset(places) and not _is_dated(claim, places, text, tables):
            return number
    return None


def _is_former(number: Number, folded: str, tables: Lexicon) -> bool:
    """Tell whether "from", "against", "gegenüber" stands right before a number, or its like behind it."""
    behind = tables.pattern("direction.former_behind").match(folded, number.end)
    if behind or not tables.get("direction.former"):
        return behind is not None
    function = tables.words("words.function")
    return any(
        number.start - BEFORE <= start
        and end <= number.start
        and all(other in function for other in words(folded[end : number.start]))
        for start, end in _cues(folded, tables)
    )


@lru_cache(maxsize=64)
def _cues(folded: str, tables: Lexicon) -> list[tuple[int, int]]:
    return [word.span() for word in tables.pattern("direction.former").finditer(folded)]


def _is_dated(claim: str, places: list[Number], text: str, tables: Lexicon) -> bool:
    """Tell whether a claim with a former number says so otherwise: "a year earlier", or with the year it is of."""
    if tables.pattern("direction.earlier").search(claim):
        return True
    years = {year for other in places for year in re.findall(r"(?:19|20)\d\d", text[other.end : other.end + DATED])}
    return any(year in claim for year in years)
