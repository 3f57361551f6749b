"""Claims of several passages about the same thing become one claim with all quotes; each was proven by itself before.

Two states of the same partnership are joined where the article shows which came later: by their dates, otherwise by
what one state can become (talks an agreement, an agreement its end, a rumour its denial); an end counts only where it
comes last in the article. Otherwise both stay: two organisations may have two partnerships.
"""

import re
from collections.abc import Iterable, Sequence
from typing import Any

from ..language.content_words import stems
from ..language.lexicon import Lexicon
from ..language.normalization import fold
from ..schema import OPTIONAL_FIELDS, Evidence, Partnership, Status, Takeaway, field_values
from .alignment import AlignedQuote
from .document import Document
from .evidence import ClaimEvidence
from .organisations import Party, parties_of, same_organisation
from .partnerships import check_kind, check_status

SAME_WORDS = 0.7
"""Share of content words in common from which two takeaways with the same figures say the same."""
SAME_PLACE = 0.6
"""The same, of the shorter one's content words, where both quote the same words of the article."""

_BECOMES: dict[Status, frozenset[Status]] = {
    Status.CONSIDERED: frozenset(Status) - {Status.CONSIDERED},
    Status.IN_TALKS: frozenset({Status.ESTABLISHED, Status.ABANDONED, Status.DENIED, Status.ENDED}),
    Status.ESTABLISHED: frozenset({Status.ENDED}),
}
_OVER = frozenset({Status.ENDED, Status.ABANDONED})
_YEAR = re.compile(r"(?<!\d)(?:19|20)\d\d(?!\d)")


# --- takeaways -------------------------------------------------------------------------------------------------------


def join_takeaways(kept: Iterable[Takeaway], document: Document) -> list[Takeaway]:
    """Return the takeaways without those that rephrase an earlier one."""
    said: list[_TakeawayFeatures] = []
    for takeaway in kept:
        new = _TakeawayFeatures(takeaway, document.output_lexicon)
        if not any(new.repeats(other) for other in said):
            said.append(new)
    return [one.takeaway for one in said]


class _TakeawayFeatures:
    """A takeaway with the features that distinguish it from others."""

    def __init__(self, takeaway: Takeaway, tables: Lexicon | None) -> None:
        folded = fold(takeaway.text)
        self.takeaway = takeaway
        self.words = stems(folded, tables)
        self.figures = frozenset(re.findall(r"\d+", folded))
        self.negated = bool(tables and tables.pattern("negation.cues").search(folded))

    def repeats(self, other: "_TakeawayFeatures") -> bool:
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


def join_partnerships(kept: Iterable[Partnership], document: Document) -> list[Partnership]:
    """Return the partnerships in the order of the article, each with what all passages say of it."""
    joined: list[Partnership] = []
    places: dict[str, list[int]] = {}
    """Form of a name → where the partnerships are that were first told of under it."""
    for pact in sorted(kept, key=lambda one: min(evidence.start for evidence in one.evidence)):
        forms = frozenset(form for party in parties_of(pact.parties, document) for form in party.forms)
        for i in sorted({i for form in forms for i in places.get(form, ())}):
            one = _one(joined[i], pact, document)
            if one is not None:
                joined[i] = one
                break
        else:
            for form in forms:
                places.setdefault(form, []).append(len(joined))
            joined.append(pact)
    return joined


def _one(first: Partnership, second: Partnership, document: Document) -> Partnership | None:
    """Join two partnerships, None where they differ or where their quotes together do not prove the result."""
    if not _same_parties(first.parties, second.parties, document):
        return None
    last = _latest(first, second, document)
    if last is None:
        return None
    before = second if last is first else first
    shared = [field.name for field in OPTIONAL_FIELDS if field.lasting or first.status == second.status]
    newer, older = field_values(last), field_values(before)
    update: dict[str, Any] = {name: newer[name] or older[name] for name in shared}
    if not last.date and "date" in update:
        update["date_iso"] = before.date_iso
    update |= {"parties": first.parties, "evidence": _all((*last.evidence, *before.evidence))}
    one = last.model_copy(update=update)
    return one if _is_proven(one, document) else None


def _same_parties(left: Sequence[str], right: Sequence[str], document: Document) -> bool:
    if len(left) != len(right):
        return False
    others: list[Party] = parties_of(right, document)
    for party in parties_of(left, document):
        twin = next((other for other in others if same_organisation(party, other)), None)
        if twin is None:
            return False
        others.remove(twin)
    return True


def _latest(first: Partnership, second: Partnership, document: Document) -> Partnership | None:
    """Return the later state of a partnership, None where the two are different partnerships."""
    if _apart(first.region, second.region):
        return None
    unlike = _unlike(first.purpose, second.purpose, document)
    order = _order(first, second, document)
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
    """Tell whether two regions are given, and neither contains the other."""
    a, b = fold(left or ""), fold(right or "")
    return a not in b and b not in a


def _unlike(left: str | None, right: str | None, document: Document) -> bool:
    """Tell whether two purposes are given, without one content word in common."""
    if not left or not right:
        return False
    tables = document.output_lexicon
    return not stems(fold(left), tables) & stems(fold(right), tables)


def _order(first: Partnership, second: Partnership, document: Document) -> int:
    """Return 1 where the second is dated later, -1 where earlier, 0 where the article does not say."""
    a, b = _when(first, document), _when(second, document)
    if a is None or b is None:
        return 0
    if a[0] == b[0] and not (a[1] and b[1]):
        return 0
    return (b > a) - (b < a)


def _when(pact: Partnership, document: Document) -> tuple[int, int] | None:
    """Return year and month (0 if unknown) of a partnership's date, or the only year in its quotes."""
    words = fold(pact.date or "")
    years = set(_YEAR.findall(words)) or set(_YEAR.findall(" ".join(evidence.quote for evidence in pact.evidence)))
    if len(years) != 1:
        return None
    months = document.lexicon.months if document.lexicon else {}
    return int(years.pop()), next((months[word] for word in re.findall(r"\w+", words) if word in months), 0)


def _all(evidence: Iterable[Evidence]) -> tuple[Evidence, ...]:
    """Return every quote once, without one that stands within another."""
    found: list[Evidence] = []
    for one in evidence:
        if not any(other.start <= one.start and one.end <= other.end for other in found):
            found = [other for other in found if not (one.start <= other.start and other.end <= one.end)]
            found.append(one)
    return tuple(found)


def _is_proven(pact: Partnership, document: Document) -> bool:
    """Check the joined claim against all its quotes."""
    spans = [(document.span(one), one.match) for one in pact.evidence]
    found = tuple(AlignedQuote(*span, match, (span,)) for span, match in spans)
    evidence = ClaimEvidence(document, found)
    parties = parties_of(pact.parties, document)
    return not check_status(pact.status, parties, evidence) and not check_kind(pact.status, parties, evidence)
