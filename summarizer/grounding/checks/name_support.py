"""Every name of a claim, in its evidence: as it stands, in a form that the article introduces, or in its inflection."""

import re
from functools import cache

from ...language.entities.names import NameSpan, aliases_of, core, is_ordinary, names_in
from ...language.normalization import fold, fold_characters
from ...language.numbers import numbers
from ...language.statuses import find_word, has_unspaced
from ...schema import Reason
from ..document import Document
from ..salient_names import known_names

_PARTS = re.compile(r"[\w&]+")


def unproven_names(claim: str, evidence: str, reading: Document) -> list[Reason]:
    """Return a reason for each name of the claim that the folded evidence does not have."""
    return [
        Reason(code="name_not_in_evidence", message=f"{value!r} is not named in the quoted words", value=value)
        for name in claimed_names(claim, reading)
        if not named(name, evidence, reading)
        for value in [claim[name.start : name.end]]
    ]


def claimed_names(claim: str, reading: Document) -> list[NameSpan]:
    """Return the names in the words of a claim; "Md€" is part of a number."""
    if claim not in reading.claimed:
        spans = [(number.start, number.end) for number in numbers(claim, reading.output_lexicon)]
        found = names_in(claim, reading.output_lexicon, reading.vocabulary)
        found = [name for name in found if not any(a <= name.start < b for a, b in spans)]
        if has_unspaced(claim) or _has_noun_capitals(reading):
            found = _with_known(found, claim, reading)
        reading.claimed[claim] = found
    return reading.claimed[claim]


def _has_noun_capitals(reading: Document) -> bool:
    """Tell whether every noun has a capital in the article and in its claims."""
    tables = reading.lexicon
    return tables is not None and tables is reading.output_lexicon and bool(tables.get("grammar.noun_capitals"))


def _with_known(found: list[NameSpan], claim: str, reading: Document) -> list[NameSpan]:
    """Add the names of the article that stand in a claim where capitals do not tell, the longest first."""
    names: list[NameSpan] = []
    folded = fold_characters(claim)
    for known in sorted(known_names(reading), key=len, reverse=True):
        at = find_word(folded, known)
        if at >= 0:
            names.append(NameSpan(at, at + len(known), known))
    kept: list[NameSpan] = []
    for name in (*names, *found):
        if not any(other.start < name.end and name.start < other.end for other in kept):
            kept.append(name)
    return sorted(kept)


def named(name: NameSpan, evidence: str, reading: Document) -> bool:
    """Tell whether the folded evidence has a name, in a form that the article introduces, or in its inflection."""
    if _stands(name.folded, evidence) or _stands(core(name.folded), evidence):
        return True
    parts = [part for part in _PARTS.findall(name.folded) if not is_ordinary(part, reading.output_lexicon)]
    if len(parts) > 1 and all(_stands(part, evidence) for part in parts):
        return True
    if any(_stands(form, evidence) for form in _known_forms(name.folded, reading)):
        return True
    if reading.output_language != reading.article.language:
        return _same_place(name.folded, evidence, reading)
    return False


def _stands(word: str, evidence: str) -> bool:
    if find_word(evidence, word) >= 0:
        return True
    return len(word) > 3 and word.endswith("s") and find_word(evidence, word[:-1].rstrip("'")) >= 0


def _known_forms(folded: str, reading: Document) -> tuple[str, ...]:
    """Return the other forms of a name that the article itself has whole: "Cook" for "Tim Cook", "BCE" for the bank."""
    if find_word(reading.running, folded) < 0:
        return ()
    last = folded.rpartition(" ")[2]
    return (
        *aliases_of(folded, reading.bracketed, reading.names_with),
        *((last,) if " " in folded and len(last) > 3 else ()),
    )


def _same_place(folded: str, evidence: str, reading: Document) -> bool:
    code = _territories(reading.output_language).get(folded)
    return code is not None and any(
        _stands(name, evidence) for name, other in _territories(reading.article.language).items() if other == code
    )


@cache
def _territories(language: str) -> dict[str, str]:
    """Folded names of countries in a language → their codes, as CLDR has them."""
    from babel import Locale, UnknownLocaleError

    try:
        territories = Locale.parse(language.replace("-", "_")).territories
    except (UnknownLocaleError, ValueError):
        return {}
    return {fold(name): code for code, name in territories.items() if len(code) == 2}
