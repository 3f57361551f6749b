"""What is done with each source: it is loaded, its articles are summarized, and what fails becomes a value."""

import asyncio
from contextlib import aclosing
from dataclasses import dataclass
from functools import partial

from .. import errors
from ..errors import SummarizerError
from ..loading import Address, aload_all, is_address
from ..pipeline import summarize_article
from ..protocols import Engine, Verifier
from ..schema import Article, Failure
from .circuit_breaker import CircuitBreaker
from .ordered_map import in_order
from .process_pool import ProcessPool
from .resume import CompletedOutputs
from .sources import Result, Source, name_of, read, read_slowly


@dataclass
class ArticleWorker:
    """Turns one source into its results; at most `at_once` articles are under way at one time."""

    engine: Engine
    language: str | None
    takeaways: int
    proof: str
    verifier: Verifier | None
    breaker: CircuitBreaker
    completed: CompletedOutputs | None
    allow_private: bool
    pool: ProcessPool
    at_once: int

    def __post_init__(self) -> None:
        self._slots = asyncio.Semaphore(self.at_once)  # shared by all feeds

    async def __call__(self, source: Source) -> list[Result]:
        if self.completed and isinstance(source, Address) and self.completed.has(source.where):
            return [Result(None, None)]
        try:
            articles = await self._load(source)
        except SummarizerError as error:
            return [self._failed(error, name_of(source))]
        summarize = partial(self._summarize, unnamed=name_of(source))
        if len(articles) == 1:
            return [await summarize(articles[0])]
        entries = in_order(summarize, articles, at_once=self.at_once, ahead=len(articles), stop=self.breaker.is_open)
        async with aclosing(entries):
            return [result async for result in entries]

    async def _load(self, source: Source) -> tuple[Article, ...]:
        if (article := read(source)) is not None:
            return (article,)
        if isinstance(source, Address) and is_address(source.where):
            return await aload_all(source.where, allow_private=self.allow_private)
        return await asyncio.to_thread(read_slowly, source)

    async def _summarize(self, article: Article, unnamed: str) -> Result:
        async with self._slots:
            if self.completed and self.completed.has(article.source or "", article.sha256):
                return Result(article, None)
            try:
                summary = await summarize_article(
                    article,
                    self.engine,
                    language=self.language,
                    takeaways=self.takeaways,
                    proof=self.proof,
                    verifier=self.verifier,
                    offload=self.pool,
                )
            except (errors.ConfigError, errors.PromptError):
                raise  # would fail all articles
            except SummarizerError as error:
                return self._failed(error, article.source or unnamed, article)
            if summary.provenance.calls:
                self.breaker.succeeded()
            return Result(article, summary)

    def _failed(self, error: SummarizerError, name: str, article: Article | None = None) -> Result:
        self.breaker.failed(error)
        names = (kind.__name__ for kind in type(error).__mro__)
        public = next(each for each in names if hasattr(errors, each))  # the nearest public class
        return Result(article, Failure(source=name, error=public, message=str(error)))
