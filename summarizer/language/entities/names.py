"""Names, found by their capitals; a sentence begins with one only where the word is not known as an ordinary one."""

import re
from collections.abc import Callable, Container, Iterable, Iterator
from functools import cache, lru_cache
from typing import NamedTuple

from ..lexicon import Lexicon, across, common
from ..normalization import fold
from .candidates import ELISION, candidates
from .gazetteer import gazetteer


class NameSpan(NamedTuple):
    """A run of capitalised words: `text[start:end]`."""

    start: int
    end: int
    folded: str


_FIRST = re.compile(r"[\w’'-]+")
_LINK = re.compile(rf"\s*(?:(?:{'|'.join(common()['names']['linking'])})\s+)?")
_OPENING = re.compile(r"^[\s\"'“”‘’«»„‹›(\[–—•*-]*")


def names_in(text: str, lexicon: Lexicon | None, vocabulary: Container[str]) -> list[NameSpan]:
    """Return the names of a sentence: its capitalised runs, without an ordinary word at its head.

    Where every noun has a capital, a single word after an article or an adjective is no name.
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


def _is_common_noun(text: str, start: int, word: str, folded: str, lexicon: Lexicon | None) -> bool:
    if lexicon is None or folded in lexicon.months:
        return lexicon is not None
    if not lexicon.get("grammar.noun_capitals") or " " in word or "-" in word or not word[1:].islower():
        return False
    return is_ordinary(folded, lexicon) or _follows_as_noun(text[max(0, start - 48) : start], lexicon)


def _follows_as_noun(before: str, lexicon: Lexicon) -> bool:
    """Tell whether an article, or an article or a preposition and adjectives stand before a word."""
    words = before.split()
    if not words or not before[-1].isspace():
        return False
    last, noun = _noun_patterns(lexicon)
    return last.search(words[-1]) is not None and noun.search(before) is not None


@cache
def _noun_patterns(lexicon: Lexicon) -> tuple[re.Pattern[str], re.Pattern[str]]:
    """Return the pattern of the word before a noun, which is looked at first, and that of the words before it."""
    article = rf"(?i:{'|'.join(lexicon.get('grammar.noun_articles'))})"
    preposition = rf"(?i:{'|'.join(lexicon.get('grammar.noun_prepositions'))})"
    adjective = rf"[a-zß-ÿ]+(?:{lexicon.alternatives('grammar.adjective_endings')})"
    last = re.compile(rf"(?<!\w)(?:{article}|{adjective})$")
    return last, re.compile(rf"(?<!\w)(?:{article}\s|(?:{article}|{preposition})\s(?:{adjective}\s){{1,2}})$")


@lru_cache(maxsize=1_024)
def core(folded: str) -> str:
    """Return a folded name without its article and its legal form."""
    article, legal = _core_patterns()
    bare = article.sub("", folded.strip())
    while (shorter := legal.sub("", bare)) != bare and shorter:
        bare = shorter
    return bare or folded


@cache
def _core_patterns() -> tuple[re.Pattern[str], re.Pattern[str]]:
    """Return the patterns of an article before a name, and of a legal form behind it."""
    known = gazetteer()
    forms = "|".join(map(re.escape, sorted(known.legal | known.descriptors, key=len, reverse=True)))
    articles = [article for article in across("grammar.definite") if article.isascii()]
    elided = "|".join(article for article in articles if article.endswith("'"))
    plain = "|".join([*(article for article in articles if not article.endswith("'")), *known.groups])
    return re.compile(rf"^(?:(?:{plain})\s+|(?:{elided})\s*)"), re.compile(rf"(?:\s*,)?\s+(?:{forms})\.?$")


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


_PARTS = re.compile(r"[\w&-]+")
_BRACKET = re.compile(r"[^().]{0,40}\(([^()]{2,40})\)")
_BEFORE_BRACKET = re.compile(r"(?<!\w)([\w&.-]{2,12}) \(\Z")


def _inflected(folded: str) -> set[str]:
    """Return a name of several words with the endings of its adjective: Technische(n) Universität."""
    head, _, rest = folded.partition(" ")
    endings = across("grammar.adjective_endings")
    stem = re.match(rf"(\w{{4,}}?)(?:{'|'.join(endings)})$", head) if rest else None
    return {f"{stem[1]}{ending} {rest}" for ending in endings} if stem else set()


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
