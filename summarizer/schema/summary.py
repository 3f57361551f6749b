"""What comes out: claims that the article proves, what was rejected, and how the summary was made."""

from typing import Any, Literal

from pydantic import Field

from .article import ArticleInfo
from .base import FrozenModel
from .draft import Status
from .reasons import ClaimKind, Reason, Rejected
from .usage import Unread, Usage

CODE = "code"
"""The proof of a claim that code alone proves."""
PROOF_FIELDS = {"evidence", "date_iso", "proof", "doubts"}
"""The fields of a kept claim that a draft does not have."""
Match = Literal["verbatim", "folded", "elided", "close"]


class Evidence(FrozenModel):
    """The article's own words: `article.text[start:end] == quote`, always."""

    quote: str
    start: int
    """Python string offset into `article.text`."""
    end: int
    """Exclusive."""
    match: Match
    """How the model's quote compares with the article's words."""


class Takeaway(FrozenModel):
    """One thing that a reader must retain, proven."""

    text: str
    evidence: tuple[Evidence, ...]
    proof: str = CODE
    """`code` where code alone proves the claim, otherwise the model that settled what code doubted."""
    doubts: tuple[Reason, ...] = ()
    """What code doubted; empty where it proves the claim."""


class StatedPartnership(FrozenModel):
    """Who with whom, in which status, and the optional fields (`fields.OPTIONAL_FIELDS`)."""

    parties: tuple[str, ...]
    status: Status
    purpose: str | None = None
    region: str | None = None
    date: str | None = None
    """In the article's words."""
    date_iso: str | None = None
    """The same as ISO 8601, as far as words and day of publication settle it: `2026-11-30`, `2026-11`, `2026`."""
    attribution: str | None = None


class Partnership(StatedPartnership):
    """A partnership, proven; `proof` and `doubts` as for a takeaway."""

    evidence: tuple[Evidence, ...]
    proof: str = CODE
    doubts: tuple[Reason, ...] = ()


def as_drafted(claim: Takeaway | Partnership) -> dict[str, Any]:
    """Return a proven claim as a draft has it."""
    quotes = [one.quote for one in claim.evidence]
    return {**claim.model_dump(mode="json", exclude=PROOF_FIELDS), "quotes": quotes}


def kind_of(claim: Takeaway | Partnership) -> ClaimKind:
    """Return what kind of claim it is."""
    return "takeaway" if isinstance(claim, Takeaway) else "partnership"


class Provenance(FrozenModel):
    """How a summary was made: model, prompt, cost, and what the reader should know about it."""

    model: str = "unknown"
    prompt: str | None = None
    prompt_sha256: str | None = None
    request: str | None = None
    """Fingerprint of the request without the article: engine, prompt, language, number of takeaways. An article that
    an output holds with the same fingerprint is not summarized again."""
    version: str = ""
    created: str = ""
    """ISO 8601 in UTC: when the draft was made; a cached one keeps its date."""
    output_language: str = "und"
    cached: bool = False
    calls: int = 0
    repaired: int = 0
    proofs: dict[str, int] = Field(default_factory=dict)
    """How many claims were kept, by their `proof`: `{"code": 5, "openai/…": 1}`."""
    passages: int = 1
    """In how many parts the article was read: one if it fits into the model's window."""
    truncated: bool = False
    unread: tuple[Unread, ...] = ()
    """Stretches of the article that were not read, `[start, end)` each; `warnings` say why."""
    usage: Usage = Usage()
    cost_usd: float | None = None
    seconds: float = 0.0
    warnings: tuple[str, ...] = ()


class Summary(FrozenModel):
    """Claims whose every part is proven, and those that were rejected, with their reasons."""

    schema_: Literal["summary/1"] = Field(default="summary/1", alias="schema")
    article: ArticleInfo
    takeaways: tuple[Takeaway, ...] = ()
    partnerships: tuple[Partnership, ...] = ()
    rejected: tuple[Rejected, ...] = ()
    provenance: Provenance = Provenance()


class Failure(FrozenModel):
    """An article of a batch that could not be summarized: a value, not an exception, so that the run goes on."""

    schema_: Literal["failure/1"] = Field(default="failure/1", alias="schema")
    source: str
    error: str
    """Class of the error, such as `SourceError`."""
    message: str


VerdictGrade = Literal["supported", "doubtful", "unsupported"]


class Verdict(FrozenModel):
    """Whether an article supports one claim."""

    claim: str | dict[str, Any] = ""
    """The text of the claim, or the drafted claim as it was given."""
    grade: VerdictGrade = "unsupported"
    """`supported`: the article says so. `doubtful`: code cannot tell. `unsupported`: a definite fault."""
    supported: bool
    """True for the grade `supported` alone."""
    score: float
    """0 to 1: the probability that the claim is true; 0.9 or more where it repeats the article."""
    settled_by: str | None = None
    """The model whose second look settled what code doubted; None where code alone decided."""
    evidence: tuple[Evidence, ...] = ()
    """The sentences of the article that come nearest to the claim, or its quotes."""
    reasons: tuple[Reason, ...] = ()
    """What speaks against the claim, each with its grade; what code doubted where a model settled it."""
    unproven: tuple[str, ...] = ()
    """Words of the claim that these sentences do not have."""


class Verdicts(FrozenModel):
    """The verdicts on several claims, in the order in which the claims came."""

    schema_: Literal["verdicts/1"] = Field(default="verdicts/1", alias="schema")
    verdicts: tuple[Verdict, ...]


class ArticleVerdicts(Verdicts):
    """The verdicts on the claims about one of many articles."""

    article: ArticleInfo
