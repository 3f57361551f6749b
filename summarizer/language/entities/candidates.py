"""Names as runs of capitalised words, in any script that has capitals; what they name is decided elsewhere."""

import re
from functools import cache
from typing import NamedTuple

from ..layout import Sentence
from ..normalization import fold
from .gazetteer import places, world


class Candidate(NamedTuple):
    """A run of capitalised words: `sentence.text[start:end]`."""

    sentence: int
    start: int
    end: int
    text: str
    initial: bool
    """Opens the sentence, where every word has a capital."""


_UPPER = "A-Z" + "".join(chr(code) for code in range(0xC0, 0x530) if chr(code).isupper())
_ELIDED_WORD = r"(?:[LDJNSMTC]|Qu|All|Dell|Nell|Sull|Dall|Un|Quest)['’]"
_ELISION = re.compile(_ELIDED_WORD)
_WORD = (
    rf"(?!{_ELIDED_WORD}(?![{_UPPER}]))(?:[{_UPPER}]|[a-z]{{1,6}}-?(?=[{_UPPER}])|\d{{1,3}}(?=[{_UPPER}]))"
    r"[\w\u00ad]*(?:(?:[&+’'‑-]|\.(?=\w))\w[\w\u00ad]*)*"
)
_LEGAL = r"(?: A/S(?!\w))?"
_WORDS = r"(?: & | \+ | |\u00a0| (?:{of}))"
# What joins the words of a name, by language and in names from abroad: "Courrier des Affaires", "l'espagnol Rutas del
# Norte". A word is left out where the article's own language has it for something else.
_OF = {
    "fr": r"d(?:e|es|u)(?: l[ae]s?)? |d['’]|de l['’]|del(?:la|le)? |d[io] |of(?: the)? |van(?: de[rn]?)? |von ",
    "es": r"de(?:l| l[ao]s?)? |d(?:u|es|i|ella|o|os|as) |d['’]|of(?: the)? |van(?: de[rn]?)? |von ",
    "it": r"d(?:i|el|ella|elle|ei|egli|al|e|u|es|os?)(?: l[ao]s?)? |dell['’]|d['’]|of(?: the)? |van(?: de[rn]?)? |von ",
    "pt": r"d(?:e|o|a|os|as) |d(?:el|u|es|i|ella)(?: l[ao]s?)? |d['’]|of(?: the)? |van(?: de[rn]?)? |von ",
    "en": r"of(?: the)? |d(?:e|el|ella|u|es|i|o|os|as)(?: l[ao]s?)? |d['’]|van(?: de[rn]?)? |von(?: der)? ",
    "nl": r"van(?: de[rn]?| het)? |d(?:el|ella|u|es|i|o|os)(?: l[ao]s?)? |de l[ao]s? |d['’]|von ",
    "de": r"d(?:e|el|ella|u|i|o)(?: l[ao]s?)? |d['’]|of(?: the)? |van(?: de[rn]?)? ",
}


