"""How much each sentence of an article matters: a handful of measures, each in 0 to 1, and one weight for each.

Everything is linear in the length of the article. Nothing here knows a language, but for the lists of empty words and
of openings in the tables; a language without them gets the same measures from its own word counts.
"""

import re
from collections import Counter
from functools import cache
from math import log, sqrt
from typing import NamedTuple

from ...language.layout import Sentence, SentenceRole
from ...language.lexicon import Lexicon, across, alternatives
from ...language.normalization import fold
from ...language.text_document import TextDocument
from .leaning import leaning, quoted_share

_WORD = re.compile(r"[^\W_]+")
_UNSPACED = re.compile(r"[\u0e00-\u0e7f\u3041-\u30ff\u3400-\u4dbf\u4e00-\u9fff]{2,}")
_FEWEST_EMPTY = 4  # letters: shorter words mean little in a language without a list of empty words


class Measures(NamedTuple):
    """What is measured of a sentence."""

    first: float
    early: float
    opens: float
    central: float
    title: float
    box: float
    heading: float
    figures: float
    results: float
    length: float
    short: float
    long: float
    quoted: float
    question: float
    dangling: float
    opening: float


# Found by random search from weights set by hand, for the overlap of three sentences with the highlights of half of 150
# French news articles and the takeaways of a dozen invented ones, with a price on large weights; then rounded.
WEIGHTS = Measures(
    first=0.05, early=0.42, opens=0.02, central=0.15, title=0.2, box=0.05, heading=0.05, figures=0.04, results=0.1,
    length=-0.05, short=-0.1, long=-0.2, quoted=-0.12, question=-0.1, dangling=-0.2, opening=-0.02,
)  # fmt: skip


class ContentWords:
    """The words of the sentences that carry meaning, and how much each weighs in the article."""

    def __init__(self, document: TextDocument) -> None:
        self._empty = _empty_words(document.lexicon)
        self._known = document.lexicon is not None
        self.of = [self._content(sentence.folded.text) for sentence in document.layout]
        body = [
            words
            for words, sentence in zip(self.of, document.layout, strict=True)
            if sentence.role is SentenceRole.BODY
        ]
        counts = Counter(word for words in body for word in words)
        self.weight = {word: log(1 + count) * _spread(count, len(body)) for word, count in counts.items()}

    def _content(self, folded: str) -> frozenset[str]:
        words = {w for w in _WORD.findall(folded) if w not in self._empty and (self._known or len(w) >= _FEWEST_EMPTY)}
        for run in _UNSPACED.findall(folded):
            words.update(run[i : i + 2] for i in range(len(run) - 1))
        return frozenset(words)

    def content(self, folded: str) -> frozenset[str]:
        """Return the words of a folded text that carry meaning."""
        return self._content(folded)


def _empty_words(tables: Lexicon | None) -> frozenset[str]:
    return (
        frozenset() if tables is None else frozenset(w for line in tables.words("takeaways.stop") for w in line.split())
    )


def _spread(count: int, sentences: int) -> float:
    """Weigh down a word that stands nearly everywhere: it tells no sentence from another."""
    share = count / max(1, sentences)
    return 1.0 if share < 0.5 or sentences < 6 else 0.7


def measure(document: TextDocument, words: ContentWords) -> list[Measures]:
    """Measure every sentence of a document, those outside the body too."""
    title = words.content(fold(document.title))
    box: frozenset[str] = frozenset().union(*(words.of[s.index] for s in document.box))
    total = sqrt(sum(weight * weight for weight in words.weight.values())) or 1.0
    place = {sentence.index: i for i, sentence in enumerate(document.body)}
    heading: frozenset[str] = frozenset()
    measured: list[Measures] = []
    for sentence in document.layout:
        if sentence.role is SentenceRole.HEADING:
            heading = words.of[sentence.index]
        measured.append(
            _measure(sentence, document, words, _Context(place.get(sentence.index, 99), title, box, heading, total))
        )
    return measured


class _Context(NamedTuple):
    place: int
    title: frozenset[str]
    box: frozenset[str]
    heading: frozenset[str]
    total: float


def _measure(sentence: Sentence, document: TextDocument, words: ContentWords, context: _Context) -> Measures:
    content = words.of[sentence.index]
    text, folded = sentence.text, sentence.folded.text
    count = len(content)
    weights = [words.weight.get(word, 0.0) for word in content]
    norm = sqrt(count) or 1.0
    size = len(text.split()) if " " in text else len(text) / 3
    tables = document.lexicon
    return Measures(
        first=float(context.place == 0),
        early=1 / (1 + context.place),
        opens=float(sentence.opens),
        central=sum(weights) / (norm * context.total),
        title=_share(context.title, content),
        box=_share(content, context.box) if context.box else 0.0,
        heading=_share(context.heading, content),
        figures=_figures(text),
        results=0.0 if tables is None else _results(text, folded, tables),
        length=min(1.0, size / 30),
        short=float(size < 8),
        long=max(0.0, min(1.0, (size - 35) / 20)),
        quoted=quoted_share(text),
        question=float(text.rstrip("\"'”’»› ").endswith(("?", "？"))),
        dangling=0.0 if tables is None else leaning(sentence, document, tables),
        opening=0.0 if tables is None else float(bool(tables.pattern("takeaways.openings").match(folded))),
    )


_DIGIT = re.compile(r"\d")


def _figures(text: str) -> float:
    """Measure figures: a share or an amount of money tells more than a date."""
    return 1.0 if _amount().search(text) else 0.4 * bool(_DIGIT.search(text))


@cache
def _amount() -> re.Pattern[str]:
    """Return the pattern of a share, or of a sum: a currency, or a number with an abbreviation of its scale."""
    return re.compile(rf"\d\s?(?:%|％|{alternatives(across('numbers.percent'))})|[€$£¥]|\d\s?(?:[mM]i?l|[bB])", re.I)


def _results(text: str, folded: str, tables: Lexicon) -> float:
    """Measure a business result: a figure with the word for one, or an amount that rose or fell."""
    figures = _figures(text)
    if tables.pattern("takeaways.results").search(folded):
        return figures
    moved = figures == 1.0 and any(tables.pattern(f"direction.{way}").search(folded) for way in ("up", "down"))
    return float(moved)


def _share(part: frozenset[str], whole: frozenset[str]) -> float:
    return len(part & whole) / len(part) if part else 0.0


def scores(measured: list[Measures]) -> list[float]:
    """Weigh the measures of each sentence into one score."""
    return [sum(weight * value for weight, value in zip(WEIGHTS, one, strict=True)) for one in measured]
