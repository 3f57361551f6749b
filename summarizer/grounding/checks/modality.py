"""Whether a claim states as a fact what its evidence says is alleged, planned, possible or only true in part.

A clause of the evidence that has most words of the claim is its source. A word of modality in it that the claim does
not have in any form may have been lost.
"""

import re

from ...language.content_words import covered, stems
from ...language.lexicon import Lexicon
from ...language.normalization import fold_characters
from ...schema import Reason
from ..evidence import ClaimEvidence
from .polarity import clauses
from .table import ALLEGED, PLANNED, POSSIBLE, QUALIFIED

SOURCE = 0.5
"""Share of the claim's content words that make a clause of the evidence its source."""
_KINDS = {"alleged": ALLEGED, "planned": PLANNED, "possible": POSSIBLE, "qualified": QUALIFIED}


def check_modality(claim: str, evidence: ClaimEvidence) -> list[Reason]:
    """Return a reason for each kind of modality that the source of a claim has and the claim has not."""
    document = evidence.reading
    tables = document.lexicon
    if tables is None or tables is not document.output_lexicon:
        return []
    said = fold_characters(claim)
    wanted = stems(said, tables)
    pieces = [piece for span in evidence.quoted for piece in clauses(span.plain.replace("\n", " "), tables)]
    sources = [piece for piece in pieces if covered(wanted, stems(piece, tables)) >= SOURCE]
    reasons = []
    for kind, check in _KINDS.items():
        pattern = tables.pattern(f"modality.{kind}")
        if pattern.search(said):
            continue
        cues = (cue for source in sources for cue in pattern.finditer(source))
        lost = next((cue for cue in cues if not _is_month(cue[0], evidence, tables)), None)
        if lost is not None:
            reasons.append(check.reason(f"the quoted words say {lost[0]!r}, the claim does not", lost[0]))
    return reasons


def _is_month(word: str, evidence: ClaimEvidence, tables: Lexicon) -> bool:
    """Tell whether a cue is only ever a month in the evidence: "in May"."""
    lower = rf"(?<!\w){re.escape(word)}(?!\w)"
    return word in tables.months and not any(re.search(lower, span.text) for span in evidence.quoted)
