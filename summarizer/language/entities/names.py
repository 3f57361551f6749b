"""Names, found by their capitals; a sentence begins with one only where the word is not known as an ordinary one."""

import re
from collections.abc import Callable, Container, Iterable, Iterator
from functools import cache, lru_cache
from typing import NamedTuple

from ..lexicon import Lexicon, common
from ..normalization import fold
from .candidates import ELISION, candidates


class NameSpan(NamedTuple):
    """A run of capitalised words: `text[start:end]`."""

    start: int
    end: int
    folded: str


_LINKED_BY = ("de", "du", "des", "of", "della", "do", "da", "van", "del", "for")
_FIRST = re.compile(r"[\w’'-]+")
_LINK = re.compile(rf"\s*(?:(?:{'|'.join(_LINKED_BY)})\s+)?")
_OPENING = re.compile(r"^[\s\"'“”‘’«»„‹›(\[–—•*-]*")

_LEGAL = re.compile(
    r"(?:\s*,)?\s+(?:inc|corp|corporation|co|company|ltd|limited|llc|plc|gmbh|ag|kgaa|kg|se|sa|s\.a\.?|sas|sarl|spa|s\.p\.a\.?|srl|s\.r\.l\.?|"
    r"nv|n\.v\.?|bv|b\.v\.?|oy|oyj|ab|asa|a/s|aps|lda|ltda|s\.l\.?|sl|kk|pty|holding|holdings|group|groupe|gruppe|grupo|gruppo|groep|"
    r"international|technologies|technology|solutions)\.?$"
)
_DETERMINER = re.compile(
    r"^(?:the|le|la|les|l'|il|lo|i|gli|el|los|las|o|a|os|as|der|die|das|den|dem|het|de|groupe|group|grupo|gruppo)\s+|^l'"
)


def names_in(text: str, lexicon: Lexicon | None, vocabulary: Container[str]) -> list[NameSpan]:
    """Return the names of a sentence: its capitalised runs, without an ordinary word at its head.

    In German every noun has a capital: a single word after an article or an adjective is then no name.
    """
    found = []
    head = _OPENING.match(text)
    first = head.end() if head else 0
    for run in candidates(text, lexicon.tag.partition("-")[0] if lexicon else "und"):
        start = run.start
        if run.initial and (start == first or ELISION.fullmatch(text, first, start)):
            start = _after_ordinary_head(text, start, run.end, lexicon, vocabulary)
        for owner in [*_GENITIVE.finditer(text, start, run.end), None]:
            end = owner.start() if owner else run.end
            name = text[start:end]
            if name and not name.islower() and not _is_common_noun(text, start, name, fold(name), lexicon):
                found.append(NameSpan(start, end, fold(name)))
            start = owner.end() if owner else end
    return found


_GENITIVE = re.compile(r"['’][sS]\s+")
"""Between two names: "Strava’s CEO"."""


def may_have_begun(text: str, at: int) -> bool:
    """Tell whether a name with what stands at an offset may have begun before it: "Tim " before "Cook"."""
    before = text[max(0, at - 40) : at]
    words = before.split()
    if not words or not (before[-1].isspace() or before[-1] == "&"):
        return False
    return words[-1] in _LINKED_BY or not words[-1].islower()


def _after_ordinary_head(text: str, start: int, end: int, lexicon: Lexicon | None, vocabulary: Container[str]) -> int:
    """Pass over the first word of a sentence where it is an ordinary one."""
    word = _FIRST.match(text, start, end)
    if word is None or (not word[0][1:].islower() and len(word[0]) > 1):
        return start
    folded = fold(word[0])
    if is_ordinary(folded, lexicon) or folded in vocabulary:
        rest = _LINK.match(text, word.end(), end)
        return rest.end() if rest else word.end()
    return start


@lru_cache(maxsize=4_096)
def is_ordinary(folded: str, lexicon: Lexicon | None) -> bool:
    """Tell whether a folded word is a function word of the language or ends as its ordinary words do."""
    if lexicon is None:
        return False
    if folded in lexicon.words("words.function") or folded in lexicon.months:
        return True
    return len(folded) > 4 and _endings(lexicon).search(folded) is not None


@cache
def _endings(lexicon: Lexicon) -> re.Pattern[str]:
    return re.compile(rf"(?:{'|'.join(lexicon.get('words.endings') or ('(?!)',))})$")


