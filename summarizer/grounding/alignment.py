"""Align a model's quote with the article: all of it, or none.

The strictest way comes first: verbatim, folded, in pieces around an ellipsis, with a slip. The result is a span of the
article; the words that the model wrote are not used any further.
"""

import re
from collections.abc import Callable, Iterable, Iterator
from itertools import islice
from typing import NamedTuple

from ..language.normalization import fold, fold_characters, same_but_accents
from ..language.sentences import Span
from ..language.statuses import is_unspaced
from ..language.visible import visible
from ..schema import Evidence, Match
from .document import Document

NEAR = 600
"""Maximum number of characters that an ellipsis may stand for: further apart, two pieces are two quotes."""
PLACES = 64
"""Maximum number of places of one quote that are compared: words that occur more often prove nothing by their place."""
SEEDS = 24
"""Maximum number of places at which a quote with a slip is tried, for each of its two rarest words."""
WORDS_PER_SLIP = 6
"""One slip is allowed in six words, and none in fewer than four."""

_ELLIPSIS = re.compile(r"\s*(?:\[\s*(?:…|\.{3,})\s*\]|\(\s*(?:…|\.{3,})\s*\)|…|\.{3,})\s*")
_FIGURES_BEFORE = re.compile(r"\d[.,  \u00a0\u202f'’]?$")
_FIGURES_AFTER = re.compile(r"(?:[.,]|[ \u00a0\u202f'’](?=\d{3}(?!\d)))?\d")
_NO_WORD = re.compile(r"\W*")
_WRAPPING = " \t\n\"'“”‘’«»„‹›「」"
_STOPS = " .,;:!?…。、，"


class AlignedQuote(NamedTuple):
    """A quote in the article; `pieces` are the spans that the model really quoted."""

    start: int
    end: int
    match: Match
    pieces: tuple[Span, ...]

    def evidence(self, document: Document) -> Evidence:
        """Return the quote in the article's own words."""
        return document.evidence(self.start, self.end, self.match)


Near = Callable[[], Iterable[str]]
"""Computes the words that should stand near a quote, for the few quotes that occur twice."""


def find_quote(quote: str, document: Document, near: Near = tuple) -> AlignedQuote | None:
    """Return the place of a quote, None where the article does not have all of it.

    Of several places, the one is taken whose sentence and its neighbours have most of the words `near`.
    """
    shown = visible(quote)
    found = (
        _verbatim(shown, document, near)
        or _folded(shown, document, near)
        or _elided(shown, document, near)
        or _close(shown, document)
    )
    if found is None or found.match != "verbatim":
        return found
    return found if found.evidence(document).quote == quote.strip() else found._replace(match="folded")


def _verbatim(quote: str, document: Document, near: Near) -> AlignedQuote | None:
    words = quote.strip()
    if not words:
        return None
    return _best(_occurrences(words, document.text), words, document, near, "verbatim")


def _occurrences(words: str, text: str) -> Iterator[Span]:
    at = text.find(words)
    while at >= 0:
        yield Span(at, at + len(words))
        at = text.find(words, at + len(words))


def _best(places: Iterator[Span], quote: str, document: Document, near: Near, match: Match) -> AlignedQuote | None:
    """Choose one of the places of a quote, widened to whole words."""
    whole = (snapped for place in places if (snapped := _snapped(place, quote, document.text)))
    found = list(islice(whole, PLACES))
    if not found:
        return None
    place = found[0]
    if len(found) > 1:
        wanted = frozenset(near())
        place = max(found, key=lambda one: _nearness(one, document, wanted))
    return AlignedQuote(*place, match, (place,))


def _nearness(place: Span, document: Document, near: frozenset[str]) -> int:
    around = document.sentences_of(*place)
    window = range(max(0, around.start - 1), min(len(document.sentences), around.stop + 1))
    inner = sum(word in document.folded_sentence(i) for i in around for word in near)
    return 2 * inner + sum(word in document.folded_sentence(i) for i in window for word in near)


def _snapped(place: Span, quote: str, text: str) -> Span | None:
    """Widen a place to whole words, None where it cuts a number or is one or two words inside a longer one."""
    start, end = place
    cut = (start > 0 and _joined(text[start - 1], text[start])) or (
        end < len(text) and _joined(text[end - 1], text[end])
    )
    if _cuts_number(text, start, end):
        return None
    if not cut:
        return place
    if len(quote.split()) < 3:
        return None
    while start > 0 and _joined(text[start - 1], text[start]):
        start -= 1
    while end < len(text) and _joined(text[end - 1], text[end]):
        end += 1
    return Span(start, end)


def _joined(left: str, right: str) -> bool:
    return left.isalnum() and right.isalnum() and not is_unspaced(left) and not is_unspaced(right)


