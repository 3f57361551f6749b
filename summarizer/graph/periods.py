"""When something was so: a day, a month or a year, as the article's date of publication or its own words have it."""

import re
from calendar import monthrange
from collections.abc import Iterator
from datetime import date
from typing import NamedTuple

from ..language.lexicon import Lexicon, languages, lexicon
from ..language.normalization import fold

_ISO = re.compile(r"(\d{4})(?:-(\d\d)(?:-(\d\d)(?:[T ][\d:.,+\-Z ]*)?)?)?")
_EASTERN = re.compile(r"(\d{4}) ?年(?: ?(\d{1,2}) ?月(?: ?(\d{1,2}) ?日)?)?")
_YEAR = re.compile(r"(?<![\d.,])(?:19|20)\d\d(?![\d]|[.,]\d)")
_DAY = re.compile(r"(?<![\d.,/-])(\d{1,2})(?:st|nd|rd|th|er|º|\.)?(?![\d%]|[.,/-]\d)")


class Period(NamedTuple):
    """The first and the last day that may be meant. Sorts by time."""

    first: date
    last: date

    def __str__(self) -> str:
        """Return it as ISO 8601, no finer than it is known."""
        if self.first == self.last:
            return self.first.isoformat()
        month = (self.first.year, self.first.month) == (self.last.year, self.last.month)
        return self.first.isoformat()[: 7 if month else 4]


def read_period(words: str | None, language: str = "und") -> Period | None:
    """Return the one period that the words name, None where they name none, several, or one without its year."""
    if not words or len(words) > 200:
        return None
    iso = _ISO.fullmatch(words.strip()) or _EASTERN.fullmatch(words.strip())
    if iso is not None:
        return _period(*(int(part) if part else None for part in iso.groups()))
    tag = language.partition("-")[0].lower()
    return _in_words(fold(words), lexicon(tag) if tag in languages() else None)


def _in_words(words: str, tables: Lexicon | None) -> Period | None:
    years = _YEAR.findall(words)
    months = list(_months(words, tables))
    if len(years) != 1 or len(months) > 1:
        return None
    days = _DAY.findall(words)
    if len(days) > 1 or (days and not months):  # a span of days, or 12.03.2024, whose month depends on the country
        return None
    return _period(int(years[0]), months[0] if months else None, int(days[0]) if days else None)


def _months(words: str, tables: Lexicon | None) -> Iterator[int]:
    named = tables.months if tables is not None else {}
    yield from (named[word] for word in re.findall(r"[^\W\d_]+", words) if word in named)


def _period(year: int | None, month: int | None = None, day: int | None = None) -> Period | None:
    try:
        first = date(year or 0, month or 1, day or 1)
    except ValueError:
        return None
    if day:
        return Period(first, first)
    end = month or 12
    return Period(first, date(first.year, end, monthrange(first.year, end)[1]))
