"""The names of a sentence that it may be about: no places, no sources, no people."""

import re
from functools import partial

from ..text.folding import fold
from .names import Name
from .reading import Reading

_IN_PLACE = re.compile(r"(?:^|\W)(?:en|aux|au|in|nach|em|na|no|nel|nella|nell')\s*$")
_ACCORDING = re.compile(r"(?:selon|d'apres|according to|laut|segun|secondo|segundo|volgens|par)\s+(?:[\w']+\s+){0,3}$")


def mentioned(i: int, reading: Reading) -> list[Name]:
    """Return the names of a sentence that may be what it is about: neither a place nor the source of the report."""
    return reading.remember(("mentions", i), partial(_mentioned, i, reading))


def _mentioned(i: int, reading: Reading) -> list[Name]:
    kept = []
    for name in (*reading.names(i), *_unspaced_names(i, reading)):
        before = fold(reading.text[max(0, name.start - 40) : name.start]) + " "
        tables = reading.lexicon
        if tables is not None and (_IN_PLACE.search(before) or _ACCORDING.search(before)):
            continue
        if not _is_person(name, reading):
            kept.append(name)
    return kept


_UNSPACED_NAME = re.compile(r"(?:[\u30a1-\u30fa\u30fc・\u4e00-\u9fff々]|[A-Za-zＡ-Ｚａ-ｚ])+(?=[はがとや]|との|、)")
_NOT_A_NAME = re.compile(r"^(?:同社|両社|各社|他社|自社|当社|弊社|.{0,2})$")


def _unspaced_names(i: int, reading: Reading) -> list[Name]:
    """Return what stands where Japanese puts the organisations of a sentence: before は, が, と."""
    start, end = reading.sentences[i]
    found = _UNSPACED_NAME.finditer(reading.text, start, end) if reading.article.language.startswith("ja") else ()
    return [Name(m.start(), m.end(), fold(m[0])) for m in found if not _NOT_A_NAME.match(m[0])]


def _is_person(name: Name, reading: Reading) -> bool:
    """Tell whether a name stands beside the word for an office: "Wilma Kerr, who chairs", "chief executive Denholm"."""
    tables = reading.lexicon
    if tables is None:
        return False
    before, after = (
        fold(reading.text[max(0, name.start - 30) : name.start]),
        fold(reading.text[name.end : name.end + 40]).lstrip(" ,"),
    )
    offices = tables.pattern("organisations.people")
    if any(not before[office.end() :].strip(" ,") for office in offices.finditer(before)):
        return True
    behind = re.match(
        r"(?:(?:who|which|qui|die|der|das|que|quien|che|quem|wie|the|le|la|el|il|o|a|its|de|der)\s)*", after
    )
    rest = after[behind.end() :] if behind else after
    return bool(offices.match(rest) or tables.pattern("organisations.leads").match(rest))
