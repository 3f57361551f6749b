"""What for, where, when, and who says so: the optional fields of a partnership, in the article's own words."""

import re
from functools import cache

from ...language.entities.masking import MEDIA_MARK, PLACE_MARK
from ...language.entities.mentions import EntityType, Mentions
from ...language.lexicon import Lexicon, lexicon
from .patterns import RelationPatterns
from .relations import Relation

_LONGEST = 14  # words of a purpose


def find_fields(statement: Relation, grammar: RelationPatterns, names: Mentions) -> dict[str, str]:
    """Find the fields of a statement in its own sentence, each in the article's own words, by name."""
    if not statement.masked.text:
        return {}
    found = {
        "purpose": _purpose(statement, grammar),
        "region": _region(statement, names),
        "date": _date(statement, grammar.tables.tag),
        "attribution": _attribution(statement, names),
    }
    return {name: value for name, value in found.items() if value}


def _purpose(statement: Relation, grammar: RelationPatterns) -> str | None:
    text = statement.masked.text
    found = grammar.tables.pattern("statements.purposes").search(text, statement.end)
    if found is None or found.start() > statement.end + 40:
        return None
    stop = re.compile(r"[,;:.()]|\s-\s|$").search(text, found.end())
    if stop is None:
        return None
    return _words(statement, found.end(), stop.start())


def _words(statement: Relation, start: int, end: int) -> str | None:
    piece = statement.masked.text[start:end]
    if len(piece.split()) < 2 or len(piece.split()) > _LONGEST:
        return None
    start += len(piece) - len(piece.lstrip())
    first, last = statement.masked.source(start, start + len(piece.strip()))
    return " ".join(statement.sentence.text[first:last].split())


def _region(statement: Relation, names: Mentions) -> str | None:
    places = [m for m in names.of(statement.sentence.index) if m.sort is EntityType.PLACE]
    if not places or PLACE_MARK not in statement.masked.text:
        return None
    behind = [i for i, c in enumerate(statement.masked.text) if c == PLACE_MARK]
    nearest = min(range(len(behind)), key=lambda i: abs(behind[i] - statement.end))
    return places[nearest].text if nearest < len(places) else None


def _date(statement: Relation, tag: str) -> str | None:
    found = list(_dates(tag).finditer(statement.masked.text))
    if not found:
        return None
    nearest = min(found, key=lambda match: abs(match.start() - statement.start))
    first, last = statement.masked.source(*nearest.span())
    return statement.sentence.text[first:last]


@cache
def _dates(tag: str) -> re.Pattern[str]:
    tables = lexicon(tag) or Lexicon(tag, {})
    months = "|".join(tables.get("dates.months") or ("(?!)",))
    days = "|".join(tables.get("dates.weekdays") or ("(?!)",))
    year = r"(?:19|20)\d\d"
    of = r"(?:de\s+|di\s+)?"
    return re.compile(
        rf"(?<!\w)(?:(?:\d{{1,2}}(?:\.|er|st|nd|rd|th|o)?\s+{of})?(?:{months})(?:\.?\s+\d{{1,2}})?(?:,?\s+{of}{year})?|{days}|{year})(?!\w)"
    )


def _attribution(statement: Relation, names: Mentions) -> str | None:
    if MEDIA_MARK not in statement.masked.text:
        return None
    return next((m.text for m in names.of(statement.sentence.index) if m.sort is EntityType.MEDIA), None)
