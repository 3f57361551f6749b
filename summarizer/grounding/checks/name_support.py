"""Whether the evidence has every name of a claim: literally, inflected, or in a form that the article introduces."""

import re
from collections.abc import Iterable, Sequence
from functools import cache

from ...language.dictionary import is_ordinary_word
from ...language.entities.actors import actors, known_names
from ...language.entities.feature_patterns import feature_patterns
from ...language.entities.gazetteer import places as gazetteer_places
from ...language.entities.names import NameSpan, aliases_of, core, is_ordinary, names_in
from ...language.normalization import fold, fold_characters
from ...language.numbers import numbers
from ...language.statuses import find_word, has_unspaced
from ...schema import Reason
from ..document import Document
from .table import NAME_DOUBTFUL, NAME_ELSEWHERE, NAME_NEARBY, NAME_UNKNOWN

NEAR = 1
"""Sentences from the quotes within which a name may belong to them."""
_PARTS = re.compile(r"[\w&]+")


NEAR = 1
"""Sentences from the quotes within which a name may belong to them."""


def check_names(claim: str, evidence: str, sentences: Sequence[int], document: Document) -> list[Reason]:
    """Return a reason for each name of the claim that the folded evidence does not have, unless it may be no name.

    `sentences` are those of the evidence, by their index.
    """
    missing = [name for name in claimed_names(claim, document) if not is_named(name, evidence, document)]
    reasons = (_missing(name, claim, evidence, sentences, document) for name in missing)
    return [reason for reason in reasons if reason is not None]


def _missing(name: NameSpan, claim: str, evidence: str, sentences: Sequence[int], document: Document) -> Reason | None:
    value = claim[name.start : name.end]
    words = frozenset(_PARTS.findall(evidence))
    unknown = [
        part
        for part in _PARTS.findall(value)
        if fold(part) not in words and not _is_inflected(fold(part), words) and not _abbreviates(fold(part), evidence)
    ]
    if not unknown or _is_role(name, document):
        return None
    places = document.sentences_with(name.folded)
    if places and not _is_noun(value, document):
        gap = min((abs(i - j) for i in places for j in sentences), default=0)
        if gap <= NEAR:
            if name.folded in gazetteer_places(document.language) or not _names_another(claim, sentences, document):
                return None
            return NAME_NEARBY.reason(f"{value!r} is named beside the quoted words, not in them", value)
        return NAME_ELSEWHERE.reason(f"the quoted words do not name {value!r}: the article does so elsewhere", value)
    if all(_is_ordinary(part, claim, name, document) for part in unknown):
        return None
    if len(unknown) > 1 and not any(document.sentences_with(fold(part)) for part in unknown if len(part) > 2):
        return NAME_UNKNOWN.reason(f"{value!r} is not in the article", value)
    return NAME_DOUBTFUL.reason(f"{value!r} is not named in the quoted words", value)


def _names_another(claim: str, sentences: Sequence[int], document: Document) -> bool:
    """Tell whether the quoted sentences name somebody whom the claim does not."""
    said = fold(claim)
    return any(find_word(said, name.folded.split()[-1]) < 0 for i in sentences for name in actors(i, document))


def _is_role(name: NameSpan, document: Document) -> bool:
    """Tell whether a capitalised word is a title: "CEO", "PDG"."""
    return feature_patterns(document.output_language).role.match(name.folded) is not None


def _is_noun(value: str, document: Document) -> bool:
    """Tell whether a word that the article has may be an ordinary noun, where all nouns have capitals."""
    lexicon = document.output_lexicon
    if lexicon is None or not lexicon.get("grammar.noun_capitals") or " " in value or not value[1:].islower():
        return False
    folded = fold(value)
    longer = (one for one in document.names_with(folded) if one.startswith(f"{folded} ") or one.endswith(f" {folded}"))
    return not any(longer) and is_ordinary_word(value.lower(), document.output_language)


def _is_ordinary(part: str, claim: str, name: NameSpan, document: Document) -> bool:
    """Tell whether a part of a name is an ordinary word: at the head of the claim, in a compound, or as a noun."""
    folded = fold(part)
    if folded in gazetteer_places(document.output_language) or not part[1:].islower():
        return False
    lexicon = document.output_lexicon
    head = not claim[: name.start].strip(" \"'«“„‘(-–—")
    nouns = lexicon is None or bool(lexicon.get("grammar.noun_capitals"))
    if not head and not nouns and "-" not in claim[name.start : name.end]:
        return False
    return is_ordinary(folded, lexicon) or is_ordinary_word(part.lower(), document.output_language)


def _is_inflected(part: str, words: Iterable[str]) -> bool:
    """Tell whether a word has the same beginning: "Italia" for "italiano", "Britain" for "British"."""
    return len(part) > 3 and any(word.startswith(part[: max(4, len(part) - 3)]) for word in words)


def _abbreviates(short: str, evidence: str) -> bool:
    """Tell whether a short name has the initials of words in the evidence: "ONU" for "Naciones Unidas"."""
    if not 2 <= len(short) <= 6 or " " in short:
        return False
    words = _PARTS.findall(evidence)
    initials = "".join(word[0] for word in words if len(word) > 3)
    if short in initials or (len(short) > 2 and short[1:] in initials):
        return True
    return len(short) < 4 and any(_has_letters(short, word) for word in words if word[0] == short[0] and len(word) > 5)


def _has_letters(short: str, word: str) -> bool:
    """Tell whether a word has the letters of a short one, in their order: "Volkswagen" those of "VW"."""
    letters = iter(word)
    return all(letter in letters for letter in short)


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
    bare = word.removesuffix("s").rpartition("'")[0] or word.removesuffix("s")  # "Grévin's", "Uraloğlu'nun"
    return len(bare) > 2 and bare != word and find_word(evidence, bare) >= 0


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
