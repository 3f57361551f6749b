"""Many articles: in the order given, as they become ready, and one that fails does not stop the others.

sources  what an article of a list may come as     window  so many at once, in order, in bounded memory
ledger   what an output holds already              health  whether it is the articles that fail, or the model
one      what is done with each source             thread  the same for those who do not wait
computing  in turn, and on other cores

The event loop is imported where one is wanted: one article that is remembered is shown before that would be done.
"""

from collections.abc import AsyncGenerator, AsyncIterable, AsyncIterator, Iterable, Iterator
from contextlib import aclosing
from pathlib import Path
from typing import Any

from .. import pipeline
from ..engines import open_engine
from ..protocols import Closable, Engine, Verifier
from ..schema import Failure, Summary
from ..settings import DEFAULT_CONCURRENCY, DEFAULT_TAKEAWAYS, Settings, choose_model, read_settings
from .circuit_breaker import CircuitBreaker
from .resume import CompletedOutputs
from .sources import Address, Result, Row, Source, read

__all__ = [
    "Address",
    "CompletedOutputs",
    "Result",
    "Row",
    "Source",
    "processes_of",
    "recall",
    "spare_for",
    "summaries",
    "summarize_many",
]


def summarize_many(
    sources: Iterable[Source],
    *,
    model: str | None = None,
    language: str | None = None,
    takeaways: int | None = None,
    engine: Engine | None = None,
    api_key: str | None = None,
    **settings: Any,
) -> Iterator[Summary | Failure]:
    """Summarize many articles, `concurrency` of them at a time; yields in the order given, as they become ready.

    A `str` is a text, a `Path` a file, and a feed as many articles as it has entries. An article that fails is a
    `Failure`. `ConfigError` and `PromptError`, which would fail them all, are raised, and so is `EngineRefused` or
    `EngineUnavailable` where the model answers nobody any more. The work goes on in a thread of its own between two
    results, in notebooks and running event loops too;
    `sources` is read there, no more than `8 * concurrency` ahead of the result at hand.
    """
    if isinstance(sources, str | bytes | Path):
        raise TypeError(
            f"a list of texts, paths or articles is needed, not one {type(sources).__name__}: [{sources!r}]"
        )
    from .sync_iterator import in_a_thread

    chosen = read_settings(model=model, language=language, takeaways=takeaways, **settings)
    used = engine or open_engine(choose_model(chosen).model, chosen, api_key=api_key)

    async def some() -> AsyncIterator[Summary | Failure]:
        stream = summaries(
            sources,
            used,
            language=chosen.language,
            takeaways=chosen.takeaways,
            concurrency=chosen.concurrency,
            spare=spare_for(chosen.concurrency) if engine is None else 0,
            allow_private=chosen.allow_private,
            processes=processes_of(chosen),
        )
        try:
            async with aclosing(stream):
                async for _, outcome in stream:
                    if outcome is not None:
                        yield outcome
        finally:
            if engine is None and isinstance(used, Closable):
                await used.aclose()

    return in_a_thread(some)


async def summaries(
    sources: Iterable[Source] | AsyncIterable[Source],
    engine: Engine,
    *,
    language: str | None = None,
    takeaways: int = DEFAULT_TAKEAWAYS,
    concurrency: int = DEFAULT_CONCURRENCY,
    spare: int = 0,
    ahead: int | None = None,
    ledger: CompletedOutputs | None = None,
    verifier: Verifier | None = None,
    allow_private: bool = False,
    health: CircuitBreaker | None = None,
    processes: int = 0,
) -> AsyncGenerator[Result, None]:
    """Yield what became of each source, in the order given, with `concurrency` of them in hand at one time.

    One that takes long holds up nobody: the others go on until `ahead` (8 times `concurrency`) are under way or wait
    for it. `spare` more are in hand where the engine itself holds its calls to `concurrency`, as ours do: while one is
    read or proven, another's call is under way in its place. What `ledger` holds already is not done again. The entries
    of a feed come together, when all of them are done. `allow_private` lets an address be on a private network.
    `health` is that of a list which comes in several parts. Up to `processes` more are started where the processor is
    the limit, and end with the list.

    Raises `EngineRefused` or `EngineUnavailable`, after what was ready, when the model answers nobody any more.
    """
    from .ordered_map import AHEAD, in_order
    from .process_pool import ProcessPool
    from .worker import ArticleWorker

    health = health or CircuitBreaker(concurrency)
    at_once, ahead = concurrency + spare, ahead or AHEAD * concurrency
    computing = ProcessPool(processes)
    one = ArticleWorker(engine, language, takeaways, health, ledger, verifier, at_once, allow_private, computing)
    window = in_order(one, sources, at_once=at_once, ahead=ahead, stop=health.broken)
    async with aclosing(computing), aclosing(window):
        async for results in window:
            for result in results:
                yield result
    health.check()


def spare_for(concurrency: int) -> int:
    """Return how many articles are read or proven beside those that are asked about.

    As many: where all answers come at one time, the next article waits for each with its prompt made.
    """
    return max(1, concurrency)


def processes_of(settings: Settings) -> int:
    """Return how many processes may be started beside this one: as set, else one for each other core."""
    from .process_pool import other_cores

    return other_cores() if settings.processes is None else settings.processes


def recall(
    source: Source,
    engine: Engine,
    *,
    language: str | None = None,
    takeaways: int = DEFAULT_TAKEAWAYS,
    verifier: Verifier | None = None,
) -> Result | None:
    """Return what is remembered of a source, at once and without an event loop; None where that takes more.

    Raises `SourceError`, and `PromptError`.
    """
    if (article := read(source)) is None:
        return None
    found = pipeline.recall(article, engine, language=language, takeaways=takeaways, verifier=verifier)
    return None if found is None else Result(article, found)
