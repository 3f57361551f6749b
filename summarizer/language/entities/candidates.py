"""Candidates for names: runs of capitalised words, in a sentence or a claim; what they name is decided elsewhere."""

import re
from collections.abc import Iterator
from functools import cache
from typing import NamedTuple

from ..lexicon import common, lexicon
from ..normalization import fold
from .gazetteer import gazetteer, places


class Candidate(NamedTuple):
    """A run of capitalised words: `text` of a sentence from `start` to `end`."""

    sentence: int
    start: int
    end: int
    text: str
    initial: bool
    """Opens the sentence or follows a colon, a dash or a quotation mark, where any word may have a capital."""


UPPER = "A-Z" + "".join(chr(code) for code in range(0xC0, 0x530) if chr(code).isupper())
_ELIDED = rf"(?:{'|'.join(common()['names']['elided'])})['’]"
ELISION = re.compile(_ELIDED)
_SPACED = r"[^\W\u3040-\u30ff\u3400-\u9fff]"
"""A letter or figure of a script that writes spaces: "与Alibaba合作" names Alibaba."""
_LETTERS = rf"(?:{_SPACED}|[\u00ad\u0300-\u036f])*"
_WORD = (
    r"(?:[A-Z]\.){2,}"
    rf"|(?!{_ELIDED}(?![{UPPER}]))(?:[{UPPER}]|[a-z]{{1,6}}-?(?=[{UPPER}])|\d{{1,3}}(?=[{UPPER}]))"
    rf"{_LETTERS}(?:(?:[&+’'‑-]|\.(?=\w)){_SPACED}{_LETTERS})*"
)
_UNSPACED = r"[ァ-ヴー]{3,}"
_LEGAL = r"(?: A/S(?!\w))?"
_JOINT = r"(?:[ ]&[ ]|[ ]\+[ ]|[ ]|\u00a0|\u202f|[ ](?:{joints}))"
_GENITIVE = re.compile(r"(?<=\w)['’][sS]?$")
_OPENING = " \"'“”‘’«»„‟([{¿¡-–—•*#>\t\u00a0\u202f"
_RESTARTS = '–—:•|"“«„‘'
_COMPOUND = re.compile(rf"[{UPPER}]\w*[-‑][a-zß-ÿ]")
_CLOCK = re.compile(r"\W*\d{1,2}\s?[:h.]\s?\d{2}(?!\d)")
_PARTICLE = re.compile(rf" (?:{'|'.join(common()['names']['particles'])}) (?:{_WORD})")
"""Between a given name and a family name: "Iris de Wolf"."""
_TERM = re.compile("|".join(common()["names"]["terms"]))
_POSSESSOR = re.compile(r"([^'’]{3,24})['’]s (?=\S)")


def candidates(text: str, tag: str, *, sentence: int = 0, lowercase: re.Pattern[str] | None = None) -> list[Candidate]:
    """Return the candidates of a text in order, without genitives and elided articles.

    `tag` is the primary subtag of its language; `lowercase` finds the names that the article writes without a capital.
    """
    found = list(_capitalised(text, tag, sentence))
    if lowercase is not None:
        for match in lowercase.finditer(text):
            if not any(one.start <= match.start() < one.end for one in found):
                found.append(Candidate(sentence, match.start(), match.end(), match[0], False))
        found.sort(key=lambda one: one.start)
    return found


def _capitalised(text: str, tag: str, sentence: int) -> Iterator[Candidate]:
    last = 0
    for match in _runs(tag).finditer(text):
        start, name = match.start(), match[0]
        if start < last:
            continue
        initial = _is_initial(text[:start])
        if elision := ELISION.match(name):
            start, name = start + elision.end(), name[elision.end() :]
        if fold(name.split()[-1]) in gazetteer().given and (family := _PARTICLE.match(text, start + len(name))):
            name += family[0]
        start, name = _without_possessor(start, _GENITIVE.sub("", name), tag)
        if not name or name.isdigit() or _TERM.fullmatch(name) or (_COMPOUND.match(name) and " " not in name):
            continue
        last = start + len(name)
        yield Candidate(sentence, start, last, name, initial)


@cache
def _runs(tag: str) -> re.Pattern[str]:
    tables = lexicon(tag)
    joints = (tables and tables.get("names.joints")) or common()["names"]["joints"]
    institutions = "|".join((tables and tables.get("names.institutions")) or ("(?!)",))
    joint = _JOINT.format(joints="|".join(joints))
    return re.compile(
        rf"(?<!{_SPACED})(?<![@/-])(?:{institutions})?(?:{_WORD})(?:{joint}(?=(?:{_WORD}))(?:{_WORD}))*{_LEGAL}|{_UNSPACED}"
    )


def _is_initial(before: str) -> bool:
    """Tell of the words before a candidate whether any word might have a capital behind them."""
    before = before.rstrip()
    if clock := _CLOCK.match(before):
        before = before[clock.end() :]
    return not before.strip(_OPENING) or before[-1] in _RESTARTS or before.endswith(" -")


def _without_possessor(start: int, name: str, tag: str) -> tuple[int, str]:
    """Take off a country or a city that owns the name: "South Korea's Dongbaek Shipping"."""
    owner = _POSSESSOR.match(name)
    if owner is None or fold(owner[1]) not in places(tag):
        return start, name
    return start + owner.end(), name[owner.end() :]
