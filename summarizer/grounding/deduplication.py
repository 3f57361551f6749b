"""What several passages say of the same becomes one claim with all its quotes; each was proven by itself before.

Two states of the same partnership are one story where the article says which came later: by their dates, and else by
what can become of what (talks of an agreement, an agreement of its end, a rumour of its denial), an end only where it
is told last. Else both stay: the same two organisations may have two partnerships.
"""

import re
from collections.abc import Iterable, Sequence

from ..language.content_words import stems
from ..language.lexicon import Lexicon
from ..language.normalization import fold
from ..language.sentences import Span
from ..schema import Evidence, Partnership, Status, Takeaway
from .alignment import AlignedQuote
from .document import Document
from .evidence import ClaimEvidence
from .parties import Party, parties_of, same_organisation
from .partnerships import dressed_up, unproven_status

SAME_WORDS = 0.7
"""Of all the content words of two takeaways with the same figures: so many in common, and they say the same."""
SAME_PLACE = 0.6
"""Of the content words of the shorter one, where both quote the same words of the article."""

_BECOMES: dict[Status, frozenset[Status]] = {
    Status.CONSIDERED: frozenset(Status) - {Status.CONSIDERED},
    Status.IN_TALKS: frozenset({Status.ESTABLISHED, Status.ABANDONED, Status.DENIED, Status.ENDED}),
    Status.ESTABLISHED: frozenset({Status.ENDED}),
}
_OVER = frozenset({Status.ENDED, Status.ABANDONED})
_YEAR = re.compile(r"(?<!\d)(?:19|20)\d\d(?!\d)")


# --- takeaways -------------------------------------------------------------------------------------------------------


def join_takeaways(kept: Iterable[Takeaway], reading: Document) -> list[Takeaway]:
    """Return the takeaways without those that say in other words what one before them says."""
    said: list[_Said] = []
    for takeaway in kept:
        new = _Said(takeaway, reading.output_lexicon)
        if not any(new.repeats(other) for other in said):
            said.append(new)
    return [one.takeaway for one in said]


class _Said:
    """A takeaway, by what tells it from others."""

    def __init__(self, takeaway: Takeaway, tables: Lexicon | None) -> None:
        folded = fold(takeaway.text)
        self.takeaway = takeaway
        self.words = stems(folded, tables)
        self.figures = frozenset(re.findall(r"\d+", folded))
        self.negated = bool(tables and tables.pattern("negation.cues").search(folded))

    def repeats(self, other: "_Said") -> bool:
        if self.negated != other.negated or not self.words or not other.words:
            return False
        shared = len(self.words & other.words)
        if self.figures == other.figures and shared >= SAME_WORDS * len(self.words | other.words):
            return True
        if not (self.figures <= other.figures or self.figures >= other.figures):
            return False
        near = shared >= SAME_PLACE * min(len(self.words), len(other.words))
        return near and _overlap(self.takeaway.evidence, other.takeaway.evidence)


def _overlap(left: Sequence[Evidence], right: Sequence[Evidence]) -> bool:
    return any(one.start < other.end and other.start < one.end for one in left for other in right)


# --- partnerships ----------------------------------------------------------------------------------------------------


def join_partnerships(kept: Iterable[Partnership], reading: Document) -> list[Partnership]:
    """Return the partnerships in the order in which they are told first, each with what all passages say of it."""
    joined: list[tuple[Partnership, frozenset[str]]] = []
    for pact in sorted(kept, key=_place):
        forms = frozenset(form for party in parties_of(pact.parties, reading) for form in party.forms)
        for i, (other, known) in enumerate(joined):
            one = None if forms.isdisjoint(known) else _one(other, pact, reading)
            if one is not None:
                joined[i] = (one, known)
                break
        else:
            joined.append((pact, forms))
    return [pact for pact, _ in joined]


def _place(pact: Partnership) -> int:
    return min(evidence.start for evidence in pact.evidence)


