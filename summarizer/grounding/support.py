"""Whether an article bears out a claim that came without quotes: its evidence is searched for, and what speaks against it weighed."""

import math

from ..schema import Article, Evidence, Reason, Verdict
from .concordance import Claimed, Concordance, claimed
from .doubts import doubts
from .proofs import wrong_language
from .reading import Reading

MOST = 3
"""Sentences of evidence for one sentence of a claim: what needs more is a summary, not a claim."""
COVERED = 0.25
"""Share of a claim's content words that its evidence must have for the two to speak of the same thing."""
OPEN = 1.0
WEIGHTS = {
    "number_not_in_evidence": 3.0,
}
ANY = 2.0


def check_claim(text: str, article: Article) -> Verdict:
    """Hold a claim in words against an article, each of its sentences with the best sentences of the article.

    `score` is 0 to 1; `supported` that nothing speaks against any part of the claim.
    """
    return check(text, Reading(article))


def check(text: str, reading: Reading) -> Verdict:
    """The same, for an article that was made ready."""
    return weigh(text, Concordance(reading))


def weigh(text: str, words: Concordance) -> Verdict:
    """The same, for many claims on one article."""
    parts = claimed(text, words.tables)
    if not parts:
        reason = Reason(code="weak_evidence", message="the claim is empty")
        return Verdict(supported=False, score=0.0, reasons=(reason,))
    chosen = [words.best(part.stems, MOST) for part in parts]
    reasons = list(_reasons(text, parts, chosen, words))
    shares = [words.share(part.stems, best) for part, best in zip(parts, chosen, strict=True)]
    score = _score(reasons, sum(shares) / len(shares))
    return Verdict(
        supported=not reasons,
        score=round(score, 4),
        evidence=_evidence(chosen, words),
        reasons=tuple(dict.fromkeys(reasons)),
    )


def _reasons(text: str, parts: list[Claimed], chosen: list[list[int]], words: Concordance) -> list[Reason]:
    stems = frozenset[str]().union(*(part.stems for part in parts))
    share = words.share(stems, {i for best in chosen for i in best})
    if share < COVERED:
        weak = Reason(code="weak_evidence", message="no sentence of the article speaks of this", value=text)
        return [*wrong_language(text, words.reading), weak]
    return [reason for part in parts for reason in doubts(part, words)]


def _score(reasons: list[Reason], share: float) -> float:
    odds = OPEN + share - sum(WEIGHTS.get(reason.code, ANY) for reason in reasons)
    return 1 / (1 + math.exp(-odds))


def _evidence(chosen: list[list[int]], words: Concordance) -> tuple[Evidence, ...]:
    text = words.reading.text
    spans = [words.reading.sentences[i] for i in sorted({i for best in chosen for i in best})]
    return tuple(Evidence(quote=text[a:b], start=a, end=b, match="verbatim") for a, b in spans)
