"""Record a draft as a case, and replay a case: offline, free, and with the same grounding."""

import re
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from ..engines.replay import ReplayEngine
from ..errors import ConfigError, SourceError
from ..language.normalization import fold
from ..pipeline import run, summarize_article
from ..protocols import Engine
from ..schema import Article, Summary
from ..version import __version__
from .cases import APPROVED, DRAFT, EXPECTED, RECORDED, Case, Facts, facts_to_json, gold_to_json, read_case, write_json
from .fact_changes import Change, changes
from .recording_engine import RecordingEngine

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


def compared(case: Case, summary: Summary) -> list[Change]:
    """Return the facts of a summary that differ from the approved result, else from the gold."""
    return _changes(case, case.approved or case.gold, _facts(summary))


def approve(case: Case, summary: Summary) -> Path | None:
    """Approve a result; return the file that was written, None if nothing had to be.

    A gold that no person wrote or reviewed is replaced. Otherwise a result that differs from the gold is written beside
    it, and that file is removed once nothing differs. Raises `SourceError`.
    """
    expected, approved = case.folder / EXPECTED, case.folder / APPROVED
    facts = _facts(summary)
    differs = bool(_changes(case, case.gold, facts))
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
    facts = _facts(await summarized(case))
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


def _changes(case: Case, before: Facts, after: Facts) -> list[Change]:
    return changes(before, after, case.article, aliases=case.gold.aliases)


def _facts(summary: Summary) -> Facts:
    return Facts(takeaways=summary.takeaways, partnerships=summary.partnerships)


def slug(article: Article) -> str:
    """Name the folder of a case after the article's file, or after its title where the file name is generic."""
    stem = Path(article.source or "").stem
    words = stem if stem.lower() not in ("", "-", "article", "index", "text") else article.title or "article"
    return re.sub(r"[\W_]+", "-", fold(words)).strip("-")[:48].strip("-") or "article"
