"""Whether an article supports a claim without quotes: find its evidence, and weigh what contradicts it."""

import math
from collections.abc import Iterable, Iterator

from ..schema import Article, Evidence, Grade, Reason, ReasonCode, Verdict, VerdictGrade
from .checks.output_language import check_language
from .contradictions import find_contradictions
from .document import Document
from .evidence import is_instruction
from .sentence_index import SentenceIndex, claimed

MOST = 3
"""Maximum number of sentences of evidence for one sentence of a claim: what needs more is a summary."""
COVERED = 0.25
"""Share of a claim's content words that its evidence must have for both to be about the same thing."""

# The log-odds that a claim is true: by the share of its content words that its evidence has, less each contradiction. A
# logistic regression on their counts (number, name, polarity, limit, judgement) gave -5.1, -3.1, -2.6, -2.5 and -4.5
# over 520 claims on telephone calls, -3.9, -5.1, -1.9, -2.7 and -1.6 over 613 on letters. Rounded so that any
# contradiction outweighs all the words that a claim may share with its evidence: `supported` begins at one half.
START = 0.3
SHARED = 2.5
CONTRADICTION = 3.0
_LARGEST_EXPONENT = 700.0  # of what a float can hold
WEIGHTS = {
    ReasonCode.NUMBER_NOT_IN_EVIDENCE: 5.0,
    ReasonCode.DATE_NOT_IN_EVIDENCE: 5.0,
    ReasonCode.NAME_NOT_IN_EVIDENCE: 4.5,
    ReasonCode.WEAK_EVIDENCE: 4.0,
}


def check_claim(text: str, article: Article) -> Verdict:
    """Check a claim against an article, each of its sentences with the best sentences of the article.

    `supported` says that nothing contradicts any part of the claim. `score`, 0 to 1, is one half or more exactly then:
    the higher, the more of its words the evidence has; the lower, the more contradicts it.
    """
    return check(text, Document(article))


def check(text: str, document: Document) -> Verdict:
    """Check a claim against a document that is kept for several claims."""
    return weigh(text, SentenceIndex(document))


def weigh(text: str, words: SentenceIndex) -> Verdict:
    """Check a claim against an index that is kept for several claims."""
    parts = claimed(text, words.reading)
    chosen = [words.best(part.stems, MOST) for part in parts]
    evidence = sorted({i for best in chosen for i in best})
    stems = frozenset[str]().union(*(part.stems for part in parts))
    share = words.share(stems, evidence)
    news = [i for i in evidence if not is_instruction(i, words.reading)]
    contradictions = (reason for part in parts for reason in find_contradictions(part, words))
    reasons = tuple(_weak(text, words) if share < COVERED or not news else contradictions)
    return Verdict(
        supported=not reasons,
        grade=_grade(reasons),
        score=_score(share, reasons),
        evidence=tuple(_evidence(evidence, words)),
        reasons=tuple(dict.fromkeys(reasons)),
    )


def _weak(text: str, words: SentenceIndex) -> Iterator[Reason]:
    yield from check_language(text, words.reading)
    yield Reason(code=ReasonCode.WEAK_EVIDENCE, message="no sentence of the article speaks of this", value=text)


def _grade(reasons: Iterable[Reason]) -> VerdictGrade:
    grades = {reason.grade for reason in reasons}
    return "unsupported" if Grade.REFUTED in grades else "doubtful" if grades else "supported"


def _score(share: float, reasons: Iterable[Reason]) -> float:
    odds = START + SHARED * share - sum(WEIGHTS.get(reason.code, CONTRADICTION) for reason in reasons)
    return round(1 / (1 + math.exp(min(-odds, _LARGEST_EXPONENT))), 4)


def _evidence(chosen: Iterable[int], words: SentenceIndex) -> Iterator[Evidence]:
    for start, end in (words.reading.sentences[i] for i in chosen):
        yield Evidence(quote=words.reading.text[start:end], start=start, end=end, match="verbatim")
