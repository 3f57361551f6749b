"""All checks, each with its grade; `tests/benchmarks/README.md` has on how many claims about real news each fires.

What refutes hits hardly a true claim. What doubts hits some: it asks for a second look. What hits true and false
claims alike is no check.
"""

from dataclasses import dataclass

from ...schema import Grade, Reason, ReasonCode


@dataclass(frozen=True)
class Check:
    """One way in which evidence may fail a claim."""

    name: str
    code: ReasonCode
    grade: Grade

    def reason(self, message: str, value: str | None = None) -> Reason:
        """Return the reason of a claim on which the check fires."""
        return Reason(code=self.code, grade=self.grade, message=message, value=value, check=self.name)


_REFUTED, _DOUBT = Grade.REFUTED, Grade.DOUBT

QUOTE_MISSING = Check("quote not in the article", ReasonCode.QUOTE_NOT_FOUND, _REFUTED)
INSTRUCTION = Check("quote is an instruction", ReasonCode.WEAK_EVIDENCE, _REFUTED)
LANGUAGE = Check("other language", ReasonCode.WRONG_LANGUAGE, _REFUTED)
NUMBER_MISSING = Check("number not in the quotes", ReasonCode.NUMBER_NOT_IN_EVIDENCE, _REFUTED)
NUMBER_WORD_MISSING = Check("number word not in the quotes", ReasonCode.NUMBER_NOT_IN_EVIDENCE, _DOUBT)
DATE_MISSING = Check("date not in the quotes", ReasonCode.DATE_NOT_IN_EVIDENCE, _REFUTED)
NAME_UNKNOWN = Check("name not in the article", ReasonCode.NAME_NOT_IN_EVIDENCE, _REFUTED)
NAME_ELSEWHERE = Check("name far from the quotes", ReasonCode.NAME_NOT_IN_EVIDENCE, _REFUTED)
NAME_NEARBY = Check("name beside the quotes", ReasonCode.NAME_NOT_IN_EVIDENCE, _DOUBT)
NAME_DOUBTFUL = Check("name that may be meant", ReasonCode.NAME_NOT_IN_EVIDENCE, _DOUBT)
NEGATION = Check("same clause, only one negated", ReasonCode.POLARITY_CONFLICT, _DOUBT)
NEGATION_NEAR = Check("similar clause, only one negated", ReasonCode.POLARITY_CONFLICT, _DOUBT)
DIRECTION = Check("number that goes the other way", ReasonCode.POLARITY_CONFLICT, _REFUTED)
RESULT = Check("loss against profit", ReasonCode.POLARITY_CONFLICT, _REFUTED)
ROLES = Check("roles exchanged", ReasonCode.ROLE_CONFLICT, _DOUBT)
ATTACHMENT = Check("number of something else", ReasonCode.NUMBER_NOT_IN_EVIDENCE, _REFUTED)
PRIOR_VALUE = Check("earlier value told as the new one", ReasonCode.NUMBER_NOT_IN_EVIDENCE, _DOUBT)
OVERLAP = Check("hardly a word in common", ReasonCode.WEAK_EVIDENCE, _DOUBT)
SAME_PARTY = Check("one organisation twice", ReasonCode.PARTY_NOT_IN_EVIDENCE, _REFUTED)
PARTY_MISSING = Check("party far from the quotes", ReasonCode.PARTY_NOT_IN_EVIDENCE, _REFUTED)
PARTY_NEARBY = Check("party that may be meant", ReasonCode.PARTY_NOT_IN_EVIDENCE, _DOUBT)
STATUS = Check("other status", ReasonCode.STATUS_CONFLICT, _DOUBT)
NO_RELATION = Check("no word of a partnership", ReasonCode.WEAK_EVIDENCE, _DOUBT)
OTHER_RELATION = Check("other relation", ReasonCode.NOT_A_PARTNERSHIP, _DOUBT)
FIELD_MISSING = Check("field not in the article", ReasonCode.FIELD_NOT_IN_ARTICLE, _REFUTED)
FIELD_ELSEWHERE = Check("field far from the quotes", ReasonCode.FIELD_NOT_IN_ARTICLE, _REFUTED)
ALLEGED = Check("allegation told as a fact", ReasonCode.MODALITY_CONFLICT, _DOUBT)
PLANNED = Check("plan told as a fact", ReasonCode.MODALITY_CONFLICT, _DOUBT)
POSSIBLE = Check("condition dropped", ReasonCode.MODALITY_CONFLICT, _DOUBT)
QUALIFIED = Check("qualification dropped", ReasonCode.MODALITY_CONFLICT, _DOUBT)
UNASSERTED = Check("question, condition or fiction", ReasonCode.MODALITY_CONFLICT, _DOUBT)
