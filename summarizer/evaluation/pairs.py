"""Partnerships against the gold, as pairs of parties: three are three pairs, each as often as it has statuses."""

from collections import Counter
from collections.abc import Iterable
from itertools import chain, combinations
from typing import Any

from ..schema import Partnership, Status
from .cases import Case, Trap
from .organisation_keys import OrganisationKeys

DENIAL = "denial"
"""What a party denies, reported as anything else: a false alarm of its own kind."""
UNLISTED = "unlisted"
"""A false alarm that the gold has no trap for."""

Pair = frozenset[str]


def compare_pairs(partnerships: Iterable[Partnership], case: Case) -> dict[str, Any]:
    """Return the counts of a `Score` that are about partnerships."""
    claims = tuple(partnerships)
    roll = _roll(case, claims)
    ours, gold, traps = _pairs(claims, roll), _pairs(case.gold.partnerships, roll), _traps(case, roll)
    matched = {pair: _matched(gold.get(pair, set()), found) for pair, found in ours.items()}
    statuses = Counter(chain(*matched.values()))
    alarms = Counter({DENIAL: sum(n for (left, right), n in statuses.items() if left == Status.DENIED != right)})
    for pair, found in ours.items():
        alarms[traps.get(pair, UNLISTED)] += len(found) - len(matched[pair])
    return {
        "pairs": sum(map(len, ours.values())),
        "gold_pairs": sum(map(len, gold.values())),
        "hit_pairs": statuses.total(),
        "statuses": statuses,
        "alarms": +alarms,
        "traps": Counter(traps.values()),
    }


def parties_of(case: Case) -> list[str]:
    """Return every organisation that the gold names, partner or not."""
    gold = case.gold
    return list(chain(*(one.parties for one in gold.partnerships), *(one.parties for one in gold.not_partnerships)))


def _roll(case: Case, claims: Iterable[Partnership]) -> OrganisationKeys:
    """Make the list of who is who: the gold's names decide, ours join, the longest first."""
    roll = OrganisationKeys(case.article.text, parties_of(case), case.gold.aliases)
    for name in sorted({name for claim in claims for name in claim.parties}, key=lambda name: (-len(name), name)):
        roll.key(name)
    return roll


def _pairs(claims: Iterable[Partnership], roll: OrganisationKeys) -> dict[Pair, set[str]]:
    """Return pairs of parties → their statuses: the same two may have ended one deal and begun another."""
    found: dict[Pair, set[str]] = {}
    for claim in claims:
        for pair in combinations(sorted(roll.pair(claim.parties)), 2):
            found.setdefault(frozenset(pair), set()).add(claim.status.value)
    return found


def _traps(case: Case, roll: OrganisationKeys) -> dict[Pair, Trap]:
    return {
        frozenset(pair): one.kind
        for one in case.gold.not_partnerships
        for pair in combinations(sorted(roll.pair(one.parties)), 2)
    }


def _matched(wanted: set[str], found: set[str]) -> list[tuple[str, str]]:
    """Pair statuses, gold and ours: the equal ones first, then the others as they come."""
    equal = [(status, status) for status in sorted(wanted & found)]
    return equal + list(zip(sorted(wanted - found), sorted(found - wanted), strict=False))
