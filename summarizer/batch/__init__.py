"""Many articles, in the order given, as they become ready; one that fails does not stop the others.

sources        what a run reads                        ordered_map      several at once, in order, in bounded memory
resume         what an output already holds            circuit_breaker  whether articles fail, or the model
worker         what is done with each source           process_pool     what needs the processor, on other cores

asyncio is imported only where it is needed: importing it takes longer than showing one cached article.
"""

from collections.abc import AsyncGenerator, AsyncIterable, Iterable, Iterator, Mapping
from contextlib import aclosing
from pathlib import Path
from typing import Unpack

from .. import defaults, pipeline
from ..loading import Address
from ..protocols import Closable, Engine, Verifier
from ..schema import Article, Failure, Summary
from ..settings import Options, Settings, read_settings
from .circuit_breaker import CircuitBreaker
from .resume import CompletedOutputs
from .sources import Result, Row, Source, placed, read

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
    **options: Unpack[Options],
) -> Iterator[Summary | Failure]:
    """Summarize many articles, `concurrency` of them at a time; yields in the order given, as they become ready.

    A `str` is a text, a `Path` a file, an `Address` a URL, and a feed as many articles as it has entries. An
    article that fails is a `Failure`, and so is what is no article, such as NaN in a column of texts: its `source`
    is the place in `sources`, from 0, where it has no other name. `ConfigError` and `PromptError`, which would fail
    them all, are raised, and so are `EngineRefused` and `EngineUnavailable` where the model is unavailable. The
    work continues in a thread of its own between two results, in notebooks and running event loops too; `sources`
    is read there, at most `8 * concurrency` ahead of the current result.
    """
    if isinstance(sources, str | bytes | Path | Article | Address | Row | Mapping):
        raise TypeError(
            f"a list of texts, paths or articles is needed, not one {type(sources).__name__}: [{sources!r}]"
        )
    from .ordered_map import from_a_thread

    chosen = read_settings(model=model, language=language, takeaways=takeaways, **options)
    used = pipeline.engine_of(engine, model, chosen, api_key)

    async def outcomes() -> AsyncGenerator[Summary | Failure, None]:
        stream = summaries(
            placed(sources),
            used,
            language=chosen.language,
            takeaways=chosen.takeaways,
            proof=chosen.proof,
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

    return from_a_thread(outcomes)


async def summaries(
    sources: Iterable[Source] | AsyncIterable[Source],
    engine: Engine,
    *,
    language: str | None = None,
    takeaways: int = defaults.TAKEAWAYS,
    proof: str = defaults.PROOF,
    concurrency: int = defaults.CONCURRENCY,
    spare: int = 0,
    ahead: int | None = None,
    completed: CompletedOutputs | None = None,
    verifier: Verifier | None = None,
    allow_private: bool = False,
    breaker: CircuitBreaker | None = None,
    processes: int = 0,
) -> AsyncGenerator[Result, None]:
    """Yield the result of each source, in the order given, with `concurrency` of them under way at one time.

    A slow one does not delay the others, until `ahead` (8 times `concurrency`) are under way or wait for it. `spare`
    more are under way where the engine itself limits its calls to `concurrency`, as ours do: while one is loaded or
    grounded, the call of another takes its place. What is `completed` is not done again. The entries of a feed are
    yielded together. `allow_private` permits addresses on a private network. `breaker` is shared by a list that comes
    in several parts. Up to `processes` are started where the processor is the limit, and end with the list.

    Raises `EngineRefused` or `EngineUnavailable`, after the results that were ready, when the model is unavailable.
    """
    from .ordered_map import AHEAD, in_order
    from .process_pool import ProcessPool
    from .worker import ArticleWorker

    breaker = breaker or CircuitBreaker(concurrency)
    at_once = concurrency + spare
    pool = ProcessPool(processes)
    worker = ArticleWorker(
        engine,
        language=language,
        takeaways=takeaways,
        proof=proof,
        breaker=breaker,
        completed=completed,
        verifier=verifier,
        at_once=at_once,
        allow_private=allow_private,
        pool=pool,
    )
    stream = in_order(worker, sources, at_once=at_once, ahead=ahead or AHEAD * concurrency, stop=breaker.is_open)
    async with aclosing(pool), aclosing(stream):
        async for results in stream:
            for result in results:
                yield result
    breaker.check()


def spare_for(concurrency: int) -> int:
    """Return how many articles are loaded or grounded beside those that wait for the model.

    As many: where all answers arrive at one time, a prompt is ready for each call.
    """
    return max(1, concurrency)


def processes_of(settings: Settings) -> int:
    """Return how many processes may be started beside this one: the setting, else one for each other core."""
    from .process_pool import other_cores

    return other_cores() if settings.processes is None else settings.processes


def recall(
    source: Source,
    engine: Engine,
    *,
    language: str | None = None,
    takeaways: int = defaults.TAKEAWAYS,
    verifier: Verifier | None = None,
    proof: str = defaults.PROOF,
) -> Result | None:
    """Return the cached summary of a source, immediately and without an event loop; None where there is none.

    Raises `SourceError`, and `PromptError`.
    """
    if (article := read(source)) is None:
        return None
    found = pipeline.recall(article, engine, language=language, takeaways=takeaways, verifier=verifier, proof=proof)
    return None if found is None else Result(article, found)
