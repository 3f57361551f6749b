"""What for, where, when, and who says so: the optional fields of a partnership, in the article's own words."""

import re
from functools import cache

from ...language.entities.gazetteer import places
from ...language.entities.masking import MEDIA_MARK, PLACE_MARK
from ...language.entities.mentions import EntityType, Mentions
from ...language.lexicon import Lexicon, lexicon
from ...language.normalization import fold
from .patterns import RelationPatterns
from .relations import Relation

_LONGEST = 14  # words of a purpose
_NEAR = 40
"""Characters from the parties to their purpose, or from a source to a word of reporting."""
_FAR = 70
"""Characters from the relation to a date or a place of its own."""
_NAME = re.compile("[\ue000-\uf000]")
_FRONT = 24
"""Characters at the head of a sentence, where what is set off by a comma belongs to all of it: "In June 2013, …"."""
_GROUPED = re.compile(r"\d\s\d{3}")
"""A number of thousands: "2 000 ch" is no year."""
_NUMBERED = re.compile(r"\s\d")
"""A channel, not a place: "Europe 1"."""
_IN_BRACKETS = re.compile(r"[^()]{0,20}\)")
_RANGE = re.compile(r"\D{0,3}\d{4}\s?(?:-|[a-z]{1,3})\s?\d{4}")
"""Two years: "2002 to 2007", "2011-2021"."""
_ENDS_IN_VERB = re.compile(r"(?<! zu) [a-zß-ÿ]+(?:t|en)$")
"""Where the verb stands at the end: "ein Werk in Jena unterzeichnet"."""


def find_fields(relation: Relation, patterns: RelationPatterns, mentions: Mentions) -> dict[str, str]:
    """Find the fields of a relation in its own sentence, each in the article's own words, by name."""
    if not relation.masked.text:
        return {}
    found = {
        "purpose": _purpose(relation, patterns),
        "region": _region(relation, mentions, patterns.tables),
        "date": _date(relation, patterns),
        "attribution": _attribution(relation, mentions, patterns.tables),
    }
    return {name: value for name, value in found.items() if value}


def _purpose(relation: Relation, patterns: RelationPatterns) -> str | None:
    """Return what follows "to" or "for" right behind the parties, up to the end of the clause."""
    text = relation.masked.text
    opens = patterns.tables.pattern("statements.purposes").finditer(text, relation.end, relation.end + _NEAR)
    dates = _dates(patterns.tables.tag)
    found = next((one for one in opens if not dates.match(text, one.end() + 1)), None)  # not "on Monday"
    if found is None or re.search(r"[,;:.]", text[relation.end : found.start()]):
        return None
    stop = re.compile(r"[,;:.()]|\s-\s|$").search(text, found.end())
    if stop is None or _NAME.search(text, found.end(), stop.start()):
        return None
    words = _words(relation, found.end(), stop.start())
    if words is None or (patterns.noun_capitals and _ENDS_IN_VERB.search(words)):
        return None
    return None if _given(patterns.tables.tag).match(fold(words)) else words


@cache
def _given(tag: str) -> re.Pattern[str]:
    """Return the pattern of a purpose that says nothing by itself: "the project", "their first title"."""
    tables = lexicon(tag) or Lexicon(tag, {})
    article = tables.alternatives("grammar.definite", "organisations.possessives")
    return re.compile(rf"(?:{article})(?:(?<=')|\s+)(?:[\w-]+\s?){{1,2}}$")


def _words(relation: Relation, start: int, end: int) -> str | None:
    piece = relation.masked.text[start:end]
    if len(piece.split()) < 2 or len(piece.split()) > _LONGEST:
        return None
    start += len(piece) - len(piece.lstrip())
    first, last = relation.masked.source(start, start + len(piece.strip()))
    return " ".join(relation.sentence.text[first:last].split())


def _region(relation: Relation, mentions: Mentions, tables: Lexicon) -> str | None:
    """Return the place nearest to the relation in its clause, if the gazetteer has it: "in Norway"."""
    text = relation.masked.text
    found = [m for m in mentions.of(relation.sentence.index) if m.entity_type is EntityType.PLACE]
    marks = [i for i, character in enumerate(text) if character == PLACE_MARK]
    if len(found) != len(marks):
        return None
    before = re.compile(rf"(?<!\w)(?:{tables.alternatives('places.before')})\s?$")
    known = [
        (_distance(relation, mark), mention.text)
        for mark, mention in zip(marks, found, strict=True)
        if fold(mention.text) in places(tables.tag)
        and before.search(text, 0, mark)
        and not _NUMBERED.match(text, mark + 1)
        and not _is_aside(relation, mark, mark + 1)
        and not _goes_on_elsewhere(relation, mark, tables)
    ]
    return min(known)[1] if known and min(known)[0] <= _FAR else None


def _goes_on_elsewhere(relation: Relation, mark: int, tables: Lexicon) -> bool:
    """Tell whether a place stands in what is said of one of the parties, or of something else."""
    text, joined = relation.masked.text, rf"(?<!\w)(?:{tables.alternatives('grammar.and')})(?!\w)"
    if mark < relation.start:  # "iRoka is in Nigeria and has a deal with …"
        return _NAME.search(text, 0, mark) is not None and re.search(joined, text[mark : relation.start]) is not None
    return re.search(rf"[,;:()\ue000-\uf000]|{joined}", text[relation.end : mark]) is not None


def _date(relation: Relation, patterns: RelationPatterns) -> str | None:
    """Return the date nearest to the relation, if it stands in the same clause."""
    text = relation.masked.text
    found = [
        match
        for match in _dates(patterns.tables.tag).finditer(text)
        if not patterns.border.search(text, min(match.end(), relation.end), max(match.start(), relation.start))
        and not _is_aside(relation, *match.span())
        and not _IN_BRACKETS.match(text, match.end())
        and not _RANGE.match(text, max(0, match.end() - 4))
        and not _RANGE.match(text, max(0, match.start() - 9))
    ]
    if not found:
        return None
    nearest = min(found, key=lambda match: _distance(relation, match.start()))
    first, last = relation.masked.source(*nearest.span())
    words = relation.sentence.text[first:last]
    return None if _distance(relation, nearest.start()) > _FAR or _GROUPED.search(words) else words


def _is_aside(relation: Relation, start: int, end: int) -> bool:
    """Tell whether something is said of a party or an event before the deal: "Corvane, which left in 1988, has"."""
    text = relation.masked.text
    return "," in text[end : relation.start] and (start > _FRONT or _NAME.search(text, 0, start) is not None)


def _distance(relation: Relation, at: int) -> int:
    return max(relation.start - at, at - relation.end, 0)


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


def _attribution(relation: Relation, mentions: Mentions, tables: Lexicon) -> str | None:
    """Return the paper or the agency beside a word of reporting."""
    text = relation.masked.text
    found = [m for m in mentions.of(relation.sentence.index) if m.entity_type is EntityType.MEDIA]
    marks = [i for i, character in enumerate(text) if character == MEDIA_MARK]
    if len(found) != len(marks):
        return None
    reporting = tables.pattern("reporting.cues")
    return next(
        (m.text for m, i in zip(found, marks, strict=True) if reporting.search(text, max(0, i - _NEAR), i + _NEAR)),
        None,
    )
