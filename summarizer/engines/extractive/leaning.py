"""How much a sentence leans on another: who is meant, or who speaks, stands elsewhere."""

import re
from functools import cache

from ...language.entities.feature_patterns import feature_patterns
from ...language.entities.gazetteer import places
from ...language.layout import Sentence
from ...language.lexicon import Lexicon
from ...language.text_document import TextDocument

_QUOTED = re.compile(r"[\"«“„‘「『][^\"»”“’」』]{12,}[\"»”“’」』]?|(?:^|(?<=[\"«“„»”]))[^\"«“„»”]{12,}[»”]")
_CLOSES = '"»”“’」』'
_MARKS = re.compile(r"[\W_]+")
_OPENS_QUOTED = re.compile(r"\W*[\"«“„‘]")
_SPEECH, _ALL_SPEECH = 0.4, 0.7
"""Quoted share of a sentence that begins with a quotation, or does not, from which it is worth what its speaker is."""
_HEAD = 36
"""Characters at the head of a sentence in which a pronoun can have no antecedent but a name."""
_OPENING = 3
_REFERRING = tuple(f"organisations.{name}" for name in ("pronouns", "plurals", "anaphors", "possessives"))


def leaning(sentence: Sentence, document: TextDocument, tables: Lexicon) -> float:
    """Measure it: wholly if "this" begins it or nobody is named who speaks, by half with "it" before any name."""
    folded = sentence.folded.text
    at = _after(_MARKS, folded, 0)
    at = _after(_MARKS, folded, _after(tables.pattern("takeaways.openings"), folded, at))
    if tables.pattern("takeaways.dangling").match(folded, at) or _is_unattributed(sentence, document, tables):
        return 1.0
    first = _first_actor(sentence, document)
    if tables.pattern("takeaways.leaning").search(folded, at, min(first, at + _HEAD)):
        return 1.0
    fronted = _after(_fronted(tables), folded, at)
    if at < fronted <= first and tables.pattern("takeaways.dangling").match(folded, fronted):
        return 1.0
    return 0.5 * any(tables.pattern(name).search(folded, at, max(at, first)) for name in _REFERRING)


@cache
def _fronted(tables: Lexicon) -> re.Pattern[str]:
    """Return the pattern of what may stand before a subject: "In the spring of 2011, "."""
    return re.compile(rf"(?:{tables.alternatives('clauses.prepositions', 'clauses.breaks')}) [^,;:.]{{2,50}}, ")


def _is_unattributed(sentence: Sentence, document: TextDocument, tables: Lexicon) -> bool:
    """Tell whether the sentence is the words of somebody whom it does not name, the narrator's included."""
    text = sentence.text
    narrator = tables.pattern("organisations.me").search(sentence.folded.text)
    if narrator and quoted_share(text) == 0:
        return True
    if " " not in text or quoted_share(text) < (_SPEECH if _OPENS_QUOTED.match(text) else _ALL_SPEECH):
        return False
    quoted = [match.span() for match in _QUOTED.finditer(text) if match[0][-1] in _CLOSES]
    if not quoted:  # an answer of an interview goes on
        return False
    starts = (name.start - sentence.start for name in document.names(sentence.index))
    return all(any(first <= start < last for first, last in quoted) for start in starts)


def quoted_share(text: str) -> float:
    """Return how much of a sentence stands in quotation marks, 0 to 1."""
    return min(1.0, sum(len(quote) for quote in _QUOTED.findall(text)) / len(text))


def _first_actor(sentence: Sentence, document: TextDocument) -> int:
    """Return where the first name stands, else the end: no place, no source, no word that has its capital by chance."""
    source = feature_patterns(document.language.partition("-")[0].lower()).source_before
    for name in document.names(sentence.index):
        before = document.plain[max(0, name.start - 44) : name.start]
        opens = name.start - sentence.start < _OPENING and " " not in name.folded and document.count(name.folded) < 2
        if not opens and name.folded not in places(document.language) and not source.search(before):
            return name.start - sentence.start
    return len(sentence.folded.text)


def _after(pattern: re.Pattern[str], text: str, at: int) -> int:
    found = pattern.match(text, at)
    return found.end() if found else at
