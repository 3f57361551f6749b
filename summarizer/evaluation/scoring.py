"""Score one summary against its gold, as counts that add up over articles.

A takeaway of the gold is covered by one of ours with the same evidence or the same content words; only ROUGE compares
the wording. Partnerships are pairs of parties: three parties are three pairs, once for each status.
"""

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from itertools import chain
from typing import Any, NamedTuple

from ..language.content_words import covered, stems
from ..language.identification import identify
from ..language.lexicon import lexicon
from ..language.normalization import fold
from ..language.statuses import has_unspaced
from ..schema import OPTIONAL_FIELDS, Evidence, Partnership, Status, Summary, Takeaway, field_values
from .cases import Case, OrganisationMatcher

DENIAL = "denial"
"""The kind of a false alarm on a denied partnership, reported with another status."""
UNLISTED = "unlisted"
"""The kind of a false alarm that the gold lists no trap for."""
SAME_WORDS = 0.5
"""Share of a gold takeaway's content words that one of ours must have to cover it."""
SAME_PLACE = 0.5
"""Share of the shorter of two quotes that must lie in the other for them to be the same evidence."""
_IDENTIFIABLE = 40  # characters: the language of less cannot be identified


@dataclass(frozen=True)
class Score:
    """The counts of one article."""

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
    false_alarms: Counter[str] = field(default_factory=Counter)
    """By the kind of trap."""
    traps: Counter[str] = field(default_factory=Counter)
    """Pairs of the gold that are not partners, by kind."""
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
    """Of rejected claims and fields: each reason code once for each of them."""
    evidence: int = 0
    exact: int = 0
    matches: Counter[str] = field(default_factory=Counter)
    language_checked: int = 0
    """1 where there is enough text to identify its language."""
    language_correct: int = 0
    prompt: str | None = None
    """SHA-256 of the prompt template."""
    calls: int = 0
    cached: int = 0
    input_tokens: int = 0
    output_tokens: int = 0
    cost_usd: float | None = 0.0
    seconds: float = 0.0

    @property
    def right_statuses(self) -> int:
        """The number of found pairs with the right status."""
        return sum(count for (gold, ours), count in self.statuses.items() if gold == ours)


def score(summary: Summary | None, case: Case, *, error: str | None = None) -> Score:
    """Compare a summary with the gold; None stands for an article that failed with `error`."""
    counts = _pairs(summary.partnerships if summary else (), case)
    if summary is None:
        counts |= {"error": error or "no summary", "gold_takeaways": len(case.gold.takeaways), "cost_usd": None}
    else:
        counts |= _takeaways(summary, case) | _grounding(summary, case) | _output_language(summary) | _usage(summary)
    return Score(case=case.name, held_out=case.held_out, language=_primary(case.article.language), **counts)


# --- partnerships ----------------------------------------------------------------------------------------------


def _pairs(claims: Sequence[Partnership], case: Case) -> dict[str, Any]:
    # The names of the gold come first, then those of the claims, the longest first.
    organisations = OrganisationMatcher(case.article.text, case.gold.parties, case.gold.aliases)
    for name in sorted({name for claim in claims for name in claim.parties}, key=lambda name: (-len(name), name)):
        organisations.key(name)
    ours, gold = _statuses(claims, organisations), _statuses(case.gold.partnerships, organisations)
    traps = {pair: one.kind for one in case.gold.not_partnerships for pair in organisations.pairs(one.parties)}
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


def _statuses(claims: Iterable[Partnership], organisations: OrganisationMatcher) -> dict[frozenset[str], set[str]]:
    """Return pairs of parties → their statuses: the same two may have ended one deal and begun another."""
    found: dict[frozenset[str], set[str]] = {}
    for claim in claims:
        for pair in organisations.pairs(claim.parties):
            found.setdefault(pair, set()).add(claim.status.value)
    return found


def _matched(wanted: set[str], found: set[str]) -> list[tuple[str, str]]:
    """Pair the statuses of gold and ours: the equal ones first, then the others in order."""
    equal = [(status, status) for status in sorted(wanted & found)]
    return equal + list(zip(sorted(wanted - found), sorted(found - wanted), strict=False))


# --- takeaways -------------------------------------------------------------------------------------------------


def _takeaways(summary: Summary, case: Case) -> dict[str, Any]:
    gold, ours = case.gold.takeaways, summary.takeaways
    covers = [[j for j, one in enumerate(gold) if _covers(mine, one, case.article.language)] for mine in ours]
    return {
        "takeaways": len(ours),
        "gold_takeaways": len(gold),
        "covered": len({j for some in covers for j in some}),
        "extra": sum(not some for some in covers),
        "redundant": sum(bool(some) for some in covers) - _matching_size(covers),
        "rouge": tuple(rouge(*("\n".join(one.text for one in claims) for claims in (gold, ours)))),
    }