# Houses of learning and the like have a plain word in their names: "École des mines de Foix", "l'université de Foix",
# "die Hochschule für Technik und Wirtschaft Merlau".
_SCHOOL = {
    "de": r"(?:(?:Fach)?[Hh]ochschule|Universität|(?:Fraunhofer-|Max-Planck-|Forschungs)?[Ii]nstitut|Akademie"
    r"|(?:Bundes|Fach)?[Vv]erband|Forschungszentrum|Zentrum|Stiftung) (?:für|zur) (?:[A-ZÄÖÜ][\w-]+ und )?"
    r"|(?:(?:Bundes|Fach)?[Vv]erband|Universität|Hochschule|Akademie|Institut) (?:der|des) (?:[A-ZÄÖÜ][\w-]+ und )?",
    "fr": r"(?:université|centre hospitalier|hôpital|institut) (?:d(?:es?|u) (?:l[ae] )?|d['’]|de l['’])"
    r"|(?:École|Ecole|Institut|Université|Conservatoire|Caisse|Chambre|Hôpital|Centre) (?:d(?:es?|u) |d['’])"
    r"[a-zß-ÿ-]+ (?:d(?:es?|u) |d['’])",
    "es": r"(?:universidad|hospital) de(?:l| l[ao]s?)? "
    r"|(?:Escuela|Instituto|Universidad|Hospital|Caja|Cámara) de(?:l| l[ao]s?)? [a-zß-ÿ-]+ de(?:l| l[ao]s?)? ",
    "pt": r"(?:universidade|hospital) d[eoa]s? "
    r"|(?:Escola|Instituto|Universidade|Hospital|Caixa|Câmara|Centro) d[eoa]s? [a-zß-ÿ-]+ d[eoa]s? ",
    "it": r"(?:università|ospedale) d(?:i|el|ella|egli) "
    r"|(?:Scuola|Istituto|Università|Ospedale|Cassa|Camera) d[ei]l?(?:l[aeo])? [a-zß-ÿ-]+ d[ei]l?(?:l[aeo])? ",
}


@cache
def _run(tag: str) -> re.Pattern[str]:
    joint = _WORDS.format(of=_OF.get(tag, "(?!)"))
    school = _SCHOOL.get(tag, "(?!)")
    return re.compile(rf"(?<![\w@/-])(?:{school})?{_WORD}(?:{joint}(?={_WORD}){_WORD})*{_LEGAL}")


_GENITIVE = re.compile(r"(?<=\w)['’][sS]?$")
_OPENING = " \"'“”‘’«»„‟([{¿¡-–—•*#>\t\u00a0\u202f"
_RESTARTS = '–—:•|"“«„‘'
_COMPOUND = re.compile(rf"[{_UPPER}]\w*[-‑][a-zß-ÿ]")
_CLOCK = re.compile(r"^\W*\d{1,2}\s?[:h.]\s?\d{2}(?!\d)")
_PARTICLE = re.compile(rf" (?:van(?: de[rn]?| het)?|von(?: der)?|zu|de(?:l|lla|n)?|d[aio]|te[rn]|la|le) {_WORD}")
"""Between a given name and a family's: "Iris de Wolf"."""


def runs(sentence: Sentence, tag: str, brands: re.Pattern[str] | None = None) -> list[Candidate]:
    """Return the runs of a sentence in order, without genitives and elided articles; `brands` have no capital."""
    found: list[Candidate] = []
    for match in _run(tag).finditer(sentence.text):
        start, text = match.start(), match[0]
        if found and start < found[-1].end:
            continue
        before = sentence.text[:start].rstrip()
        before = _CLOCK.sub("", before)
        initial = not before.strip(_OPENING) or before[-1] in _RESTARTS or before.endswith(" -")
        if initial and (elision := _ELISION.match(text)):
            start, text = start + elision.end(), text[elision.end() :]
        if fold(text.split()[-1]) in world().given and (family := _PARTICLE.match(sentence.text, start + len(text))):
            text += family[0]
        start, text = _after_place(start, _GENITIVE.sub("", text), tag)
        if _COMPOUND.match(text) and " " not in text:
            continue
        if text and not text.isdigit():
            found.append(Candidate(sentence.index, start, start + len(text), text, initial))
    if brands is not None:
        for match in brands.finditer(sentence.text):
            if not any(run.start <= match.start() < run.end for run in found):
                found.append(Candidate(sentence.index, match.start(), match.end(), match[0], False))
        found.sort(key=lambda run: run.start)
    return found


_OF_PLACE = re.compile(r"([^'’]{3,24})['’]s (?=\S)")


def _after_place(start: int, text: str, tag: str) -> tuple[int, str]:
    """Take a country or a city off that owns the name: "South Korea's Dongbaek Shipping"."""
    owner = _OF_PLACE.match(text)
    if owner is None or fold(owner[1]) not in places(tag):
        return start, text
    return start + owner.end(), text[owner.end() :]
