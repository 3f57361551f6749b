"""What a claim owes to its evidence: every number, date and name, the negation, the direction, the subject.

Each proof takes the claim's words and the evidence and returns the reasons why the one is not borne out by the other;
an empty list is a proof. Only the evidence counts, never the rest of the article: a number borrowed from elsewhere is
the commonest lie.
"""

import unicodedata

from ...schema import Reason
from ..evidence import ClaimEvidence
from .content_overlap import check_content_overlap
from .name_support import unproven_names
from .number_attachment import misattributed
from .number_support import unproven_dates, unproven_numbers
from .output_language import wrong_language
from .polarity import polarity
from .prior_values import former_as_new
from .roles import exchanged
from .subjects import said_of_another


def unproven(claim: str, grounds: ClaimEvidence) -> list[Reason]:
    """Return why the words of a claim are not borne out by its evidence."""
    reading = grounds.reading
    claim = unicodedata.normalize("NFC", claim)
    evidence = grounds.folded
    language = wrong_language(claim, reading)
    return [
        *language,
        *unproven_numbers(claim, grounds.quoted, reading),
        *unproven_dates(claim, grounds.quoted, reading),
        *([] if language else unproven_names(claim, evidence, reading)),
        *([] if language else polarity(claim, grounds)),
        *([] if language else exchanged(claim, grounds)),
        *([] if language else misattributed(claim, grounds)),
        *([] if language else former_as_new(claim, grounds)),
        *([] if language else said_of_another(claim, grounds)),
        *([] if language else check_content_overlap(claim, grounds)),
    ]
