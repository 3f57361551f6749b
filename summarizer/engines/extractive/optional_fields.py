"""What for, where, when, and who says so: the optional fields of a partnership, in the article's own words."""

import re
from functools import cache

from ...language.entities.masking import MEDIA_MARK, PLACE_MARK
from ...language.entities.mentions import EntityType, Mentions
from ...language.lexicon import Lexicon, lexicon
from .patterns import RelationPatterns
from .relations import Relation

_LONGEST = 14  # words of a purpose


def find_fields(relation: Relation, patterns: RelationPatterns, mentions: Mentions) -> dict[str, str]:
    """Find the fields of a relation in its own sentence, each in the article's own words, by name."""
    if not relation.masked.text:
        return {}
    found = {
        "purpose": _purpose(relation, patterns),
        "region": _region(relation, mentions),
        "date": _date(relation, patterns.tables.tag),
        "attribution": _attribution(relation, mentions),
    }
    return {name: value for name, value in found.items() if value}


def _purpose(relation: Relation, patterns: RelationPatterns) -> str | None:
    text = relation.masked.text
    found = patterns.tables.pattern("statements.purposes").search(text, relation.end)
    if found is None or found.start() > relation.end + 40:
        return None
    stop = re.compile(r"[,;:.()]|\s-\s|$").search(text, found.end())
    if stop is None:
        return None
    return _words(relation, found.end(), stop.start())


def _words(relation: Relation, start: int, end: int) -> str | None:
    piece = relation.masked.text[start:end]
    if len(piece.split()) < 2 or len(piece.split()) > _LONGEST:
        return None
    start += len(piece) - len(piece.lstrip())
    first, last = relation.masked.source(start, start + len(piece.strip()))
    return " ".join(relation.sentence.text[first:last].split())


def _region(relation: Relation, mentions: Mentions) -> str | None:
    places = [m for m in mentions.of(relation.sentence.index) if m.entity_type is EntityType.PLACE]
    if not places or PLACE_MARK not in relation.masked.text:
        return None
    behind = [i for i, c in enumerate(relation.masked.text) if c == PLACE_MARK]
    nearest = min(range(len(behind)), key=lambda i: abs(behind[i] - relation.end))
    return places[nearest].text if nearest < len(places) else None


def _date(relation: Relation, tag: str) -> str | None:
    found = list(_dates(tag).finditer(relation.masked.text))
    if not found:
        return None
    nearest = min(found, key=lambda match: abs(match.start() - relation.start))
    first, last = relation.masked.source(*nearest.span())
    return relation.sentence.text[first:last]


@cache
def _dates(tag: str) -> re.Pattern[str]:
    tables = lexicon(tag) or Lexicon(tag, {})
    months = "|".join(tables.get("dates.months") or ("(?!)",))
    days = "|".join(tables.get("dates.weekdays") or ("(?!)",))
    year = r"(?:19|20)\d\d"
    of = rf"(?:(?:{tables.alternatives('grammar.of')})\s+)?"
    return re.compile(
        rf"(?<!\w)(?:(?:\d{{1,2}}(?:\.|[a-z]{{1,2}})?\s+{of})?(?:{months})(?:\.?\s+\d{{1,2}})?(?:,?\s+{of}{year})?|{days}|{year})(?!\w)"
    )


def _attribution(relation: Relation, mentions: Mentions) -> str | None:
    if MEDIA_MARK not in relation.masked.text:
        return None
    return next((m.text for m in mentions.of(relation.sentence.index) if m.entity_type is EntityType.MEDIA), None)
