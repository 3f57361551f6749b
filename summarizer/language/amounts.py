"""The amounts of a text in any notation: "twenty-five", "20 to 25 million", "86 cents"; and which are the same.

`numbers` recognises figures and numbers of one word. A transcript spells numbers in several words, the first number of
a range takes its scale from the second, and a summary rounds.
"""

import re
from decimal import Decimal
from functools import cache
from itertools import pairwise

from .lexicon import Lexicon, across
from .numbers import Number, numbers


def amounts(text: str, tables: Lexicon | None) -> list[Number]:
    """Return the numbers of a text, those that are spelled in several words as one number."""
    composed: list[Number] = []
    for number in numbers(text, tables):
        if composed and (whole := _together(composed[-1], number, text)) is not None:
            composed[-1] = Number(composed[-1].start, number.end, whole, number.unit, number.following)
        else:
            composed.append(number)
    return composed


def _together(left: Number, right: Number, text: str) -> Decimal | None:
    """Return the number that two spelled numbers side by side make together, None where they are two."""
    between = text[left.end : right.start]
    spelled = text[left.start : left.end] + text[right.start : right.end]
    if not _joint().fullmatch(between) or any(c.isdigit() for c in spelled):
        return None
    if _point().search(text[left.start : left.end]):
        return left.value + right.value / 10 if right.value < 10 else None
    exponent = left.value.normalize().as_tuple().exponent
    joins = not left.unit and isinstance(exponent, int) and right.value < Decimal(10) ** exponent
    return left.value + right.value if joins else None


@cache
def _joint() -> re.Pattern[str]:
    return re.compile(rf"[ -](?:(?:{'|'.join(across('numbers.and'))})[ -])?")


@cache
def _point() -> re.Pattern[str]:
    return re.compile(rf"\W(?:{'|'.join(across('numbers.point'))})$", re.IGNORECASE)


def ranges(found: list[Number], text: str) -> list[Number]:
    """Return the first numbers of ranges with the scale and unit of the second: 20 million for "20 to 25 million"."""
    between = _range()
    return [
        low._replace(value=low.value * _scale(high, text), unit=high.unit)
        for low, high in pairwise(found)
        if low.value < 1000 and low.unit in ("", high.unit) and between.fullmatch(text, low.end, high.start)
    ]


@cache
def _range() -> re.Pattern[str]:
    return re.compile(rf"\s?(?:{'|'.join(across('numbers.range'))}|-|–|—)\s?")


def _scale(number: Number, text: str) -> Decimal:
    """Return the power of a thousand that a number was written with."""
    exponent = number.value.normalize().as_tuple().exponent
    decimals = _DECIMALS.search(text, number.start, number.end)
    zeros = (exponent if isinstance(exponent, int) else 0) + (len(decimals[1]) if decimals else 0)
    return Decimal(10) ** (zeros // 3 * 3) if zeros >= 3 else Decimal(1)


_DECIMALS = re.compile(r"\d[.,](\d{1,2})(?!\d)")


def same_amount(said: Number, told: Number) -> bool:
    """Tell whether a claim's number is the article's; the claim may round it or leave out the unit."""
    if said.unit and said.unit != told.unit and (told.unit or said.unit == "%"):
        return False
    return said.value == told.value or _rounds(said.value, told.value) or _in_cents(said, told)


def _rounds(said: Decimal, told: Decimal) -> bool:
    """Tell whether a number is another one, rounded: 1,200 for 1,234, not 2,020 for 2,019."""
    digits = said.normalize().as_tuple()
    if not isinstance(digits.exponent, int) or not 2 <= len(digits.digits) < len(told.normalize().as_tuple().digits):
        return False
    return abs(said - told) <= Decimal(5).scaleb(digits.exponent - 1)


def _in_cents(said: Number, told: Number) -> bool:
    """Tell whether an amount under one is given in hundredths: $0.86, "86 cents", "$.86"."""
    return bool(said.unit) and 0 < said.value < 1 and said.value * 100 == told.value