def _covers(mine: Takeaway, gold: Takeaway, language: str) -> bool:
    """Return whether a takeaway of ours covers one of the gold, by its evidence or by its own words.

    Of several gold quotes the one with most of the takeaway's words counts: another may only add a name.
    """
    tables = lexicon(language)
    wanted = stems(fold(gold.text), tables)
    main = max(gold.evidence, key=lambda one: covered(wanted, stems(fold(one.quote), tables)), default=None)
    if main is not None and any(same_place(one, main) for one in mine.evidence):
        return True
    return bool(wanted) and covered(wanted, stems(fold(mine.text), tables)) >= SAME_WORDS


def same_place(one: Evidence, other: Evidence) -> bool:
    """Return whether two quotes overlap enough to be the same evidence."""
    shared = min(one.end, other.end) - max(one.start, other.start)
    return shared >= SAME_PLACE * min(one.end - one.start, other.end - other.start) and shared > 0


def _matching_size(covers: Sequence[Sequence[int]]) -> int:
    """Return how many of ours can each cover a different gold takeaway: the size of a maximum matching."""
    matched: dict[int, int] = {}

    def assign(i: int, seen: set[int]) -> bool:
        for j in covers[i]:
            if j not in seen:
                seen.add(j)
                if j not in matched or assign(matched[j], seen):
                    matched[j] = i
                    return True
        return False

    return sum(assign(i, set()) for i in range(len(covers)))


# --- grounding, language, usage --------------------------------------------------------------------------------


def _grounding(summary: Summary, case: Case) -> dict[str, Any]:
    quoted = (*(one.evidence for one in summary.takeaways), *(one.evidence for one in summary.partnerships))
    evidence = list(chain(*quoted))
    text = case.article.text
    return {
        "kept": len(summary.takeaways) + len(summary.partnerships),
        "fallen": sum(one.kind != "field" for one in summary.rejected),
        "reasons": Counter(code for one in summary.rejected for code in {reason.code for reason in one.reasons}),
        "evidence": len(evidence),
        "exact": sum(text[one.start : one.end] == one.quote for one in evidence),
        "matches": Counter(one.match for one in evidence),
    }


def _output_language(summary: Summary) -> dict[str, Any]:
    """Check that what was written is in the output language."""
    wording = [field.name for field in OPTIONAL_FIELDS if not field.verbatim]
    purposes = (field_values(pact)[name] for pact in summary.partnerships for name in wording)
    text = "\n".join(filter(None, (*(one.text for one in summary.takeaways), *purposes)))
    if len(text) < _IDENTIFIABLE:
        return {}
    wanted = _primary(summary.provenance.output_language)
    return {"language_checked": 1, "language_correct": int(_primary(identify(text)) == wanted)}


def _primary(tag: str) -> str:
    return tag.partition("-")[0]


def _usage(summary: Summary) -> dict[str, Any]:
    made = summary.provenance
    return {
        "prompt": made.prompt_sha256,
        "cached": int(made.cached),
        "input_tokens": made.usage.input_tokens,
        "output_tokens": made.usage.output_tokens,
        **{name: getattr(made, name) for name in ("calls", "repaired", "cost_usd", "seconds")},
    }


# --- ROUGE -----------------------------------------------------------------------------------------------------


class Rouge(NamedTuple):
    """ROUGE-1, -2 and -L (Lin 2004) as F1, 0 to 1, without stemming, for any language.

    The package rouge-score splits at every non-ASCII letter, and needs tokenizer data for its stemmer.
    """

    one: float
    two: float
    longest: float


def rouge(gold: str, ours: str) -> Rouge:
    """Compare two texts; an empty one scores 0."""
    left, right = words(gold), words(ours)
    longest = _longest_common_subsequence(left, right)
    return Rouge(_shared(left, right, 1), _shared(left, right, 2), _f1(longest, len(left), len(right)))


def words(text: str) -> list[str]:
    """Return the folded words of a text; in scripts without spaces, each character is a word."""
    found = re.findall(r"\d+(?:[.,]\d+)*|[^\W\d_]+", fold(text))
    return [part for word in found for part in (word if has_unspaced(word) else (word,))]


def _shared(left: Sequence[str], right: Sequence[str], size: int) -> float:
    """Return the F1 of the n-grams of a size."""
    ours, theirs = (Counter(zip(*(words[i:] for i in range(size)), strict=False)) for words in (left, right))
    return _f1((ours & theirs).total(), ours.total(), theirs.total())


def _f1(common: int, left: int, right: int) -> float:
    return 2 * common / (left + right) if left and right else 0.0


def _longest_common_subsequence(left: Sequence[str], right: Sequence[str]) -> int:
    row = [0] * (len(right) + 1)
    for word in left:
        before, row = row, [0]
        for i, other in enumerate(right):
            row.append(before[i] + 1 if word == other else max(before[i + 1], row[i]))
    return row[-1]
