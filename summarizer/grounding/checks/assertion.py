"""Whether the evidence asserts anything: a question, a condition, a supposition, a hoax or a novel proves nothing."""

import re
from collections.abc import Sequence

from ...language.content_words import covered, stems
from ...language.lexicon import Lexicon
from ...language.normalization import fold_characters
from ...schema import Reason
from ..evidence import ClaimEvidence
from .table import UNASSERTED

SOURCE = 0.5
"""Share of the claim's content words that make a sentence of the evidence its source."""
WHOLE = 0.7
"""Share of a sentence's content words that make a takeaway tell that sentence, not a part of it."""
_QUESTION = re.compile(r"[?？][\"'»”’)\s]*$")
_EDGES = " \"'«»“”„‘’([-–—"


def check_claim_assertion(claim: str, evidence: ClaimEvidence) -> list[Reason]:
    """Return a reason where a takeaway states what its evidence only asks, supposes or calls a hoax.

    Conditions are those of the check of modality: a takeaway words them in many ways.
    """
    tables = evidence.reading.lexicon
    said = fold_characters(claim)
    wanted = stems(said, tables)
    sources = []
    for i in evidence.sentences:
        sentence = evidence.reading.sentence(i).plain
        words = stems(sentence, tables)
        if covered(wanted, words) >= SOURCE:
            if covered(words, wanted) < WHOLE:
                return []
            sources.append(sentence)
    reasons = check_assertion(sources, tables, said)
    return [] if tables and any(_condition(one, tables) for one in sources) else reasons


def check_assertion(sentences: Sequence[str], tables: Lexicon | None, said: str = "") -> list[Reason]:
    """Return a reason where none of the folded sentences asserts anything; `said` is a folded claim that may say so."""
    signs = [sign for sentence in sentences if (sign := _sign(sentence, tables))]
    if not sentences or len(signs) < len(sentences) or (said and _sign(said, tables)):
        return []
    return [UNASSERTED.reason(f"the quoted words assert nothing: {signs[0]!r}", signs[0])]


def _sign(sentence: str, tables: Lexicon | None) -> str | None:
    """Return by what a folded sentence shows that it asserts nothing: its question mark, or a word."""
    if _QUESTION.search(sentence):
        return "?"
    if tables is None:
        return None
    supposition = tables.pattern("assertion.suppositions").match(sentence.lstrip(_EDGES))
    found = (_condition(sentence, tables), supposition, tables.pattern("assertion.fabrications").search(sentence))
    return next((one[0] for one in found if one), None)


def _condition(sentence: str, tables: Lexicon) -> re.Match[str] | None:
    return tables.pattern("assertion.conditions").match(sentence.lstrip(_EDGES))
