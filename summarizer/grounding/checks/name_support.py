"""Whether the evidence has every name of a claim: literally, inflected, or in a form that the article introduces."""

import re
from functools import cache

from ...language.entities.actors import known_names
from ...language.entities.names import NameSpan, aliases_of, core, is_ordinary, names_in
from ...language.normalization import fold, fold_characters
from ...language.numbers import numbers
from ...language.statuses import find_word, has_unspaced
from ...schema import Reason, ReasonCode
from ..document import Document

_PARTS = re.compile(r"[\w&]+")


def check_names(claim: str, evidence: str, document: Document) -> list[Reason]:
    """Return a reason for each name of the claim that the folded evidence does not have."""
    return [
        Reason(code=ReasonCode.NAME_NOT_IN_EVIDENCE, message=f"{value!r} is not named in the quoted words", value=value)
        for name in claimed_names(claim, document)
        if not is_named(name, evidence, document)
        for value in [claim[name.start : name.end]]
    ]


def claimed_names(claim: str, document: Document) -> list[NameSpan]:
    """Return the names in a claim; "Md€" is part of a number."""
    if claim not in document.claimed:
        spans = [(number.start, number.end) for number in numbers(claim, document.output_lexicon)]
        found = names_in(claim, document.output_lexicon, document.vocabulary)
        found = [name for name in found if not any(a <= name.start < b for a, b in spans)]
        if has_unspaced(claim) or _has_noun_capitals(document):
            found = _with_known(found, claim, document)
        document.claimed[claim] = found
    return document.claimed[claim]


def _has_noun_capitals(document: Document) -> bool:
    """Tell whether nouns have capitals in the language of both the article and its claims."""
    tables = document.lexicon
    return tables is not None and tables is document.output_lexicon and bool(tables.get("grammar.noun_capitals"))


def _with_known(found: list[NameSpan], claim: str, document: Document) -> list[NameSpan]:
    """Add the names of the article that occur in a claim and have no telling capitals, the longest first."""
    names: list[NameSpan] = []
    folded = fold_characters(claim)
    for known in sorted(known_names(document), key=len, reverse=True):
        at = find_word(folded, known)
        if at >= 0:
            names.append(NameSpan(at, at + len(known), known))
    kept: list[NameSpan] = []
    for name in (*names, *found):
        if not any(other.start < name.end and name.start < other.end for other in kept):
            kept.append(name)
    return sorted(kept)


def is_named(name: NameSpan, evidence: str, document: Document) -> bool:
    """Tell whether the folded evidence has a name, inflected or in a form that the article introduces."""
    if _stands(name.folded, evidence) or _stands(core(name.folded), evidence):
        return True
    parts = [part for part in _PARTS.findall(name.folded) if not is_ordinary(part, document.output_lexicon)]
    if len(parts) > 1 and all(_stands(part, evidence) for part in parts):
        return True
    if any(_stands(form, evidence) for form in _known_forms(name.folded, document)):
        return True
    if document.output_language != document.article.language:
        return _same_place(name.folded, evidence, document)
    return False


def _stands(word: str, evidence: str) -> bool:
    if find_word(evidence, word) >= 0:
        return True
    return len(word) > 3 and word.endswith("s") and find_word(evidence, word[:-1].rstrip("'")) >= 0


def _known_forms(folded: str, document: Document) -> tuple[str, ...]:
    """Return the other forms of a name that the article has in full: "Cook" for "Tim Cook", "BCE" for the bank."""
    if find_word(document.running, folded) < 0:
        return ()
    last = folded.rpartition(" ")[2]
    return (
        *aliases_of(folded, document.bracketed, document.names_with),
        *((last,) if " " in folded and len(last) > 3 else ()),
    )


def _same_place(folded: str, evidence: str, document: Document) -> bool:
    code = _territories(document.output_language).get(folded)
    return code is not None and any(
        _stands(name, evidence) for name, other in _territories(document.article.language).items() if other == code
    )


@cache
def _territories(language: str) -> dict[str, str]:
    """Return the folded names of countries in a language → their codes, from CLDR."""
    from babel import Locale, UnknownLocaleError

    try:
        territories = Locale.parse(language.replace("-", "_")).territories
    except (UnknownLocaleError, ValueError):
        return {}
    return {fold(name): code for code, name in territories.items() if len(code) == 2}
