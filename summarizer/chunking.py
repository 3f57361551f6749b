"""An article in passages that a model can see at one time, and their drafts as one again: two halves of one idea."""

from collections.abc import Sequence
from itertools import chain, zip_longest

from .schema import Article, Draft, DraftPartnership, DraftTakeaway, Effort, Passage
from .text.sentences import Span, sentences

OVERLAP = 2
"""Sentences that two passages share, so that what is told across a border is told whole in one of them."""


def split(article: Article, window: int, *, output_language: str | None = None, takeaways: int = 5) -> list[Passage]:
    """Cut an article into passages of at most `window` characters, at the ends of sentences.

    A sentence that is longer than the window is cut, for it must be read. Every passage keeps the whole article, so
    that its offsets do.
    """
    language = output_language or article.language
    spans = [Span(0, len(article.text))] if len(article.text) <= window else _spans(article.text, window)
    return [
        Passage(article=article, start=start, end=end, output_language=language, takeaways=takeaways)
        for start, end in spans
    ]


def _spans(text: str, window: int) -> list[Span]:
    pieces = list(chain.from_iterable(_short(sentence, window) for sentence in sentences(text)))
    spans: list[Span] = []
    first = 0
    for i, piece in enumerate(pieces):
        if piece.end - pieces[first].start > window:
            spans.append(Span(pieces[first].start, pieces[i - 1].end))
            first = _overlapping(pieces, first, i, window)
    return [*spans, Span(pieces[first].start, pieces[-1].end)]


def _short(sentence: Span, window: int) -> list[Span]:
    cuts = range(sentence.start, sentence.end, window)
    return [Span(start, min(start + window, sentence.end)) for start in cuts]


def _overlapping(pieces: Sequence[Span], first: int, i: int, window: int) -> int:
    """Return where the next passage begins: a little before the end of the last one, if there is room."""
    start = max(first + 1, i - OVERLAP)
    while start < i and pieces[i].end - pieces[start].start > window // 2:
        start += 1
    return start


def merge(drafts: Sequence[Draft]) -> Draft:
    """Join the drafts of passages: the first takeaways of all before the second ones, each claim once.

    What each of them cost, and what was wrong with it, adds up.
    """
    if len(drafts) == 1:
        return drafts[0]
    ranked = chain.from_iterable(zip_longest(*(draft.takeaways for draft in drafts)))
    takeaways: dict[str, DraftTakeaway] = {}
    for takeaway in filter(None, ranked):
        takeaways.setdefault(takeaway.text, takeaway)
    partnerships: dict[tuple[frozenset[str], str], DraftPartnership] = {}
    for pact in chain.from_iterable(draft.partnerships for draft in drafts):
        partnerships.setdefault((frozenset(pact.parties), pact.status), pact)
    return Draft(
        takeaways=tuple(takeaways.values()),
        partnerships=tuple(partnerships.values()),
        effort=sum((draft.effort for draft in drafts[1:]), drafts[0].effort if drafts else Effort()),
    )
