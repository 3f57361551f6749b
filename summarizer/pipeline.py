"""ONE article, as a straight line: load → split → draft → merge → ground → summary."""

import asyncio
from collections.abc import Coroutine
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from pathlib import Path
from time import perf_counter
from typing import Any, TypeVar

from .chunking import merge, split
from .config import choose_model, read_settings
from .engines import Engine, open_engine
from .grounding import ground
from .loading import load
from .schema import Article, Draft, Provenance, Summary, Usage
from .version import __version__

_T = TypeVar("_T")


def summarize(
    source: str | Path | Article,
    *,
    model: str | None = None,
    language: str | None = None,
    takeaways: int | None = None,
    engine: Engine | None = None,
    **settings: Any,
) -> Summary:
    """Summarize one article: a `str` is its text, a `Path` its file.

    `settings` are those of `config.Settings`: `base_url`, `prompt`, `cache` ("off" for none), `timeout`, …, and
    `api_key`. An `engine` of your own takes the place of `model`, and is not closed.

    Raises the children of `SummarizerError`: `SourceError`, `ConfigError`, `PromptError`, `EngineError`.
    """
    return run(asummarize(source, model=model, language=language, takeaways=takeaways, engine=engine, **settings))


async def asummarize(
    source: str | Path | Article,
    *,
    model: str | None = None,
    language: str | None = None,
    takeaways: int | None = None,
    engine: Engine | None = None,
    api_key: str | None = None,
    **settings: Any,
) -> Summary:
    """Summarize one article, in a running event loop; else as `summarize`."""
    chosen = read_settings(model=model, language=language, takeaways=takeaways, **settings)
    article = read(source)
    if engine is not None:
        return await summarize_article(article, engine, language=chosen.language, takeaways=chosen.takeaways)
    opened = open_engine(choose_model(chosen).model, chosen, api_key=api_key)
    try:
        return await summarize_article(article, opened, language=chosen.language, takeaways=chosen.takeaways)
    finally:
        await opened.aclose()


def read(source: str | Path | Article) -> Article:
    """Return the article of a text, a file, or an article itself. Raises `SourceError`."""
    if isinstance(source, Article):
        return source
    return load(source) if isinstance(source, Path) else Article.from_text(source)


async def summarize_article(
    article: Article, engine: Engine, *, language: str | None = None, takeaways: int = 5
) -> Summary:
    """Draft from each passage, join the drafts, and keep what the article proves of them."""
    began = perf_counter()
    passages = split(article, engine.window, output_language=language, takeaways=takeaways)
    drafts = await asyncio.gather(*(engine.draft(passage) for passage in passages))
    draft = merge(drafts)
    summary = ground(draft, article, output_language=passages[0].output_language, takeaways=takeaways)
    made = provenance(
        draft, article, engine, output_language=passages[0].output_language, seconds=perf_counter() - began
    )
    return summary.model_copy(update={"provenance": made})


def provenance(draft: Draft, article: Article, engine: Engine, *, output_language: str, seconds: float) -> Provenance:
    """Say who answered, asked what, at what price."""
    effort = draft.effort
    name, sha256 = engine.prompt or (None, None)
    return Provenance(
        model=engine.model,
        prompt=name,
        prompt_sha256=sha256,
        version=__version__,
        created=effort.created or datetime.now(UTC).isoformat(timespec="seconds"),
        output_language=output_language,
        cached=effort.cached,
        calls=effort.calls,
        truncated=effort.truncated,
        usage=Usage(input_tokens=effort.input_tokens, output_tokens=effort.output_tokens),
        cost_usd=effort.cost_usd,
        seconds=round(seconds, 3),
        warnings=tuple(dict.fromkeys((*article.warnings, *effort.warnings))),
    )


def run(work: Coroutine[Any, Any, _T]) -> _T:
    """Run a coroutine to its end, also where an event loop runs already, as in a notebook."""
    try:
        asyncio.get_running_loop()
    except RuntimeError:
        return asyncio.run(work)
    with ThreadPoolExecutor(max_workers=1) as thread:
        return thread.submit(asyncio.run, work).result()