def _cuts_number(text: str, start: int, end: int) -> bool:
    if text[start].isdigit() and _FIGURES_BEFORE.search(text[max(0, start - 2) : start]) and _one_number(text, start):
        return True
    return text[end - 1].isdigit() and _FIGURES_AFTER.match(text[end : end + 5]) is not None


def _one_number(text: str, at: int) -> bool:
    """Tell whether the digits on both sides of `at` are one number, unlike those in "en 2019 500 salariés"."""
    gap = text[at - 1]
    if gap.isdigit() or gap in ".,":
        return True
    left = re.search(r"\d+$", text[: at - 1])
    return re.match(r"\d{3}(?!\d)", text[at : at + 4]) is not None and left is not None and len(left[0]) <= 3


def _folded(quote: str, document: Document, near: Near) -> AlignedQuote | None:
    stripped = quote.strip(_WRAPPING)
    for words, exact in ((quote.strip(), True), (stripped, True), (stripped.strip(_STOPS), False)):
        folded = fold(words).strip()
        if not folded or not any(c.isalnum() for c in folded):
            continue
        found = _best(_folded_occurrences(folded, document), words, document, near, "folded")
        if found:
            place = _with_edges(Span(found.start, found.end), quote, document.text)
            found = found._replace(start=place.start, end=place.end, pieces=(place,))
            slip = (not exact and not _same_but_stops(quote)) or same_but_accents(
                document.text[found.start : found.end], words
            )
            return found._replace(match="close") if slip else found
    return None


def _same_but_stops(quote: str) -> bool:
    return quote.strip(_WRAPPING).strip(_STOPS) == quote.strip(_WRAPPING).strip(" ….")


def _folded_occurrences(folded: str, document: Document) -> Iterator[Span]:
    for start, end in _occurrences(folded, document.folded.text):
        yield Span(*document.folded.source(start, end))


def _elided(quote: str, document: Document, near: Near) -> AlignedQuote | None:
    """Find the pieces of a quote around its ellipses, in order and near each other."""
    pieces = [piece for piece in _ELLIPSIS.split(quote.strip()) if any(c.isalnum() for c in piece)]
    if not pieces or (len(pieces) == 1 and pieces[0] == quote.strip()):
        return None
    if len(pieces) == 1:
        return _verbatim(pieces[0], document, near) or _folded(pieces[0], document, near)
    chains = (_chain(first, pieces[1:], document) for first in _places(pieces[0], document))
    found = list(filter(None, chains))
    if not found:
        return None
    chain = found[0]
    if len(found) > 1:
        wanted = frozenset(near())
        chain = max(found, key=lambda spans: (_nearness(spans[0], document, wanted), -spans[-1].end))
    return AlignedQuote(chain[0].start, chain[-1].end, "elided", tuple(chain))


def _places(piece: str, document: Document) -> Iterator[Span]:
    words = piece.strip(_WRAPPING + _STOPS)
    for place in _folded_occurrences(fold(words).strip(), document):
        if snapped := _snapped(place, words, document.text):
            yield _with_edges(snapped, piece, document.text)


def _with_edges(place: Span, quote: str, text: str) -> Span:
    """Widen a place by the signs that the quote also has around its words: quote marks, a stop, a per cent sign."""
    head, tail = _signs(quote[::-1]), _signs(quote)
    inside = text[place.start : place.end]
    start = place.start - _shared_edge(
        head[len(_signs(inside[::-1])) :], text[max(0, place.start - 4) : place.start][::-1]
    )
    end = place.end + _shared_edge(tail[len(_signs(inside)) :], text[place.end : place.end + 4])
    wrapped = "'" in head and "'" in tail
    if wrapped and ("'" in _signs(text[start:end][::-1])) != ("'" in _signs(text[start:end])):
        return place  # the model's own quote marks, and half of a pair of the article's
    return Span(start, end)


def _signs(text: str) -> str:
    """Return the signs behind the last word of a text, without spaces, every quote mark as the same."""
    length = _NO_WORD.match(text[::-1]).end()  # type: ignore[union-attr]  # it matches the empty string too
    return "".join(fold_characters(c) for c in text[len(text) - length :] if not c.isspace())


def _shared_edge(wanted: str, written: str) -> int:
    """Return the length of the written signs that are also wanted, in order, regardless of spaces."""
    length = count = 0
    for i, c in enumerate(written, start=1):
        if c.isspace():
            continue
        if count >= len(wanted) or fold_characters(c) != wanted[count]:
            break
        length, count = i, count + 1
    return length


def _chain(first: Span, rest: list[str], document: Document) -> list[Span] | None:
    chain = [first]
    for piece in rest:
        following = (p for p in _places(piece, document) if chain[-1].end <= p.start <= chain[-1].end + NEAR)
        place = next(following, None)
        if place is None or not _may_follow(chain[-1], place, document):
            return None
        chain.append(place)
    return chain


