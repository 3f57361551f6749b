"""A model against cases: many articles at once, and one that fails is counted, never dropped."""

import asyncio
from collections.abc import Callable, Sequence
from typing import NamedTuple

from ..errors import ConfigError, PromptError, SummarizerError
from ..pipeline import summarize_article
from ..protocols import Engine, model_of
from ..settings import DEFAULT_CONCURRENCY, DEFAULT_TAKEAWAYS, EXTRACTIVE
from .cases import Case
from .recording import summarized
from .scoring import Score, score

REPLAY = "replay"
"""The model that plays the recorded answers back: it measures the proof alone."""


class EvaluatedModel(NamedTuple):
    """Who is measured: a model, and what was asked of it otherwise than usual."""

    model: str
    prompt: str | None = None
    takeaways: int | None = None
    language: str | None = None

    @property
    def label(self) -> str:
        """Its name in reports and floors: what was asked in another way has floors of its own."""
        asked = {"prompt": self.prompt, "-n": self.takeaways, "-l": self.language}
        return ", ".join((self.model, *(f"{name} {value}" for name, value in asked.items() if value is not None)))


async def evaluate(
    cases: Sequence[Case],
    engine: Engine | None,
    *,
    language: str | None = None,
    takeaways: int = DEFAULT_TAKEAWAYS,
    concurrency: int = DEFAULT_CONCURRENCY,
    done: Callable[[Score], None] | None = None,
) -> list[Score]:
    """Score a model on cases, in their order; no engine stands for the recorded answers. `done` hears of each.

    Raises `ConfigError` or `PromptError`, which would fail them all.
    """
    waits = engine is not None and model_of(engine) != EXTRACTIVE  # who never waits is timed best alone
    room = asyncio.Semaphore(concurrency if waits else 1)

    async def one(case: Case) -> Score:
        async with room:
            made = await _scored(case, engine, language, takeaways)
        if done is not None:
            done(made)
        return made

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
