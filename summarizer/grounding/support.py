"""Whether an article bears out a claim that came without quotes: its evidence is searched for, and what speaks against it weighed."""

import math
from collections.abc import Iterable, Iterator, Sequence

from ..schema import Article, Evidence, Reason, Verdict
from .concordance import Claimed, Concordance, claimed
from .doubts import doubts
from .proofs import wrong_language
from .reading import Reading

MOST = 3
"""Sentences of evidence for one sentence of a claim: what needs more is a summary, not a claim."""
COVERED = 0.25
"""Share of a claim's content words that its evidence must have for the two to speak of the same thing."""

# The log-odds that a claim is true, by the share of its content words that its evidence has, and what each doubt takes away.
# The order of the doubts is that of a logistic regression on their counts over 520 claims on telephone calls (-5.1, -3.1,
# -2.6, -2.5, -4.5), which says the same of 613 on letters (-3.9, -5.1, -1.9, -2.7, -1.6); rounded so that any doubt outweighs
# the words that a false claim shares with the article: `supported` and a score of one half are one line.
START = 0.3
SHARED = 2.5
DOUBT = 3.0
WEIGHTS = {
    "number_not_in_evidence": 5.0,
    "date_not_in_evidence": 5.0,
    "name_not_in_evidence": 4.5,
    "weak_evidence": 4.0,
}


def check_claim(text: str, article: Article) -> Verdict:
    """Hold a claim in words against an article, each of its sentences with the best sentences of the article.

    `supported` says that nothing speaks against any part of the claim. `score`, 0 to 1, is one half or more just then: the
    higher the more of its words the evidence has, the lower the more speaks against it.
    """
    return check(text, Reading(article))


def check(text: str, reading: Reading) -> Verdict:
    """The same, for an article that was made ready."""
    return weigh(text, Concordance(reading))


def weigh(text: str, words: Concordance) -> Verdict:
    """The same, for many claims on one article."""
    parts = claimed(text, words.reading)
    chosen = [words.best(part.stems, MOST) for part in parts]
    evidence = sorted({i for best in chosen for i in best})
    share = words.share(frozenset[str]().union(*(part.stems for part in parts)), evidence)
    reasons = tuple(_weak(text, words) if share < COVERED or not parts else _doubts(parts, words))
    return Verdict(
        supported=not reasons,
        score=_score(share, reasons) if parts else 0.0,
        evidence=tuple(_evidence(evidence, words)),
        reasons=tuple(dict.fromkeys(reasons)),
    )


def _weak(text: str, words: Concordance) -> Iterator[Reason]:
    yield from wrong_language(text, words.reading)
    yield Reason(code="weak_evidence", message="no sentence of the article speaks of this", value=text)


def _doubts(parts: Sequence[Claimed], words: Concordance) -> Iterator[Reason]:
    return (reason for part in parts for reason in doubts(part, words))


def _score(share: float, reasons: Iterable[Reason]) -> float:
    odds = START + SHARED * share - sum(WEIGHTS.get(reason.code, DOUBT) for reason in reasons)
    return round(1 / (1 + math.exp(-odds)), 4)


def _evidence(chosen: Iterable[int], words: Concordance) -> Iterator[Evidence]:
    for start, end in (words.reading.sentences[i] for i in chosen):
        yield Evidence(quote=words.reading.text[start:end], start=start, end=end, match="verbatim")
