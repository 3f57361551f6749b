"""Read dates as an article words them: "14 avril", "fin 2028", "Q3 2026", "mercredi"."""

import re
from calendar import monthrange
from collections.abc import Iterator
from datetime import date, datetime, time
from typing import NamedTuple

from .lexicon import Lexicon, lexicon
from .normalization import fold

_CLOCK = r"(?:[T ][\d:.,+\-Z ]*)?"
_ISO = re.compile(rf"(\d{{4}})(?:-(\d\d)(?:-(\d\d){_CLOCK})?)?")
_YEAR_FIRST = re.compile(rf"(\d{{4}})[-/.] ?(\d{{1,2}})[-/.] ?(\d{{1,2}})\.?{_CLOCK}")
_EASTERN = re.compile(rf"(\d{{4}}) ?[年년](?: ?(\d{{1,2}}) ?[月월](?: ?(\d{{1,2}}) ?[日일]{_CLOCK})?)?")
_EASTERN_DAY = re.compile(r"(\d{1,2}) ?[月월](?: ?(\d{1,2}) ?[日일])?")
_YEAR = re.compile(r"(?<![\d.,])(?:19|20)\d\d(?![\d]|[.,]\d)")
_DAY = re.compile(r"(?<![\w.,/-])(\d{1,2})(?:st|nd|rd|th|er|º|\.)?(?![\d%]|[.,/-]\d)")
_WORD = re.compile(r"[^\W\d_]+")
_LONGEST = 200
_NEAR = 60
"""Days. A day or month without a year is the one this near to the publication; there are never two."""


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
    if not words or len(words) > _LONGEST:
        return None
    for form in (_ISO, _YEAR_FIRST, _EASTERN):
        if found := form.fullmatch(words.strip()):
            return _period(*(int(part) if part else None for part in found.groups()))
    folded = fold(words)
    years = _YEAR.findall(folded)
    parts = _month_and_day(folded, lexicon(language.partition("-")[0]))
    return _period(int(years[0]), *parts) if len(years) == 1 and parts is not None else None


def resolve_date(words: str, published: str | None, language: str, *, is_past: bool = False) -> str | None:
    """Return a date as ISO 8601, as precise as the words and the day of publication settle it; None where they do not.

    `published` is ISO 8601 with a day, otherwise only dates that name their year are resolved. A bare weekday, or a
    day far from the publication, is the last one if `is_past` says that the words tell what has happened; otherwise
    it is not settled.
    """
    stated = read_period(words, language)
    if stated is not None:
        return str(stated)
    day = read_period(published)
    if day is None or day.first != day.last or len(words) > _LONGEST:
        return None
    settled = _near(words, day.first, language, is_past=is_past) or _relative(
        words, day.first, language, is_past=is_past
    )
    return str(settled) if settled is not None else None


def _near(words: str, published: date, language: str, *, is_past: bool) -> Period | None:
    """Return the day or month without a year that is near to the publication, else the last one if it is past."""
    folded = fold(words)
    if _YEAR.search(folded):
        return None
    eastern = _EASTERN_DAY.fullmatch(folded.strip())
    if eastern is not None:
        parts: tuple[int | None, int | None] | None = (int(eastern[1]), int(eastern[2]) if eastern[2] else None)
    else:
        parts = _month_and_day(folded, lexicon(language.partition("-")[0]))
    if parts is None or parts[0] is None:
        return None
    years = (published.year - 1, published.year, published.year + 1)
    periods = [period for year in years if (period := _period(year, *parts)) is not None]
    near = next((period for period in periods if _days_between(period, published) <= _NEAR), None)
    if near is not None or not is_past:
        return near
    return max((period for period in periods if period.last < published), default=None)


def _days_between(period: Period, day: date) -> int:
    return max((period.first - day).days, (day - period.last).days, 0)


def _month_and_day(folded: str, tables: Lexicon | None) -> tuple[int | None, int | None] | None:
    """Return the only month and day of folded words, each None where there is none; None for several.

    Several days are a range; 12.03.2024 has no month, for its order depends on the country.
    """
    named = tables.months if tables is not None else {}
    months = [named[word] for word in _WORD.findall(folded) if word in named]
    days = [int(day) for day in _DAY.findall(folded)]
    if len(months) > 1 or len(days) > 1 or (days and not months):
        return None
    return months[0] if months else None, days[0] if days else None


def _period(year: int | None, month: int | None = None, day: int | None = None) -> Period | None:
    try:
        first = date(year or 0, month or 1, day or 1)
    except ValueError:
        return None
    if day:
        return Period(first, first)
    end = month or 12
    return Period(first, date(first.year, end, monthrange(first.year, end)[1]))


def _relative(words: str, published: date, language: str, *, is_past: bool) -> Period | None:
    """Return what words such as "yesterday" or "le mois dernier" mean on the day of publication."""
    primary = language.partition("-")[0]
    tables = lexicon(primary)
    if tables is None or not _WORD.search(words):
        return None
    for phrase in _phrases(words):
        found = set(_readings(phrase, published, primary)) - {None}
        if len(found) == 1:
            return found.pop()
        if found and is_past and tables.pattern("dates.weekdays").fullmatch(phrase):
            return min(period for period in found if period is not None)
    return None


def _phrases(words: str) -> Iterator[str]:
    """Yield the words, and the same without a short first word: "am Montag", "el lunes", "ce jeudi"."""
    folded = " ".join(fold(words).split())
    yield folded
    first, _, rest = folded.partition(" ")
    if rest and len(first) <= 3 and first.isalpha():
        yield rest


def _readings(phrase: str, published: date, language: str) -> Iterator[Period | None]:
    """Yield a reading for each assumption that the words may leave open: past or future, day or month first."""
    from dateparser.date import DateDataParser  # 0.1 s to import, and few articles need it

    base = datetime.combine(published, time(12))
    for tense in ("past", "future"):
        for order in ("DMY", "MDY"):
            settings = {"RELATIVE_BASE": base, "PREFER_DATES_FROM": tense, "DATE_ORDER": order}
            read = DateDataParser(languages=[language], settings=settings).get_date_data(phrase)
            moment = read.date_obj
            if moment is None:
                yield None
            elif read.period in ("day", "time"):
                yield _period(moment.year, moment.month, moment.day)
            else:
                yield {"month": _period(moment.year, moment.month), "year": _period(moment.year)}.get(str(read.period))
