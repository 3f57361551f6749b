"""Identify the language of a text by its script, then its stopwords, then lingua where these are not decisive.

Most articles do not need lingua, whose models take longer to load than everything else that a cached summary needs.
"""

import re
from collections import Counter
from functools import cache
from importlib.resources import files
from itertools import chain
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from lingua import LanguageDetector

SAMPLE = 2_000
"""Characters of a text that are read: enough for a decision, at the same cost for a report as for a brief."""

# Most scripts have one language that news is written in. A sign for a syllable or a word weighs several letters.
_SCRIPTS = (
    ("kana", 3, r"\u3041-\u30ff\uff66-\uff9d"),
    ("han", 3, r"\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff"),
    ("ko", 3, r"\u1100-\u11ff\u3131-\u318e\uac00-\ud7a3"),
    ("latin", 1, r"A-Za-z\u00aa\u00ba\u00c0-\u024f\u1e00-\u1eff"),
    ("cyrillic", 1, r"\u0400-\u052f"),
    ("ar", 1, r"\u0620-\u064a\u066e-\u06d3\u06fa-\u06ff\u0750-\u077f"),
    ("el", 1, r"\u0370-\u03ff\u1f00-\u1fff"),
    ("he", 1, r"\u05d0-\u05f2"),
    ("hi", 1, r"\u0900-\u0963\u0971-\u097f"),
    ("th", 1, r"\u0e01-\u0e4e"),
    ("bn", 1, r"\u0980-\u09ff"),
    ("ta", 1, r"\u0b80-\u0bff"),
    ("te", 1, r"\u0c00-\u0c7f"),
    ("ka", 1, r"\u10a0-\u10ff"),
    ("hy", 1, r"\u0530-\u058f"),
)
_NOT_LATIN = bytes(code for code in range(128) if not chr(code).isalpha())
_FAR = re.compile(r"[^\x00-\u036f\u2000-\u206f]")
_PERSIAN = re.compile(r"[پچژگ]")
_URDU = re.compile(r"[ٹڈڑںے]")
_SOUTH_SLAVIC = re.compile(r"[ђјљњћџѓќѕ]")

_LETTER = re.compile(r"[^\W\d_]")
_FOREIGN_SIGN = re.compile(r"[^\x00-\x7f](?<![^\W\d_])")
_SPACED = bytes(code if chr(code).isalpha() or code > 127 else ord(" ") for code in range(256))
_ENOUGH = 3  # stopwords: two may be names, or words of another language
_SHARE = 0.2  # of all words: prose of any of these languages is well above


def identify(text: str) -> str:
    """Return the BCP 47 tag of the language of `text`, `und` where it cannot be determined.

    Reads the beginning and the middle, because a page may open with a line in another language.
    """
    half = SAMPLE // 2
    middle = max(half, len(text) // 2)
    sample = (text[:half] + "\n" + text[middle : middle + half]).encode("utf-8", "replace").decode()
    script = _script(sample)
    match script:
        case None:
            return "und"
        case "latin":
            return _by_stopwords(sample) or _by_lingua(sample, tuple(_stopwords()))
        case "cyrillic":
            return _by_lingua(sample, ("mk", "sr") if _SOUTH_SLAVIC.search(sample) else ("be", "bg", "ru", "uk"))
        case "ar" if _URDU.search(sample):
            return "ur"
        case "ar" if _PERSIAN.search(sample):
            return "fa"
        case _:
            return script


def _script(sample: str) -> str | None:
    """Return the script, or its only language, of most letters."""
    if sample.isascii():
        return "latin" if _LETTER.search(sample) else None
    far = len(_FAR.findall(sample))
    latin = len(sample.encode("ascii", "ignore").translate(None, _NOT_LATIN))
    if 3 * far < latin:  # no other script can outweigh so many: fifty times faster
        return "latin"
    weights = {name: weight * len(letters.findall(sample)) for name, weight, letters in _letters()}
    east = weights.pop("kana"), weights.pop("han")
    weights["zh" if east[0] * 20 < east[1] else "ja"] = sum(east)  # Chinese may quote a Japanese name
    most = max(weights, key=weights.__getitem__)
    return most if weights[most] else None


@cache
def _letters() -> tuple[tuple[str, int, re.Pattern[str]], ...]:
    return tuple((name, weight, re.compile(f"[{letters}]")) for name, weight, letters in _SCRIPTS)


def _by_stopwords(sample: str) -> str | None:
    """Return the language with many stopwords, and twice as many as any other; None if unclear."""
    words = _words(sample.lower())
    hits = Counter(chain.from_iterable(filter(None, map(_tags().get, words))))
    (first, most), (_, next_most) = ([*hits.most_common(2), ("", 0), ("", 0)])[:2]
    clear = most >= _ENOUGH and most >= _SHARE * len(words) and most >= 2 * next_most
    return first if clear else None


def _words(text: str) -> list[bytes]:
    """Split a text into runs of letters, as UTF-8: splitting bytes takes half the time of a regular expression."""
    return _FOREIGN_SIGN.sub(" ", text).encode().translate(_SPACED).split()


@cache
def _stopwords() -> dict[str, str]:
    text = (files(__package__) / "stopwords.txt").read_text(encoding="utf-8")
    lines = (line.partition(": ") for line in text.splitlines() if not line.startswith("#"))
    return {tag: words for tag, _, words in lines}


@cache
def _tags() -> dict[bytes, tuple[str, ...]]:
    """Return each stopword → the languages that have it."""
    tags: dict[bytes, tuple[str, ...]] = {}
    for tag, words in _stopwords().items():
        for word in words.encode().split():
            tags[word] = (*tags.get(word, ()), tag)
    return tags


def _by_lingua(sample: str, tags: tuple[str, ...]) -> str:
    found = _detector(tags).detect_language_of(sample)
    return "und" if found is None else found.iso_code_639_1.name.lower()


@cache
def _detector(tags: tuple[str, ...]) -> "LanguageDetector":
    from lingua import IsoCode639_1, LanguageDetectorBuilder

    codes = [getattr(IsoCode639_1, tag.upper()) for tag in tags]
    return LanguageDetectorBuilder.from_iso_codes_639_1(*codes).with_low_accuracy_mode().build()
