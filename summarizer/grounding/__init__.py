"""Nothing unproven gets through: each quote gets its exact offsets, each claim is proven by its quotes or falls.

Code decides, not a model: `alignment` finds the quoted words, `checks` compare the claim with them, `parties` finds who
is meant, `partnerships` reads the state. Words of a language stand in its lexicon; a language without one gets all
rules that need none.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from ..language.content_words import covered, stems
from ..language.normalization import fold, fold_characters
from ..language.tokens import words as words_of
from ..language.visible import visible
from ..schema import (
    Article,
    ClaimKind,
    Draft,
    DraftPartnership,
    DraftTakeaway,
    Evidence,
    Grade,
    Partnership,
    Provenance,
    Reason,
    ReasonCode,
    Rejected,
    Summary,
    Takeaway,
)
from .alignment import AlignedQuote, Near, find_quote
from .checks.name_support import claimed_names, is_named
from .checks.table import QUOTE_MISSING
from .checks.takeaway_checks import check_takeaway
from .document import Document
from .entailment import check_claim
from .evidence import ClaimEvidence, instructed
from .organisations import Party, outsiders, parties_of
from .parties import find_name, has_subject, is_meant
from .partnerships import check_kind, check_status, prove_fields, prove_parties, resolve_stated_date
from .repair_request import MOST, SAME_CLAIM, likeness, nearest_sentences, repairable, unsuspected

__all__ = ["MOST", "check_claim", "ground", "mend", "nearest_sentences", "repairable", "unsuspected"]

REPEATED = 0.6
"""Share of a sentence's content words, its names aside, from which a claim repeats it."""


def ground(
    draft: Draft,
    article: Article,
    *,
    output_language: str | None = None,
    takeaways: int | None = None,
    provenance: Provenance | None = None,
    join: bool = False,
) -> Summary:
    """Return what the article proves of a draft; the rest is in `rejected`, as the model wrote it, with its reasons.

    Needs no network and no model, and raises on no draft that validates. `output_language` is the one that the claims
    should be in (the article's own), `takeaways` how many of the proven ones are kept at the most (all). `join` is for
    what several passages say: of the same it makes one claim with all quotes, where else the second is a duplicate.
    """
    reading = Document(article, output_language)
    ledger = GroundingLedger(list(draft.usage.malformed), joins=join)
    kept, pacts = _proven(draft, reading, ledger)
    if join:
        from .deduplication import join_partnerships, join_takeaways  # only a long article needs them

        kept, pacts = join_takeaways(kept, reading), join_partnerships(pacts, reading)
    return Summary(
        article=article.info,
        takeaways=tuple(kept)[:takeaways],
        partnerships=tuple(pacts),
        rejected=tuple(ledger.rejected),
        provenance=provenance or Provenance(output_language=reading.output_language),
    )


def mend(
    summary: Summary,
    repaired: Draft,
    article: Article,
    *,
    draft: Draft | None = None,
    takeaways: int | None = None,
    settled_by: str | None = None,
) -> tuple[Summary, int]:
    """Return a summary with the repaired claims that the article proves, and how many they are.

    The claims that were kept stay as they are. A repaired claim takes the place of the one in `rejected` that it comes
    from, and in the order of the `draft`; one that comes from none was not asked for. What code only doubts of it is
    settled where `settled_by` names the model that has had a second look; a definite fault never is.
    """
    document = Document(article, summary.provenance.output_language)
    ledger = GroundingLedger(settled_by=settled_by)
    for takeaway in summary.takeaways:
        _said_before(takeaway.text, ledger)
    for pact in summary.partnerships:
        _paired_before(pact, [party.forms for party in parties_of(pact.parties, document)], ledger)
    kept, pacts = _proven(repaired, document, ledger)
    left = list(summary.rejected)
    room = None if takeaways is None else max(0, takeaways - len(summary.takeaways))
    added = [(claim, origin) for claim in kept if (origin := _origin(claim, left))][:room]
    joined = [(pact, origin) for pact in pacts if (origin := _origin(pact, left))]
    left = [fallen for fallen in left if not any(fallen is origin for _, origin in (*added, *joined))]
    places = {claim.text: i for i, claim in enumerate(draft.takeaways if draft else ())}
    ranked = [(places.get(one.text, len(places)), one) for one in summary.takeaways]
    ranked += [(places.get(str(origin.claim.get("text")), len(places)), claim) for claim, origin in added]
    update = {
        "takeaways": tuple(claim for _, claim in sorted(ranked, key=lambda pair: pair[0])),
        "partnerships": (*summary.partnerships, *(pact for pact, _ in joined)),
        "rejected": (*left, *(fallen for fallen in ledger.rejected if fallen not in left)),
    }
    return summary.model_copy(update=update), len(added) + len(joined)


