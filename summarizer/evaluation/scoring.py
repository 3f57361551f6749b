"""Score one summary against its gold, as counts that add up over articles.

A takeaway of the gold is covered by one of ours with the same evidence or the same content words. Only ROUGE compares
the wording.
"""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import chain
from typing import Any

from ..language.content_words import covered, stems
from ..language.identification import identify
from ..language.lexicon import lexicon
from ..language.normalization import fold
from ..schema import OPTIONAL_FIELDS, Evidence, Summary, Takeaway, field_values
from .cases import Case
from .pair_scoring import score_pairs
from .rouge import rouge

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
    if summary is None:
        return Score(
            case=case.name,
            held_out=case.held_out,
            language=_primary(case.article.language),
            error=error or "no summary",
            gold_takeaways=len(case.gold.takeaways),
            cost_usd=None,
            **score_pairs((), case),
        )
    return Score(
        case=case.name,
        held_out=case.held_out,
        language=_primary(case.article.language),
        **score_pairs(summary.partnerships, case),
        **_takeaways(summary, case),
        **_grounding(summary, case),
        **_output_language(summary),
        **_usage(summary),
    )


# --- takeaways -------------------------------------------------------------------------------------------------


def _takeaways(summary: Summary, case: Case) -> dict[str, Any]:
    gold, ours = case.gold.takeaways, summary.takeaways
    covers = [[j for j, one in enumerate(gold) if _covers(mine, one, case.article.language)] for mine in ours]
    joined = "\n".join(one.text for one in gold), "\n".join(one.text for one in ours)
    return {
        "takeaways": len(ours),
        "gold_takeaways": len(gold),
        "covered": len({j for some in covers for j in some}),
        "extra": sum(not some for some in covers),
        "redundant": sum(bool(some) for some in covers) - _matching_size(covers),
        "rouge": tuple(rouge(*joined)),
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
        "repaired": summary.provenance.repaired,
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
    provenance = summary.provenance
    return {
        "prompt": provenance.prompt_sha256,
        "calls": provenance.calls,
        "cached": int(provenance.cached),
        "input_tokens": provenance.usage.input_tokens,
        "output_tokens": provenance.usage.output_tokens,
        "cost_usd": provenance.cost_usd,
        "seconds": provenance.seconds,
    }
