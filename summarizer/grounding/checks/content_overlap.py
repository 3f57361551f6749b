"""Whether claim and evidence speak of the same thing: the content words that they share."""

from functools import lru_cache

from ...language.lexicon import Lexicon
from ...language.normalization import fold, fold_characters
from ...language.statuses import has_unspaced
from ...language.tokens import words
from ...schema import Reason, ReasonCode
from ..evidence import ClaimEvidence

COVERED = 0.34
"""Share of a claim's content words that its evidence must have for the two to speak of the same thing."""
STEM = 5
"""Letters that two inflections of a word share, in the languages of the tables."""


def weak(claim: str, grounds: ClaimEvidence) -> list[Reason]:
    """Return a reason where the evidence hardly shares a content word with its claim."""
    reading = grounds.reading
    if reading.output_language.partition("-")[0] != reading.article.language.partition("-")[0]:
        return []  # the words of two languages cannot be compared; names and numbers were
    wanted = stems(fold_characters(claim), reading.lexicon)
    has = frozenset[str]().union(*(stems(stretch.plain, reading.lexicon) for stretch in grounds.quoted))
    if not wanted or covered(wanted, has) >= COVERED:
        return []
    return [Reason(code=ReasonCode.WEAK_EVIDENCE, message="the quoted words hardly speak of what the claim says")]


@lru_cache(maxsize=512)  # a clause is compared with every other
def stems(folded: str, tables: Lexicon | None) -> frozenset[str]:
    """Return the content words of a folded text, cut to what their inflections share; without spaces, pairs."""
    function = tables.words("words.function") if tables else frozenset[str]()
    if folded.isascii():
        return frozenset([word[:STEM] for word in words(folded) if len(word) > 2 and word not in function])
    found: set[str] = set()
    for word in words(folded):
        if not word.isascii() and has_unspaced(word):
            found |= {word[i : i + 2] for i in range(len(word) - 1)} or {word}
        elif len(word) > 2 and word not in function:
            found.add(word[:STEM])
    return frozenset(found)


def covered(wanted: frozenset[str], has: frozenset[str]) -> float:
    return len(wanted & has) / len(wanted) if wanted else 0.0


def coverage(claim: str, evidence: str, tables: Lexicon | None) -> float:
    """Return the share of a claim's content words that stand in the evidence, 0 to 1."""
    return covered(stems(fold(claim), tables), stems(fold(evidence), tables))