def _origin(claim: Takeaway | Partnership, left: Sequence[Rejected]) -> Rejected | None:
    """Return the rejected claim that a repaired one comes from."""
    origin = max(left, key=lambda fallen: likeness(claim, fallen), default=None)
    return origin if origin is not None and likeness(claim, origin) >= SAME_CLAIM else None


def _proven(draft: Draft, reading: Document, ledger: "GroundingLedger") -> tuple[list[Takeaway], list[Partnership]]:
    ledger.organisations = frozenset(fold(name) for claim in draft.partnerships for name in claim.parties)
    kept = [_takeaway(claim, reading, ledger) for claim in draft.takeaways]
    pacts = [_partnership(claim, reading, ledger) for claim in draft.partnerships]
    return [claim for claim in kept if claim], [pact for pact in pacts if pact]


@dataclass
class GroundingLedger:
    """What fell so far, and what was kept, so that nothing is said twice."""

    rejected: list[Rejected] = field(default_factory=list)
    said: list[frozenset[str]] = field(default_factory=list)
    regions: dict[tuple[frozenset[str], str], set[str]] = field(default_factory=dict)
    organisations: frozenset[str] = frozenset()
    """The folded names of all parties of the draft."""
    joins: bool = False
    """What is said twice is left for `deduplication`."""
    settled_by: str | None = None
    """The model whose second look settles what code only doubts; None where code alone decides."""

    def settles(self, reasons: Sequence[Reason]) -> bool:
        """Tell whether a second look has settled all of these reasons."""
        return self.settled_by is not None and all(reason.grade is Grade.DOUBT for reason in reasons)

    def proof(self, doubts: Sequence[Reason]) -> dict[str, Any]:
        """Return what a kept claim says of its proof."""
        return {"proof": self.settled_by, "doubts": tuple(dict.fromkeys(doubts))} if doubts else {}

    def reject(self, kind: ClaimKind, claim: DraftTakeaway | DraftPartnership, reasons: Iterable[Reason]) -> None:
        """Write a claim down with its reasons, each once."""
        distinct = tuple(dict.fromkeys(reasons))
        self.rejected.append(Rejected(kind=kind, claim=claim.model_dump(mode="json"), reasons=distinct))


def _locate(quotes: Sequence[str], reading: Document, near: Near) -> tuple[ClaimEvidence, list[Reason]]:
    """Find each quote; one that the article does not have is a reason, and the others still count."""
    found: list[AlignedQuote] = []
    reasons = []
    for quote in quotes:
        place = find_quote(quote, reading, near)
        if place is None:
            reasons.append(QUOTE_MISSING.reason("the article does not have these words", quote))
        elif place not in found:
            found.append(place)
    return ClaimEvidence(reading, tuple(found)), reasons


def _takeaway(claim: DraftTakeaway, reading: Document, ledger: GroundingLedger) -> Takeaway | None:
    text = visible(claim.text)
    grounds, reasons = _locate(claim.quotes, reading, lambda: stems(fold(text), reading.lexicon))
    if grounds.found:
        grounds = _with_context(text, grounds)
        reasons += instructed(grounds)
        reasons += check_takeaway(text, grounds)
    doubts = reasons if ledger.settles(reasons) else []
    if not reasons or doubts:
        reasons = _said_before(claim.text, ledger)
    if reasons:
        ledger.reject("takeaway", claim, reasons)
        return None
    return Takeaway(text=claim.text, evidence=_evidence(grounds), **ledger.proof(doubts))


