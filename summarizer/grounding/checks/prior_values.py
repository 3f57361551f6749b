"""Which of two numbers is the prior value: "fell to 61 million, from 74 million" is not "fell to 74, from 61"."""

import re
from functools import lru_cache

from ...language.lexicon import Lexicon
from ...language.normalization import fold_characters
from ...language.numbers import Number, numbers
from ...language.tokens import words
from ...schema import Reason
from ..document import Document
from ..evidence import ClaimEvidence
from .number_support import same_number
from .table import PRIOR_VALUE

BEFORE = 40
"""Folded characters before a number in which a word may mark it as the prior value: "frente a los"."""
DATED = 30
"""Characters behind a prior value within which its year stands: "contre 365 en 2024"."""


def check_prior_values(claim: str, evidence: ClaimEvidence) -> list[Reason]:
    """Return a reason for the first number that is a prior value in the claim or in its evidence, but not in both."""
    document = evidence.reading
    tables = document.lexicon
    if tables is None or document.output_lexicon is not tables:
        return []
    if not tables.get("direction.former") and not tables.get("direction.former_behind"):
        return []
    folded = fold_characters(claim)
    said = numbers(claim, tables)
    for i in evidence.sentences if said else ():
        sentence = document.sentence(i)
        told = sentence.numbers
        if len(told) > 1 and (wrong := _wrong(said, folded, told, sentence.plain, tables, document)):
            value = claim[wrong.start : wrong.end]
            message = f"{value!r} is the prior value on one side only"
            return [PRIOR_VALUE.reason(message, value)]
    return []


def _wrong(
    said: list[Number], claim: str, told: list[Number], text: str, tables: Lexicon, document: Document
) -> Number | None:
    """Return the number of a claim that a sentence with a prior and a new value has in the other role."""
    prior = {number for number in told if _is_prior(number, text, tables)}
    if not prior:
        return None
    for number in said:
        places = [other for other in told if same_number(number, other, document)]
        if not places:
            continue
        mine = _is_prior(number, claim, tables)
        if mine and prior.isdisjoint(places):
            return number
        if not mine and prior.issuperset(places) and not _is_dated(claim, places, text, tables):
            return number
    return None


def _is_prior(number: Number, folded: str, tables: Lexicon) -> bool:
    """Tell whether a word such as "from" or "against" stands right before a number, or its equivalent behind it."""
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
    """Tell whether a claim marks its prior value in another way: "a year earlier", or by its year."""
    if tables.pattern("direction.earlier").search(claim):
        return True
    years = {year for other in places for year in re.findall(r"(?:19|20)\d\d", text[other.end : other.end + DATED])}
    return any(year in claim for year in years)
