"""The entries of a list as one regular expression of whole words, for folded text."""

import re
from collections.abc import Iterable

from .normalization import fold


def compile_phrases(entries: Iterable[str]) -> re.Pattern[str]:
    """Return one pattern that matches any of the entries, the first in the list where several do; nothing if empty.

    An elided entry goes on with the next word (`n'`); one in a script without spaces has no whole words.
    """
    words: list[str] = []
    elided: list[str] = []
    unspaced: list[str] = []
    for entry in map(_folded, entries):
        (elided if entry.endswith("'") else words if entry.isascii() else unspaced).append(entry)
    parts = [rf"(?:{'|'.join(words)})(?!\w)"] if words else []
    parts += [rf"(?:{'|'.join(elided)})"] if elided else []
    bounded = [rf"(?<!\w)(?:{'|'.join(parts)})"] if parts else []
    return re.compile("|".join([*bounded, *unspaced]) or r"(?!)")


def _folded(entry: str) -> str:
    """Take accents and typography off an entry and leave its regular expression alone; a space is any white space."""
    return "".join(c if c.isascii() else fold(c) for c in entry).replace(" ", r"\s+")
