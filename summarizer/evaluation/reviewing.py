"""Record a person's verdict on each claim of a case; a review can be interrupted and resumed."""

import hashlib
import json
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from pydantic import ValidationError

from ..grounding import ground
from ..grounding.alignment import find_quote
from ..grounding.document import Document
from ..schema import ClaimKind, Draft, Partnership, Reason, Rejected, Summary, Takeaway, as_drafted
from .cases import EXPECTED, Case, Gold, NotPartnership, Reviewed, Trap, gold_to_json, write_json

Claim = Takeaway | Partnership


@dataclass(frozen=True)
class Item:
    """A claim to review."""

    kind: ClaimKind
    drafted: dict[str, Any]
    """As in a draft."""
    claim: Claim | None
    """As in the gold; None for one that grounding rejected."""
    reasons: tuple[Reason, ...] = ()

    @property
    def fingerprint(self) -> str:
        """Identifies the claim when the review is resumed."""
        return _fingerprint(self.drafted)


@dataclass(frozen=True)
class CaseReview:
    """A review in progress: each verdict returns a new one, and is written to disk at once."""

    case: Case
    by: str
    rejected: tuple[Rejected, ...] = ()
    """What grounding rejected of the recorded draft: a person may know better."""

    @classmethod
    def of(cls, case: Case, summary: Summary, by: str) -> "CaseReview":
        """Begin or resume a review."""
        return cls(case, by, tuple(one for one in summary.rejected if one.kind != "field"))

    @property
    def settled(self) -> frozenset[str]:
        """The fingerprints of the claims that were judged already."""
        reviewed = self.case.gold.reviewed
        return frozenset(reviewed.settled) if reviewed and not reviewed.done else frozenset()

    def remaining(self) -> list[Item]:
        """Return what is still to be judged: the claims of the gold, then the rejected ones."""
        return [item for item in self._items() if item.fingerprint not in self.settled]

    def _items(self) -> Iterator[Item]:
        for takeaway in self.case.gold.takeaways:
            yield Item("takeaway", as_drafted(takeaway), takeaway)
        for partnership in self.case.gold.partnerships:
            yield Item("partnership", as_drafted(partnership), partnership)
        for one in self.rejected:
            yield Item(one.kind, dict(one.claim), None, one.reasons)

    def accept(self, item: Item) -> "CaseReview":
        """Keep a claim in the gold; one that was rejected stays out of it."""
        return self._with(self.case.gold, item.fingerprint)

    def reject(self, item: Item, trap: Trap | None = None) -> "CaseReview":
        """Remove a claim from the gold; with a trap, record its parties as not partners."""
        gold = self.case.gold
        kept = {
            "takeaways": tuple(one for one in gold.takeaways if one != item.claim),
            "partnerships": tuple(one for one in gold.partnerships if one != item.claim),
        }
        gold = gold.model_copy(update=kept)
        if trap is not None and isinstance(item.claim, Partnership):
            entry = NotPartnership(parties=item.claim.parties, kind=trap, evidence=item.claim.evidence)
            gold = gold.model_copy(update={"not_partnerships": (*gold.not_partnerships, entry)})
        return self._with(gold, item.fingerprint)

    def correct(self, item: Item, corrected: Claim) -> "CaseReview":
        """Replace a claim of the gold, or add the corrected one where it was not in the gold."""
        gold = self.case.gold
        field = "takeaways" if isinstance(corrected, Takeaway) else "partnerships"
        claims: list[Any] = list(getattr(gold, field))
        if item.claim in claims:
            claims[claims.index(item.claim)] = corrected
        else:
            claims.append(corrected)
        return self._with(
            gold.model_copy(update={field: tuple(claims)}), item.fingerprint, _fingerprint(as_drafted(corrected))
        )

    def add(self, claim: Claim) -> "CaseReview":
        """Add a claim to the gold that no model drafted."""
        return self.correct(Item("takeaway", {}, None), claim)

    def finish(self) -> "CaseReview":
        """Mark the review as done."""
        return self._written(self.case.gold, Reviewed(by=self.by, on=date.today().isoformat()))

    def _with(self, gold: Gold, *fingerprints: str) -> "CaseReview":
        settled = tuple(dict.fromkeys((*sorted(self.settled), *fingerprints)))
        reviewed = Reviewed(by=self.by, on=date.today().isoformat(), settled=settled, done=False)
        return self._written(gold, reviewed)

    def _written(self, gold: Gold, reviewed: Reviewed) -> "CaseReview":
        gold = gold.model_copy(update={"reviewed": reviewed})
        content = gold_to_json(gold)
        if reviewed.done:
            content["reviewed"] = {"by": reviewed.by, "on": reviewed.on}
        write_json(self.case.folder / EXPECTED, content)
        return replace(self, case=replace(self.case, gold=gold))


def proven(kind: ClaimKind, drafted: dict[str, Any], case: Case) -> tuple[Claim | None, list[str]]:
    """Ground a person's claim in the article: return the proven claim, or None and the reasons."""
    key = "takeaways" if kind == "takeaway" else "partnerships"
    try:
        draft = Draft.model_validate({key: [drafted]})
    except ValidationError as error:
        return None, [f"{'.'.join(map(str, fault['loc'][2:]))}: {fault['msg']}" for fault in error.errors()]
    summary = ground(draft, case.article, output_language=case.recorded.get("output_language"))
    kept: tuple[Claim, ...] = (*summary.takeaways, *summary.partnerships)
    why = [reason.message for one in summary.rejected for reason in one.reasons]
    return (kept[0] if kept else None), why


def found(kind: ClaimKind, drafted: dict[str, Any], case: Case) -> Claim | None:
    """Return a claim with the article's own quotes, proven or not; None where a quote is not found."""
    document = Document(case.article)
    alignments = [find_quote(quote, document) for quote in drafted["quotes"]]
    if not all(alignments):
        return None
    evidence = [alignment.evidence(document) for alignment in alignments if alignment]
    model: type[Claim] = Takeaway if kind == "takeaway" else Partnership
    return model.model_validate({**drafted, "evidence": evidence})


def extent(gold: Gold) -> str:
    """Return how many takeaways and partnerships a gold has, in words."""
    return f"{counted(len(gold.takeaways), 'takeaway')}, {counted(len(gold.partnerships), 'partnership')}"


def counted(number: int, what: str) -> str:
    """Return a number with its noun in singular or plural."""
    return f"{number} {what}{'' if number == 1 else 's'}"


def _fingerprint(drafted: dict[str, Any]) -> str:
    return hashlib.sha256(json.dumps(drafted, sort_keys=True, default=str).encode()).hexdigest()[:12]
