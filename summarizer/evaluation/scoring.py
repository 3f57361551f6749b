"""One summary against its gold: counts, which add up over articles.

Partnerships are compared as pairs of parties, so that three parties are three pairs, each as often as it has statuses.
A takeaway of the gold is covered by one of ours that quotes the same words, or says them. Only ROUGE looks at wording.
"""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from itertools import chain, combinations
from typing import Any

from ..grounding.overlap import covered, stems
from ..schema import Evidence, Partnership, Status, Summary, Takeaway
from ..text.folding import fold
from ..text.language import identify
from ..text.lexicon import lexicon
from .cases import Case, Trap
from .names import Roll
from .rouge import rouge

SAME_WORDS = 0.5
"""Share of a gold takeaway's content words that one of ours must have to tell it."""
SAME_PLACE = 0.5
"""Share of the shorter of two quotes that must lie in the other for them to be the same evidence."""
DENIAL = "denial"
"""What a party denies, reported as anything else: a false alarm of its own kind."""
UNLISTED = "unlisted"
"""A false alarm that the gold has no trap for."""
_TELLING = 40  # characters: of less, no language can be told


@dataclass(frozen=True)
class Score:
    """What one article adds to the figures."""

    case: str
    held_out: bool
    language: str = "und"
    """Of the article."""
    error: str | None = None
    """Why there is no summary: then it counts as an empty one."""
    pairs: int = 0
    gold_pairs: int = 0
    hit_pairs: int = 0
    statuses: Counter[tuple[str, str]] = field(default_factory=Counter)
    """(gold, ours) of the pairs that were found."""
    alarms: Counter[str] = field(default_factory=Counter)
    """False alarms by the trap that they fell into."""
    traps: Counter[str] = field(default_factory=Counter)
    """Pairs of the gold that are no partners, by kind: what could have been fallen into."""
    takeaways: int = 0
    gold_takeaways: int = 0
    covered: int = 0
    extra: int = 0
    redundant: int = 0
    rouge: tuple[float, float, float] = (0.0, 0.0, 0.0)
    kept: int = 0
    fallen: int = 0
    repaired: int = 0
    reasons: Counter[str] = field(default_factory=Counter)
    """Of claims and fields that fell: each reason once for each of them."""
    evidence: int = 0
    exact: int = 0
    matches: Counter[str] = field(default_factory=Counter)
    spoken: int = 0
    """1 where there is enough text to tell its language."""
    rightly_spoken: int = 0
    calls: int = 0
    cached: int = 0
    input_tokens: int = 0
    output_tokens: int = 0
    cost_usd: float | None = 0.0
    seconds: float = 0.0

    @property
    def right_statuses(self) -> int:
        """How many pairs that were found have the right status."""
        return sum(count for (gold, ours), count in self.statuses.items() if gold == ours)


def score(summary: Summary | None, case: Case, *, error: str | None = None) -> Score:
    """Compare a summary with the gold; None is an article that failed, with the `error`."""
    if summary is None:
        return Score(
            case=case.name,
            held_out=case.held_out,
            language=_tongue(case.article.language),
            error=error or "no summary",
            gold_pairs=sum(map(len, _pairs(case.gold.partnerships, _roll(case, ())).values())),
            gold_takeaways=len(case.gold.takeaways),
            traps=Counter(_traps(case, _roll(case, ())).values()),
            cost_usd=None,
        )
    return Score(
        case=case.name,
        held_out=case.held_out,
        language=_tongue(case.article.language),
        **_partnerships(summary, case),
        **_takeaways(summary, case),
        **_proof(summary, case),
        **_language(summary),
        **_effort(summary),
    )


# --- partnerships ----------------------------------------------------------------------------------------------

_Pair = frozenset[str]


def _partnerships(summary: Summary, case: Case) -> dict[str, Any]:
    roll = _roll(case, summary.partnerships)
    ours, gold = _pairs(summary.partnerships, roll), _pairs(case.gold.partnerships, roll)
    traps = _traps(case, roll)
    statuses: Counter[tuple[str, str]] = Counter()
    alarms: Counter[str] = Counter()
    hits = 0
    for pair, found in ours.items():
        wanted = gold.get(pair, set())
        matched = _matched(wanted, found)
        hits += len(matched)
        statuses.update(matched)
        alarms[DENIAL] += sum(left == Status.DENIED != right for left, right in matched)
        alarms[traps.get(pair, UNLISTED)] += len(found) - len(matched)
    return {
        "pairs": sum(map(len, ours.values())),
        "gold_pairs": sum(map(len, gold.values())),
        "hit_pairs": hits,
        "statuses": statuses,
        "alarms": +alarms,
        "traps": Counter(traps.values()),
    }


def _roll(case: Case, partnerships: Iterable[Partnership]) -> Roll:
    """Make the list of who is who: the gold's names decide, ours join."""
    known = parties_of(case)
    roll = Roll(case.article.text, known, case.gold.aliases)
    for name in sorted({name for claim in partnerships for name in claim.parties}, key=lambda name: (-len(name), name)):
        roll.key(name)
    return roll


