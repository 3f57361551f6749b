"""Whether an article bears out a claim that came without quotes: the evidence is searched for, then held to the same proofs."""

from collections.abc import Sequence

from ..schema import Article, Evidence, Reason, Verdict
from ..text.folding import fold
from ..text.sentences import Span, sentences
from .proofs import Grounds, coverage, stems, unproven
from .quotes import Found
from .reading import Reading

MOST = 3
"""Sentences of evidence for one sentence of a claim: what needs more is a summary, not a claim."""


def check_claim(text: str, article: Article) -> Verdict:
    """Hold a claim in words against an article: each of its sentences with the best sentences of the article.

    `score` is the share of the claim's content words, 0 to 1, that its evidence has; `supported` that nothing in the
    claim is unproven.
    """
    return check(text, Reading(article))


def check(text: str, reading: Reading) -> Verdict:
    """The same, for an article that was made ready."""
    parts = [text[start:end] for start, end in sentences(text)]
    if not parts:
        return Verdict(
            supported=False, score=0.0, reasons=(Reason(code="weak_evidence", message="the claim is empty"),)
        )
    verdicts = [_check_sentence(part, reading) for part in parts]
    evidence = dict.fromkeys(one for verdict in verdicts for one in verdict.evidence)
    reasons = dict.fromkeys(reason for verdict in verdicts for reason in verdict.reasons)
    return Verdict(
        supported=all(verdict.supported for verdict in verdicts),
        score=min(verdict.score for verdict in verdicts),
        evidence=tuple(evidence),
        reasons=tuple(reasons),
    )


def _check_sentence(claim: str, reading: Reading) -> Verdict:
    chosen = best_sentences(claim, reading)
    if not chosen:
        reason = Reason(code="weak_evidence", message="no sentence of the article speaks of this", value=claim)
        return Verdict(supported=False, score=0.0, reasons=(reason,))
    spans = [reading.sentences[i] for i in chosen]
    grounds = Grounds(reading, tuple(Found(a, b, "verbatim", (Span(a, b),)) for a, b in spans))
    reasons = unproven(claim, grounds)
    score = coverage(claim, grounds.words, reading.lexicon)
    evidence = tuple(Evidence(quote=reading.text[a:b], start=a, end=b, match="verbatim") for a, b in spans)
    return Verdict(supported=not reasons, score=round(score, 4), evidence=evidence, reasons=tuple(reasons))


def best_sentences(claim: str, reading: Reading, most: int = MOST) -> Sequence[int]:
    """Return the sentences that together have most of a claim's content words, in the article's order."""
    wanted = set(stems(fold(claim), reading.lexicon))
    has = [stems(reading.folded_sentence(i), reading.lexicon) for i in range(len(reading.sentences))]
    chosen: list[int] = []
    while wanted and len(chosen) < most:
        best = max(range(len(has)), key=lambda i: len(wanted & has[i]), default=None)
        if best is None or not wanted & has[best]:
            break
        chosen.append(best)
        wanted -= has[best]
    return sorted(chosen)
