"""All checks of a takeaway against its evidence.

Each check takes the claim's words and the evidence and returns the reasons why the evidence does not bear them out; no
reason is a proof. Only the evidence counts, never the rest of the article: a number borrowed from elsewhere is the most
common mistake.
"""

import unicodedata

from ...schema import Reason
from ..evidence import ClaimEvidence
from .assertion import check_claim_assertion
from .content_overlap import check_content_overlap
from .modality import check_modality
from .name_support import check_names
from .number_attachment import check_number_attachment
from .number_support import check_dates, check_numbers
from .output_language import check_language
from .polarity import check_polarity
from .prior_values import check_prior_values
from .roles import check_roles


def check_takeaway(claim: str, evidence: ClaimEvidence) -> list[Reason]:
    """Return why the words of a claim are not borne out by its evidence."""
    document = evidence.reading
    claim = unicodedata.normalize("NFC", claim)
    language = check_language(claim, document)
    reasons = [
        *language,
        *check_numbers(claim, evidence.quoted, document),
        *check_dates(claim, evidence.quoted, document),
    ]
    if language:
        return reasons  # words cannot be compared across languages
    return [
        *reasons,
        *check_names(claim, evidence.folded, evidence.sentences, document),
        *check_polarity(claim, evidence),
        *check_claim_assertion(claim, evidence),
        *check_modality(claim, evidence),
        *check_roles(claim, evidence),
        *check_number_attachment(claim, evidence),
        *check_prior_values(claim, evidence),
        *check_content_overlap(claim, evidence),
    ]
