"""What is done with each source: it is read, then its articles are summarized, and what fails is a value."""

import asyncio
from contextlib import aclosing

from .. import errors
from ..errors import SummarizerError
from ..loading import aload_all, is_address
from ..pipeline import summarize_article
from ..protocols import Engine, Verifier
from ..schema import Article, Failure
from .circuit_breaker import CircuitBreaker
from .ordered_map import in_order
from .process_pool import ProcessPool
from .resume import CompletedOutputs
from .sources import Address, Result, Source, name_of, read, read_slowly


class ArticleWorker:
    """What is done with each source."""

    def __init__(
        self,
        engine: Engine,
        language: str | None,
        takeaways: int,
        health: CircuitBreaker,
        ledger: CompletedOutputs | None,
        verifier: Verifier | None,
        at_once: int,
        allow_private: bool,
        computing: ProcessPool,
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
        self._computing = computing

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
                offload=self._computing,
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
