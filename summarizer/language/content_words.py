"""The content words of a folded text, cut to the letters that their inflections share.

There are two readings. `stems` is a bag of words for comparing short texts, such as a claim with its quote. `terms`
keeps the order and the place of each word for searching a whole article; it also keeps every number, however short,
and takes the plural s off. Scores on labelled claims differ with either in the place of the other. In both, a script
without spaces is read in pairs of characters, and function words are left out where the language has a lexicon.
"""

import re
from collections.abc import Iterator
from functools import lru_cache
from typing import NamedTuple

from .lexicon import Lexicon
from .statuses import has_unspaced
from .tokens import words

STEM = 5
"""Letters that two inflections of a word share, in the languages of the lexicons."""
_WORD = re.compile(r"\w+")


@lru_cache(maxsize=512)  # a clause is compared with every other
def stems(folded: str, tables: Lexicon | None) -> frozenset[str]:
    """Return the content words of a folded text as a bag of stems."""
    function = tables.words("words.function") if tables else frozenset[str]()
    if folded.isascii():
        return frozenset([word[:STEM] for word in words(folded) if len(word) > 2 and word not in function])
    found: set[str] = set()
    for word in words(folded):
        if not word.isascii() and has_unspaced(word):
            found |= {word[i : i + 2] for i in range(len(word) - 1)} or {word}
        elif len(word) > 2 and word not in function:
            found.add(word[:STEM])
    return frozenset(found)


def covered(wanted: frozenset[str], has: frozenset[str]) -> float:
    """Return the share of the wanted stems that a text has, 0 to 1."""
    return len(wanted & has) / len(wanted) if wanted else 0.0


class Term(NamedTuple):
    """A content word of a folded text: its stem, and where it stands."""

    stem: str
    start: int
    end: int


def terms(folded: str, tables: Lexicon | None) -> Iterator[Term]:
    """Yield the content words of a folded text, in order."""
    function = tables.words("words.function") if tables else frozenset[str]()
    for match in _WORD.finditer(folded):
        word, start = match[0], match.start()
        if not word.isascii() and has_unspaced(word):
            for i in range(max(1, len(word) - 1)):
                yield Term(word[i : i + 2], start + i, start + i + 2)
        elif word[0].isdigit() or (len(word) > 2 and word not in function):
            yield Term(stem(word), start, match.end())


def stem(word: str) -> str:
    """Return the stem of a folded word: a number and a short word stay whole, a plural s goes."""
    return word if word[0].isdigit() or len(word) <= 3 else word.removesuffix("s")[:STEM]
