"""Short names that an article introduces: "Alibaba Group (Alibaba)", "Banque centrale européenne (BCE)".

A short form that begins the long one is valid in all articles, unless one of them uses it for another organisation. An
acronym is valid in the article that introduces it only: elsewhere it may stand for something else.
"""

import re
from collections.abc import Collection, Iterable, Iterator
from typing import NamedTuple

from ..language.lexicon import common
from .spelling_keys import name_key, spelling_key

_BRACKET = re.compile(r"[(（]([^()（）]{2,80})[)）]")
_LONGEST = 5_000
"""Characters of a quote that are searched."""


class Introduction(NamedTuple):
    """A short form, and the long spelling that it stands for."""

    short: str
    """As a `name_key`."""
    long: str
    is_acronym: bool


def introductions(quotes: Iterable[str], parties: Collection[str]) -> Iterator[Introduction]:
    """Yield the introductions in the quotes of one article in which one of the two forms is a party."""
    for quote in quotes:
        for bracket in _BRACKET.finditer(quote[:_LONGEST]):
            before = quote[: bracket.start()].rstrip()
            for party in parties:
                if _ends_with(before, party):
                    yield from _introduced(party, bracket[1].strip())


def _ends_with(text: str, party: str) -> bool:
    before, end = text[: -len(party)], text[-len(party) :]
    return spelling_key(end) == spelling_key(party) and not before[-1:].isalnum()


def _introduced(outside: str, inside: str) -> Iterator[Introduction]:
    for short, long in ((inside, outside), (outside, inside)):
        key, words = name_key(short), name_key(long).split()
        if key.split() == words[: len(key.split())] and len(key.split()) < len(words):
            if key not in common()["names"]["generic"]:
                yield Introduction(key, long, is_acronym=False)
        elif " " not in key and len(key) > 1 and key in _initials(words):
            yield Introduction(key, long, is_acronym=True)


def _initials(words: list[str]) -> tuple[str, str]:
    """Return the initials of all words, and of those with more than three letters."""
    return "".join(word[0] for word in words), "".join(word[0] for word in words if len(word) > 3)
