"""Compare the results of cases with what was approved: which facts changed, regardless of their wording."""

import asyncio
from collections.abc import Callable, Iterable, Iterator, Sequence
from pathlib import Path
from time import perf_counter
from typing import NamedTuple, TypeVar
from xml.etree import ElementTree as ET

from .. import defaults
from ..errors import ConfigError, PromptError, SummarizerError
from ..language.content_words import covered, stems
from ..language.lexicon import lexicon
from ..language.normalization import fold
from ..language.numbers import numbers
from ..protocols import Engine
from ..rendering.control_characters import visible
from ..schema import OPTIONAL_FIELDS, Article, Evidence, Partnership, Summary, Takeaway, field_values
from .cases import (
    APPROVED,
    EXPECTED,
    Case,
    Facts,
    OrganisationMatcher,
    facts_to_json,
    gold_to_json,
    read_case,
    write_json,
)
from .recording import facts_of, summarized
from .reviewing import counted
from .scoring import SAME_WORDS, same_place
from .validation import faults

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


class CaseResult(NamedTuple):
    """The result of one case."""

    name: str
    changes: tuple[Change, ...] = ()
    faults: tuple[str, ...] = ()
    """Errors in the gold itself."""
    error: str | None = None
    """Why there is no summary."""
    held_out: bool = False
    human: bool = True
    """Whether a person wrote or reviewed the gold."""
    seconds: float = 0.0

    @property
    def outcome(self) -> str:
        """One of failed, faulty, changed, same."""
        if self.error is not None:
            return "failed"
        return "faulty" if self.faults else "changed" if self.changes else "same"

    @property
    def message(self) -> str:
        """The error, or how many faults and changes there are."""
        if self.error is not None:
            return self.error
        faulty = f"{counted(len(self.faults), 'fault')} of the gold" if self.faults else ""
        changed = f"{counted(len(self.changes), 'fact')} changed" if self.changes else ""
        return ", ".join(filter(None, (faulty, changed)))

    def lines(self, *, held_out: bool = False) -> list[str]:
        """Return the faults and changes; of a held-out case only on request."""
        if self.held_out and not held_out and (self.changes or self.faults):
            return ["held out: not shown, so that no rule is tuned on it"]
        return [*(f"fault: {fault}" for fault in self.faults), *map(str, self.changes)]


async def check(
    folders: Sequence[Path], engine: Engine | None = None, *, concurrency: int = defaults.CONCURRENCY
) -> list[CaseResult]:
    """Replay the drafts of cases, or ask another engine, and compare; one that fails does not stop the others.

    Raises `ConfigError` or `PromptError`, which concern them all.
    """
    slots = asyncio.Semaphore(concurrency if engine is not None else 1)

    async def one(folder: Path) -> CaseResult:
        async with slots:
            began = perf_counter()
            try:
                case = read_case(folder)
                changed = tuple(compared(case, await summarized(case, engine)))
                result = CaseResult(
                    case.name, changed, tuple(faults(case)), held_out=case.held_out, human=case.gold.human
                )
            except (ConfigError, PromptError):
                raise
            except SummarizerError as error:
                result = CaseResult(folder.name, error=str(error))
            return result._replace(seconds=perf_counter() - began)

    return await asyncio.gather(*map(one, folders))


def compared(case: Case, summary: Summary) -> list[Change]:
    """Return the facts of a summary that differ from the approved result, else from the gold."""
    return changes(case.approved or case.gold, facts_of(summary), case.article, aliases=case.gold.aliases)


def approve(case: Case, summary: Summary) -> Path | None:
    """Approve a result; return the file that was written, None if nothing had to be.

    A gold that no person wrote or reviewed is replaced. Otherwise a result that differs from the gold is written beside
    it, and that file is removed once nothing differs. Raises `SourceError`.
    """
    expected, approved = case.folder / EXPECTED, case.folder / APPROVED
    facts = facts_of(summary)
    differs = bool(changes(case.gold, facts, case.article, aliases=case.gold.aliases))
    if not compared(case, summary) and (case.approved is None or differs):
        return None
    if not case.gold.human:
        update = {"takeaways": facts.takeaways, "partnerships": facts.partnerships}
        write_json(expected, gold_to_json(case.gold.model_copy(update=update)))
        approved.unlink(missing_ok=True)
        return expected
    if differs:
        write_json(approved, facts_to_json(facts))
        return approved
    approved.unlink(missing_ok=True)
    return expected


def junit(results: Sequence[CaseResult], *, held_out: bool = False) -> str:
    """Return the results as JUnit XML, for build servers."""
    suite = ET.Element(
        "testsuite",
        name="summarizer golden",
        tests=str(len(results)),
        failures=str(sum(one.outcome in ("changed", "faulty") for one in results)),
        errors=str(sum(one.outcome == "failed" for one in results)),
        time=f"{sum(one.seconds for one in results):.3f}",
    )
    for one in results:
        case = ET.SubElement(suite, "testcase", classname="golden", name=visible(one.name), time=f"{one.seconds:.3f}")
        if one.outcome != "same":
            failure = ET.SubElement(
                case, "error" if one.error is not None else "failure", type=one.outcome, message=visible(one.message)
            )
            failure.text = "\n".join(map(visible, one.lines(held_out=held_out)))
    root = ET.Element("testsuites")
    root.append(suite)
    ET.indent(root)
    return '<?xml version="1.0" encoding="UTF-8"?>\n' + ET.tostring(root, encoding="unicode") + "\n"


# --- changed facts -------------------------------------------------------------------------------------------------


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
    return all(
        any(same_place(one, other) for other in others)
        for some, others in ((before, after), (after, before))
        for one in some
    )


def named(claim: Partnership) -> str:
    """Name the parties."""
    return " + ".join(claim.parties)


def _quotes(evidence: Sequence[Evidence]) -> str:
    return " … ".join(f"“{' '.join(one.quote.split())}”" for one in evidence)
