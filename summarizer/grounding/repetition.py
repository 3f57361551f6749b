"""Whether a claim repeats a clause of the article word by word, so that the article says it too.

False claims about news share as many words with the article as true ones do, and in the same order; what they change is
one word, one auxiliary or one condition. So nothing counts as repeated but a clause in its very words: none is added,
none is left out but a parenthesis or what follows, and no word of doubt, denial or limit is lost.
"""

import re
from collections.abc import Iterable, Sequence
from typing import NamedTuple

from ..language.lexicon import Lexicon
from .checks.assertion import check_assertion
from .sentence_index import ClaimSentence, SentenceIndex

_CUES = (
    *("negation.cues", "negation.verbs", "support.limits", "support.contrasts", "reporting.cues"),
    *("modality.alleged", "modality.planned", "modality.possible", "modality.qualified"),
)
"""What a claim must not lose of the sentence that it repeats, wherever it stands there."""
_EDGE = re.compile(r"[,;:.!?()\[\]–—\n]")
"""Between two words, the edge of a clause."""
_WORD = re.compile(r"\w+")


class _Token(NamedTuple):
    word: str
    start: int
    end: int


def repeats(claim: ClaimSentence, chosen: Iterable[int], index: SentenceIndex) -> bool:
    """Tell whether a sentence of a claim repeats a clause of one of the chosen sentences."""
    said = [token.word for token in _tokens(claim.folded)]
    return bool(said) and any(_repeats(claim.folded, said, index.reading.folded_sentence(i), index) for i in chosen)


def _repeats(claim: str, said: Sequence[str], sentence: str, index: SentenceIndex) -> bool:
    if not all(word in sentence for word in said):
        return False
    told = _tokens(sentence)
    tables = index.tables
    if tables is None or not tables.get("modality"):  # nobody knows which words matter
        return list(said) == [token.word for token in told]
    places = _places(said, told, sentence)
    return (
        bool(places)
        and not _lost_cue(claim, sentence, tables)
        and not check_assertion([sentence], tables)
        and _is_edge(places[0], told, sentence)
        and _may_end(places[-1] + 1, told, sentence, tables)
    )


def _tokens(folded: str) -> list[_Token]:
    return [_Token(match[0], match.start(), match.end()) for match in _WORD.finditer(folded)]


def _places(said: Sequence[str], told: Sequence[_Token], sentence: str) -> list[int]:
    """Return where all words of a claim stand in a sentence, in order, with nothing but parentheses between them."""
    for first in range(len(told) - len(said) + 1):
        places: list[int] = []
        j = first
        for word in said:
            if places and told[j : j + 1] and told[j].word != word and _is_edge(j, told, sentence):
                later = (k for k in range(j + 1, len(told)) if told[k].word == word and _is_edge(k, told, sentence))
                j = next(later, len(told))
            if j >= len(told) or told[j].word != word:
                break
            places.append(j)
            j += 1
        if len(places) == len(said):
            return places
    return []


def _is_edge(j: int, told: Sequence[_Token], sentence: str) -> bool:
    """Tell whether a clause ends before the word with an index."""
    return j in (0, len(told)) or _EDGE.search(sentence, told[j - 1].end, told[j].start) is not None


def _may_end(j: int, told: Sequence[_Token], sentence: str, tables: Lexicon) -> bool:
    """Tell whether a statement may end before a word: at the edge of a clause, or before "for", "to", but not "or"."""
    if _is_edge(j, told, sentence):
        return True
    word = told[j].word
    follows_space = sentence[told[j - 1].end : told[j].start].isspace()
    is_function = word in tables.words("words.function") or len(word) <= 2
    return follows_space and is_function and not tables.pattern("statements.and").fullmatch(word)


def _lost_cue(claim: str, sentence: str, tables: Lexicon) -> bool:
    """Tell whether a sentence says something of doubt, denial or limit that the claim does not."""
    return any(len(tables.pattern(cues).findall(claim)) < len(tables.pattern(cues).findall(sentence)) for cues in _CUES)
