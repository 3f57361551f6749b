"""When two spellings are one name: by rule alone, so that nothing is brought together on a guess.

Case, accents, typography and punctuation make no difference, and a legal form at the end makes none. All else does:
"Alibaba" is not "Alibaba Group", "Disney" not "Disney+", and an acronym is not the words that it may stand for.
"""

import re
from collections.abc import Iterable, Iterator
from functools import lru_cache

from ..language.lexicon import common
from ..language.normalization import fold

_CLOSED = re.compile(r"[.'’!?…·]")  # the letters around it are one word: S.A., L'Oréal, Yahoo!
_OPEN = re.compile(r"[^\w&+#@$%*]+")  # what is left of these belongs to the name: AT&T, Disney+
_INITIALS = re.compile(r"(?<!\S)\w(?: \w)+(?!\S)")


@lru_cache(maxsize=65_536)
def spelling_key(name: str) -> str:
    """Return what two spellings of the same words share, empty only for a name without a character to see."""
    folded = fold(name).strip()
    words = _OPEN.sub(" ", _CLOSED.sub("", folded)).strip()
    return _INITIALS.sub(lambda run: run[0].replace(" ", ""), words) or folded


@lru_cache(maxsize=65_536)
def name_key(name: str) -> str:
    """Return what the spellings of one organisation share: `spelling_key` without legal forms."""
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
    """Keep the form where no name would be left: "The Limited", "Tiffany & Co. Ltd"."""
    bare = shorter.strip()
    nameless = len(bare) < 2 or bare in common()["sentences"]["starters"] or bare.endswith("&")
    return key if nameless else bare


def perhaps_one(names: Iterable[str]) -> Iterator[tuple[str, str]]:
    """Yield the names of which one begins with the other: for a person to decide, never for the rule."""
    known = {name_key(name): name for name in names}
    for key, name in known.items():
        for end in (at for at, sign in enumerate(key) if sign == " "):
            short = known.get(key[:end])
            if short is not None and key[:end] not in common()["names"]["generic"]:
                yield short, name