def parties_of(case: Case) -> list[str]:
    """Return every organisation that the gold names, partner or not."""
    gold = case.gold
    return list(chain(*(one.parties for one in gold.partnerships), *(one.parties for one in gold.not_partnerships)))


def _pairs(partnerships: Iterable[Partnership], roll: Roll) -> dict[_Pair, set[str]]:
    """Return pairs of parties → their statuses: the same two may have ended one deal and begun another."""
    found: dict[_Pair, set[str]] = {}
    for claim in partnerships:
        for pair in combinations(sorted(roll.pair(claim.parties)), 2):
            found.setdefault(frozenset(pair), set()).add(claim.status.value)
    return found


def _traps(case: Case, roll: Roll) -> dict[_Pair, Trap]:
    return {
        frozenset(pair): one.kind
        for one in case.gold.not_partnerships
        for pair in combinations(sorted(roll.pair(one.parties)), 2)
    }


def _matched(wanted: set[str], found: set[str]) -> list[tuple[str, str]]:
    """Pair statuses: the equal ones first, then the others as they come."""
    equal = [(status, status) for status in sorted(wanted & found)]
    return equal + list(zip(sorted(wanted - found), sorted(found - wanted), strict=False))


# --- takeaways -------------------------------------------------------------------------------------------------


def _takeaways(summary: Summary, case: Case) -> dict[str, Any]:
    gold, ours = case.gold.takeaways, summary.takeaways
    tells = [[j for j, one in enumerate(gold) if _tells(mine, one, case.article.language)] for mine in ours]
    told = _told(tells)
    joined = "\n".join(one.text for one in gold), "\n".join(one.text for one in ours)
    return {
        "takeaways": len(ours),
        "gold_takeaways": len(gold),
        "covered": len({j for some in tells for j in some}),
        "extra": sum(not some for some in tells),
        "redundant": sum(bool(some) for some in tells) - told,
        "rouge": tuple(rouge(*joined)),
    }


def _tells(mine: Takeaway, gold: Takeaway, language: str) -> bool:
    """Tell whether a takeaway of ours tells one of the gold: by the words it quotes, or by its own."""
    if any(same_place(one, other) for one in mine.evidence for other in gold.evidence[:1]):
        return True
    tables = lexicon(language)
    wanted = stems(fold(gold.text), tables)
    return bool(wanted) and covered(wanted, stems(fold(mine.text), tables)) >= SAME_WORDS


def same_place(one: Evidence, other: Evidence) -> bool:
    """Tell whether two quotes are of the same words of the article."""
    shared = min(one.end, other.end) - max(one.start, other.start)
    return shared >= SAME_PLACE * min(one.end - one.start, other.end - other.start) and shared > 0


def _told(tells: Sequence[Sequence[int]]) -> int:
    """Return how many of ours can each tell a gold takeaway of its own: a maximum matching."""
    teller: dict[int, int] = {}

    def place(i: int, seen: set[int]) -> bool:
        for j in tells[i]:
            if j not in seen:
                seen.add(j)
                if j not in teller or place(teller[j], seen):
                    teller[j] = i
                    return True
        return False

    return sum(place(i, set()) for i in range(len(tells)))


# --- proof, language, effort -----------------------------------------------------------------------------------


def _proof(summary: Summary, case: Case) -> dict[str, Any]:
    quoted = (*(one.evidence for one in summary.takeaways), *(one.evidence for one in summary.partnerships))
    evidence = list(chain(*quoted))
    text = case.article.text
    return {
        "kept": len(summary.takeaways) + len(summary.partnerships),
        "fallen": sum(one.kind != "field" for one in summary.rejected),
        "repaired": summary.provenance.repaired,
        "reasons": Counter(code for one in summary.rejected for code in {reason.code for reason in one.reasons}),
        "evidence": len(evidence),
        "exact": sum(text[one.start : one.end] == one.quote for one in evidence),
        "matches": Counter(one.match for one in evidence),
    }


def _language(summary: Summary) -> dict[str, Any]:
    """Tell whether what was written is in the language that was asked for."""
    said = (*(one.text for one in summary.takeaways), *(one.purpose or "" for one in summary.partnerships))
    text = "\n".join(filter(None, said))
    if len(text) < _TELLING:
        return {}
    wanted = _tongue(summary.provenance.output_language)
    return {"spoken": 1, "rightly_spoken": int(_tongue(identify(text)) == wanted)}


def _tongue(tag: str) -> str:
    return tag.partition("-")[0]


def _effort(summary: Summary) -> dict[str, Any]:
    made = summary.provenance
    return {
        "calls": made.calls,
        "cached": int(made.cached),
        "input_tokens": made.usage.input_tokens,
        "output_tokens": made.usage.output_tokens,
        "cost_usd": made.cost_usd,
        "seconds": made.seconds,
    }
