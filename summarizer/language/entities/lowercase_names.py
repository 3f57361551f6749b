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


def brands(
    document: Document, firm: re.Pattern[str], empty: frozenset[str], *, capitals: bool = False
) -> re.Pattern[str] | None:
    """Return a pattern of the names without a capital that an article uses, None where there is none."""
    found = {match[1] for match in _MARKED.finditer(document.text) if "@" not in match[0]}
    candidates = _opening(document) | _after_firm(document, firm)
    if candidates:
        counts = Counter(_WORD.findall(document.text))
        found |= {
            word
            for word in candidates
            if counts[word] >= _ENOUGH and word not in empty and not _has_article(word, document)
        }
    if capitals:
        found |= _between_nouns(document.text, firm, empty)
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


def _between_nouns(text: str, firm: re.Pattern[str], empty: frozenset[str]) -> set[str]:
    """Find "der Bezahldienst zahlo": where nouns have a capital, no plain word behind a firm has such an end."""
    found: set[str] = set()
    for match in _BEHIND_NOUN.finditer(text):
        word = match["word"]
        if word in found or word in empty or not firm.match(fold(match["noun"])):
            continue
        if word[-1] in _VOWELS or (
            not _VERBAL.search(word) and (_is_met(text, match.start()) or re.search(_MET.format(word), text))
        ):
            found.add(word)
    return found


def _is_met(text: str, at: int) -> bool:
    return _MET_BEFORE.search(text, max(0, at - 40), at) is not None


_MET_BEFORE = re.compile(r"(?<!\w)(?:mit|zwischen) (?:[a-zß-ü-]+ ){0,3}$")
_BEHIND_NOUN = re.compile(r"(?<!\w)(?P<noun>[^\W\d_a-zß-ÿ][\w-]{3,}) (?P<word>[a-z]{4,}\d?)(?![\w/@.-]*[\w/@])")
_VOWELS = "aiouy"
_VERBAL = re.compile(r"(?:t|n|e|er|es|em|ig|lich|isch|end|weise|s|ab|ng|am|los|ss)$")
_MET = r"(?<!\w)(?:mit|von|hat|hatte|habe) {}(?!\w)"
"""What a name may stand behind, and a verb in the past may not."""


def _slot(tables: Lexicon | None) -> re.Pattern[str]:
    entries = [*(tables.get("statements.with") or ()), *(tables.get("statements.between") or ())] if tables else []
    body = "|".join(sorted(entries, key=len, reverse=True)) or "(?!)"
    return re.compile(
        rf"(?<!\w)(?:{body})\s+(?P<phrase>(?:[\w'-]+\s+){{1,4}}?[a-z]{{3,}})(?=[,.;:)']|\s(?:and|et|und|y|e|en|about|over|uber|sur|sobre|su)\s)"
    )


def _has_article(word: str, document: Document) -> bool:
    """Tell whether the word has an article somewhere, which a plain noun has and a brand hardly ever."""
    articles = "|".join((document.lexicon.get("organisations.articles") or ()) if document.lexicon else ())
    return (
        bool(articles)
        and re.search(rf"(?<!\w)(?:{articles})\s*{re.escape(word)}(?!\w)", document.text, re.IGNORECASE) is not None
    )
