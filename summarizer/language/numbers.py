"""Numbers with their scale, unit and currency, in the notations of the news.

"11 %", "3,5 milliards d'euros", "€3.5bn", "1 150 000", "1’150’000", "12億円" and "two" are recognised; the meaning of a
comma or a full stop depends on the language. The day and the year of a date are numbers too.
"""

import re
from collections.abc import Iterator
from decimal import Decimal
from functools import cache, lru_cache
from typing import NamedTuple

from .lexicon import Lexicon, across, common
from .normalization import fold_characters
from .phrases import compile_phrases


class Number(NamedTuple):
    """A number at `text[start:end]`, including its unit."""

    start: int
    end: int
    value: Decimal
    """With its scale: 3500000000 for "3,5 milliards"."""
    unit: str
    """`%`, `points`, a currency's ISO code, a unit's symbol, or empty."""
    following: str
    """The folded word that follows, or empty: what is counted, if there is no unit."""


_LETTERS = frozenset("kmb")
"""Scales of one letter, which need a currency: "200 m" is a length."""
# These match text that is folded character by character: digits, spaces, apostrophes and case are plain.
_LETTER = r"[^\W_\u3040-\u30ff\u3400-\u9fff\u0e00-\u0eff\uac00-\ud7af]"
"""A letter or digit of a script that writes words apart."""
_DIGITS = re.compile(r"\d{1,3}(?:[ ']\d{3})+(?!\d)(?:[.,]\d+)?|\d+(?:[.,・·]\d+)*")
_FIRST = re.compile(r"\d(?<!\d\d)")
_INSIDE_WORD = re.compile(_LETTER)
_LONGEST_SIGN = 6
_ENDS = frozenset(("", *".,;:!?)]\n"))
"""Signs after which no scale, unit or word belongs to a number."""
_GAP = r"[ -]?"
_WORD = re.compile(r"[^\W\d_]+")
_LONGEST = 5_000
"""Maximum length of a text whose numbers are cached, in characters."""


def numbers(text: str, lexicon: Lexicon | None) -> list[Number]:
    """Return the numbers of `text`, in order; without a lexicon only digits, signs and the common units are known."""
    return list(_numbers(text, lexicon)) if len(text) <= _LONGEST else _read(text, lexicon)


@lru_cache(maxsize=64)  # several checks need the numbers of a claim and its quotes
def _numbers(text: str, lexicon: Lexicon | None) -> tuple[Number, ...]:
    return tuple(_read(text, lexicon))


def _read(text: str, lexicon: Lexicon | None) -> list[Number]:
    folded = fold_characters(text)
    found = list(_written(folded, lexicon))
    if lexicon is not None:
        taken = [(number.start, number.end) for number in found]
        words = (n for n in _spelled(folded, lexicon) if not any(a < n.end and n.start < b for a, b in taken))
        found = sorted([*found, *words])
    return found


def _written(text: str, lexicon: Lexicon | None) -> Iterator[Number]:
    at = 0
    while first := _FIRST.search(text, at):
        start = first.start()
        sign = _sign().search(text, max(at, start - _LONGEST_SIGN), start)
        digits = _DIGITS.match(text, start)
        if digits is None or (sign is None and start and _INSIDE_WORD.match(text, start - 1)):
            at = start + 1  # "A320"
            continue
        end = digits.end()
        value = _value(digits[0], lexicon)
        if value is None:  # 12.03.2024: each part is a number of its own
            parts = _PART.finditer(text, start, end)
            yield from (Number(part.start(), part.end(), Decimal(part[0]), "", "") for part in parts)
            at = end
            continue
        currency = common()["currencies"][sign[0].rstrip(" .")] if sign else ""
        yield _with_tail(text, sign.start() if sign else start, end, value, currency, lexicon)
        tail = _eastern_tail().match(text, end)
        at = tail.end() if tail else end


_PART = re.compile(r"\d+")


@cache
def _sign() -> re.Pattern[str]:
    """Return the sign or code of a currency right before a number."""
    codes = [key for key in common()["currencies"] if key.isalpha()]
    signs = [re.escape(key) for key in common()["currencies"] if not key.isalpha()]
    return re.compile(rf"(?<!{_LETTER})(?:{'|'.join(signs)}|(?:{'|'.join(codes)})\.?) ?\Z")


@cache
def _eastern_tail() -> re.Pattern[str]:
    scales = "".join(common()["numbers"]["scales"])
    return re.compile(rf"(?:[{scales}]+(?:\d+(?=[{scales}])|\d+(?!\d*[.,]))?)+")


def _value(digits: str, lexicon: Lexicon | None) -> Decimal | None:
    if digits.isdigit():
        return Decimal(digits)
    plain = digits.replace(" ", "").replace("'", "").replace("・", ".").replace("·", ".")
    decimal, group = (",", ".") if lexicon is not None and lexicon.get("numbers.decimal") == "," else (".", ",")
    if _GROUPED[group].fullmatch(plain):
        plain = plain.replace(group, "")
    elif group in plain and decimal not in plain:  # not a group of three: a decimal point in the other notation
        plain = plain.replace(group, decimal)
    plain = plain.replace(decimal, ".")
    return Decimal(plain) if plain.count(".") <= 1 and "," not in plain else None


