"""Names that are written without a capital: "booking.com", "canal+", "lumo".

Only where the article leaves no doubt: a full stop or a plus inside, a lower-case word that opens a sentence again and
again, or one that follows a word for a firm in the slot of a partner.
"""

import re
from collections import Counter

from ..document import Document
from ..layout import SentenceRole
from ..lexicon import Lexicon
from ..normalization import fold

_WORD = re.compile(r"[^\W\d_]{3,}(?:[-'’][^\W\d_]+)*")
_MARKED = re.compile(r"(?<![\w@/.:-])(?:www\.)?([a-z][a-z]{2,}(?:\.[a-z]{2,4}(?![\w/.])|\+(?!\w)))")
_OPENING = " \"'“”‘’«»„‟([{¿¡–-—•*#>\t\u00a0\u202f"
_ENOUGH = 2  # times that a plain word has to be seen


def lowercase_names(document: Document, firm: re.Pattern[str], ordinary: frozenset[str]) -> re.Pattern[str] | None:
    """Return a pattern of the names without a capital that an article uses, None where there is none."""
    found = {match[1] for match in _MARKED.finditer(document.text) if "@" not in match[0]}
    candidates = _opening(document) | _after_firm(document, firm)
    if candidates:
        counts = Counter(_WORD.findall(document.text))
        found |= {
            word
            for word in candidates
            if counts[word] >= _ENOUGH and word not in ordinary and not _has_article(word, document)
        }
    if document.lexicon is not None and document.lexicon.get("grammar.noun_capitals"):
        found |= _behind_nouns(document.text, firm, ordinary, document.lexicon)
    if not found:
        return None
    return re.compile(rf"(?<![\w@/.])(?:{'|'.join(map(re.escape, sorted(found, key=len, reverse=True)))})(?![\w@])")


def _opening(document: Document) -> set[str]:
    """Find the words that open a sentence without a capital, right after the end of another one."""
    found: set[str] = set()
    for sentence in document.layout:
        if sentence.role not in (SentenceRole.BODY, SentenceRole.TITLE) or not sentence.text[0].islower():
            continue
        before = document.text[max(0, sentence.start - 9) : sentence.start].rstrip(_OPENING + "\n")
        if not before or before[-1] in ".!?…":
            found.update(match[0] for match in [_WORD.match(sentence.text)] if match and match[0].islower())
    return found


def _after_firm(document: Document, firm: re.Pattern[str]) -> set[str]:
    """Find "with the start-up lumo": a lower-case word between a word for a firm and the end of the phrase."""
    slot = _slot(document.lexicon)
    found: set[str] = set()
    for sentence in document.body:
        for match in slot.finditer(sentence.folded.text):
            words = match["phrase"].split()
            if len(words) < 2 or not firm.match(words[-2]):
                continue
            first, last = sentence.folded.source(match.end("phrase") - len(words[-1]), match.end("phrase"))
            if sentence.text[first:last].islower():
                found.add(sentence.text[first:last])
    return found


def _behind_nouns(text: str, firm: re.Pattern[str], ordinary: frozenset[str], tables: Lexicon) -> set[str]:
    """Find "der Bezahldienst zahlo": where nouns have a capital, no plain word behind a firm has such an end."""
    met = re.compile(
        rf"(?<!\w)(?:{tables.alternatives('statements.with', 'statements.between')}) (?:[a-zß-ü-]+ ){{0,3}}$"
    )
    ending = re.compile(rf"(?:{tables.alternatives('grammar.ordinary_endings')})$")
    before = tables.alternatives("grammar.before_brand")
    found: set[str] = set()
    for match in _BEHIND_NOUN.finditer(text):
        word = match["word"]
        if word in found or word in ordinary or not firm.match(fold(match["noun"])) or ending.search(word):
            continue
        if (
            word[-1] in _VOWELS
            or met.search(text, max(0, match.start() - 40), match.start())
            or re.search(rf"(?<!\w)(?:{before}) {word}(?!\w)", text)
        ):
            found.add(word)
    return found


_BEHIND_NOUN = re.compile(r"(?<!\w)(?P<noun>[^\W\d_a-zß-ÿ][\w-]{3,}) (?P<word>[a-z]{4,}\d?)(?![\w/@.-]*[\w/@])")
_VOWELS = "aiouy"


def _slot(tables: Lexicon | None) -> re.Pattern[str]:
    """Return the pattern of a partner: the words behind "with", up to a sign or a conjunction."""
    if tables is None:
        return re.compile("(?!)")
    ends = tables.alternatives("grammar.and", "grammar.about")
    return re.compile(
        rf"(?<!\w)(?:{tables.alternatives('statements.with', 'statements.between')})\s+"
        rf"(?P<phrase>(?:[\w'-]+\s+){{1,4}}?[a-z]{{3,}})(?=[,.;:)']|\s(?:{ends})\s)"
    )


def _has_article(word: str, document: Document) -> bool:
    """Tell whether the word has an article somewhere, which a plain noun has and a brand hardly ever."""
    articles = "|".join((document.lexicon.get("organisations.articles") or ()) if document.lexicon else ())
    return (
        bool(articles)
        and re.search(rf"(?<!\w)(?:{articles})\s*{re.escape(word)}(?!\w)", document.text, re.IGNORECASE) is not None
    )
