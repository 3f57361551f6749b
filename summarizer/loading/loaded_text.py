"""What every parser returns, whatever format it reads; `source_formats` holds the table of them."""

import re
from datetime import UTC, date, datetime
from typing import NamedTuple

from ..errors import SourceError
from ..language.lexicon import languages, lexicon
from ..language.normalization import fold
from .markup import phrases

SAVE_AS_TEXT = "save the article as plain text (.txt or .md), or pipe its text in with `-`"
"""What to do with a source that cannot be read."""


class LoadedText(NamedTuple):
    """A text, the metadata of its source, and warnings on how it was read."""

    text: str
    warnings: tuple[str, ...] = ()
    title: str | None = None
    published: str | None = None
    """ISO 8601."""
    language: str | None = None
    """BCP 47."""
    authors: tuple[str, ...] = ()
    site: str | None = None
    """The name of the newspaper or website."""
    link: str | None = None
    """The address of the article itself, where its source is another, such as a feed."""


class FeedEntry(NamedTuple):
    """One article of a source that holds several."""

    id: str
    """Unique in the source, and the same each time it is read."""
    loaded: LoadedText


def damaged(name: str, document: str, error: Exception, advice: str) -> SourceError:
    """Return the error for a document whose parser failed with `error`."""
    reason = str(error).partition("\n")[0][:100] or type(error).__name__
    return SourceError(f"cannot read {name!r}: the {document} is damaged ({reason}); {advice}, or {SAVE_AS_TEXT}")


# --- the metadata of documents often hold the name of a template or the clock of a printer --------------------------

_LONGEST_TITLE = 200
_OPENING = 3_000
"""Characters at the beginning of a text, which must hold the words of its title."""
_WORD = re.compile(r"\w{3,}")
_DATE = re.compile(r"(?:D:)?(\d{4})-?(\d{2})-?(\d{2})")
_EARLIEST = date(1993, 1, 1)
"""The year of the first PDF."""
LARGEST_DATED = 200_000
"""Characters of a text in which its date is sought."""


def plausible_title(title: str | None, text: str) -> str | None:
    """Return the title of a document's metadata where all its words stand at the beginning of the text."""
    title = " ".join((title or "").split())
    words = set(_WORD.findall(title.casefold()))
    if len(words) < 2 or len(title) > _LONGEST_TITLE or phrases("placeholder_title").search(title):
        return None
    return title if words <= set(_WORD.findall(text[:_OPENING].casefold())) else None


def plausible_date(created: str | None, text: str) -> str | None:
    """Return the day of a document's metadata where the text names it, and it is not in the future."""
    found = _DATE.match(created or "")
    if found is None or found[1] not in text:
        return None
    try:
        day = date(int(found[1]), int(found[2]), int(found[3]))
    except ValueError:
        return None
    plausible = _EARLIEST < day <= datetime.now(UTC).date() and bears_out(text[:LARGEST_DATED], day.isoformat())
    return day.isoformat() if plausible else None


def bears_out(text: str, day: str) -> bool:
    """Return whether a text has year, month and day together, in digits or with the name of a month."""
    year, month, number = day.split("-")
    m, d = f"0?{int(month)}", f"0?{int(number)}"
    short = rf"(?:{year[:2]})?{year[2:]}(?!\d)"
    gap, name = r"\W{1,3}", r"[^\W\d]{3,}"
    digits = (
        rf"{year}\W?{month}\W?{number}|{year}\D{{1,3}}{m}\D{{1,3}}{d}(?!\d)|(?<!\d){d}{gap}{m}{gap}{short}"
        rf"|(?<!\d){m}{gap}{d}{gap}{short}"
    )
    if re.search(digits, text):
        return True
    named = re.finditer(
        rf"(?<!\d){d}\w{{0,2}}{gap}(?:de )?({name})\.?{gap}(?:de )?{year}|({name})\.?\s{d}\w{{0,2}}{gap}{year}", text
    )
    return any(_may_be_month(found[1] or found[2], int(month)) for found in named)


def _may_be_month(name: str, month: int) -> bool:
    """Return whether a word may be the name of a month: a language without lexicon has names of its own."""
    known = {
        tables.months[fold(name)] for tag in languages() if (tables := lexicon(tag)) and fold(name) in tables.months
    }
    return not known or month in known