_GROUPED = {
    ",": re.compile(r"[1-9]\d{0,2}(,\d{3})+(\.\d+)?"),
    ".": re.compile(r"[1-9]\d{0,2}(\.\d{3})+(,\d+)?"),
}
"""Thousands, by the sign between them."""


def _with_tail(text: str, start: int, end: int, value: Decimal, sign: str, lexicon: Lexicon | None) -> Number:
    following = text[end : end + 1]
    if following in _ENDS:
        return Number(start, end, value.normalize(), sign, "")
    if east := _eastern_tail().match(text, end):
        value, end = _eastern(value, east[0]), east.end()
    scale, after = _scale(text, end, lexicon)
    unit, unit_end = _unit(text, after, lexicon)
    if scale and text[after - 1] in _LETTERS and not (sign or unit.isupper()):
        scale, after = None, end
        unit, unit_end = _unit(text, after, lexicon)
    value = (value * (scale or 1)).normalize()
    return Number(start, unit_end, value, unit or sign, _following(text, unit_end))


def _following(text: str, at: int) -> str:
    if text[at : at + 1] in common()["numbers"]["counters"]:
        return text[at : at + 1]
    word = _WORD.match(text, at + 1) if text[at : at + 1] in (" ", "-") else None
    return word[0] if word else ""


def _eastern(value: Decimal, tail: str) -> Decimal:
    """Return the value of a number with scales such as 万 and 億: 1万2千 is 1 × 10,000 + 2 × 1,000."""
    total = Decimal(0)
    for part in re.finditer(r"\d+|\D", tail):
        if part[0].isdigit():
            total, value = total + value, Decimal(part[0])
        else:
            value *= common()["numbers"]["scales"][part[0]]
    return total + value


@cache
def _scales(lexicon: Lexicon) -> tuple[re.Pattern[str], tuple[tuple[re.Pattern[str], Decimal], ...]]:
    table = lexicon.get("numbers.scales") or {}
    words = sorted("|".join(table.values()).split("|"), key=len, reverse=True)
    any_of = re.compile(rf"{_GAP}({'|'.join(words) or '(?!)'})\.?(?!\w)")
    return any_of, tuple((re.compile(entry), Decimal(power)) for power, entry in table.items())


def _scale(text: str, at: int, lexicon: Lexicon | None) -> tuple[Decimal | None, int]:
    if lexicon is None:
        return None, at
    any_of, values = _scales(lexicon)
    match = any_of.match(text, at)
    if match is None:
        if text[at : at + 1] not in _LETTERS or text[at + 1 : at + 2] not in "€$£":
            return None, at
        return next((value for word, value in values if word.fullmatch(text[at])), None), at + 1
    return next(value for word, value in values if word.fullmatch(match[1])), match.end()


@cache
def _units(lexicon: Lexicon | None) -> tuple[re.Pattern[str], tuple[str, ...]]:
    table = {name: "|".join(words) for name, words in common()["units"].items()}
    if lexicon is not None:
        table["%"] = "|".join(["%", *(lexicon.get("numbers.percent") or ())])
        table["points"] = "|".join(lexicon.get("numbers.points") or ("points?",))
    names = tuple(table)
    body = "|".join(rf"(?P<u{i}>{table[name]})" for i, name in enumerate(names))
    of = "|".join(word if word.endswith("'") else f"{word} " for word in across("numbers.of"))
    glued = "|".join(common()["numbers"]["glued"])
    between = "|".join(across("numbers.adjectives"))
    return re.compile(rf"{_GAP}(?:{of})?(?:(?:{between}) )?(?:{body})(?![^\W\d_])|{_GAP}(?P<glued>{glued})"), names


def _unit(text: str, at: int, lexicon: Lexicon | None) -> tuple[str, int]:
    pattern, names = _units(lexicon)
    match = pattern.match(text, at)
    if match is None:
        return "", at
    if glued := match["glued"]:
        return common()["numbers"]["glued"][glued], match.end()
    return names[int(str(match.lastgroup)[1:])], match.end()


@cache
def _number_words(lexicon: Lexicon) -> tuple[re.Pattern[str], tuple[tuple[re.Pattern[str], Decimal], ...]]:
    words = lexicon.get("numbers.words") or {}
    return compile_phrases(words.values()), tuple((re.compile(word), Decimal(value)) for value, word in words.items())


def _spelled(text: str, lexicon: Lexicon) -> Iterator[Number]:
    pattern, values = _number_words(lexicon)
    for match in pattern.finditer(text):
        value = next(value for word, value in values if word.fullmatch(match[0]))
        yield _with_tail(text, match.start(), match.end(), value, "", lexicon)