def _one(first: Partnership, second: Partnership, reading: Document) -> Partnership | None:
    """Return two partnerships as one, None where they are two, or where their quotes together do not prove one."""
    if not _same_parties(first.parties, second.parties, reading):
        return None
    last = _latest(first, second, reading)
    if last is None:
        return None
    before = second if last is first else first
    fields = ("purpose", "region", "date", "attribution") if first.status == second.status else ("purpose", "region")
    update = {name: getattr(last, name) or getattr(before, name) for name in fields}
    update |= {"parties": first.parties, "evidence": _all((*last.evidence, *before.evidence))}
    one = last.model_copy(update=update)
    return one if _is_proven(one, reading) else None


def _same_parties(left: Sequence[str], right: Sequence[str], reading: Document) -> bool:
    if len(left) != len(right):
        return False
    others: list[Party] = parties_of(right, reading)
    for party in parties_of(left, reading):
        twin = next((other for other in others if same_organisation(party, other)), None)
        if twin is None:
            return False
        others.remove(twin)
    return True


def _latest(first: Partnership, second: Partnership, reading: Document) -> Partnership | None:
    """Return the one of two that tells how far the same partnership has come; None where they are not the same."""
    if _apart(first.region, second.region):
        return None
    unlike = _unlike(first.purpose, second.purpose, reading)
    order = _order(first, second, reading)
    if first.status == second.status:
        return None if unlike and order else first
    if unlike:
        return None
    for before, after, dated in ((first, second, order), (second, first, -order)):
        if after.status in _BECOMES.get(before.status, ()):
            told_last = after is second or after.status not in _OVER
            return after if dated > 0 or (not dated and told_last) else None
    return None


def _apart(left: str | None, right: str | None) -> bool:
    """Tell whether two regions are given, and neither is part of the other's words."""
    a, b = fold(left or ""), fold(right or "")
    return a not in b and b not in a


def _unlike(left: str | None, right: str | None, reading: Document) -> bool:
    """Tell whether two purposes are given, without one content word in common."""
    if not left or not right:
        return False
    tables = reading.output_lexicon
    return not stems(fold(left), tables) & stems(fold(right), tables)


def _order(first: Partnership, second: Partnership, reading: Document) -> int:
    """Return 1 where the second is dated later, -1 where earlier, 0 where the article does not say."""
    a, b = _when(first, reading), _when(second, reading)
    if a is None or b is None:
        return 0
    if a[0] == b[0] and not (a[1] and b[1]):
        return 0
    return (b > a) - (b < a)


def _when(pact: Partnership, reading: Document) -> tuple[int, int] | None:
    """Return year and month, 0 for an unknown one, of a partnership's date, else of the only year in its quotes."""
    words = fold(pact.date or "")
    years = set(_YEAR.findall(words)) or set(_YEAR.findall(" ".join(evidence.quote for evidence in pact.evidence)))
    if len(years) != 1:
        return None
    months = reading.lexicon.months if reading.lexicon else {}
    return int(years.pop()), next((months[word] for word in re.findall(r"\w+", words) if word in months), 0)


def _all(evidence: Iterable[Evidence]) -> tuple[Evidence, ...]:
    """Return every quote once, without one that stands within another."""
    found: list[Evidence] = []
    for one in evidence:
        if not any(other.start <= one.start and one.end <= other.end for other in found):
            found = [other for other in found if not (one.start <= other.start and other.end <= one.end)]
            found.append(one)
    return tuple(found)


def _is_proven(pact: Partnership, reading: Document) -> bool:
    """Hold the whole against all its quotes, as if one passage had said it."""
    found = tuple(AlignedQuote(one.start, one.end, one.match, (Span(one.start, one.end),)) for one in pact.evidence)
    grounds = ClaimEvidence(reading, found)
    parties = parties_of(pact.parties, reading)
    return not unproven_status(pact.status, parties, grounds) and not dressed_up(pact.status, parties, grounds)
