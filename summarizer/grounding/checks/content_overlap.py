"""Whether claim and evidence are about the same thing: the share of content words that they have in common."""

from ...language.content_words import covered, stems
from ...language.normalization import fold_characters
from ...schema import Reason
from ..evidence import ClaimEvidence
from .table import OVERLAP

COVERED = 0.34
"""Share of a claim's content words that its evidence must have."""


def check_content_overlap(claim: str, evidence: ClaimEvidence) -> list[Reason]:
    """Return a reason where the evidence has too few of the claim's content words."""
    document = evidence.reading
    if document.output_language.partition("-")[0] != document.article.language.partition("-")[0]:
        return []  # words of two languages cannot be compared
    wanted = stems(fold_characters(claim), document.lexicon)
    has = frozenset[str]().union(*(stems(span.plain, document.lexicon) for span in evidence.quoted))
    if not wanted or covered(wanted, has) >= COVERED:
        return []
    return [OVERLAP.reason("the quoted words hardly speak of what the claim says")]
