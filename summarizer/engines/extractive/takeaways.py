"""The sentences that a busy reader must retain: those that matter most, none that says what another has said."""

import re

from ...language.layout import DATELINE, Sentence, SentenceRole
from ...language.lexicon import Lexicon
from ...language.normalization import FoldedText
from ...language.text_document import TextDocument
from ...schema import DraftTakeaway
from .ranking import WEIGHTS, ContentWords, Measures, measure, scores

_REPETITION = 0.15
"""How much a sentence loses when all that it says is said by one already taken."""
_PARTNERSHIP = 0.09
"""What the first sentence that states a partnership gains."""
_SAME = 0.75
"""Of the words of a sentence: one that shares more with another says nothing new."""
_FEWEST = 7  # words: a shorter one is a heading, an exclamation, a fragment
_LONG = 400
"""Body sentences: a longer article is no news item that begins with what matters."""


def choose_takeaways(document: TextDocument, count: int, partnership_weights: dict[int, float]) -> list[DraftTakeaway]:
    """Return up to `count` takeaways in the order of the article; `partnership_weights` are by sentence."""
    words = ContentWords(document)
    measured = measure(document, words)
    score = scores(measured) if len(document.body) <= _LONG else _over_the_whole(measured)
    standing = [sentence for sentence in document.layout if _can_stand(sentence, document)]
    clear = [sentence for sentence in standing if _is_clear(measured[sentence.index])]
    candidates = clear or standing
    rank = {s.index: score[s.index] + _PARTNERSHIP * partnership_weights.get(s.index, 0.0) for s in candidates}
    return [_takeaway(sentence, document) for sentence in _apart(candidates, rank, words, count)]


def _over_the_whole(measured: list[Measures]) -> list[float]:
    """Weigh the sentences of a long article: what speaks of its title counts for what else stands on the first page.

    The second sentence of two hundred pages is one of many; the main result may stand on the last of them.
    """
    moved = (0.0 if one.first else WEIGHTS.early * (one.title - one.early) for one in measured)
    return [score + more for score, more in zip(scores(measured), moved, strict=True)]


def _is_clear(measures: Measures) -> bool:
    """Tell whether a sentence needs no other one: an article opens with what it is about, whatever it begins with."""
    return not measures.question and (measures.dangling < 1.0 or bool(measures.first))


def _can_stand(sentence: Sentence, document: TextDocument) -> bool:
    if sentence.role is not SentenceRole.BODY:
        return False
    if " " in sentence.text.strip() and len(sentence.text.split()) < _FEWEST:
        return False
    if not _is_whole(sentence.text):
        return False
    return document.lexicon is None or not document.lexicon.pattern("takeaways.calls").search(sentence.folded.text)


_GLUED = re.compile(r"[^\W\d_a-zß-ÿ' ]{5,}[^\W\d_a-zß-ÿ][a-zß-ÿ]{2}")


def _is_whole(text: str) -> bool:
    """Tell whether a sentence is one: no piece of a quotation, no heading glued to what follows, no announcement."""
    if text.rstrip(" \"'”’»›").endswith((":", "…", "...", "：")):
        return False
    halves = text.count("«") != text.count("»") or text.count("“") > text.count("”") + text.count("„")
    return not halves and text.count('"') % 2 == 0 and _GLUED.search(text) is None


def _apart(candidates: list[Sentence], rank: dict[int, float], words: ContentWords, count: int) -> list[Sentence]:
    """Take the best sentence again and again, each time after discounting what has been said."""
    said = dict.fromkeys(rank, 0.0)
    taken: list[Sentence] = []
    rest = list(candidates)
    while rest and len(taken) < count:
        best = max(rest, key=lambda s: rank[s.index] - _REPETITION * said[s.index])
        taken.append(best)
        rest.remove(best)
        for sentence in rest:
            said[sentence.index] = max(said[sentence.index], _overlap(words, sentence, best))
        rest = [sentence for sentence in rest if said[sentence.index] < _SAME]
    return sorted(taken, key=lambda s: s.index)


def _overlap(words: ContentWords, one: Sentence, other: Sentence) -> float:
    left, right = words.of[one.index], words.of[other.index]
    return len(left & right) / max(1, min(len(left), len(right)))


def _takeaway(sentence: Sentence, document: TextDocument) -> DraftTakeaway:
    listed = sentence.start > 0 and sentence.text != document.text[sentence.start - 1 : sentence.end]
    text = trim(sentence.text, document.lexicon, opens=sentence.opens, listed=listed and _is_bullet(sentence, document))
    return DraftTakeaway(text=text, quotes=(sentence.text,))


def _is_bullet(sentence: Sentence, document: TextDocument) -> bool:
    line = document.text.rfind("\n", 0, sentence.start) + 1
    return bool(document.text[line : sentence.start].strip())


_LABEL = re.compile(r"[^\W\d_][\w’' -]{2,28}\s?:\s+(?=[^\W\d_])")
_MARKS = re.compile(r"[#>*_\s]+")
_PLACE = re.compile(r"(?:(?:[^\W\d_a-zß-ÿ]{2,}\s?){1,3}:|\([A-Z]{2,8}\)\s?[–—-])\s+(?=[^\W\d_])")
"""A dateline of some countries, or what is left of one: "BHOPAL: ", "(AP) — "."""
_QUOTE = re.compile('["«“„]')
"""Opens a quotation that goes on: what stands before its first word stays."""


def trim(text: str, tables: Lexicon | None, *, opens: bool = False, listed: bool = False) -> str:
    """Take off a dateline, the label of a bullet and the word that ties the sentence to the one before."""
    at = _end(_MARKS, text, 0)
    at = _end(_PLACE, text, _end(DATELINE, text, at)) if opens else at
    at = _end(_LABEL, text, at) if listed else at
    if tables is not None:
        at = _after_opening(text, at, tables)
    rest = " ".join(text[at:].split())
    return rest[:1].upper() + rest[1:] if rest else " ".join(text.split())


def _end(pattern: re.Pattern[str], text: str, at: int) -> int:
    found = pattern.match(text, at)
    return found.end() if found else at


def _after_opening(text: str, at: int, tables: Lexicon) -> int:
    folded = FoldedText(text[at:])
    bare = tables.pattern("takeaways.conjunctions").match(folded.text)
    found = bare or tables.pattern("takeaways.openings").match(folded.text)
    if found is None or _is_another_word(found, folded, text[at:]):
        return at
    rest = re.compile(r"\s*,\s*" if bare is None else r"\s*,?\s+").match(folded.text, found.end())
    if rest is None or rest.end() >= len(folded.text):
        return at
    end = at + folded.source(rest.end(), rest.end() + 1)[0]
    return at if _QUOTE.search(text, at, end) else end


def _is_another_word(found: re.Match[str], folded: FoldedText, text: str) -> bool:
    """Tell whether an accent makes a short word another one: the "É" of "É o maior projeto" is no "e"."""
    start, end = folded.source(*found.span())
    return len(found[0]) <= 2 and text[start:end].lower() != found[0]
