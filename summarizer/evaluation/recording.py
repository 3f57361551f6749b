"""An answer becomes a case, and a case is played back: offline, free, through the same proof."""

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
from .cases import APPROVED, DRAFT, EXPECTED, RECORDED, Case, Facts, plain, plain_gold, read_case, write_json
from .fact_changes import Change, changes
from .recording_engine import RecordingEngine

ALL = 50
"""Takeaways: a replay keeps whatever was recorded."""


async def summarized(case: Case, engine: Engine | None = None) -> Summary:
    """Summarize the article of a case as it was recorded, with another engine if one is given.

    Raises `EngineError` and its children.
    """
    asked: Any = case.recorded
    language, takeaways = asked.get("output_language"), asked.get("takeaways", ALL)
    return await summarize_article(
        case.article, engine or ReplayEngine(case.said), language=language, takeaways=takeaways
    )


def replayed(case: Case) -> Summary:
    """Play the recorded answer of a case back."""
    return run(summarized(case))


def compared(case: Case, summary: Summary) -> list[Change]:
    """Return the facts of a summary that are not as approved; where nothing was approved, not as in the gold."""
    return _differing(case, case.approved or case.gold, _facts(summary))


def approve(case: Case, summary: Summary) -> Path | None:
    """Take what a replay gives for the approved result; return the file that says so now, None if all said so already.

    A gold behind which no person stands is written anew. One that a person wrote or reviewed stays as it is: what
    differs from it goes beside it, and away again once nothing differs. Raises `SourceError`.
    """
    expected, approved = case.folder / EXPECTED, case.folder / APPROVED
    facts = _facts(summary)
    differs = bool(_differing(case, case.gold, facts))
    if not compared(case, summary) and (case.approved is None or differs):
        return None
    if not case.gold.human:
        update = {"takeaways": facts.takeaways, "partnerships": facts.partnerships}
        write_json(expected, plain_gold(case.gold.model_copy(update=update)))
        approved.unlink(missing_ok=True)
        return expected
    if differs:
        write_json(approved, plain(facts))
        return approved
    approved.unlink(missing_ok=True)
    return expected


async def record(
    article: Article, engine: Engine, folder: Path, *, language: str | None, takeaways: int, force: bool = False
) -> tuple[Case, Summary]:
    """Ask about an article now, and keep article, answer and what was proven of it as a case.

    Raises `ConfigError` where there is a case already and nobody forces it, `EngineError`, `SourceError`.
    """
    if (folder / EXPECTED).exists() and not force:
        raise ConfigError(f"there is a case in {str(folder)!r} already: --force writes its answer and its gold anew")
    recorder = RecordingEngine(engine)
    summary = await summarize_article(article, recorder, language=language, takeaways=takeaways)
    answer = recorder.answer_behind(summary).model_dump(mode="json")
    _write(folder, article, {RECORDED: _who(summary, article, takeaways), **answer})
    case = read_case(folder)
    facts = _facts(await summarized(case))
    write_json(folder / EXPECTED, {"held_out": False, **plain(facts), "rejected": [], "reviewed": None})
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


def _who(summary: Summary, article: Article, takeaways: int) -> dict[str, Any]:
    made = summary.provenance
    return {
        "model": made.model,
        "prompt": made.prompt,
        "prompt_sha256": made.prompt_sha256,
        "version": __version__,
        "created": made.created or datetime.now(UTC).isoformat(timespec="seconds"),
        "source": article.source,
        "output_language": made.output_language,
        "takeaways": len(summary.takeaways) or takeaways,
    }


def _differing(case: Case, before: Facts, after: Facts) -> list[Change]:
    return changes(before, after, case.article, aliases=case.gold.aliases)


def _facts(summary: Summary) -> Facts:
    return Facts(takeaways=summary.takeaways, partnerships=summary.partnerships)


def slug(article: Article) -> str:
    """Name the folder of a case after the article's file, or after its title where the file says nothing."""
    stem = Path(article.source or "").stem
    words = stem if stem.lower() not in ("", "-", "article", "index", "text") else article.title or "article"
    return re.sub(r"[\W_]+", "-", fold(words)).strip("-")[:48].strip("-") or "article"
