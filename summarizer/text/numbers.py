"""Numbers with their scale, unit and currency, in the notations of the news.

"11 %", "3,5 milliards d'euros", "€3.5bn", "1 150 000", "1’150’000", "12億円" and "two" are read; what a comma or a full stop means
depends on the language. Dates are numbers too: a month by its name is read by `dates`.
"""

import re
from collections.abc import Iterator
from decimal import Decimal
from functools import cache
from typing import NamedTuple

from .folding import fold_characters
from .lexicon import Lexicon


class Number(NamedTuple):
    """A number as it stands at `text[start:end]`, its unit included."""

    start: int
    end: int
    value: Decimal
    """With its scale: 3500000000 for "3,5 milliards"."""
    unit: str
    """`%`, `points`, a currency's ISO code, a unit's symbol, or empty."""
    following: str
    """The folded word that follows, empty where none does: what is counted, when there is no unit."""


_CURRENCY_SIGNS = {
    "€": "EUR",
    "$": "USD",
    "£": "GBP",
    "¥": "JPY",
    "₩": "KRW",
    "₹": "INR",
    "₽": "RUB",
    "円": "JPY",
    "元": "CNY",
    "฿": "THB",
}
_PREFIXED = {
    "us$": "USD", "r$": "BRL", "a$": "AUD", "c$": "CAD", "ca$": "CAD", "hk$": "HKD", "s$": "SGD", "nz$": "NZD", "mx$": "MXN", "eur": "EUR",
    "usd": "USD", "gbp": "GBP", "chf": "CHF", "fr": "CHF", "sfr": "CHF", "jpy": "JPY", "cny": "CNY", "rmb": "CNY", "sek": "SEK", "nok": "NOK",
    "dkk": "DKK", "pln": "PLN", "rs": "INR", "inr": "INR", "brl": "BRL", "cad": "CAD", "aud": "AUD",
}  # fmt: skip
# Words after a number → one name for the unit, in any language of the tables: most are written alike.
_UNITS = {
    "EUR": "euros?|eur|€", "USD": "(us )?dollar[s]?|dolares|dolar|dollari|dollaro|dollars? americains?|usd|us-dollar|\\$", "GBP": "pounds?( sterling)?|livres?( sterling)?|pfund|libras?( esterlinas?)?|sterline?|gbp|£",
    "CHF": "francs?( suisses?)?|(swiss )?francs?|(schweizer )?franken|franchi( svizzeri)?|chf", "JPY": "yens?|円|¥|jpy", "CNY": "yuans?|renminbi|rmb|元|人民元|人民币", "BRL": "reais|real|brl", "INR": "rupees?|roupies?|rupien?",
    "SEK": "kronor|couronnes suedoises|sek", "NOK": "kroner|nok", "DKK": "dkk", "KRW": "wons?|원|₩", "RUB": "rou?bles?|rubel|rublos?|рублей|рубля|₽", "PLN": "zlotys?|pln", "MXN": "pesos?", "GBX": "pence",
    "%": "%", "permille": "‰", "bps": "basis points?|points? de base|basispunkte?n?|puntos basicos|pontos[- ]base|punti base|basispunten",
    "km": "km|kilometres?|kilometers?|kilometros?|chilometri|chilometro|quilometros?", "m2": "m2|metres carres|square metres?|square meters?|quadratmetern?|metros cuadrados|metri quadrati|metros quadrados|vierkante meter", "km2": "km2",
    "ha": "ha|hectares?|hektar[e]?|hectareas?|ettari|ettaro", "kg": "kg|kilos?|kilogram(me)?s?|kilogramm|chili", "t": "t|tonnes?|tons?|tonnen?|toneladas?|tonnellate|ton", "l": "litres?|liters?|litros?|litri",
    "kW": "kw|kilowatts?", "MW": "mw|megawatts?|mega-?watt[s]?|メガワット", "GW": "gw|gigawatts?", "TW": "tw", "kWh": "kwh|kilowatt-?(hours?|heures?|stunden)", "MWh": "mwh|megawatt-?(hours?|heures?|stunden)", "GWh": "gwh|gigawatt-?(hours?|heures?|stunden)", "TWh": "twh",
    "bbl": "barils?|barrels?|barriles|barrili?|barris", "h": "heures?|hours?|stunden?|horas?|ore|ora|uur|時間|小时", "min": "minutes?|minuten?|minutos?|minuti", "d": "jours?|days?|tagen?|dias?|giorni|giorno|dagen|dag|日間",
    "wk": "semaines?|weeks?|wochen?|semanas?|settimane?|weken", "mo": "mois|months?|monaten?|monate|meses|mes|mesi|mese|maanden|maand|か月|ヶ月|カ月", "y": "ans?|annees?|years?|jahren?|jahre|anos?|anni|anno|jaar|jaren|年間",
}  # fmt: skip
_EAST = {
    "千": 1000,
    "万": 10_000,
    "萬": 10_000,
    "億": 10**8,
    "亿": 10**8,
    "兆": 10**12,
    "만": 10_000,
    "억": 10**8,
    "조": 10**12,
}
_LETTERS = frozenset("kmb")
"""Scales of one letter, which need a currency beside them: "200 m" is a length."""
# The text that these read is folded character by character: digits, spaces, apostrophes and case are plain.
_NUMBER = re.compile(
    r"(?<![^\W_])(?P<sign>(?:us|r|a|ca?|hk|s|nz|mx)?[€$£¥₩₹₽]|(?:eur|usd|gbp|chf|sfr|jpy|cny|rmb|sek|nok|dkk|pln|rs|inr|brl)\.?)?"
    r" ?(?P<digits>\d{1,3}(?:[ ']\d{3})+(?!\d)(?:[.,]\d+)?|\d+(?:[.,・·]\d+)*)"
)
_EAST_TAIL = re.compile(rf"(?:[{''.join(_EAST)}]+(?:\d+(?=[{''.join(_EAST)}])|\d+(?!\d*[.,]))?)+")
_GAP = r"[ -]?"
_OF = r"(?:d'|de |di )?"
_WORD = re.compile(r"[^\W\d_]+")


