"""Date the states of one pair, and sort them by time: derive its current status, and find contradictions."""

from bisect import bisect_right
from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from itertools import accumulate
from typing import NamedTuple

from ..language.dates import Period
from ..schema import Status
from .graph_model import Edge, State

_POSITIVE = frozenset({Status.ESTABLISHED, Status.IN_TALKS, Status.CONSIDERED})
"""There is a partnership, at whatever stage. Two stages at once are two deals more often than a contradiction."""


class Dated(NamedTuple):
    """A state with its period; None where that is unknown."""

    state: State
    period: Period | None

    @property
    def span(self) -> Period:
        """The period, or all of time."""
        return self.period or Period(date.min, date.max)


def edge_of(parties: tuple[str, str], statements: Iterable[Dated]) -> Edge:
    """Build the edge of two organisations from what was said about them."""
    states = sorted(statements, key=_time)
    dated = [each for each in states if each.period is not None]
    latest = [each for each in dated if each.period == dated[-1].period] or states
    disputed = sorted({each.state.statement for each in _disputed(states)})
    # Only dates show that two articles are about the same time.
    certain = any(_disputed([each for each in dated if each.state.statement in disputed]))
    return Edge(
        parties=parties,
        status=tuple(dict.fromkeys(each.state.status for each in latest)),
        when=latest[0].state.when,
        conflict=None if not disputed else "contradiction" if certain else "undated",
        disputed=tuple(disputed),
        articles=len({each.state.article for each in states}),
        states=tuple(each.state for each in states),
    )


def _time(dated: Dated) -> tuple[bool, Period, str, int]:
    state = dated.state
    return dated.period is None, dated.span, state.published or "", state.statement


# --- contradictions ------------------------------------------------------------------------------------------------


def _disputed(states: Sequence[Dated]) -> Iterator[Dated]:
    """Yield the states that another article contradicts, at a time that may be the same."""
    positive = [each for each in states if each.state.status in _POSITIVE]
    negative = [each for each in states if each.state.status not in _POSITIVE]
    for some, others in ((positive, negative), (negative, positive)):
        yield from _contradicted(some, others) if others else ()


def _contradicted(states: Sequence[Dated], others: Sequence[Dated]) -> Iterator[Dated]:
    """Yield the states that overlap with one of the others, of another article.

    Of the others that begin early enough, the one that ends last decides, or the next of another article where that one
    is of the same. This takes no longer than sorting, for thousands of states too.
    """
    begun = sorted(others, key=lambda other: other.span.first)
    firsts = [other.span.first for other in begun]
    none: tuple[Dated, ...] = ()
    last_ends = list(accumulate(begun, _two_last, initial=none))
    for each in states:
        ends = last_ends[bisect_right(firsts, each.span.last)]
        if any(other.span.last >= each.span.first for other in ends if other.state.article != each.state.article):
            yield each


def _two_last(ends: tuple[Dated, ...], other: Dated) -> tuple[Dated, ...]:
    """Return the two that end last, of different articles."""
    kept: dict[int, Dated] = {}
    for each in sorted((*ends, other), key=lambda each: each.span.last, reverse=True):
        kept.setdefault(each.state.article, each)
    return tuple(kept.values())[:2]
