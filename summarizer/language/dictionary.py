"""Ordinary words of a language, from the dictionaries of `simplemma`.

A dictionary takes a moment to load, so it is only asked about a word that nothing else has settled.
"""

from functools import lru_cache

_SHORTEST = 4
"""Letters of either part of a compound."""


@lru_cache(maxsize=4_096)
def is_ordinary_word(word: str, language: str) -> bool:
    """Tell whether a word, in small letters and with its accents, is in the dictionary of its language.

    German compounds are taken apart: "Werksteam" is ordinary. False where there is no dictionary.
    """
    from simplemma import is_known

    tag = language.partition("-")[0].lower()
    try:
        if is_known(word, lang=tag) or is_known(word.capitalize(), lang=tag):
            return True
    except ValueError:  # no such dictionary
        return False
    return tag == "de" and any(
        is_known(word[:at].capitalize(), lang=tag) and is_known(word[at:].capitalize(), lang=tag)
        for at in range(_SHORTEST, len(word) - _SHORTEST + 1)
    )
