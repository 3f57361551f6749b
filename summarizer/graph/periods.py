"""Parse a day, a month or a year, from a date of publication or from an article's words."""

import re
from calendar import monthrange
from datetime import date
from typing import NamedTuple

from ..language.lexicon import Lexicon, lexicon
from ..language.normalization import fold

_ISO = re.compile(r"(\d{4})(?:-(\d\d)(?:-(\d\d)(?:[T ][\d:.,+\-Z ]*)?)?)?")
_EASTERN = re.compile(r"(\d{4}) ?年(?: ?(\d{1,2}) ?月(?: ?(\d{1,2}) ?日)?)?")
_YEAR = re.compile(r"(?<![\d.,])(?:19|20)\d\d(?![\d]|[.,]\d)")
_DAY = re.compile(r"(?<![\d.,/-])(\d{1,2})(?:st|nd|rd|th|er|º|\.)?(?![\d%]|[.,/-]\d)")


class Period(NamedTuple):
    """The first and the last day of a date. Sorts by time."""

    first: date
    last: date

    def __str__(self) -> str:
        """Return it as ISO 8601, as precise as it is known."""
        if self.first == self.last:
            return self.first.isoformat()
        month = (self.first.year, self.first.month) == (self.last.year, self.last.month)
        return self.first.isoformat()[: 7 if month else 4]


def read_period(words: str | None, language: str = "und") -> Period | None:
    """Return the period that a text names; None for no period, several, or one without a year."""
    if not words or len(words) > 200:
        return None
    iso = _ISO.fullmatch(words.strip()) or _EASTERN.fullmatch(words.strip())
    if iso is not None:
        return _period(*(int(part) if part else None for part in iso.groups()))
    return _in_words(fold(words), lexicon(language.partition("-")[0]))


def _in_words(words: str, tables: Lexicon | None) -> Period | None:
    years = _YEAR.findall(words)
    named = tables.months if tables is not None else {}
    months = [named[word] for word in re.findall(r"[^\W\d_]+", words) if word in named]
    if len(years) != 1 or len(months) > 1:
        return None
    days = _DAY.findall(words)
    if len(days) > 1 or (days and not months):  # a range of days, or 12.03.2024, whose month depends on the country
        return None
    return _period(int(years[0]), months[0] if months else None, int(days[0]) if days else None)


def _period(year: int | None, month: int | None = None, day: int | None = None) -> Period | None:
    try:
        first = date(year or 0, month or 1, day or 1)
    except ValueError:
        return None
    if day:
        return Period(first, first)
    end = month or 12
    return Period(first, date(first.year, end, monthrange(first.year, end)[1]))
