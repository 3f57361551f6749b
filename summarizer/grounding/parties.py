"""Who is meant: every party named in a quote, or brought in by the nearby earlier sentence that the quote leans on.

"Elle a aussi envisagé une coopération avec Google" names one party and leaves the other to the context. The sentence
that names it is found and joins the evidence, unless another organisation of the article is the one that is resolver.
"""

from collections.abc import Sequence
from dataclasses import replace

from ..schema import Reason
from .antecedents import AntecedentResolver
from .checks.table import PARTY_MISSING, PARTY_NEARBY, SAME_PARTY
from .evidence import ClaimEvidence
from .organisations import Party, is_first_person, is_introduced_first, is_topic, mentions, same_organisation

NEAR = 1
"""Sentences from the quotes within which a party may be meant by them."""


def distinct(parties: Sequence[Party]) -> list[Reason]:
    """Return a reason where two parties are one organisation under two names."""
    for i, left in enumerate(parties):
        for right in parties[i + 1 :]:
            if set(left.forms) & set(right.forms) and same_organisation(left, right):
                message = f"{left.name!r} and {right.name!r} are one organisation"
                return [SAME_PARTY.reason(message, right.name)]
    return []


def find_parties(parties: Sequence[Party], evidence: ClaimEvidence) -> tuple[ClaimEvidence, list[Reason]]:
    """Find every party in the evidence; return it with the sentences that had to join it, and what is missing.

    One sentence names them all, or the sentence that tells the most of them names one and clearly means the others, or
    a second quote joins them to it.
    """
    quoted = evidence.folded
    if not any(party.stands_in(quoted) for party in parties):
        return evidence, [_missing(party, evidence) for party in parties]
    main = main_sentence(parties, evidence)
    own = evidence.reading.folded_sentence(main)
    present = [party for party in parties if party.stands_in(own) and party.stands_in(quoted)]
    resolver = AntecedentResolver(parties, present, main, evidence.reading)
    if len(present) == len(parties) and resolver.are_counterparts():
        return evidence, [_missing(parties[0], evidence)]
    reasons, context, brought = [], list(evidence.context), False
    for party in parties:
        if party in present or resolver.is_joined(party, evidence.sentences):
            continue
        if is_topic(party, evidence.reading) and party.stands_in(quoted):
            continue
        sentence = resolver.sentence_that_names(party) if len(present) == 1 else None
        if sentence is None or (brought and not resolver.is_plural()):
            reasons.append(_missing(party, evidence))
        else:
            brought = True
            context.append(sentence)
    return replace(evidence, context=tuple(dict.fromkeys(context))), reasons


def find_name(party: Party, others: Sequence[Party], evidence: ClaimEvidence) -> ClaimEvidence:
    """Add the sentence that names whom a takeaway names and its quote does not; nothing where that is not clear."""
    main = main_sentence(others, evidence)
    own = evidence.reading.folded_sentence(main)
    present = [other for other in others if other.stands_in(own)]
    sentence = AntecedentResolver([party, *others], present, main, evidence.reading).sentence_that_names(party)
    if sentence is None:
        return evidence
    return replace(evidence, context=(*evidence.context, sentence))


def has_subject(parties: Sequence[Party], evidence: ClaimEvidence) -> bool:
    """Tell whether the quotes have a subject of their own that is none of these: then nobody is left to the context."""
    main = main_sentence(parties, evidence)
    return bool(AntecedentResolver(parties, [], main, evidence.reading).subjects(main))


def is_meant(party: Party, evidence: ClaimEvidence) -> bool:
    """Tell whether the quotes, which name nobody, can only mean `party`."""
    return AntecedentResolver([party], [], main_sentence([party], evidence), evidence.reading).is_protagonist(party)


def main_sentence(parties: Sequence[Party], evidence: ClaimEvidence) -> int:
    """Return the quoted sentence that names most of the parties; of equals the one with the rarest, then the last.

    One that names only whom the article is about is there for the name.
    """
    document = evidence.reading
    if len(evidence.sentences) == 1:
        return evidence.sentences[0]
    we = any(is_first_person(i, document) for i in evidence.sentences)

    def rank(i: int) -> tuple[int, bool, int, int]:
        named = [party for party in parties if party.stands_in(document.folded_sentence(i))]
        tells = not all(is_topic(party, document) or (we and is_introduced_first(party, document)) for party in named)
        return len(named), tells, -min((mentions(party, document) for party in named), default=0), i

    return max(evidence.sentences, key=rank)


def _missing(party: Party, evidence: ClaimEvidence) -> Reason:
    """Say that a party is not in the evidence: a doubt where the quotes or their neighbours name it."""
    document = evidence.reading
    near = {j for i in evidence.sentences for j in range(i - NEAR, i + NEAR + 1) if 0 <= j < len(document.sentences)}
    named = any(party.stands_in(document.folded_sentence(j)) for j in near)
    message = f"{party.name!r} is neither named in the quoted words nor clearly meant by them"
    return (PARTY_NEARBY if named else PARTY_MISSING).reason(message, party.name)
