"""Compare the facts of two results for one article; a different wording is not a change."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import NamedTuple, TypeVar

from ..language.content_words import covered, stems
from ..language.lexicon import lexicon
from ..language.normalization import fold
from ..language.numbers import numbers
from ..schema import OPTIONAL_FIELDS, Article, Evidence, Partnership, Takeaway, field_values
from .cases import Facts
from .organisation_matching import OrganisationMatcher
from .scoring import SAME_WORDS, same_place

DETAILS = tuple(field.name for field in OPTIONAL_FIELDS if field.verbatim)
"""The optional fields that are facts in the article's own words; the others are wording."""

_T = TypeVar("_T", Takeaway, Partnership)


class Change(NamedTuple):
    """One changed fact."""

    what: str
    """`partnership gained`, `partnership lost`, `status changed`, `parties changed`, `region changed` and so on,
    `evidence moved`, `takeaway gained`, `takeaway lost`, `figures changed`."""
    about: str
    """The claim."""
    before: str | None = None
    after: str | None = None

    def __str__(self) -> str:
        if self.before is None and self.after is None:
            return f"{self.what}: {self.about}"
        return f"{self.what}: {self.about.rstrip('.')}: {self.before or '–'} → {self.after or '–'}"


def changes(before: Facts, after: Facts, article: Article, *, aliases: Iterable[Sequence[str]] = ()) -> list[Change]:
    """Return the changed facts, partnerships first; an empty list where only the wording differs."""
    names = [name for facts in (before, after) for claim in facts.partnerships for name in claim.parties]
    organisations = OrganisationMatcher(article.text, names, aliases)
    return [
        *_partnerships(list(before.partnerships), list(after.partnerships), organisations),
        *_takeaways(list(before.takeaways), list(after.takeaways), article),
    ]


def _partnerships(
    before: list[Partnership], after: list[Partnership], organisations: OrganisationMatcher
) -> Iterator[Change]:
    def same_parties(one: Partnership, other: Partnership) -> bool:
        return organisations.keys(one.parties) == organisations.keys(other.parties)

    def same_event(one: Partnership, other: Partnership) -> bool:
        shared = organisations.keys(one.parties) & organisations.keys(other.parties)
        return bool(shared) and one.status == other.status and same_evidence(one.evidence, other.evidence)

    for old, new in _matches(before, after, lambda a, b: same_parties(a, b) and a.status == b.status):
        yield from _details(old, new)
    for old, new in _matches(before, after, same_parties):
        yield Change("status changed", named(old), old.status.value, new.status.value)
        yield from _details(old, new)
    for old, new in _matches(before, after, same_event):
        yield Change("parties changed", old.status.value, named(old), named(new))
    yield from (Change("partnership lost", f"{named(old)} ({old.status.value})") for old in before)
    yield from (Change("partnership gained", f"{named(new)} ({new.status.value})") for new in after)


def _details(old: Partnership, new: Partnership) -> Iterator[Change]:
    for field in DETAILS:
        left, right = field_values(old)[field], field_values(new)[field]
        if fold(left or "") != fold(right or ""):
            yield Change(f"{field} changed", named(old), left, right)
    if old.status == new.status and not same_evidence(old.evidence, new.evidence):
        yield Change("evidence moved", named(old), _quotes(old.evidence), _quotes(new.evidence))


def _takeaways(before: list[Takeaway], after: list[Takeaway], article: Article) -> Iterator[Change]:
    tables = lexicon(article.language)

    def figures(takeaway: Takeaway) -> list[str]:
        return sorted({takeaway.text[n.start : n.end].strip() for n in numbers(takeaway.text, tables)})

    def values(takeaway: Takeaway) -> set[object]:
        return {(n.value, n.unit) for n in numbers(takeaway.text, tables)}

    def similar(old: Takeaway, new: Takeaway) -> bool:
        wanted = stems(fold(old.text), tables)
        return bool(wanted) and covered(wanted, stems(fold(new.text), tables)) >= SAME_WORDS

    pairs = _matches(before, after, lambda a, b: fold(a.text) == fold(b.text))
    pairs += _matches(before, after, lambda a, b: same_evidence(a.evidence, b.evidence) and values(a) == values(b))
    pairs += _matches(before, after, lambda a, b: same_evidence(a.evidence, b.evidence))
    pairs += _matches(before, after, similar)
    for old, new in pairs:
        if values(old) != values(new):
            yield Change("figures changed", old.text, ", ".join(figures(old)), ", ".join(figures(new)))
        if not same_evidence(old.evidence, new.evidence):
            yield Change("evidence moved", old.text, _quotes(old.evidence), _quotes(new.evidence))
    yield from (Change("takeaway lost", old.text) for old in before)
    yield from (Change("takeaway gained", new.text) for new in after)


def _matches(before: list[_T], after: list[_T], same: Callable[[_T, _T], bool]) -> list[tuple[_T, _T]]:
    """Remove matching claims from both lists, and return them as pairs."""
    pairs = []
    for old in tuple(before):
        for new in tuple(after):
            if same(old, new):
                before.remove(old)
                after.remove(new)
                pairs.append((old, new))
                break
    return pairs


def same_evidence(before: Sequence[Evidence], after: Sequence[Evidence]) -> bool:
    """Return whether each quote of either list overlaps one of the other list."""
    return _within(before, after) and _within(after, before)


def _within(some: Sequence[Evidence], others: Sequence[Evidence]) -> bool:
    return all(any(same_place(one, other) for other in others) for one in some)


def named(claim: Partnership) -> str:
    """Name the parties."""
    return " + ".join(claim.parties)


def _quotes(evidence: Sequence[Evidence]) -> str:
    return " … ".join(f"“{' '.join(one.quote.split())}”" for one in evidence)
