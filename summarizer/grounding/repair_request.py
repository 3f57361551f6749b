"""What a repair request needs: the claims worth repairing, the sentences nearest to them, and the claim of a repair."""

import re
from collections.abc import Sequence
from typing import Any

from ..language.content_words import stems
from ..language.normalization import fold
from ..schema import Article, Partnership, ReasonCode, Rejected, Summary, Takeaway, as_drafted, kind_of
from .alignment import find_quote
from .document import Document

SAME_CLAIM = 0.4
"""Share of the words, or of the parties, that a repaired claim has in common with the original."""
NEAREST = 4
"""Sentences of the article that are shown for a claim that is wrong."""
AROUND = 6
"""Sentences that are shown for a claim that is in doubt; those that it quotes are shown all the same."""

MOST = 20
"""Claims that are looked at in one request."""

_HOPELESS = frozenset({ReasonCode.DUPLICATE, ReasonCode.MALFORMED})


def repairable(summary: Summary) -> list[Rejected]:
    """Return the rejected claims that other quotes or words may save: no fields, no duplicates."""
    return [
        fallen
        for fallen in summary.rejected
        if fallen.kind != "field" and not any(reason.code in _HOPELESS for reason in fallen.reasons)
    ]


def unsuspected(kept: Takeaway | Partnership) -> Rejected:
    """Return a claim that code found nothing against in the form of one to look at: it has no reasons."""
    return Rejected(kind=kind_of(kept), claim=as_drafted(kept), reasons=())


def nearest_sentences(article: Article, failed: Sequence[Rejected]) -> list[list[str]]:
    """Return for each rejected claim the nearest sentences of the article, in the article's order."""
    document = Document(article)
    has = [stems(document.folded_sentence(i), document.lexicon) for i in range(len(document.sentences))]
    return [_around(fallen, document) or _nearest(words_of(fallen), document, has) for fallen in failed]


def _around(fallen: Rejected, document: Document) -> list[str]:
    """Return all quoted sentences of a claim that is not refuted, and if it is doubted some of those beside them."""
    if fallen.is_refuted:
        return []
    quotes = [place for quote in fallen.claim["quotes"] if (place := find_quote(quote, document, lambda: ()))]
    quoted = {i for place in quotes for piece in place.pieces for i in document.sentences_of(*piece)}
    beside = {j for i in quoted for j in (i - 1, i + 1) if 0 <= j < len(document.sentences)} - quoted
    room = max(0, AROUND - len(quoted)) if fallen.reasons else 0
    shown = sorted([*quoted, *sorted(beside)[:room]])
    return [document.text[slice(*document.sentences[i])] for i in shown]


def _nearest(words: str, document: Document, has: Sequence[frozenset[str]]) -> list[str]:
    wanted = stems(fold(words), document.lexicon)
    best = sorted(range(len(has)), key=lambda i: -len(wanted & has[i]))[:NEAREST]
    chosen = sorted(i for i in best if wanted & has[i])
    return [document.text[slice(*document.sentences[i])] for i in chosen]


def words_of(fallen: Rejected) -> str:
    """Return all words of a rejected claim, including its quotes, which may be true where the claim is not."""
    return " ".join(re.sub(r"[_]", " ", part) for part in _strings(fallen.claim))


def _strings(value: Any) -> list[str]:
    if isinstance(value, str):
        return [value]
    if isinstance(value, dict):
        return [part for item in value.values() for part in _strings(item)]
    return [part for item in value for part in _strings(item)] if isinstance(value, list | tuple) else []


def likeness(claim: Takeaway | Partnership, fallen: Rejected) -> float:
    """Return the similarity of a proven claim with a rejected one, 0 to 1."""
    if isinstance(claim, Takeaway):
        said = fallen.claim.get("text") if fallen.kind == "takeaway" else None
        return _shared(stems(fold(claim.text), None), stems(fold(said), None)) if isinstance(said, str) else 0.0
    parties = fallen.claim.get("parties") if fallen.kind == "partnership" else None
    named = frozenset(fold(party) for party in parties if isinstance(party, str)) if isinstance(parties, list) else None
    return _shared(frozenset(map(fold, claim.parties)), named) if named else 0.0


def _shared(left: frozenset[str], right: frozenset[str]) -> float:
    return len(left & right) / max(len(left), len(right)) if left and right else 0.0
