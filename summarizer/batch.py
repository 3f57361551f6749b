"""Many articles: in the order given, as they become ready, and one that fails does not stop the others."""

import asyncio
from collections import deque
from collections.abc import AsyncIterator, Iterable, Iterator
from pathlib import Path
from typing import Any

from .config import choose_model, read_settings
from .engines import Engine, open_engine
from .errors import SummarizerError
from .loading import load
from .pipeline import summarize_article
from .schema import Article, Failure, Summary

Source = str | Path | Article
"""A `str` is a text, a `Path` a file."""


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
    """Summarize many articles, `concurrency` of them at a time; yields in the order given.

    An article that fails is a `Failure`; `ConfigError` and `PromptError`, which would fail them all, are raised.
    """
    chosen = read_settings(model=model, language=language, takeaways=takeaways, **settings)
    opened = engine or open_engine(choose_model(chosen).model, chosen, api_key=api_key)
    with asyncio.Runner() as runner:
        stream = summaries(
            sources, opened, language=chosen.language, takeaways=chosen.takeaways, concurrency=chosen.concurrency
        )
        try:
            while True:
                try:
                    yield runner.run(anext(stream))[1]
                except StopAsyncIteration:
                    return
        finally:
            runner.run(stream.aclose())
            if engine is None:
                runner.run(opened.aclose())


async def summaries(
    sources: Iterable[Source],
    engine: Engine,
    *,
    language: str | None = None,
    takeaways: int = 5,
    concurrency: int = 16,
) -> AsyncIterator[tuple[Article | None, Summary | Failure]]:
    """Yield each article with its summary, or with its failure; no more than `concurrency` are in hand at one time."""
    waiting: deque[asyncio.Task[tuple[Article | None, Summary | Failure]]] = deque()
    remaining = iter(sources)
    try:
        while True:
            while len(waiting) < concurrency and (source := next(remaining, None)) is not None:
                waiting.append(asyncio.create_task(_one(source, engine, language, takeaways)))
            if not waiting:
                return
            yield await waiting[0]
            waiting.popleft()
    finally:
        for task in waiting:
            task.cancel()
        await asyncio.gather(*waiting, return_exceptions=True)


async def _one(
    source: Source, engine: Engine, language: str | None, takeaways: int
) -> tuple[Article | None, Summary | Failure]:
    article = None
    try:
        article = await asyncio.to_thread(_read, source)
        return article, await summarize_article(article, engine, language=language, takeaways=takeaways)
    except SummarizerError as error:
        name = (article and article.source) or (str(source) if isinstance(source, Path) else "text")
        return article, Failure(source=name, error=type(error).__name__, message=str(error))


def _read(source: Source) -> Article:
    if isinstance(source, Article):
        return source
    return load(source) if isinstance(source, Path) else Article.from_text(source)
