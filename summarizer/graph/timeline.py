"""What was said of one pair, in the order of time: what stands now, and what contradicts what."""

from bisect import bisect_right
from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from itertools import accumulate
from typing import NamedTuple

from ..schema import Status
from .model import Conflict, Edge, State
from .periods import Period

_SOMETHING = frozenset({Status.ESTABLISHED, Status.IN_TALKS, Status.CONSIDERED})
"""There is something between the two, in whatever stage. Two stages at once are two deals more often than an error."""
_WHENEVER = Period(date.min, date.max)


class Dated(NamedTuple):
    """A state, and the period that it is of, None where that is unknown."""

    state: State
    period: Period | None

    @property
    def span(self) -> Period:
        """Return when it may have been said."""
        return self.period or _WHENEVER


def edge_of(parties: tuple[str, str], said: Iterable[Dated]) -> Edge:
    """Put what was said of two organisations in order."""
    states = sorted(said, key=_time)
    disputed = sorted({each.state.statement for each in _disputed(states)})
    latest = _latest(states)
    return Edge(
        parties=parties,
        status=tuple(dict.fromkeys(each.state.status for each in latest)),
        when=latest[0].state.when,
        conflict=_conflict([each for each in states if each.state.statement in disputed]),
        disputed=tuple(disputed),
        articles=len({each.state.article for each in states}),
        states=tuple(each.state for each in states),
    )


def _time(dated: Dated) -> tuple[bool, Period, str, int]:
    state = dated.state
    return dated.period is None, dated.span, state.published or "", state.statement


def _latest(states: Sequence[Dated]) -> Sequence[Dated]:
    """Return the states of the latest date; all of them where none is dated."""
    known = [each for each in states if each.period is not None]
    return [each for each in known if each.period == known[-1].period] if known else states


# --- contradictions ------------------------------------------------------------------------------------------------


def _disputed(states: Sequence[Dated]) -> Iterator[Dated]:
    """Yield the states that another article contradicts, of a time that may be the same."""
    something = [each for each in states if each.state.status in _SOMETHING]
    nothing = [each for each in states if each.state.status not in _SOMETHING]
    yield from _contradicted(something, nothing)
    yield from _contradicted(nothing, something)


def _contradicted(states: Sequence[Dated], others: Sequence[Dated]) -> Iterator[Dated]:
    """Yield those that overlap with one of the others, of another article.

    Of the others that begin early enough, the one that ends last decides; or the next of another article, where that
    one is of the same. So a pair with thousands of states takes no longer than sorting them.
    """
    if not others:
        return
    begun = sorted(others, key=lambda other: other.span.first)
    firsts = [other.span.first for other in begun]
    nobody: tuple[Dated, ...] = ()
    last_ends = list(accumulate(begun, _two_last, initial=nobody))
    for each in states:
        ends = last_ends[bisect_right(firsts, each.span.last)]
        if any(other.span.last >= each.span.first for other in ends if other.state.article != each.state.article):
            yield each


def _two_last(ends: tuple[Dated, ...], other: Dated) -> tuple[Dated, ...]:
    """Keep the two that end last, of two articles."""
    kept: dict[int, Dated] = {}
    for each in sorted((*ends, other), key=lambda each: each.span.last, reverse=True):
        kept.setdefault(each.state.article, each)
    return tuple(kept.values())[:2]


def _conflict(disputed: Sequence[Dated]) -> Conflict | None:
    """Tell a contradiction from what may be one: only dates show that two articles speak of the same time."""
    if not disputed:
        return None
    return "contradiction" if any(_disputed([each for each in disputed if each.period is not None])) else "undated"
