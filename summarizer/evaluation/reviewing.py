"""A person's word on each claim of a case, kept as it is given: a review may stop anywhere and go on later."""

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
from ..schema import ClaimKind, Draft, Partnership, Reason, Rejected, Summary, Takeaway
from .cases import EXPECTED, Case, Gold, NotPartnership, Reviewed, Trap, plain_gold, write_json

Claim = Takeaway | Partnership


@dataclass(frozen=True)
class Item:
    """A claim to be judged."""

    kind: ClaimKind
    said: dict[str, Any]
    """As a draft has it."""
    claim: Claim | None
    """As the gold has it; None for one that the proof rejected."""
    reasons: tuple[Reason, ...] = ()

    @property
    def mark(self) -> str:
        """Tells it from the others, in this review and when it is taken up again."""
        return _mark(self.said)


@dataclass(frozen=True)
class Review:
    """A review under way: each verdict makes another one, and is on disk at once."""

    case: Case
    by: str
    fallen: tuple[Rejected, ...] = ()
    """What the proof rejected of the recorded answer: a person may know better."""

    @classmethod
    def of(cls, case: Case, summary: Summary, by: str) -> "Review":
        """Begin a review, or take it up where it was left."""
        return cls(case, by, tuple(one for one in summary.rejected if one.kind != "field"))

    @property
    def settled(self) -> frozenset[str]:
        """The marks of what was judged already."""
        reviewed = self.case.gold.reviewed
        return frozenset(reviewed.settled) if reviewed and not reviewed.done else frozenset()

    def left(self) -> list[Item]:
        """Return what is still to be judged: the claims of the gold, then what the proof rejected."""
        return [item for item in self._items() if item.mark not in self.settled]

    def _items(self) -> Iterator[Item]:
        for takeaway in self.case.gold.takeaways:
            yield Item("takeaway", _as_said(takeaway), takeaway)
        for pact in self.case.gold.partnerships:
            yield Item("partnership", _as_said(pact), pact)
        for one in self.fallen:
            yield Item(one.kind, dict(one.claim), None, one.reasons)

    def accept(self, item: Item) -> "Review":
        """Leave a claim in the gold; one that the proof rejected stays out of it."""
        return self._with(self.case.gold, item.mark)

    def reject(self, item: Item, trap: Trap | None = None) -> "Review":
        """Take a claim out of the gold; with a trap, its parties are written down as no partners."""
        gold = self._without(item.claim)
        if trap is not None and isinstance(item.claim, Partnership):
            pact = item.claim
            no = NotPartnership(parties=pact.parties, kind=trap, evidence=pact.evidence)
            gold = gold.model_copy(update={"not_partnerships": (*gold.not_partnerships, no)})
        return self._with(gold, item.mark)

    def mend(self, item: Item, mended: Claim) -> "Review":
        """Put a better claim into the place of one, or among the others where it was in none."""
        gold = self.case.gold
        field = "takeaways" if isinstance(mended, Takeaway) else "partnerships"
        claims: list[Any] = list(getattr(gold, field))
        if item.claim in claims:
            claims[claims.index(item.claim)] = mended
        else:
            claims.append(mended)
        return self._with(gold.model_copy(update={field: tuple(claims)}), item.mark, _mark(_as_said(mended)))

    def add(self, claim: Claim) -> "Review":
        """Put a claim into the gold that no model made."""
        return self.mend(Item("takeaway", {}, None), claim)

    def finish(self) -> "Review":
        """Say that all of it is a person's word now."""
        return self._written(self.case.gold, Reviewed(by=self.by, on=date.today().isoformat()))

    def _without(self, claim: Claim | None) -> Gold:
        gold = self.case.gold
        return gold.model_copy(
            update={
                "takeaways": tuple(one for one in gold.takeaways if one != claim),
                "partnerships": tuple(one for one in gold.partnerships if one != claim),
            }
        )

    def _with(self, gold: Gold, *marks: str) -> "Review":
        settled = tuple(dict.fromkeys((*sorted(self.settled), *marks)))
        reviewed = Reviewed(by=self.by, on=date.today().isoformat(), settled=settled, done=False)
        return self._written(gold, reviewed)

    def _written(self, gold: Gold, reviewed: Reviewed) -> "Review":
        gold = gold.model_copy(update={"reviewed": reviewed})
        content = plain_gold(gold)
        if reviewed.done:
            content["reviewed"] = {"by": reviewed.by, "on": reviewed.on}
        write_json(self.case.folder / EXPECTED, content)
        return replace(self, case=replace(self.case, gold=gold))


def proven(kind: ClaimKind, said: dict[str, Any], case: Case) -> tuple[Claim | None, list[str]]:
    """Hold a claim of a person against the article: the proven claim, or None and why it is not."""
    key = "takeaways" if kind == "takeaway" else "partnerships"
    try:
        draft = Draft.model_validate({key: [said]})
    except ValidationError as error:
        return None, [f"{'.'.join(map(str, fault['loc'][2:]))}: {fault['msg']}" for fault in error.errors()]
    summary = ground(draft, case.article, output_language=case.recorded.get("output_language"))
    kept: tuple[Claim, ...] = (*summary.takeaways, *summary.partnerships)
    why = [reason.message for one in summary.rejected for reason in one.reasons]
    return (kept[0] if kept else None), why


def found(kind: ClaimKind, said: dict[str, Any], case: Case) -> Claim | None:
    """Return a claim with its quotes as the article has them, proven or not; None where one of them is not there."""
    reading = Document(case.article)
    places = [find_quote(quote, reading) for quote in said["quotes"]]
    if not all(places):
        return None
    evidence = [place.evidence(case.article.text) for place in places if place]
    noun: type[Claim] = Takeaway if kind == "takeaway" else Partnership
    return noun.model_validate({**said, "evidence": evidence})


def extent(gold: Gold) -> str:
    """Say how much a gold holds."""
    return f"{counted(len(gold.takeaways), 'takeaway')}, {counted(len(gold.partnerships), 'partnership')}"


def counted(number: int, what: str) -> str:
    """Say a number of things."""
    return f"{number} {what}{'' if number == 1 else 's'}"


def _as_said(claim: Claim) -> dict[str, Any]:
    quotes = [one.quote for one in claim.evidence]
    return {**claim.model_dump(mode="json", exclude={"evidence"}), "quotes": quotes}


def _mark(said: dict[str, Any]) -> str:
    return hashlib.sha256(json.dumps(said, sort_keys=True, default=str).encode()).hexdigest()[:12]
