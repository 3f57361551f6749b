"""Whether a takeaway is about whom its evidence is about: the name must be meant there, not only stand nearby.

Two quotes prove a name and a number each: "Rival Y sold more" and "sales reached 66 million". That they belong together
is proven only where the sentence with the number names the one, or means it (see `parties`).
"""

from ...language.entities.actors import is_place_or_source
from ...language.entities.names import NameSpan
from ...language.normalization import fold_characters
from ...language.numbers import Number, numbers
from ...language.statuses import find_word
from ...schema import Reason
from ..document import Document
from ..evidence import ClaimEvidence
from ..organisations import Party, is_organisation, parties_of
from ..parties import is_another_meant
from .name_support import claimed_names
from .number_support import same_number
from .table import SUBJECT


def check_subject(claim: str, evidence: ClaimEvidence) -> list[Reason]:
    """Return a reason where the numbers of a claim stand in a sentence about another organisation."""
    document = evidence.reading
    tables = document.lexicon
    if tables is None or document.output_lexicon is not tables:
        return []
    said = numbers(claim, tables)
    telling = [i for i in evidence.sentences if _has_any(said, i, document)] if said else []
    if not telling:
        return []
    plain = fold_characters(claim)
    told = [document.folded_sentence(i) for i in telling]
    named = claimed_names(claim, document)
    names = [name for name in named if not is_place_or_source(name.folded, plain[: name.start], document.language)]
    if any(_stands_in_any(name.folded, told) for name in names):
        return []  # as nearly always: whoever has the number is named with it
    if not names or not is_organisation(names[0], document):
        return []
    value = claim[names[0].start : names[0].end]
    party, *others = parties_of([claim[name.start : name.end] for name in names], document)
    if any(party.stands_in(document.folded_sentence(i)) for i in evidence.context):
        return []  # it was found to be meant
    if any(one.stands_in(sentence) for sentence in told for one in (party, *others)):
        return []
    if _tells_of_all(names, party, evidence) or not all(is_another_meant(party, others, i, evidence) for i in telling):
        return []
    return [SUBJECT.reason(f"the quoted words say this of another than {value!r}", value)]


def _stands_in_any(folded: str, sentences: list[str]) -> bool:
    return any(find_word(sentence, folded) >= 0 for sentence in sentences)


def _has_any(said: list[Number], i: int, document: Document) -> bool:
    return any(same_number(number, other, document) for number in said for other in document.sentence(i).numbers)


def _tells_of_all(names: list[NameSpan], party: Party, evidence: ClaimEvidence) -> bool:
    """Tell whether a sentence names the subject of the claim beside another of its names: it is about both."""
    document = evidence.reading
    own = [document.folded_sentence(i) for i in (*evidence.sentences, *evidence.context)]
    others = [name.folded for name in names[1:] if not party.stands_in(name.folded)]
    return any(party.stands_in(sentence) and any(other in sentence for other in others) for sentence in own)
