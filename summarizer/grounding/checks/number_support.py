"""Whether the evidence has every number and date of a claim, with unit and currency."""

import re
from collections.abc import Iterator, Sequence
from decimal import Decimal
from functools import cache

from ...language.amounts import ranges
from ...language.lexicon import Lexicon, across, common
from ...language.normalization import fold, fold_characters
from ...language.numbers import Number, numbers
from ...schema import Reason
from ..document import Document, TextSpan
from .table import DATE_MISSING, NUMBER_MISSING, NUMBER_WORD_MISSING

BOUND = Decimal("1.3")
"""How many times as large a number may be as one that it is "more than"."""
_NEAR = 24
"""Characters before a number in which "more than" stands."""


def check_numbers(claim: str, told: Sequence[TextSpan], document: Document) -> list[Reason]:
    """Return a reason for each number of the claim that the evidence does not have, with its unit and currency."""
    said = numbers(claim, document.output_lexicon)
    if not said:
        return []
    # Each number once: a table, and a model that repeats itself, has thousands.
    proven = {
        (n.value, n.unit, n.following): n
        for stretch in told
        for n in (*stretch.numbers, *ranges(stretch.numbers, stretch.text))
    }.values()
    by_value: dict[Decimal, list[Number]] = {}
    for number in proven:
        by_value.setdefault(number.value, []).append(number)
    currencies = {number.unit for number in proven if len(number.unit) == 3 and number.unit.isupper()}
    scaled = {number.start: number for number in ranges(said, claim)}
    otherwise = (
        {n.start: n for n in numbers(claim, document.lexicon)}
        if document.lexicon is not document.output_lexicon
        else {}
    )
    reasons = []
    for number in said:
        readings = [number, *(other[number.start] for other in (otherwise, scaled) if number.start in other)]
        same_value = ((one, other) for one in readings for other in by_value.get(one.value, ()))
        if any(_proves(other, one, currencies, document) for one, other in same_value) or _counts(claim, number):
            continue
        if any(_bounds(claim, one, other, document) for one in readings for other in proven):
            continue
        value = claim[number.start : number.end]
        check = DATE_MISSING if _is_year(claim, number) else NUMBER_MISSING
        if not any(c.isdigit() for c in value):  # "the two ways out": it may count what the quotes list
            check = NUMBER_WORD_MISSING
        reasons.append(check.reason(f"{value!r} is not in the quoted words", value))
    return reasons


def _proves(other: Number, said: Number, currencies: set[str], document: Document) -> bool:
    """Tell whether a number of the evidence is the claimed one; its currency may stand with another amount."""
    if same_number(said, other, document):
        return True
    return not other.unit and currencies == {said.unit} and same_number(said._replace(unit=""), other, document)


def same_number(said: Number, proven: Number, document: Document) -> bool:
    """Tell whether two numbers agree in value and unit; a claim may leave the unit out where it counts nothing."""
    if said.value != proven.value or _are_other_dates(said.following, proven.following):
        return False
    if said.unit == proven.unit:
        return True
    if said.unit or not proven.unit:
        return False
    lexicon = document.output_lexicon
    return not said.following or lexicon is None or said.following in lexicon.words("words.function")


def _bounds(claim: str, said: Number, proven: Number, document: Document) -> bool:
    """Tell whether a claim says "more than" a round number a little below the proven one, or "less than" one above."""
    before = fold_characters(claim[: said.start])
    if document.output_lexicon is None or not same_number(said._replace(value=proven.value), proven, document):
        return False
    if said.value < proven.value <= said.value * BOUND:
        return _stands_before("numbers.above", before, document.output_lexicon)
    return proven.value < said.value <= proven.value * BOUND and _stands_before(
        "numbers.below", before, document.output_lexicon
    )


def _stands_before(table: str, text: str, tables: Lexicon) -> bool:
    """Tell whether a text ends with an entry of a list."""
    near = text[-_NEAR:].rstrip()
    return any(found.end() == len(near) for found in tables.pattern(table).finditer(near))


def _are_other_dates(left: str, right: str) -> bool:
    """Tell whether two words behind numbers are different signs of a date: a year is no month."""
    signs = common()["numbers"]["dates"]
    return left != right and left in signs and right in signs


_LAST_WORD = re.compile(r"(\w+)\s$")


def _counts(claim: str, number: Number) -> bool:
    """Tell whether the number only counts what the claim names: "les deux groupes", "the three companies"."""
    if number.unit or number.value > 3 or any(c.isdigit() for c in claim[number.start : number.end]):
        return False
    before = _LAST_WORD.search(claim[: number.start].lower())
    return before is not None and before[1] in across("numbers.definite")


def _is_year(claim: str, number: Number) -> bool:
    digits = claim[number.start : number.end]
    return digits.isdigit() and len(digits) == 4 and Decimal(1800) <= number.value <= Decimal(2100)


def check_dates(
    claim: str, told: Sequence[TextSpan], document: Document, tables: Lexicon | None = None
) -> list[Reason]:
    """Return a reason for each month and weekday of the claim that the evidence does not have.

    `tables` are those of the claim's language, by default the language that was asked for.
    """
    said = list(_dates(claim, tables or document.output_lexicon))
    if not said:
        return []
    proven = {date for stretch in told for date, _, _ in _dates(stretch.text, document.lexicon)}
    return [
        DATE_MISSING.reason(f"{value!r} is not in the quoted words", value)
        for date, start, end in said
        if date not in proven and not any(fold(claim[start:end]) in stretch.folded for stretch in told)
        for value in [claim[start:end]]
    ]


def _dates(text: str, tables: Lexicon | None) -> Iterator[tuple[str, int, int]]:
    if tables is None or not tables.months:
        return
    for match in _calendar(tables).finditer(fold_characters(text)):
        word = match[0]
        if tables.get("grammar.month_capitals") and text[match.start()].islower():
            continue  # "may", "march"
        if match["abbreviation"] and not re.search(r"\d", text[max(0, match.start() - 4) : match.end() + 4]):
            continue
        month = tables.months.get(word)
        days = (
            [] if month else [i for i, day in enumerate(tables.get("dates.weekdays")) if re.fullmatch(fold(day), word)]
        )
        yield f"month {month}" if month else f"weekday {days[0]}", match.start(), match.end()


@cache
def _calendar(tables: Lexicon) -> re.Pattern[str]:
    months = [entry.split("|") for entry in tables.get("dates.months") or ()]
    full = [fold(names[0]) for names in months]
    short = [fold(name) for names in months for name in names[1:]]
    weekdays = [f"(?:{fold(day)})" for day in tables.get("dates.weekdays") or ()]
    return re.compile(
        rf"(?<!\w)(?:(?:{'|'.join([*full, *weekdays])})|(?P<abbreviation>{'|'.join(short) or '(?!)'}))(?!\w)"
    )
