"""Validate a gold: every quote at its offset, every name, number and optional field in the article's words.

Independent of `grounding`, so that an error there cannot hide one in a gold.
"""

import re
from collections.abc import Iterator, Sequence

from ..language.normalization import fold
from ..schema import OPTIONAL_FIELDS, Evidence, Partnership, Takeaway, field_values
from .cases import Case, NotPartnership, OrganisationMatcher

_NUMBER = re.compile(r"\d+(?:[.,]\d+)*")
_CAPITALISED = re.compile(r"(?<=[\w,;:] )(?:[dlDL][’'])?([A-ZÀ-ÖØ-Þ][\w-]+)")
_CAPITALISED_NOUNS = ("de", "lb")
_KINDS = {"takeaway": "takeaways", "partnership": "partnerships", "field": "partnerships"}


def faults(case: Case) -> list[str]:
    """Return the errors of a case."""
    gold = case.gold
    found: list[str] = []
    for i, takeaway in enumerate(gold.takeaways):
        found += [f"takeaway {i}: {fault}" for fault in _of_takeaway(takeaway, case)]
    for i, partnership in enumerate(gold.partnerships):
        found += [f"partnership {i}: {fault}" for fault in _of_partnership(partnership, case)]
    for i, trap in enumerate(gold.not_partnerships):
        found += [f"not_partnership {i}: {fault}" for fault in _of_trap(trap, case)]
    return [*found, *_of_planted(case), *_contradictions(case)]


def _of_takeaway(takeaway: Takeaway, case: Case) -> Iterator[str]:
    yield from _of_evidence(takeaway.evidence, case.article.text)
    quoted = _joined(takeaway.evidence)
    for number in _NUMBER.findall(fold(takeaway.text)):
        if number not in _NUMBER.findall(quoted):
            yield f"the number {number!r} is not in any quote"
    if case.article.language.partition("-")[0] in _CAPITALISED_NOUNS:
        return
    text = fold(case.article.text)
    for name in _CAPITALISED.findall(takeaway.text):
        if fold(name) not in text:
            yield f"the name {name!r} is not in the article"


def _of_partnership(partnership: Partnership, case: Case) -> Iterator[str]:
    if len(set(partnership.parties)) < 2:
        yield "two parties are needed"
    yield from _of_evidence(partnership.evidence, case.article.text)
    quoted = _joined(partnership.evidence)
    yield from (f"{party!r} is not named in any quote" for party in partnership.parties if fold(party) not in quoted)
    values = field_values(partnership)
    for field in OPTIONAL_FIELDS:
        value = values[field.name]
        if field.verbatim and value is not None and value not in case.article.text:
            yield f"the {field.name} {value!r} is not in the article"


def _of_trap(trap: NotPartnership, case: Case) -> Iterator[str]:
    yield from _of_evidence(trap.evidence, case.article.text)
    if len(set(trap.parties)) < 2:
        yield "two parties are needed"
    for party in trap.parties:
        if fold(party) not in fold(case.article.text):
            yield f"{party!r} is not in the article"
    if not any(fold(party) in _joined(trap.evidence) for party in trap.parties):
        yield "no quote names one of the parties"


def _of_evidence(evidence: Sequence[Evidence], text: str) -> Iterator[str]:
    if not evidence:
        yield "there is no evidence"
    for one in evidence:
        if text[one.start : one.end] != one.quote or not one.quote.strip():
            yield f"the quote {one.quote[:40]!r} is not at {one.start} to {one.end}"


def _joined(evidence: Sequence[Evidence]) -> str:
    return " ".join(fold(one.quote) for one in evidence)


def _of_planted(case: Case) -> Iterator[str]:
    for planted in case.gold.rejected:
        claims = (case.draft or {}).get(_KINDS[planted.kind]) or []
        if not 0 <= planted.claim_index < len(claims):
            yield f"the planted {planted.kind} {planted.claim_index} is not in the recorded draft"
        elif not planted.codes:
            yield f"the planted {planted.kind} {planted.claim_index} has no reason to be rejected"


def _contradictions(case: Case) -> Iterator[str]:
    gold = case.gold
    organisations = OrganisationMatcher(case.article.text, gold.parties, gold.aliases)
    known = set()
    for claim in gold.partnerships:
        what = (organisations.keys(claim.parties), claim.status, claim.region)
        if what in known:
            yield f"{' + '.join(claim.parties)} ({claim.status.value}) is listed twice"
        known.add(what)
    partners = {pair for claim in gold.partnerships for pair in organisations.pairs(claim.parties)}
    for trap in gold.not_partnerships:
        if trap.kind != "instruction" and not partners.isdisjoint(organisations.pairs(trap.parties)):
            yield f"{' + '.join(trap.parties)} are partners and {trap.kind.value} at once"