def _with_context(text: str, grounds: ClaimEvidence) -> ClaimEvidence:
    """Add the sentence that names whom the quotes call "elle" or "the airline", where the claim says the name."""
    reading = grounds.reading
    words = grounds.folded
    missing = [name for name in claimed_names(text, reading) if not is_named(name, words, reading)]
    if len(missing) != 1:
        return grounds
    names = {text[name.start : name.end] for name in claimed_names(text, reading)}
    others = sorted(names - {text[missing[0].start : missing[0].end]})
    parties = parties_of([text[missing[0].start : missing[0].end], *others], reading)
    if _replaces(text, parties, grounds):
        return grounds
    if not others and (not is_meant(parties[0], grounds) or has_subject(parties, grounds)):
        return grounds
    return find_name(parties[0], parties[1:], grounds)


def _replaces(text: str, parties: Sequence[Party], grounds: ClaimEvidence) -> bool:
    """Tell whether a claim repeats a sentence that has another name in the place of the one that is missing."""
    reading = grounds.reading
    said = stems(fold(text), reading.lexicon)
    for i in grounds.sentences:
        others = outsiders(i, parties, reading)
        names = stems(" ".join(name.folded for name in others), reading.lexicon)
        if others and covered(stems(reading.folded_sentence(i), reading.lexicon) - names, said) >= REPEATED:
            return True
    return False


def _partnership(claim: DraftPartnership, reading: Document, ledger: GroundingLedger) -> Partnership | None:
    written, claim = claim, claim.model_copy(update={"parties": tuple(map(visible, claim.parties))})
    grounds, reasons = _locate(claim.quotes, reading, lambda: map(fold, claim.parties))
    if not grounds.found:
        ledger.reject("partnership", written, reasons)
        return None
    grounds, parties, missing = prove_parties(claim, grounds)
    reasons += [
        *instructed(grounds),
        *missing,
        *check_status(claim.status, parties, grounds),
        *check_kind(claim.status, parties, grounds),
    ]
    fields, fallen = prove_fields(claim, parties, replace(grounds, organisations=ledger.organisations))
    doubts = reasons if ledger.settles(reasons) else []
    if not reasons or doubts:
        reasons = _paired_before(claim, [party.forms for party in parties], ledger)
    if reasons:
        ledger.reject("partnership", written, reasons)
        return None
    ledger.rejected += fallen
    return Partnership(
        parties=claim.parties,
        status=claim.status,
        date_iso=resolve_stated_date(fields["date"], claim.status, parties, grounds),
        evidence=_evidence(grounds),
        **fields,
        **ledger.proof(doubts),
    )


def _evidence(grounds: ClaimEvidence) -> tuple[Evidence, ...]:
    reading = grounds.reading
    quoted = [found.evidence(reading) for found in grounds.found]
    for added in (reading.evidence(*reading.sentences[i]) for i in grounds.context):
        if not any(one.start <= added.start and added.end <= one.end for one in quoted):
            quoted.append(added)
    return tuple(quoted)


# --- the same claim twice --------------------------------------------------------------------------------------


def _said_before(text: str, ledger: GroundingLedger) -> list[Reason]:
    words = frozenset(words_of(fold_characters(text)))
    if not ledger.joins and any(_nearly_equal(words, said) for said in ledger.said):
        return [Reason(code=ReasonCode.DUPLICATE, message="another takeaway says the same")]
    ledger.said.append(words)
    return []


def _nearly_equal(left: frozenset[str], right: frozenset[str]) -> bool:
    differing = left ^ right
    return len(left & right) >= 0.85 * len(left | right) and not any(c.isdigit() for word in differing for c in word)


def _paired_before(
    claim: DraftPartnership | Partnership, forms: list[tuple[str, ...]], ledger: GroundingLedger
) -> list[Reason]:
    region, pair = fold(claim.region or ""), (frozenset(min(names, key=len) for names in forms), claim.status.value)
    regions = ledger.regions.setdefault(pair, set())
    if not ledger.joins and regions and (not region or not regions.isdisjoint(("", region))):
        return [Reason(code=ReasonCode.DUPLICATE, message="the same partnership in the same state was proven already")]
    regions.add(region)
    return []
