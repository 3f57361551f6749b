"""Whether an article bears out a claim without quotes: its evidence is searched for, what speaks against it weighed."""

import math
from collections.abc import Iterable, Iterator, Sequence

from ..schema import Article, Evidence, Reason, ReasonCode, Verdict
from .checks.output_language import wrong_language
from .contradictions import doubts
from .document import Document
from .evidence import is_instruction
from .sentence_index import ClaimSentence, SentenceIndex, claimed

MOST = 3
"""Sentences of evidence for one sentence of a claim: what needs more is a summary, not a claim."""
COVERED = 0.25
"""Share of a claim's content words that its evidence must have for the two to speak of the same thing."""

# The log-odds that a claim is true: by the share of its content words that its evidence has, less each doubt. A
# logistic regression on the counts of the doubts (number, name, polarity, limit, judgement) gave -5.1, -3.1, -2.6, -2.5
# and -4.5 over 520 claims on telephone calls, -3.9, -5.1, -1.9, -2.7 and -1.6 over 613 on letters. Rounded so that any
# doubt outweighs all the words that a claim may share with its evidence: `supported` begins at a score of one half.
START = 0.3
SHARED = 2.5
DOUBT = 3.0
WEIGHTS = {
    ReasonCode.NUMBER_NOT_IN_EVIDENCE: 5.0,
    ReasonCode.DATE_NOT_IN_EVIDENCE: 5.0,
    ReasonCode.NAME_NOT_IN_EVIDENCE: 4.5,
    ReasonCode.WEAK_EVIDENCE: 4.0,
}


def check_claim(text: str, article: Article) -> Verdict:
    """Hold a claim in words against an article, each of its sentences with the best sentences of the article.

    `supported` says that nothing speaks against any part of the claim. `score`, 0 to 1, is one half or more just then:
    the higher, the more of its words the evidence has; the lower, the more speaks against it.
    """
    return check(text, Document(article))


def check(text: str, reading: Document) -> Verdict:
    """The same, for an article that was made ready."""
    return weigh(text, SentenceIndex(reading))


def weigh(text: str, words: SentenceIndex) -> Verdict:
    """The same, for many claims on one article."""
    parts = claimed(text, words.reading)
    chosen = [words.best(part.stems, MOST) for part in parts]
    evidence = sorted({i for best in chosen for i in best})
    stems = frozenset[str]().union(*(part.stems for part in parts))
    share = words.share(stems, evidence)
    news = [i for i in evidence if not is_instruction(i, words.reading)]
    reasons = tuple(_weak(text, words) if share < COVERED or not news else _doubts(parts, words))
    return Verdict(
        supported=not reasons,
        score=_score(share, reasons),
        evidence=tuple(_evidence(evidence, words)),
        reasons=tuple(dict.fromkeys(reasons)),
    )


def _weak(text: str, words: SentenceIndex) -> Iterator[Reason]:
    yield from wrong_language(text, words.reading)
    yield Reason(code=ReasonCode.WEAK_EVIDENCE, message="no sentence of the article speaks of this", value=text)


def _doubts(parts: Sequence[ClaimSentence], words: SentenceIndex) -> Iterator[Reason]:
    return (reason for part in parts for reason in doubts(part, words))


def _score(share: float, reasons: Iterable[Reason]) -> float:
    odds = START + SHARED * share - sum(WEIGHTS.get(reason.code, DOUBT) for reason in reasons)
    return round(1 / (1 + math.exp(-odds)), 4)


def _evidence(chosen: Iterable[int], words: SentenceIndex) -> Iterator[Evidence]:
    for start, end in (words.reading.sentences[i] for i in chosen):
        yield Evidence(quote=words.reading.text[start:end], start=start, end=end, match="verbatim")
