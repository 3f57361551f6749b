"""Whether a claim is in the requested language."""

import re
from collections.abc import Iterable
from functools import cache

from ...language.identification import identify
from ...language.lexicon import languages, lexicon
from ...language.normalization import fold, fold_characters
from ...language.statuses import has_unspaced
from ...schema import Reason
from ..document import Document
from .name_support import claimed_names
from .table import LANGUAGE

_WORD = re.compile(r"[^\W\d_]+")


def check_language(claim: str, document: Document) -> list[Reason]:
    """Return a reason where a claim is in another language than the requested one.

    Function words distinguish the languages that have a lexicon at no cost; the rest is identified.
    """
    expected = document.output_language.partition("-")[0]
    actual = expected if expected == "und" else _other_language(claim, expected, document)
    if actual in (expected, "und"):
        return []
    return [LANGUAGE.reason(f"the claim is in {actual!r}, {expected!r} was asked for", actual)]


def _other_language(claim: str, expected: str, document: Document) -> str:
    """Return the language of a claim, `expected` unless there is evidence of another."""
    bare = _without_names(claim, document)
    unspaced = has_unspaced(claim)
    if document.output_lexicon is None or expected in UNSPACED:
        return _latin_language(_WORD.findall(bare.lower())) if expected not in LATIN else expected
    if unspaced:
        return identify(claim)
    words = _WORD.findall(fold_characters(bare))
    scores = _scores(words)
    own = scores.pop(expected, 0)
    best = max(scores, key=lambda tag: scores[tag])
    if scores[best] >= own + 2 and scores[best] >= 2 * own:
        return best
    if scores[best] > own or (len(words) >= 4 and own == scores[best] and own < len(words) / 4):
        return identify(" ".join(_WORD.findall(bare.lower())))
    return expected


UNSPACED = ("ja", "zh", "th", "lo", "km", "my")
LATIN = (
    "cs",
    "da",
    "fi",
    "hu",
    "nb",
    "no",
    "pl",
    "ro",
    "sv",
    "tr",
    "vi",
    "id",
    "hr",
    "sk",
    "ca",
    "et",
    "lt",
    "lv",
    "sl",
)


def _latin_language(words: list[str]) -> str:
    """Return the language of Latin words in a claim that should have none, `und` where they may be names."""
    scores = _scores(fold(word) for word in words if word.isascii())
    best = max(scores, key=lambda tag: scores[tag])
    return best if scores[best] >= 2 else "und"


def _without_names(claim: str, document: Document) -> str:
    for name in reversed(claimed_names(claim, document)):
        claim = claim[: name.start] + " " + claim[name.end :]
    return claim


def _scores(folded: Iterable[str]) -> dict[str, int]:
    """Count the function words of each language among folded words."""
    tags, zero = _function_words()
    scores = dict(zero)
    for word in folded:
        for tag in tags.get(word, ()):
            scores[tag] += 1
    return scores


@cache
def _function_words() -> tuple[dict[str, list[str]], dict[str, int]]:
    """Return each function word → the languages that have it, and a score of zero for each of these languages."""
    tags: dict[str, list[str]] = {}
    zero: dict[str, int] = {}
    for tag in languages():
        tables = lexicon(tag)
        for word in tables.words("words.function") if tables is not None else ():
            tags.setdefault(word, []).append(tag)
            zero[tag] = 0
    return tags, zero
