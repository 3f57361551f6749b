"""Record a draft as a case, and replay a case: offline, free, and with the same grounding."""

import re
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, TypeVar

from ..chunking import merge
from ..engines.replay import ReplayEngine
from ..errors import ConfigError, SourceError
from ..language.normalization import fold
from ..pipeline import run, summarize_article
from ..protocols import (
    Closable,
    Engine,
    Repairer,
    Selector,
    model_of,
    prompt_of,
    reviews,
    summary_identity_of,
    translates,
)
from ..schema import (
    Article,
    Draft,
    DraftPartnership,
    DraftTakeaway,
    FrozenModel,
    Partnership,
    Passage,
    Rejected,
    Summary,
    Takeaway,
    as_drafted,
)
from ..version import __version__
from .cases import APPROVED, DRAFT, EXPECTED, RECORDED, Case, Facts, facts_to_json, read_case, write_json

ALL = 50
"""Takeaways of a replay: as many as were recorded."""


async def summarized(case: Case, engine: Engine | None = None) -> Summary:
    """Summarize the article of a case as it was recorded, with another engine if one is given.

    Raises `EngineError` and its children.
    """
    settings: Any = case.recorded
    return await summarize_article(
        case.article,
        engine or ReplayEngine(case.required_draft),
        language=settings.get("output_language"),
        takeaways=settings.get("takeaways", ALL),
    )


def replayed(case: Case) -> Summary:
    """Replay the recorded draft of a case."""
    return run(summarized(case))


async def record(
    article: Article, engine: Engine, folder: Path, *, language: str | None, takeaways: int, force: bool = False
) -> tuple[Case, Summary]:
    """Summarize an article, and record the article, the draft and what was proven as a case.

    Raises `ConfigError` where there is a case already, unless `force`; `EngineError`, `SourceError`.
    """
    if (folder / EXPECTED).exists() and not force:
        raise ConfigError(f"there is a case in {str(folder)!r} already: --force replaces its draft and its gold")
    recorder = RecordingEngine(engine)
    summary = await summarize_article(article, recorder, language=language, takeaways=takeaways)
    draft = recorder.recorded_draft(summary).model_dump(mode="json")
    _write(folder, article, {RECORDED: _provenance(summary, article, takeaways), **draft})
    case = read_case(folder)
    facts = facts_of(await summarized(case))
    write_json(folder / EXPECTED, {"held_out": False, **facts_to_json(facts), "rejected": [], "reviewed": None})
    return read_case(folder), summary


def _write(folder: Path, article: Article, draft: Mapping[str, Any]) -> None:
    try:
        folder.mkdir(parents=True, exist_ok=True)
        for other in (*folder.glob("article.*"), folder / APPROVED):
            other.unlink(missing_ok=True)
        (folder / "article.txt").write_text(article.text, encoding="utf-8", newline="")
    except OSError as error:
        raise SourceError(f"cannot write the case {str(folder)!r}: {error.strerror or error}") from error
    write_json(folder / DRAFT, draft)
    write_json(folder / EXPECTED, {"held_out": False, "takeaways": [], "partnerships": [], "reviewed": None})


def _provenance(summary: Summary, article: Article, takeaways: int) -> dict[str, Any]:
    provenance = summary.provenance
    return {
        "model": provenance.model,
        "prompt": provenance.prompt,
        "prompt_sha256": provenance.prompt_sha256,
        "version": __version__,
        "created": provenance.created or datetime.now(UTC).isoformat(timespec="seconds"),
        "source": article.source,
        "output_language": provenance.output_language,
        "takeaways": len(summary.takeaways) or takeaways,
    }


def facts_of(summary: Summary) -> Facts:
    """Return the facts of a summary, as a gold holds them."""
    return Facts(takeaways=summary.takeaways, partnerships=summary.partnerships)


def slug(article: Article) -> str:
    """Name the folder of a case after the article's file, or after its title where the file name is generic."""
    stem = Path(article.source or "").stem
    words = stem if stem.lower() not in ("", "-", "article", "index", "text") else article.title or "article"
    return re.sub(r"[\W_]+", "-", fold(words)).strip("-")[:48].strip("-") or "article"


# --- the engine ----------------------------------------------------------------------------------------------------


class RecordingEngine:
    """Wraps an engine, and records its drafts and repairs; it ignores summaries that are cached.

    Whatever the other engine cannot do gets an empty answer, as from a model that has nothing to say.
    """

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._drafts: list[tuple[int, Draft]] = []
        self._repairs: list[Draft] = []
        self.model = model_of(engine)
        self.identity = engine.identity
        self.prompt = prompt_of(engine)
        self.window = engine.window
        self.translates = translates(engine)
        self.reviews = reviews(engine)

    @property
    def summary_identity(self) -> str | None:
        """That of the other engine. Raises `PromptError`."""
        return summary_identity_of(self._engine)

    def recorded_draft(self, summary: Summary) -> Draft:
        """Return all that was drafted, first the claims that the summary kept, in its order."""
        drafts = [draft for _, draft in sorted(self._drafts, key=lambda one: one[0])]
        whole = (merge(drafts) if drafts else Draft(), *self._repairs)
        takeaways = [one for draft in whole for one in draft.takeaways]
        partnerships = [one for draft in whole for one in draft.partnerships]
        return Draft(
            takeaways=_kept_first(summary.takeaways, takeaways, DraftTakeaway),
            partnerships=_kept_first(summary.partnerships, partnerships, DraftPartnership),
        )

    async def draft(self, passage: Passage) -> Draft:
        """Draft with the other engine."""
        draft = await self._engine.draft(passage)
        self._drafts.append((passage.start, draft))
        return draft

    async def repair(self, failed: Sequence[Rejected], nearest: Sequence[Sequence[str]], language: str) -> Draft:
        """Ask the other engine again about rejected claims."""
        if not isinstance(self._engine, Repairer):
            return Draft()
        answer = await self._engine.repair(failed, nearest, language)
        self._repairs.append(answer)
        return answer

    async def choose(self, candidates: Sequence[Takeaway], count: int, title: str | None, language: str) -> Draft:
        """Ask the other engine which takeaways matter most."""
        if not isinstance(self._engine, Selector):
            return Draft()
        return await self._engine.choose(candidates, count, title, language)

    async def aclose(self) -> None:
        """Close the other engine."""
        if isinstance(self._engine, Closable):
            await self._engine.aclose()


_Claim = TypeVar("_Claim", bound=FrozenModel)


def _kept_first(
    kept: Sequence[Takeaway | Partnership], drafted: Sequence[_Claim], model: type[_Claim]
) -> tuple[_Claim, ...]:
    """Return the drafted claims, first the origins of those that were kept: the later, repaired version of two."""
    left = list(drafted)
    first: list[_Claim] = []
    for claim in kept:
        origin = next((one for one in reversed(left) if _key(one) == _key(claim)), None)
        if origin is not None:
            left.remove(origin)
        first.append(origin or model.model_validate(as_drafted(claim)))
    return tuple(first + left)


def _key(claim: FrozenModel) -> tuple[object, ...]:
    if isinstance(claim, DraftPartnership | Partnership):
        return (frozenset(claim.parties), claim.status)
    return (claim.text,) if isinstance(claim, DraftTakeaway | Takeaway) else ()
