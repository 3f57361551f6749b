"""Score a model on cases, many articles at once; one that fails is counted, never dropped."""

import asyncio
from collections.abc import Callable, Sequence
from typing import NamedTuple

from .. import defaults
from ..errors import ConfigError, PromptError, SummarizerError
from ..pipeline import summarize_article
from ..protocols import Engine, model_of
from ..settings import EXTRACTIVE
from .cases import Case
from .recording import summarized
from .scoring import Score, score

REPLAY = "replay"
"""The pseudo-model that replays the recorded drafts: it measures grounding alone."""


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
            result = await _scored(case, engine, language, takeaways)
        if on_score is not None:
            on_score(result)
        return result

    return await asyncio.gather(*map(one, cases))


async def _scored(case: Case, engine: Engine | None, language: str | None, takeaways: int) -> Score:
    try:
        if engine is None:
            return score(await summarized(case), case)
        summary = await summarize_article(case.article, engine, language=language, takeaways=takeaways)
    except (ConfigError, PromptError):
        raise
    except SummarizerError as error:
        return score(None, case, error=str(error))
    return score(summary, case)
