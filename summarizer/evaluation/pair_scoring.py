"""Score partnerships against the gold, as pairs of parties: three parties are three pairs, once for each status."""

from collections import Counter
from collections.abc import Iterable
from itertools import chain, combinations
from typing import Any

from ..schema import Partnership, Status
from .cases import Case, Trap
from .organisation_matching import OrganisationMatcher

DENIAL = "denial"
"""The kind of a false alarm on a denied partnership, reported with another status."""
UNLISTED = "unlisted"
"""The kind of a false alarm that the gold lists no trap for."""

Pair = frozenset[str]


def score_pairs(partnerships: Iterable[Partnership], case: Case) -> dict[str, Any]:
    """Return the counts of a `Score` that concern partnerships."""
    claims = tuple(partnerships)
    organisations = _organisations(case, claims)
    ours, gold, traps = (
        _pairs(claims, organisations),
        _pairs(case.gold.partnerships, organisations),
        _traps(case, organisations),
    )
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
        "false_alarms": +alarms,
        "traps": Counter(traps.values()),
    }


def parties_of(case: Case) -> list[str]:
    """Return every organisation that the gold names, partners or not."""
    gold = case.gold
    return list(chain(*(one.parties for one in gold.partnerships), *(one.parties for one in gold.not_partnerships)))


def _organisations(case: Case, claims: Iterable[Partnership]) -> OrganisationMatcher:
    """Match the names of the gold first, then those of the claims, the longest first."""
    organisations = OrganisationMatcher(case.article.text, parties_of(case), case.gold.aliases)
    for name in sorted({name for claim in claims for name in claim.parties}, key=lambda name: (-len(name), name)):
        organisations.key(name)
    return organisations


def _pairs(claims: Iterable[Partnership], organisations: OrganisationMatcher) -> dict[Pair, set[str]]:
    """Return pairs of parties → their statuses: the same two may have ended one deal and begun another."""
    found: dict[Pair, set[str]] = {}
    for claim in claims:
        for pair in combinations(sorted(organisations.keys(claim.parties)), 2):
            found.setdefault(frozenset(pair), set()).add(claim.status.value)
    return found


def _traps(case: Case, organisations: OrganisationMatcher) -> dict[Pair, Trap]:
    return {
        frozenset(pair): one.kind
        for one in case.gold.not_partnerships
        for pair in combinations(sorted(organisations.keys(one.parties)), 2)
    }


def _matched(wanted: set[str], found: set[str]) -> list[tuple[str, str]]:
    """Pair the statuses of gold and ours: the equal ones first, then the others in order."""
    equal = [(status, status) for status in sorted(wanted & found)]
    return equal + list(zip(sorted(wanted - found), sorted(found - wanted), strict=False))
