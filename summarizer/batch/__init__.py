"""Many articles: in the order given, as they become ready, and one that fails does not stop the others.

sources  what an article of a list may come as     window  so many at once, in order, in bounded memory
ledger   what an output holds already              health  whether it is the articles that fail, or the model
"""

import asyncio
import threading
from collections.abc import AsyncGenerator, AsyncIterable, AsyncIterator, Callable, Coroutine, Iterable, Iterator
from contextlib import aclosing
from pathlib import Path
from typing import Any, NamedTuple, TypeVar

from .. import errors
from ..config import choose_model, read_settings
from ..engines import Engine, open_engine
from ..errors import SummarizerError
from ..loading import aload_all, is_address
from ..pipeline import summarize_article
from ..schema import Article, Failure, Summary
from .health import Health
from .ledger import Ledger
from .sources import Address, Row, Source, name_of, read, read_slowly
from .window import AHEAD, Turns, in_order

__all__ = ["AHEAD", "Address", "Ledger", "Result", "Row", "Source", "spare_for", "summaries", "summarize_many"]

_T = TypeVar("_T")


class Result(NamedTuple):
    """What became of one source."""

    article: Article | None
    """None where it could not be read, or was done already and not read."""
    outcome: Summary | Failure | None
    """None for an article that the ledger holds already."""


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
    chosen = read_settings(model=model, language=language, takeaways=takeaways, **settings)
    opened = engine or open_engine(choose_model(chosen).model, chosen, api_key=api_key)

    async def some() -> AsyncIterator[Summary | Failure]:
        stream = summaries(
            sources,
            opened,
            language=chosen.language,
            takeaways=chosen.takeaways,
            concurrency=chosen.concurrency,
            spare=spare_for(chosen.concurrency) if engine is None else 0,
            allow_private=chosen.allow_private,
        )
        try:
            async with aclosing(stream):
                async for _, outcome in stream:
                    if outcome is not None:
                        yield outcome
        finally:
            if engine is None:
                await opened.aclose()

    return _in_a_thread(some)


async def summaries(
    sources: Iterable[Source] | AsyncIterable[Source],
    engine: Engine,
    *,
    language: str | None = None,
    takeaways: int = 5,
    concurrency: int = 16,
    spare: int = 0,
    ahead: int | None = None,
    ledger: Ledger | None = None,
    verifier: Any = None,
    allow_private: bool = False,
    health: Health | None = None,
) -> AsyncGenerator[Result, None]:
    """Yield what became of each source, in the order given, with `concurrency` of them in hand at one time.

    One that takes long holds up nobody: the others go on until `ahead` (8 times `concurrency`) are under way or wait
    for it. `spare` more are in hand where the engine itself holds its calls to `concurrency`, as ours do: while one is
    read or proven, another's call is under way in its place. What `ledger` holds already is not done again. The entries
    of a feed come together, when all of them are done. `allow_private` lets an address be on a private network.
    `health` is that of a list which comes in several parts.

    Raises `EngineRefused` or `EngineUnavailable`, after what was ready, when the model answers nobody any more.
    """
    health = health or Health(concurrency)
    at_once, ahead = concurrency + spare, ahead or AHEAD * concurrency
    one = _One(engine, language, takeaways, health, ledger, verifier, at_once, allow_private)
    window = in_order(one, sources, at_once=at_once, ahead=ahead, stop=health.broken)
    async with aclosing(window):
        async for results in window:
            for result in results:
                yield result
    health.check()


def spare_for(concurrency: int) -> int:
    """Return how many articles are read or proven beside those that are asked about.

    As many: where all answers come at one time, the next article waits for each with its prompt made.
    """
    return max(1, concurrency)


class _One:
    """What is done with each source."""

    def __init__(
        self,
        engine: Engine,
        language: str | None,
        takeaways: int,
        health: Health,
        ledger: Ledger | None,
        verifier: Any,
        at_once: int,
        allow_private: bool,
    ) -> None:
        self._engine = engine
        self._language = language
        self._takeaways = takeaways
        self._health = health
        self._ledger = ledger
        self._verifier = verifier
        self._at_once = at_once
        self._allow_private = allow_private
        self._hands = asyncio.Semaphore(at_once)
        self._turns = Turns()

    async def __call__(self, source: Source) -> list[Result]:
        if self._ledger and isinstance(source, Address) and self._ledger.has(source.where):
            return [Result(None, None)]
        try:
            articles = await self._read(source)
        except SummarizerError as error:
            return [self._failed(error, name_of(source))]
        if len(articles) == 1:
            return [await self._summarize(articles[0])]
        entries = in_order(
            self._summarize, articles, at_once=self._at_once, ahead=len(articles), stop=self._health.broken
        )
        async with aclosing(entries):
            return [result async for result in entries]

    async def _read(self, source: Source) -> tuple[Article, ...]:
        if (article := read(source)) is not None:
            return (article,)
        if isinstance(source, Address) and is_address(source.where):
            return await aload_all(source.where, allow_private=self._allow_private)
        return await asyncio.to_thread(read_slowly, source)

    async def _summarize(self, article: Article) -> Result:
        async with self._hands:  # several feeds at one time have no more hands than one
            return await self._summarize_now(article)

    async def _summarize_now(self, article: Article) -> Result:
        try:
            if self._ledger and self._ledger.has(article.source or "", article.sha256):
                return Result(article, None)
            summary = await summarize_article(
                article,
                self._engine,
                language=self._language,
                takeaways=self._takeaways,
                verifier=self._verifier,
                turn=self._turns,
            )
        except (errors.ConfigError, errors.PromptError):
            raise  # would fail them all
        except SummarizerError as error:
            return self._failed(error, article.source or name_of(article), article)
        if summary.provenance.calls:
            self._health.answered()
        return Result(article, summary)

    def _failed(self, error: SummarizerError, name: str, article: Article | None = None) -> Result:
        self._health.failed(error)
        return Result(article, Failure(source=name, error=_public(error), message=str(error)))


def _public(error: SummarizerError) -> str:
    """Name an error as the contract does: a finer kind goes by the name of its parent."""
    kinds = (kind for kind in type(error).__mro__ if getattr(errors, kind.__name__, None) is kind)
    return str(next(kinds).__name__)


# --- an async stream for those who do not wait --------------------------------------------------------------------


def _in_a_thread(stream: Callable[[], AsyncIterator[_T]]) -> Iterator[_T]:
    """Yield what a stream yields, while its event loop runs in a thread of its own."""
    loop = asyncio.new_event_loop()
    thread = threading.Thread(target=loop.run_forever, name="summarize_many", daemon=True)
    thread.start()

    def wait(work: Coroutine[Any, Any, _T]) -> _T:
        return asyncio.run_coroutine_threadsafe(work, loop).result()

    iterator = stream()
    try:
        while True:
            try:
                yield wait(_next(iterator))
            except StopAsyncIteration:
                return
    finally:
        wait(_end(iterator))
        loop.call_soon_threadsafe(loop.stop)
        thread.join()
        loop.close()


async def _next(iterator: AsyncIterator[_T]) -> _T:
    return await anext(iterator)


async def _end(iterator: Any) -> Any:
    await iterator.aclose()
    await asyncio.get_running_loop().shutdown_default_executor()
