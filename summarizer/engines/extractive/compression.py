"""A sentence of the article, trimmed of what does not stand alone: words are taken off, none is ever added."""

import re

from ...language.layout import DATELINE
from ...language.lexicon import Lexicon
from ...language.normalization import FoldedText

_LABEL = re.compile(r"[^\W\d_][\w’' -]{2,28}\s?:\s+(?=[^\W\d_])")
_MARKS = re.compile(r"[#>*_\s]+")


def trim(text: str, tables: Lexicon | None, *, opens: bool = False, listed: bool = False) -> str:
    """Take off a dateline, the label of a bullet and the word that ties the sentence to the one before."""
    at = _end(_MARKS, text, 0)
    at = _end(DATELINE, text, at) if opens else at
    at = _end(_LABEL, text, at) if listed else at
    if tables is not None:
        at = _after_opening(text, at, tables)
    rest = " ".join(text[at:].split())
    return rest[:1].upper() + rest[1:] if rest else " ".join(text.split())


def _end(pattern: re.Pattern[str], text: str, at: int) -> int:
    found = pattern.match(text, at)
    return found.end() if found else at


def _after_opening(text: str, at: int, tables: Lexicon) -> int:
    folded = FoldedText(text[at:])
    bare = tables.pattern("takeaways.conjunctions").match(folded.text)
    found = bare or tables.pattern("takeaways.openings").match(folded.text)
    if found is None or _is_another_word(found, folded, text[at:]):
        return at
    rest = re.compile(r"\s*,\s*" if bare is None else r"\s*,?\s+").match(folded.text, found.end())
    if rest is None or rest.end() >= len(folded.text):
        return at
    return at + folded.source(rest.end(), rest.end() + 1)[0]


def _is_another_word(found: re.Match[str], folded: FoldedText, text: str) -> bool:
    """Tell whether an accent makes a short word another one: the "É" of "É o maior projeto" is no "e"."""
    start, end = folded.source(*found.span())
    return len(found[0]) <= 2 and text[start:end].lower() != found[0]
