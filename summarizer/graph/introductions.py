"""Names that an article itself says are one: "Alibaba Group (Alibaba)", "Banque centrale européenne (BCE)".

A short form that is the beginning of the long one holds for all articles, as long as none of them gives it to another
organisation. An acronym holds for the article that introduces it: elsewhere it may stand for something else.
"""

import re
from collections.abc import Collection, Iterable, Iterator
from typing import NamedTuple

from ..language.lexicon import common
from .spelling_keys import name_key, spelling_key

_BRACKET = re.compile(r"[(（]([^()（）]{2,80})[)）]")
_LONGEST = 5_000
"""Characters of a quote that is read for them: far more than a quote has, and no more than can be read in no time."""


class Introduction(NamedTuple):
    """A short form, and the spelling that it stands for."""

    short: str
    """As `name_key` has it."""
    long: str
    is_acronym: bool


def introductions(quotes: Iterable[str], parties: Collection[str]) -> Iterator[Introduction]:
    """Yield what the quotes of one article introduce, where one of the two forms is a party's."""
    for quote in quotes:
        for bracket in _BRACKET.finditer(quote[:_LONGEST]):
            before = quote[: bracket.start()].rstrip()
            for party in parties:
                if _ends_with(before, party):
                    yield from _introduced(party, bracket[1].strip())


def _ends_with(words: str, party: str) -> bool:
    before, found = words[: -len(party)], words[-len(party) :]
    return spelling_key(found) == spelling_key(party) and not before[-1:].isalnum()


def _introduced(outside: str, inside: str) -> Iterator[Introduction]:
    for short, long in ((inside, outside), (outside, inside)):
        key, words = name_key(short), name_key(long).split()
        if key.split() == words[: len(key.split())] and len(key.split()) < len(words):
            if key not in common()["names"]["generic"]:
                yield Introduction(key, long, is_acronym=False)
        elif " " not in key and len(key) > 1 and key in _initials(words):
            yield Introduction(key, long, is_acronym=True)


def _initials(words: list[str]) -> tuple[str, str]:
    """Return the first letters of all words, and of those that are not small."""
    return "".join(word[0] for word in words), "".join(word[0] for word in words if len(word) > 3)
