"""Of whom a takeaway tells: whom it names first must be whom its sentence means, not only be named beside it.

Two quotes prove a name and a number each: "Rival Y sold more" and "sales reached 66 million". That they belong together
is proven only where the sentence with the number names the one, or means it (see `parties`).
"""

from ...language.entities.actors import is_place_or_source
from ...language.entities.names import NameSpan
from ...language.normalization import fold_characters
from ...language.numbers import Number, numbers
from ...language.statuses import find_word
from ...schema import Reason, ReasonCode
from ..document import Document
from ..evidence import ClaimEvidence
from ..organisations import Party, is_organisation, parties_of
from ..parties import is_another_meant
from .name_support import claimed_names
from .number_support import same_number


def said_of_another(claim: str, grounds: ClaimEvidence) -> list[Reason]:
    """Return a reason where the numbers of a claim stand in a sentence that means another than whom the claim names."""
    reading = grounds.reading
    tables = reading.lexicon
    if tables is None or reading.output_lexicon is not tables:
        return []
    said = numbers(claim, tables)
    telling = [i for i in grounds.sentences if _has_any(said, i, reading)] if said else []
    if not telling:
        return []
    plain = fold_characters(claim)
    told = [reading.folded_sentence(i) for i in telling]
    names = claimed_names(claim, reading)
    actors = [n for n in names if not is_place_or_source(n.folded, plain[: n.start], reading.language)]
    if any(_stands_in_any(name.folded, told) for name in actors):
        return []  # as nearly always: whoever has the number is named with it
    names = actors
    if not names or not is_organisation(names[0], reading):
        return []
    value = claim[names[0].start : names[0].end]
    party, *others = parties_of([claim[name.start : name.end] for name in names], reading)
    if any(party.stands_in(reading.folded_sentence(i)) for i in grounds.context):
        return []  # it was found to be meant
    if any(one.stands_in(sentence) for sentence in told for one in (party, *others)):
        return []
    if _tells_of_all(names, party, grounds) or not all(is_another_meant(party, others, i, grounds) for i in telling):
        return []
    return [
        Reason(
            code=ReasonCode.ROLE_CONFLICT, message=f"the quoted words say this of another than {value!r}", value=value
        )
    ]


def _stands_in_any(folded: str, sentences: list[str]) -> bool:
    return any(find_word(sentence, folded) >= 0 for sentence in sentences)


def _has_any(said: list[Number], i: int, reading: Document) -> bool:
    return any(same_number(number, other, reading) for number in said for other in reading.sentence(i).numbers)


def _tells_of_all(names: list[NameSpan], party: Party, grounds: ClaimEvidence) -> bool:
    """Tell whether the sentence that names whom a claim is about names another of the claim as well: then it tells."""
    reading = grounds.reading
    own = [reading.folded_sentence(i) for i in (*grounds.sentences, *grounds.context)]
    others = [name.folded for name in names[1:] if not party.stands_in(name.folded)]
    return any(party.stands_in(sentence) and any(other in sentence for other in others) for sentence in own)
