"""Whether a claim repeats a clause of the article, so closely that the article says it too.

False claims about news share as many words with the article as true ones do, and in the same order; what they change is
one word, one limit or one condition. So nothing counts as repeated but a whole clause, word by word: every content word
in its place, none left out on the way but a parenthesis, and no word of doubt, denial or limit left behind.
"""

import re
from collections.abc import Iterable, Sequence
from typing import NamedTuple

from ..language.content_words import stem
from ..language.lexicon import Lexicon
from .sentence_index import ClaimSentence, SentenceIndex

CHANGES = 1
"""How many function words, or endings of words, may differ between a claim and the clause that it repeats."""
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
    stem: str
    is_content: bool
    start: int
    end: int


def repeats(claim: ClaimSentence, chosen: Iterable[int], index: SentenceIndex) -> bool:
    """Tell whether a sentence of a claim repeats a clause of one of the chosen sentences."""
    said = _tokens(claim.folded, index.tables)
    return bool(said) and any(_repeats(claim.folded, said, index.reading.folded_sentence(i), index) for i in chosen)


def _repeats(claim: str, said: Sequence[_Token], sentence: str, index: SentenceIndex) -> bool:
    told = _tokens(sentence, index.tables)
    if index.tables is None or not index.tables.get("modality"):  # nobody knows which words matter
        return [token.word for token in said] == [token.word for token in told]
    pairs = _aligned(said, told)
    if not pairs or _lost_cue(claim, sentence, index.tables):
        return False
    first, last = pairs[0][1], pairs[-1][1]
    matched = {j for _, j in pairs}
    missing = [token for i, token in enumerate(said) if i not in {i for i, _ in pairs}]
    left_out = [told[j] for j in _between(first, last, matched, told, sentence)]
    if not (_is_edge(first, told, sentence) and _is_edge(last + 1, told, sentence)):
        return False
    if any(token.is_content for token in (*missing, *left_out)):
        return False
    inflected = sum(said[i].word != told[j].word for i, j in pairs)
    return len(missing) + len(left_out) + inflected <= CHANGES


def _tokens(folded: str, tables: Lexicon | None) -> list[_Token]:
    function = tables.words("words.function") if tables else frozenset[str]()
    return [
        _Token(
            match[0],
            stem(match[0]),
            match[0][0].isdigit() or (len(match[0]) > 2 and match[0] not in function),
            match.start(),
            match.end(),
        )
        for match in _WORD.finditer(folded)
    ]


def _aligned(said: Sequence[_Token], told: Sequence[_Token]) -> list[tuple[int, int]]:
    """Return the longest common subsequence of two lists of words, as pairs of indices."""
    longest = [[0] * (len(told) + 1) for _ in range(len(said) + 1)]
    for i in range(len(said) - 1, -1, -1):
        for j in range(len(told) - 1, -1, -1):
            same = said[i].stem == told[j].stem
            longest[i][j] = longest[i + 1][j + 1] + 1 if same else max(longest[i + 1][j], longest[i][j + 1])
    pairs = []
    i = j = 0
    while i < len(said) and j < len(told):
        if said[i].stem == told[j].stem:
            pairs.append((i, j))
            i, j = i + 1, j + 1
        elif longest[i + 1][j] >= longest[i][j + 1]:
            i += 1
        else:
            j += 1
    return pairs


def _between(first: int, last: int, matched: set[int], told: Sequence[_Token], sentence: str) -> list[int]:
    """Return the indices of the words that a claim leaves out on the way, but for those in parentheses or commas."""
    found: list[int] = []
    run: list[int] = []
    for j in range(first, last + 1):
        if j not in matched:
            run.append(j)
            continue
        if run and not (_is_edge(run[0], told, sentence) and _is_edge(j, told, sentence)):
            found += run
        run = []
    return found


def _is_edge(j: int, told: Sequence[_Token], sentence: str) -> bool:
    """Tell whether a clause ends before the word with an index."""
    return j in (0, len(told)) or _EDGE.search(sentence, told[j - 1].end, told[j].start) is not None


def _lost_cue(claim: str, sentence: str, tables: Lexicon) -> bool:
    """Tell whether a sentence says something of doubt, denial or limit that the claim does not."""
    return any(len(tables.pattern(cues).findall(claim)) < len(tables.pattern(cues).findall(sentence)) for cues in _CUES)
