"""Keys by which two spellings are the same name, by rule alone, so that nothing is merged on a guess.

Case, accents, typography, punctuation and legal forms are ignored. Nothing else is: "Alibaba" is not "Alibaba Group",
"Disney" is not "Disney+", and an acronym is not the words that it may stand for.
"""

import re
from collections.abc import Iterable, Iterator
from functools import lru_cache

from ..language.lexicon import common
from ..language.normalization import fold

_REMOVED = re.compile(r"[.'’!?…·]")  # removed: S.A., L'Oréal, Yahoo!
_SEPARATORS = re.compile(r"[^\w&+#@$%*]+")  # becomes a space; other signs are part of the name: AT&T, Disney+
_INITIALS = re.compile(r"(?<!\S)\w(?: \w)+(?!\S)")


@lru_cache(maxsize=65_536)
def spelling_key(name: str) -> str:
    """Return the key of a spelling, empty only for a name without visible characters."""
    folded = fold(name).strip()
    words = _SEPARATORS.sub(" ", _REMOVED.sub("", folded)).strip()
    return _INITIALS.sub(lambda run: run[0].replace(" ", ""), words) or folded


@lru_cache(maxsize=65_536)
def name_key(name: str) -> str:
    """Return the key of an organisation's name: `spelling_key` without legal forms."""
    key = spelling_key(name)
    while (shorter := _without_form(key)) != key:
        key = shorter
    return key


def _without_form(key: str) -> str:
    forms = common()["names"]
    for form in forms["legal"]:
        if key.endswith(f" {form}"):
            return _unless_too_short(key, key[: -len(form)])
    for form in forms["legal_before"]:
        if key.startswith(f"{form} "):
            return _unless_too_short(key, key[len(form) :])
    for form in forms["legal_joined"]:
        if key.startswith(form) or key.endswith(form):
            return _unless_too_short(key, key.removeprefix(form).removesuffix(form))
    return key


def _unless_too_short(key: str, shorter: str) -> str:
    """Keep the legal form where no name would be left: "The Limited", "Tiffany & Co. Ltd"."""
    bare = shorter.strip()
    nameless = len(bare) < 2 or bare in common()["sentences"]["starters"] or bare.endswith("&")
    return key if nameless else bare


def possible_duplicates(names: Iterable[str]) -> Iterator[tuple[str, str]]:
    """Yield pairs of names of which one begins with the other, for a person to decide."""
    known = {name_key(name): name for name in names}
    for key, name in known.items():
        for end in (at for at, sign in enumerate(key) if sign == " "):
            short = known.get(key[:end])
            if short is not None and key[:end] not in common()["names"]["generic"]:
                yield short, name
