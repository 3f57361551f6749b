"""The names of a sentence that may act in it as organisations: no places, no sources, no people."""

import re
from functools import cache, partial

from ..lexicon import Lexicon
from ..normalization import fold
from ..text_document import TextDocument
from . import features
from .feature_patterns import feature_patterns
from .names import NameSpan

_COUNTED = re.compile(r"\d[\s']*$")
"""A number: what stands behind it is counted, as in "74 Millionen Euro"."""


def actors(i: int, document: TextDocument) -> list[NameSpan]:
    """Return the names of a sentence that may be what it is about: neither a place nor the source of the report."""
    return document.remember(("mentions", i), partial(_actors, i, document))


def _actors(i: int, document: TextDocument) -> list[NameSpan]:
    kept = []
    for name in (*document.names(i), *_unspaced_names(i, document)):
        before = document.plain[max(0, name.start - 40) : name.start]
        if _COUNTED.search(before):
            continue
        if is_place_or_source(name.folded, before, document.language):
            continue
        if not is_person(name, document):
            kept.append(name)
    return kept


def is_place_or_source(name: str, before: str, language: str) -> bool:
    """Tell of the words before a name, folded character by character, whether it is where, or who reports."""
    patterns = feature_patterns(language)
    return features.is_place(name, before[-44:], patterns) or patterns.source_before.search(before[-44:]) is not None


def is_person(name: NameSpan, document: TextDocument) -> bool:
    """Tell whether a name is somebody's: beside an office, or the surname of one who stands there elsewhere."""
    if _has_office(name, document):
        return True
    if " " in name.folded:
        return False
    return document.remember(("surname", name.folded), partial(_is_surname, name.folded, document))


def _is_surname(folded: str, document: TextDocument) -> bool:
    full = (
        name
        for i in document.sentences_with(folded)
        for name in document.names(i)
        if name.folded.endswith(f" {folded}")
    )
    return any(_has_office(name, document) for name in full)


def known_names(document: TextDocument) -> frozenset[str]:
    """Return the folded names of an article whose script or spelling does not set them apart by capitals."""
    return document.remember("known", partial(_known_names, document))


def _known_names(document: TextDocument) -> frozenset[str]:
    """Return what stands behind the word for a firm, or, without spaces, where names do, twice or as a firm ends."""
    if document.lexicon is None or not document.lexicon.get("grammar.name_particles"):
        return _behind_firms(document)
    found = {name.folded for i in range(len(document.sentences)) for name in _unspaced_names(i, document)}
    ending = document.lexicon.pattern("organisations.endings")
    return frozenset(name for name in found if document.count(name) > 1 or ending.search(name))


def _behind_firms(document: TextDocument) -> frozenset[str]:
    """Return "norrmejer" for "Konzern Norrmejer"."""
    if document.lexicon is None:
        return frozenset()
    firms = document.lexicon.pattern("organisations.firms")
    heads = ((name, firms.match(name)) for name in document.name_counts)
    return frozenset(name[head.end() + 1 :] for name, head in heads if head and name[head.end() :].count(" ") == 1)


def _unspaced_names(i: int, document: TextDocument) -> list[NameSpan]:
    """Return what stands where a language without capitals puts the organisations of a sentence: before は, が, と."""
    tables = document.lexicon
    if tables is None or not tables.get("grammar.name_particles"):
        return []
    name, ordinary = _unspaced_patterns(tables)
    found = name.finditer(document.text, *document.sentences[i])
    return [NameSpan(m.start(), m.end(), fold(m[0])) for m in found if not ordinary.fullmatch(m[0])]


@cache
def _unspaced_patterns(tables: Lexicon) -> tuple[re.Pattern[str], re.Pattern[str]]:
    particles, ordinary = ("|".join(tables.get(f"grammar.{key}")) for key in ("name_particles", "not_names"))
    return re.compile(rf"(?:[\u30a1-\u30fa\u30fc・\u4e00-\u9fff々]|[A-Za-zＡ-Ｚａ-ｚ])+(?={particles})"), re.compile(
        ordinary
    )


def _has_office(name: NameSpan, document: TextDocument) -> bool:
    """Tell whether a name has a role beside it or a given name in it: "Wilma Kerr, who chairs"."""
    before = document.plain[max(0, name.start - 44) : name.start]
    after = document.plain[name.end : name.end + 44]
    return features.is_person(name.folded.split(), before, after, feature_patterns(document.language))
