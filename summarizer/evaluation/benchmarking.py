"""Score a model on cases, many articles at once, and compare its figures with their floors.

An article that fails is counted, never dropped. The floors, by model and half, are in a file beside the cases.
"""

import asyncio
import math
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, NamedTuple

from .. import defaults
from ..errors import ConfigError, PromptError, SummarizerError
from ..foreign_json import read_json
from ..pipeline import summarize_article
from ..protocols import Engine, model_of
from ..settings import EXTRACTIVE
from .cases import Case, write_json
from .measures import MEASURES, Measure
from .recording import summarized
from .report import Report, key
from .scoring import Score, score

REPLAY = "replay"
"""The pseudo-model that replays the recorded drafts: it measures grounding alone."""
FILE = "baseline.json"
_SCHEMA = "baseline/1"


class EvaluatedModel(NamedTuple):
    """A model, and the settings in which it differs from the defaults."""

    model: str
    prompt: str | None = None
    takeaways: int | None = None
    language: str | None = None

    @property
    def label(self) -> str:
        """Its name in reports and baselines: other settings have floors of their own."""
        settings = {"prompt": self.prompt, "-n": self.takeaways, "-l": self.language}
        return ", ".join((self.model, *(f"{name} {value}" for name, value in settings.items() if value is not None)))


async def evaluate(
    cases: Sequence[Case],
    engine: Engine | None,
    *,
    language: str | None = None,
    takeaways: int = defaults.TAKEAWAYS,
    concurrency: int = defaults.CONCURRENCY,
    on_score: Callable[[Score], None] | None = None,
) -> list[Score]:
    """Score a model on cases, in their order; without an engine, the recorded drafts. `on_score` gets each score.

    Raises `ConfigError` or `PromptError`, which concern them all.
    """
    waits = engine is not None and model_of(engine) != EXTRACTIVE  # an engine that never waits is timed best alone
    slots = asyncio.Semaphore(concurrency if waits else 1)

    async def one(case: Case) -> Score:
        async with slots:
            try:
                if engine is None:
                    summary = await summarized(case)
                else:
                    summary = await summarize_article(case.article, engine, language=language, takeaways=takeaways)
                result = score(summary, case)
            except (ConfigError, PromptError):
                raise
            except SummarizerError as error:
                result = score(None, case, error=str(error))
        if on_score is not None:
            on_score(result)
        return result

    return await asyncio.gather(*map(one, cases))


# --- floors --------------------------------------------------------------------------------------------------------


class Missed(NamedTuple):
    """A figure below its floor, or above its ceiling where lower is better."""

    model: str
    half: str
    measure: Measure
    floor: float
    value: float | None

    def __str__(self) -> str:
        value = "nothing to measure" if self.value is None else f"{self.value:.1f}"
        side = "below its floor of" if self.measure.higher else "above its ceiling of"
        return f"{self.model}, {self.half}: {self.measure.label} {value}, {side} {self.floor:.1f}"


class Baseline:
    """The floors of a file; none without a file."""

    def __init__(self, path: Path) -> None:
        """Read the file. Raises `ConfigError`."""
        self.path = path
        self._models: dict[str, Any] = {}
        if not path.is_file():
            return
        try:
            content = read_json(path.read_text(encoding="utf-8"))
            self._models = {str(model): dict(entry) for model, entry in content["models"].items()}
            for entry in self._models.values():
                floors = entry["floors"].items()
                entry["floors"] = {half: {k: float(v) for k, v in row.items()} for half, row in floors}
        except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
            raise ConfigError(
                f"the floors {str(path)!r} cannot be read: {error!r}; write them with --update"
            ) from error

    def missed(self, report: Report) -> list[Missed]:
        """Return the figures of a report that miss their floor or ceiling."""
        found: list[Missed] = []
        for model, half, scores in report.columns():
            floors = self._models.get(model, {}).get("floors", {}).get(key(half), {})
            found += [
                Missed(model, half, measure, floors[measure.name], measure.of(scores))
                for measure in MEASURES
                if measure.gates and measure.name in floors
            ]
        return [miss for miss in found if _worse(miss)]

    def update(self, report: Report) -> None:
        """Set the floors of the models of a report to its figures. Raises `SourceError`."""
        models = {*(model for model, _, _ in report.columns())}
        kept = {model: entry for model, entry in self._models.items() if model not in models}
        kept |= {model: _floors(model, report) for model in models}
        write_json(self.path, {"schema": _SCHEMA, "models": dict(sorted(kept.items()))})


def _worse(miss: Missed) -> bool:
    if miss.value is None:
        return miss.measure.higher
    return miss.value < miss.floor if miss.measure.higher else miss.value > miss.floor


def _floors(model: str, report: Report) -> dict[str, Any]:
    floors: dict[str, dict[str, float]] = {}
    articles = 0
    for label, half, scores in report.columns():
        if label == model:
            articles += len(scores)
            figures = ((measure, measure.of(scores)) for measure in MEASURES if measure.gates)
            floors[key(half)] = {
                measure.name: _rounded(value, measure) for measure, value in figures if value is not None
            }
    return {"version": report.version, "date": report.date, "articles": articles, "floors": floors}


def _rounded(value: float, measure: Measure) -> float:
    """Round to one decimal, in the direction that lets the measured figure pass."""
    tenths = 10 * value
    return (math.floor(tenths + 1e-9) if measure.higher else math.ceil(tenths - 1e-9)) / 10