_GERMAN_ARTICLE = (
    r"(?:[dD](?:er|ie|as|en|em|es)|[eE]in(?:e[mnrs]?)?|[kK]ein(?:e[mnrs]?)?|[sS]ein(?:e[mnrs]?)?|[iI]hr(?:e[mnrs]?)?|[zZ]u[mr]|"
    r"[iI]m|[aA]m|[vV]om|[bB]eim|[iI]ns|[aA]ns|[dD]iese[mnrs]?|[jJ]ede[mnrs]?|[aA]lle[nr]?|[uU]nser(?:e[mnrs]?)?|[vV]iele[nr]?|"
    r"[mM]ehrere[nr]?|[eE]inige[nr]?|\d+|%)"
)
_GERMAN_PREPOSITION = (
    r"(?:[mM]it|[vV]on|[fF]ür|[üÜ]ber|[iI]n|[aA]uf|[aA]n|[bB]ei|[nN]ach|[aA]us|[dD]urch|[gG]egen|[oO]hne|[uU]m|"
    r"[uU]nd|,)"
)
# An article, or an article or a preposition with adjectives behind it: a noun follows, not a name.
_GERMAN_NOUN = re.compile(
    rf"(?:(?<!\w){_GERMAN_ARTICLE}\s|(?<!\w)(?:{_GERMAN_ARTICLE}|{_GERMAN_PREPOSITION})\s(?:[a-zäöüß]+(?:e|en|er|es|em)\s){{1,2}})$"
)


_GERMAN_BEFORE = re.compile(rf"(?<!\w)(?:{_GERMAN_ARTICLE}|[a-zäöüß]+(?:e|en|er|es|em))$")
"""The word before one, looked at first."""


def _is_common_noun(text: str, start: int, word: str, folded: str, lexicon: Lexicon | None) -> bool:
    if lexicon is None or folded in lexicon.months:
        return lexicon is not None
    if not lexicon.tag.startswith("de") or " " in word or "-" in word or not word[1:].islower():
        return False
    return is_ordinary(folded, lexicon) or _follows_as_noun(text[max(0, start - 48) : start])


def _follows_as_noun(before: str) -> bool:
    words = before.split()
    if not words or not before[-1].isspace() or not _GERMAN_BEFORE.search(words[-1]):
        return False
    return _GERMAN_NOUN.search(before) is not None


@lru_cache(maxsize=1_024)
def core(folded: str) -> str:
    """Return a folded name without its article and its legal form."""
    bare = _DETERMINER.sub("", folded.strip())
    while (shorter := _LEGAL.sub("", bare)) != bare and shorter:
        bare = shorter
    return bare or folded


def aliases_of(party: str, text: str | None, others: Callable[[str], Iterable[str]]) -> tuple[str, ...]:
    """Return the folded forms under which an article that introduces them names `party`, the longest first.

    They are the name, the name without article and legal form, what stands in brackets after it or before it ("Banque
    centrale européenne (BCE)"), and its first word where no other name of the article begins with it. `text` is the
    article folded, None if that has no brackets, and `others` gives its folded names that have a word.
    """
    folded = fold(party).strip()
    forms = {folded, core(folded)}
    forms |= _inflected(folded)
    if text is not None:
        forms |= {short for form in forms for short in _in_brackets(form, text) if _abbreviates(short, form)}
    head = _head(core(folded))
    if head and not any(
        other != folded and head in other and _head(core(other)) == head and not _same(other, folded)
        for other in others(head)
    ):
        forms.add(head)
    return tuple(sorted((form for form in forms if form), key=len, reverse=True))


_INFLECTED = re.compile(r"(\w{4,}?)(?:e|en|er|es|em)$")
_PARTS = re.compile(r"[\w&-]+")
_BRACKET = re.compile(r"[^().]{0,40}\(([^()]{2,40})\)")
_BEFORE_BRACKET = re.compile(r"(?<!\w)([\w&.-]{2,12}) \(\Z")


def _inflected(folded: str) -> set[str]:
    """Return a name of several words with the endings that German gives its adjective: Technische(n) Universität."""
    head, _, rest = folded.partition(" ")
    stem = _INFLECTED.match(head) if rest else None
    return {f"{stem[1]}{ending} {rest}" for ending in ("e", "en", "er", "es", "em")} if stem else set()


def _in_brackets(form: str, text: str) -> Iterator[str]:
    """Yield what stands in brackets behind a form, and what stands before a form in brackets."""
    at = text.find(form) if "(" in text else -1
    while at >= 0:
        end = at + len(form)
        found = _BRACKET.match(text, end)
        if found is None and text[end : end + 1] == ")":
            found = _BEFORE_BRACKET.search(text, max(0, at - 14), at)
        if found is not None:
            yield found[1].strip(" '\"")
        at = text.find(form, end)


def _abbreviates(short: str, name: str) -> bool:
    initials = "".join(word[0] for word in re.findall(r"\w+", name))
    plain = re.sub(r"\W", "", short)
    return (
        plain == initials
        or (len(plain) > 1 and plain[0] == name[:1] and all(c in name for c in plain))
        or plain in initials
    )


def _head(folded: str) -> str:
    """Return the first word of a name of several, where it is long enough to stand for the whole."""
    words = _PARTS.findall(folded)
    return words[0] if len(words) > 1 and len(words[0]) >= 4 and words[0] not in common()["names"]["generic"] else ""


def _same(left: str, right: str) -> bool:
    a, b = core(left), core(right)
    return a == b or a.startswith(b + " ") or b.startswith(a + " ")