def numbers(text: str, lexicon: Lexicon | None) -> list[Number]:
    """Return the numbers of `text`, in order; without tables only digits, signs and the common units are read."""
    folded = fold_characters(text)
    found = list(_written(folded, lexicon))
    if lexicon is not None:
        taken = [(number.start, number.end) for number in found]
        words = (n for n in _spelled(folded, lexicon) if not any(a < n.end and n.start < b for a, b in taken))
        found = sorted([*found, *words])
    return found


def _written(text: str, lexicon: Lexicon | None) -> Iterator[Number]:
    at = 0
    while match := _NUMBER.search(text, at):
        start, end = match.span("digits")
        value = _value(match["digits"], lexicon)
        if value is None:  # 12.03.2024: each part is a number of its own
            yield from (
                Number(start + p.start(), start + p.end(), Decimal(p[0]), "", "")
                for p in _PART.finditer(match["digits"])
            )
            at = end
            continue
        sign = (match["sign"] or "").rstrip(".")
        yield _with_tail(text, match.start() if sign else start, end, value, _currency(sign), lexicon)
        at = max(end, _tail_end(text, end))


_PART = re.compile(r"\d+")


def _currency(sign: str) -> str:
    return _CURRENCY_SIGNS.get(sign) or _PREFIXED.get(sign) or ""


def _tail_end(text: str, at: int) -> int:
    tail = _EAST_TAIL.match(text, at)
    return tail.end() if tail else at


def _value(digits: str, lexicon: Lexicon | None) -> Decimal | None:
    plain = digits.replace(" ", "").replace("'", "").replace("・", ".").replace("·", ".")
    decimal, group = (",", ".") if lexicon is not None and lexicon.get("numbers.decimal") == "," else (".", ",")
    if re.fullmatch(rf"[1-9]\d{{0,2}}(\{group}\d{{3}})+(\{decimal}\d+)?", plain):
        plain = plain.replace(group, "")
    elif group in plain and decimal not in plain:  # not a group of three: a decimal point in the other notation
        plain = plain.replace(group, decimal)
    plain = plain.replace(decimal, ".")
    return Decimal(plain) if plain.count(".") <= 1 and "," not in plain else None


def _with_tail(text: str, start: int, end: int, value: Decimal, sign: str, lexicon: Lexicon | None) -> Number:
    if east := _EAST_TAIL.match(text, end):
        value, end = _eastern(value, east[0]), east.end()
    scale, after = _scale(text, end, lexicon)
    unit, unit_end = _unit(text, after, lexicon)
    if scale and text[after - 1] in _LETTERS and not (sign or unit.isupper()):
        scale, after = None, end
        unit, unit_end = _unit(text, after, lexicon)
    following = _WORD.match(text, unit_end + 1) if text[unit_end : unit_end + 1] in (" ", "-") else None
    return Number(start, unit_end, (value * (scale or 1)).normalize(), unit or sign, following[0] if following else "")


def _eastern(value: Decimal, tail: str) -> Decimal:
    """Read on in a number of 万 and 億: 1万2千 is 1 × 10,000 + 2 × 1,000."""
    total = Decimal(0)
    for part in re.finditer(r"\d+|\D", tail):
        if part[0].isdigit():
            total, value = total + value, Decimal(part[0])
        else:
            value *= _EAST[part[0]]
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
    table = dict(_UNITS)
    if lexicon is not None:
        table["%"] = "|".join(["%", *(lexicon.get("numbers.percent") or ())])
        table["points"] = "|".join(lexicon.get("numbers.points") or ("points?",))
    names = tuple(table)
    body = "|".join(rf"(?P<u{i}>{table[name]})" for i, name in enumerate(names))
    return re.compile(rf"{_GAP}{_OF}(?:{body})(?![^\W\d_])|{_GAP}(?P<glued>円|元|원|パーセント)"), names


def _unit(text: str, at: int, lexicon: Lexicon | None) -> tuple[str, int]:
    pattern, names = _units(lexicon)
    match = pattern.match(text, at)
    if match is None:
        return "", at
    if glued := match["glued"]:
        return _CURRENCY_SIGNS.get(glued, "%"), match.end()
    return next(name for i, name in enumerate(names) if match[f"u{i}"] is not None), match.end()


@cache
def _number_words(lexicon: Lexicon) -> tuple[re.Pattern[str], tuple[tuple[re.Pattern[str], Decimal], ...]]:
    words = lexicon.get("numbers.words") or {}
    body = "|".join(words.values()) or "(?!)"
    values = tuple((re.compile(word), Decimal(value)) for value, word in words.items())
    return re.compile(rf"(?<!\w)({body})(?!\w)"), values


def _spelled(text: str, lexicon: Lexicon) -> Iterator[Number]:
    pattern, values = _number_words(lexicon)
    for match in pattern.finditer(text):
        value = next(value for word, value in values if word.fullmatch(match[0]))
        yield _with_tail(text, match.start(), match.end(), value, "", lexicon)
