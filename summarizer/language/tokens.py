"""The words of a text, cached."""

import re
from functools import lru_cache

_WORD = re.compile(r"\w+")
_ASCII_WORD = re.compile(r"\w+", re.ASCII)  # twice as fast


@lru_cache(maxsize=256)
def words(text: str) -> list[str]:
    """Return the words of a text, in order. The list is shared and must not be changed."""
    return _ASCII_WORD.findall(text) if text.isascii() else _WORD.findall(text)
