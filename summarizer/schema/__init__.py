"""The data that travels between the rooms: frozen models and the tables that describe them.

article  what was read                                     draft    what a model answers
summary  what the article proves of it                     reasons  why a claim was rejected
fields   the optional fields of a partnership, as a table  usage    what an answer took

`Article` is what was read, `Draft` what a model proposes about it (quotes, no offsets), `Summary` what the article
proves of that (quotes with offsets, and `rejected`).
"""

from .article import Article, ArticleInfo, Passage
from .base import DescribedModel, FrozenModel
from .draft import Draft, DraftPartnership, DraftTakeaway, Status
from .fields import OPTIONAL_FIELDS, FieldProof, OptionalField, field_values
from .fingerprint import draft_fingerprint
from .reasons import ClaimKind, Grade, Reason, ReasonCode, Rejected
from .salvaging import salvage
from .summary import (
    CODE,
    PROOF_FIELDS,
    ArticleVerdicts,
    Evidence,
    Failure,
    Match,
    Partnership,
    Provenance,
    StatedPartnership,
    Summary,
    Takeaway,
    Verdict,
    VerdictGrade,
    Verdicts,
    as_drafted,
    kind_of,
)
from .usage import UNSOUGHT, DraftUsage, Unread, Usage

__all__ = [
    "CODE",
    "OPTIONAL_FIELDS",
    "PROOF_FIELDS",
    "UNSOUGHT",
    "Article",
    "ArticleInfo",
    "ArticleVerdicts",
    "ClaimKind",
    "DescribedModel",
    "Draft",
    "DraftPartnership",
    "DraftTakeaway",
    "DraftUsage",
    "Evidence",
    "Failure",
    "FieldProof",
    "FrozenModel",
    "Grade",
    "Match",
    "OptionalField",
    "Partnership",
    "Passage",
    "Provenance",
    "Reason",
    "ReasonCode",
    "Rejected",
    "StatedPartnership",
    "Status",
    "Summary",
    "Takeaway",
    "Unread",
    "Usage",
    "Verdict",
    "VerdictGrade",
    "Verdicts",
    "as_drafted",
    "draft_fingerprint",
    "field_values",
    "kind_of",
    "salvage",
]
