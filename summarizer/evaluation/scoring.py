"""One summary against its gold: counts, which add up over articles.

A takeaway of the gold is covered by one of ours that quotes the same words, or says them. Only ROUGE looks at wording.
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
from .pairs import compare_pairs
from .rouge import rouge

SAME_WORDS = 0.5
"""Share of a gold takeaway's content words that one of ours must have to tell it."""
SAME_PLACE = 0.5
"""Share of the shorter of two quotes that must lie in the other for them to be the same evidence."""
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
            gold_takeaways=len(case.gold.takeaways),
            cost_usd=None,
            **compare_pairs((), case),
        )
    return Score(
        case=case.name,
        held_out=case.held_out,
        language=_tongue(case.article.language),
        **compare_pairs(summary.partnerships, case),
        **_takeaways(summary, case),
        **_proof(summary, case),
        **_language(summary),
        **_effort(summary),
    )


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
    """Tell whether a takeaway of ours tells one of the gold: by the words it quotes, or by its own.

    Of several quotes that one counts that has most of the takeaway's words: another may only bring a name.
    """
    tables = lexicon(language)
    wanted = stems(fold(gold.text), tables)
    main = max(gold.evidence, key=lambda one: covered(wanted, stems(fold(one.quote), tables)), default=None)
    if main is not None and any(same_place(one, main) for one in mine.evidence):
        return True
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


# --- proof, language, usage -----------------------------------------------------------------------------------


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
    wording = [field.name for field in OPTIONAL_FIELDS if not field.verbatim]
    purposes = (field_values(pact)[name] for pact in summary.partnerships for name in wording)
    text = "\n".join(filter(None, (*(one.text for one in summary.takeaways), *purposes)))
    if len(text) < _TELLING:
        return {}
    wanted = _tongue(summary.provenance.output_language)
    return {"spoken": 1, "rightly_spoken": int(_tongue(identify(text)) == wanted)}


def _tongue(tag: str) -> str:
    return tag.partition("-")[0]


def _effort(summary: Summary) -> dict[str, Any]:
    made = summary.provenance
    return {
        "prompt": made.prompt_sha256,
        "calls": made.calls,
        "cached": int(made.cached),
        "input_tokens": made.usage.input_tokens,
        "output_tokens": made.usage.output_tokens,
        "cost_usd": made.cost_usd,
        "seconds": made.seconds,
    }