def _may_follow(left: Span, right: Span, document: Document) -> bool:
    """Tell whether two pieces may be one quote: across sentences each must have the length of a clause."""
    if document.sentences_of(*left)[-1] == document.sentences_of(*right)[0]:
        return True
    return all(len(fold(document.text[a:b])) >= 12 for a, b in (left, right))


# --- with a slip -----------------------------------------------------------------------------------------------


def _close(quote: str, document: Document) -> AlignedQuote | None:
    """Find a quote with a misspelling or a small word more or less, but never in a word that carries the claim."""
    folded = fold(quote)
    if any(is_unspaced(c) for c in folded):
        return None  # one character is a word there: no slip is small
    words = re.findall(r"\w+", folded)
    budget = len(words) // WORDS_PER_SLIP if len(words) >= WORDS_PER_SLIP else int(len(words) >= 4)
    if not budget:
        return None
    for at, seed in _seeds(words, document):
        span = _aligned(words, at, seed, budget, document)
        if span:
            first, last = document.tokens[span[0]], document.tokens[span[1]]
            start, end = document.folded.source(first[0], last[1])
            place = _with_edges(Span(start, end), quote, document.text)
            return AlignedQuote(*place, "close", (place,))
    return None


def _seeds(words: list[str], document: Document) -> Iterator[tuple[int, int]]:
    """Yield (index in the quote, index in the article) of the quote's two rarest words, as anchors."""
    known = sorted((len(places), i) for i, word in enumerate(words) if (places := document.places.get(word)))
    for count, i in known[:2]:
        if count <= SEEDS:
            for place in document.places[words[i]]:
                yield i, place


def _aligned(words: list[str], at: int, seed: int, budget: int, document: Document) -> tuple[int, int] | None:
    right = _walk(words[at + 1 :], seed + 1, 1, budget, document)
    if right is None:
        return None
    left = _walk(words[:at][::-1], seed - 1, -1, budget - right[1], document)
    return None if left is None else (left[0], right[0])


def _walk(words: list[str], place: int, step: int, budget: int, document: Document) -> tuple[int, int] | None:
    """Compare quote and article word by word from the anchor; return the last word of the quote, and the slips."""
    slips = i = 0
    article = document.words
    while i < len(words):
        here = article[place] if 0 <= place < len(article) else ""
        if here == words[i]:
            i, place = i + 1, place + step
            continue
        slips += 1
        if slips > budget or not here:
            return None
        following = article[place + step] if 0 <= place + step < len(article) else ""
        if following == words[i] and _is_small(here, document):
            place += step
        elif _is_small(words[i], document) and (i + 1 == len(words) or words[i + 1] == here):
            i += 1
        elif _is_slip(words[i], here, place, document):
            i, place = i + 1, place + step
        else:
            return None
    return place - step, slips


def _is_small(word: str, document: Document) -> bool:
    return document.lexicon is not None and word in document.lexicon.words("words.small")


def _is_slip(quoted: str, written: str, place: int, document: Document) -> bool:
    """Tell whether one word is a misspelling of the other, and not another number, name, date, unit or negation."""
    if len(written) < 5 or abs(len(quoted) - len(written)) > 1 or any(c.isdigit() for c in quoted + written):
        return False
    start, end = document.folded.source(*document.tokens[place])
    if not document.text[start:end].islower() or _bears_meaning(written, document) or _bears_meaning(quoted, document):
        return False
    return quoted not in document.places and _one_edit(quoted, written)


def _bears_meaning(word: str, document: Document) -> bool:
    lexicon = document.lexicon
    if lexicon is None:
        return False
    tables = (
        "negation.cues",
        "negation.verbs",
        "direction.up",
        "direction.down",
        "dates.weekdays",
        "numbers.percent",
        "numbers.points",
    )
    scales = "|".join((lexicon.get("numbers.scales") or {}).values()).split("|")
    numerals = "|".join((lexicon.get("numbers.words") or {}).values()).split("|")
    return (
        word in lexicon.months
        or word in scales
        or word in numerals
        or any(lexicon.pattern(t).fullmatch(word) for t in tables)
    )


def _one_edit(left: str, right: str) -> bool:
    """Tell whether two words are one insertion, deletion, change or swap of neighbours apart, not at their head."""
    if left[0] != right[0]:
        return False
    short, long = sorted((left, right), key=len)
    i = next((i for i, (a, b) in enumerate(zip(short, long, strict=False)) if a != b), len(short))
    if len(short) < len(long):
        return short[i:] == long[i + 1 :]
    swapped = short[i : i + 2] == long[i : i + 2][::-1] and short[i + 2 :] == long[i + 2 :]
    return swapped or short[i + 1 :] == long[i + 1 :]
