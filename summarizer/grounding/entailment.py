"""Whether an article supports a claim without quotes: find its evidence, and weigh what speaks for and against it.

Three grades. `supported`: the claim repeats the article's words (`repetition`), and nothing speaks against it.
`unsupported`: a definite fault, such as a number that the article lacks. `doubtful`: everything else. That is most
claims in words of their own: code finds the sentences in question, and someone who understands them must compare.
"""

import math
from collections.abc import Iterable, Iterator, Sequence

from ..language.visible import visible
from ..schema import Article, Evidence, Grade, Reason, ReasonCode, Verdict, VerdictGrade
from .checks.table import INSTRUCTION
from .contradictions import find_contradictions, foreign_faults, other_language
from .document import Document
from .evidence import is_instruction
from .repetition import repeats
from .sentence_index import ClaimSentence, SentenceIndex, claimed

MOST = 3
"""Maximum number of sentences of evidence for one sentence of a claim: what needs more is a summary."""
COVERED = 0.25
"""Share of a claim's content words that its evidence must have for both to be about the same thing."""

REPEATED = 0.97
"""The score of a claim that repeats the article."""
# The log-odds of every other claim. Of claims that summarize news in words of their own, and that nothing speaks
# against, half are true, whatever share of its words the evidence has: what code can tell them by is a fault.
START = -0.2
SHARED = 0.4
DOUBT = 1.0
_LARGEST_EXPONENT = 700.0  # of what a float can hold
WEIGHTS = {
    ReasonCode.NUMBER_NOT_IN_EVIDENCE: 4.0,
    ReasonCode.DATE_NOT_IN_EVIDENCE: 4.0,
    ReasonCode.NAME_NOT_IN_EVIDENCE: 3.0,
}
"""What a definite fault takes off."""
FAULT = 3.0


def check_claim(text: str, article: Article) -> Verdict:
    """Check a claim against an article, each of its sentences with the best sentences of the article.

    `score`, 0 to 1, is the probability that the claim is true: 0.9 or more exactly where it is supported, below 0.2
    where it is unsupported.
    """
    if not isinstance(article, Article):
        raise TypeError(f"an article is needed, not {type(article).__name__}: make one with Article.from_text(text)")
    return check(text, Document(article))


def check(text: str, document: Document) -> Verdict:
    """Check a claim against a document that is kept for several claims."""
    return weigh(text, SentenceIndex(document))


def weigh(text: str, words: SentenceIndex) -> Verdict:
    """Check a claim against an index that is kept for several claims."""
    shown = visible(text)
    parts = claimed(shown, words.reading)
    chosen = [words.best(part.stems, MOST) for part in parts]
    evidence = sorted({i for best in chosen for i in best})
    stems = frozenset[str]().union(*(part.stems for part in parts))
    share = words.share(stems, evidence)
    reasons = list(_against(shown, parts, chosen, share, words))
    new = _new_words(parts, evidence, words)
    if not reasons and not all(repeats(part, best, words) for part, best in zip(parts, chosen, strict=True)):
        reasons = [_reworded(new)]
    grade = grade_of(reasons)
    comparable = all(reason.code is not ReasonCode.WRONG_LANGUAGE for reason in reasons)
    return Verdict(
        claim=text,
        grade=grade,
        supported=grade == "supported",
        score=REPEATED if grade == "supported" else _score(share if comparable else None, reasons),
        evidence=tuple(_evidence(evidence, words)),
        reasons=tuple(dict.fromkeys(reasons)),
        unproven=new if grade != "supported" and comparable and share >= COVERED else (),
    )


def grade_of(reasons: Iterable[Reason]) -> VerdictGrade:
    """Return the grade of a claim with these reasons against it."""
    grades = {reason.grade for reason in reasons}
    if Grade.REFUTED in grades:
        return "unsupported"
    return "doubtful" if grades else "supported"


def _against(
    text: str, parts: Sequence[ClaimSentence], chosen: Sequence[Sequence[int]], share: float, words: SentenceIndex
) -> Iterator[Reason]:
    """Yield what speaks against a claim."""
    if not any(part.stems for part in parts):
        yield Reason(code=ReasonCode.WEAK_EVIDENCE, message="the claim says nothing that can be checked", value=text)
        return
    evidence = {i for best in chosen for i in best}
    if evidence and all(is_instruction(i, words.reading) for i in evidence):
        yield INSTRUCTION.reason("the sentences that speak of this are an instruction to a machine, not news")
        return
    if foreign := list(other_language(text, words)):
        yield from foreign
        yield from foreign_faults(text, foreign[0].value or "", words)
        return
    if share < COVERED:
        message = "no sentence of the article speaks of this"
        yield Reason(code=ReasonCode.WEAK_EVIDENCE, grade=Grade.DOUBT, message=message, value=text)
    for part, best in zip(parts, chosen, strict=True):
        yield from find_contradictions(part, best, words)


def _new_words(parts: Sequence[ClaimSentence], evidence: Sequence[int], words: SentenceIndex) -> tuple[str, ...]:
    """Return the words of a claim that the sentences of its evidence lack, as the claim spells them if possible."""
    has = frozenset[str]().union(*(words.stems[i] for i in evidence))
    spelt = [(part, part.text if len(part.text) == len(part.folded) else part.folded) for part in parts]
    new = (text[term.start : term.end] for part, text in spelt for term in part.terms if term.stem not in has)
    return tuple(dict.fromkeys(new))


def _reworded(new: Sequence[str]) -> Reason:
    what = f"{', '.join(map(repr, new))} {'is' if len(new) == 1 else 'are'} not in these sentences"
    message = f"the claim rewords the article: {what if new else 'it combines or leaves out words of these sentences'}"
    return Reason(code=ReasonCode.WEAK_EVIDENCE, grade=Grade.DOUBT, message=message, value=new[0] if new else None)


def _score(share: float | None, reasons: Iterable[Reason]) -> float:
    """Return the probability of a claim that has reasons against it; a rewording by itself says nothing.

    There is no `share` of words between two languages.
    """
    odds = START if share is None else START + SHARED * share - (DOUBT if share < COVERED else 0)
    for reason in reasons:
        if reason.grade is Grade.REFUTED:
            odds -= WEIGHTS.get(reason.code, FAULT)
        elif reason.code not in (ReasonCode.WEAK_EVIDENCE, ReasonCode.WRONG_LANGUAGE):
            odds -= DOUBT
    return round(1 / (1 + math.exp(min(-odds, _LARGEST_EXPONENT))), 4)


def _evidence(chosen: Iterable[int], words: SentenceIndex) -> Iterator[Evidence]:
    for i in chosen:
        yield words.reading.evidence(*words.reading.sentences[i])
