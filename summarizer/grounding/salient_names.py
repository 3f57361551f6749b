"""The names of a sentence that it may be about: no places, no sources, no people."""

import re
from functools import partial

from ..language.entities import features
from ..language.entities.feature_patterns import clues_of as feature_patterns
from ..language.entities.names import NameSpan, may_have_begun
from ..language.normalization import fold
from .document import Document

_IN_PLACE = re.compile(r"(?:^|\W)(?:en|aux|au|in|nach|aus|nahe|near|uit|te|em|na|no|nel|nella|nell')[\s']*$")
_COUNTED = re.compile(r"\d[\s']*$")
"""A number: what stands behind it is counted, as in "74 Millionen Euro"."""
_SPEECH = re.compile(r"[«„“‘\"]\s?\Z")
_ACCORDING = re.compile(r"(?:selon|d'apres|according to|laut|segun|secondo|segundo|volgens|par)\s+(?:[\w']+\s+){0,3}$")


def mentioned(i: int, reading: Document) -> list[NameSpan]:
    """Return the names of a sentence that may be what it is about: neither a place nor the source of the report."""
    return reading.remember(("mentions", i), partial(_mentioned, i, reading))


def _mentioned(i: int, reading: Document) -> list[NameSpan]:
    kept = []
    for name in (*reading.names(i), *_unspaced_names(i, reading)):
        before = reading.plain[max(0, name.start - 40) : name.start]
        if _COUNTED.search(before) or _opens_speech(name, reading) or reading.text.startswith("-based", name.end):
            continue
        if is_place_or_source(name.folded, before, reading.language):
            continue
        if not is_person(name, reading):
            kept.append(name)
    return kept


def is_place_or_source(name: str, before: str, language: str) -> bool:
    """Tell of the words before a name, folded character by character, whether it is where, or who reports."""
    patterns = feature_patterns(language)
    return features.is_place(name, before[-44:], patterns) or patterns.source_before.search(before[-44:]) is not None


def _opens_speech(name: NameSpan, reading: Document) -> bool:
    """Tell whether a name is but the first word of what is said, which has its capital from there."""
    opened = _SPEECH.search(reading.text, max(0, name.start - 2), name.start)
    return opened is not None and " " not in name.folded and reading.count(name.folded) < 2


def is_person(name: NameSpan, reading: Document) -> bool:
    """Tell whether a name is somebody's: beside an office, or the surname of one who stands there elsewhere."""
    if _has_office(name, reading):
        return True
    if " " in name.folded:
        return False
    return reading.remember(("surname", name.folded), partial(_is_surname, name.folded, reading))


def _is_surname(folded: str, reading: Document) -> bool:
    sentences = (i for i in reading.sentences_with(folded) if _may_end_a_name(folded, i, reading))
    full = (name for i in sentences for name in reading.names(i) if name.folded.endswith(f" {folded}"))
    return any(_has_office(name, reading) for name in full)


def _may_end_a_name(folded: str, i: int, reading: Document) -> bool:
    """Tell whether a word may be the last of a longer name in a sentence: looked at before its names are."""
    start, end = reading.sentences[i]
    at = reading.plain.find(folded, start, end)
    found = at >= 0
    while at >= 0:
        if may_have_begun(reading.text, at):
            return True
        at = reading.plain.find(folded, at + len(folded), end)
    return not found  # it is spelled in some other way


_UNSPACED_NAME = re.compile(r"(?:[\u30a1-\u30fa\u30fc・\u4e00-\u9fff々]|[A-Za-zＡ-Ｚａ-ｚ])+(?=[はがとや]|との|、)")
_NOT_A_NAME = re.compile(r"^(?:同社|両社|各社|他社|自社|当社|弊社|.{0,2}|.*[高益額量率数員費期間価者点長氏法案])$")


def known_names(reading: Document) -> frozenset[str]:
    """Return the folded names of an article whose script or spelling does not set them apart by capitals."""
    return reading.remember("known", partial(_known_names, reading))


def _known_names(reading: Document) -> frozenset[str]:
    """German: what stands behind the word for a firm. Japanese: what stands where names do, twice or as a firm ends."""
    if not reading.article.language.startswith("ja"):
        return _behind_firms(reading)
    found = {name.folded for i in range(len(reading.sentences)) for name in _unspaced_names(i, reading)}
    ending = reading.lexicon.pattern("organisations.endings") if reading.lexicon else _NOT_A_NAME
    return frozenset(name for name in found if reading.count(name) > 1 or ending.search(name))


def _behind_firms(reading: Document) -> frozenset[str]:
    """Return "norrmejer" for "Konzern Norrmejer"."""
    if reading.lexicon is None:
        return frozenset()
    firms = reading.lexicon.pattern("organisations.firms")
    heads = ((name, firms.match(name)) for name in reading.name_counts)
    return frozenset(name[head.end() + 1 :] for name, head in heads if head and name[head.end() :].count(" ") == 1)


def _unspaced_names(i: int, reading: Document) -> list[NameSpan]:
    """Return what stands where Japanese puts the organisations of a sentence: before は, が, と."""
    start, end = reading.sentences[i]
    found = _UNSPACED_NAME.finditer(reading.text, start, end) if reading.article.language.startswith("ja") else ()
    return [NameSpan(m.start(), m.end(), fold(m[0])) for m in found if not _NOT_A_NAME.match(m[0])]


def _has_office(name: NameSpan, reading: Document) -> bool:
    """Tell whether a name has a role beside it or a given name in it: "Wilma Kerr, who chairs"."""
    before = reading.plain[max(0, name.start - 44) : name.start]
    after = reading.plain[name.end : name.end + 44]
    return features.is_person(name.folded.split(), before, after, feature_patterns(reading.language))
