"""Why a claim was not proven: the reason codes, and a rejected claim with its reasons."""

from enum import StrEnum
from typing import Any, Literal, Self

from pydantic import Field

from .base import FrozenModel

ClaimKind = Literal["takeaway", "partnership", "field"]


class ReasonCode(StrEnum):
    """What was found wrong with a claim, or with a field of one.

    A code that this version does not know, from a summary of another version, is kept as it stands.
    """

    QUOTE_NOT_FOUND = "quote_not_found"
    """The article does not contain the quoted words."""
    NUMBER_NOT_IN_EVIDENCE = "number_not_in_evidence"
    """A number of the claim is not in its quotes, or they give it to something else."""
    DATE_NOT_IN_EVIDENCE = "date_not_in_evidence"
    """A date or a year of the claim is not in its quotes."""
    NAME_NOT_IN_EVIDENCE = "name_not_in_evidence"
    """A name in the claim is not in its quotes, or they say this of somebody else."""
    PARTY_NOT_IN_EVIDENCE = "party_not_in_evidence"
    """A party of the partnership is not named by its quotes, nor meant by them, or two parties are one organisation."""
    STATUS_CONFLICT = "status_conflict"
    """The quotes tell of a partnership in another status than the claim, such as talks instead of a signed deal."""
    POLARITY_CONFLICT = "polarity_conflict"
    """The claim says the opposite of its quotes: one is negated, or one has a rise or profit where the other has a fall
    or loss."""
    MODALITY_CONFLICT = "modality_conflict"
    """The claim states as a fact what its quotes call alleged, planned, possible, or true in part."""
    ROLE_CONFLICT = "role_conflict"
    """The quotes name the same organisations or people, but in other roles: who does what to whom differs."""
    LIMIT_NOT_IN_EVIDENCE = "limit_not_in_evidence"
    """The claim has a limit or contrast ("only", "but", "except") that the article does not state."""
    JUDGEMENT_NOT_IN_EVIDENCE = "judgement_not_in_evidence"
    """The claim speaks of a failure, refusal or fault that the article does not mention."""
    NOT_A_PARTNERSHIP = "not_a_partnership"
    """The quotes tell of something else between the parties: a purchase, a takeover, an investment, a lawsuit, rivalry
    or regulation."""
    FIELD_NOT_IN_ARTICLE = "field_not_in_article"
    """An optional field of a partnership is not in the article, or belongs to something other than its quotes."""
    WEAK_EVIDENCE = "weak_evidence"
    """The quotes have too little to do with the claim, or are an instruction to a machine instead of news."""
    WRONG_LANGUAGE = "wrong_language"
    """The claim is not written in the output language."""
    DUPLICATE = "duplicate"
    """Another claim that was kept says the same."""
    NOT_ENTAILED = "not_entailed"
    """The model that gave a second opinion found that the claim does not follow from its quotes."""
    MALFORMED = "malformed"
    """The model's item does not have the requested shape, such as a partnership with one party or no quotes."""

    @classmethod
    def _missing_(cls, value: object) -> Self | None:
        """Keep a code of another version: it is no member, but is compared, written and printed like one."""
        if not isinstance(value, str):
            return None
        code = str.__new__(cls, value)
        code._name_ = code._value_ = value
        return code


class Grade(StrEnum):
    """How much a reason weighs."""

    DOUBT = "doubt"
    """Something may speak against the claim: a second look at the article's words can settle it."""
    REFUTED = "refuted"
    """A definite fault, which no second look overrides."""


class Reason(FrozenModel):
    """Why a claim, or a field of one, was not proven."""

    code: ReasonCode
    grade: Grade = Grade.REFUTED
    message: str
    """The same in words."""
    value: str | None = None
    """The words of the claim that are not proven."""
    check: str = Field(default="", exclude=True)
    """Which check found it, for measurements; not part of the JSON."""


class Rejected(FrozenModel):
    """A claim that was not proven, as the model wrote it, with all its reasons."""

    kind: ClaimKind
    claim: dict[str, Any]
    """For `field`: `parties` and `status` of the kept partnership, `field` and `value` of what was set to null."""
    reasons: tuple[Reason, ...]

    @property
    def is_refuted(self) -> bool:
        """Whether any of the reasons is a definite fault."""
        return any(reason.grade is Grade.REFUTED for reason in self.reasons)
