"""`summarizer mcp [FOLDER]`: serve summaries, verdicts and the graph to agents, over the Model Context Protocol."""

import argparse
import asyncio
from collections.abc import AsyncIterator, Iterator, Sequence
from contextlib import asynccontextmanager, contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, NamedTuple

from pydantic import Field

from ...engines import open_engine
from ...errors import ConfigError, EngineError, SourceError, SummarizerError
from ...graph import Graph, graph
from ...grounding import check_claim
from ...loading import aload_all, is_address, load
from ...pipeline import summarize_article
from ...protocols import OpenEngine
from ...schema import Article, Failure, FrozenModel, Summary, Verdicts
from ...settings import Settings, choose_model
from ...version import DISTRIBUTION, __version__
from ..arguments import settings_from
from ..console import ExitStatus, report
from ..parser import Parser, add_shared

if TYPE_CHECKING:
    from mcp.server.mcpserver import MCPServer

_DESCRIPTION = """\
Serve the tools summarize, check and graph to agents, over standard input and output (Model Context Protocol).

Agents may name addresses, and files inside FOLDER; without FOLDER, they can read no file.
It needs the extra [mcp]."""
_INSTRUCTIONS = """\
Every claim of a summary carries quotes of the article with offsets (Python string offsets, end exclusive), and what
could not be proven is in `rejected`: repeat only what is in `takeaways` and `partnerships`."""
_MOST_CLAIMS = 200
_MOST_ARTICLES = 100

Source = Annotated[str | None, Field(description="an address (https://…), or the path of a file in the served folder")]
Text = Annotated[str | None, Field(description="the text of the article itself, instead of a source")]


class ArticlesGraph(FrozenModel):
    """The partnerships of several articles, and the articles that could not be summarized."""

    graph: Graph
    failures: tuple[Failure, ...] = ()


def parser() -> Parser:
    """Return the parser of `mcp`."""
    made = Parser("mcp", _DESCRIPTION, "[FOLDER]")
    inputs = made.group("input")
    inputs.add_argument("folder", nargs="?", metavar="FOLDER", help="let agents read the files inside this folder")
    add_shared(inputs, "--allow-private")
    made.group("model", "--model", "--base-url", "--prompt")
    made.group("content", "--proof")
    made.group("requests and cache", "--concurrency", "--rpm", "--tpm", "--max-cost", "--no-cache")
    return made


def run(arguments: argparse.Namespace) -> ExitStatus:
    """Serve until the client leaves, and return the exit status."""
    settings = settings_from(arguments)
    folder = Path(arguments.folder).resolve() if arguments.folder else None
    if folder is not None and not folder.is_dir():
        raise ConfigError(f"{arguments.folder!r} is no folder: name the one whose files agents may read")
    asyncio.run(tools_server(settings, folder).run_stdio_async())
    return ExitStatus.OK


def tools_server(settings: Settings, folder: Path | None) -> "MCPServer[OpenEngine]":
    """Return the server with its three tools; `folder`, resolved, is where files are read. Raises `ConfigError`."""
    try:
        from mcp.server.mcpserver import MCPServer
    except ModuleNotFoundError as error:
        raise ConfigError(f"the MCP server needs the package mcp: pip install '{DISTRIBUTION}[mcp]'") from error

    # One engine for all calls, so that max_cost bounds them together.
    engine = open_engine(choose_model(settings).model, settings, warn=report)

    @asynccontextmanager
    async def closing(_: object) -> AsyncIterator[OpenEngine]:
        try:
            yield engine
        finally:
            await engine.aclose()

    server = MCPServer("summarizer", instructions=_INSTRUCTIONS, version=__version__, lifespan=closing)
    tools = _Tools(settings, engine, _Sources(folder, allow_private=settings.allow_private))
    for tool in (tools.summarize, tools.check, tools.graph):
        server.tool()(tool)
    return server


class _Tools:
    """What agents may call; signatures and docstrings are what they are told."""

    def __init__(self, settings: Settings, engine: OpenEngine, sources: "_Sources") -> None:
        self._settings = settings
        self._engine = engine
        self._sources = sources
        self._room = asyncio.Semaphore(settings.concurrency)

    async def summarize(
        self,
        source: Source = None,
        text: Text = None,
        takeaways: Annotated[int | None, Field(ge=1, le=50, description="the most that are wanted")] = None,
        language: Annotated[str | None, Field(description="output language, such as fr or en")] = None,
    ) -> Summary:
        """Key takeaways and partnerships of one news article, each proven by quotes of it; `rejected` is not proven."""
        with _told():
            return await self._summarized(await self._sources.article(source, text), takeaways, language)

    async def check(
        self,
        claims: Annotated[list[str], Field(min_length=1, max_length=_MOST_CLAIMS)],
        source: Source = None,
        text: Text = None,
    ) -> Verdicts:
        """Whether an article supports each claim, by rule: supported, doubtful (cannot tell) or unsupported."""
        with _told():
            return await asyncio.to_thread(_verdicts, claims, await self._sources.article(source, text))

    async def graph(
        self,
        articles: Annotated[list[str], Field(min_length=1, max_length=_MOST_ARTICLES, description="as `source`")],
    ) -> ArticlesGraph:
        """Who works with whom in several articles: each pair, its current status, and what each article says of it."""
        with _told():
            done = await asyncio.gather(*map(self._outcome, articles))
        return ArticlesGraph(graph=graph(done), failures=tuple(each for each in done if isinstance(each, Failure)))

    async def _outcome(self, source: str) -> Summary | Failure:
        try:
            return await self._summarized(await self._sources.article(source, None))
        except (SourceError, EngineError) as error:
            return Failure(source=source, error=type(error).__name__, message=str(error))

    async def _summarized(self, article: Article, takeaways: int | None = None, language: str | None = None) -> Summary:
        async with self._room:
            return await summarize_article(
                article,
                self._engine,
                language=language or self._settings.language,
                takeaways=takeaways or self._settings.takeaways,
                proof=self._settings.proof,
                offload=asyncio.to_thread,
            )


@contextmanager
def _told() -> Iterator[None]:
    """Tell the agent of an error in one line; the SDK would log a traceback, and tell nothing."""
    from mcp.server.mcpserver.exceptions import ToolError

    try:
        yield
    except SummarizerError as error:
        raise ToolError(str(error)) from error
    except Exception as error:
        raise ToolError(f"a bug in summarizer: {type(error).__name__}: {error}") from error


def _verdicts(claims: Sequence[str], article: Article) -> Verdicts:
    return Verdicts(verdicts=tuple(check_claim(claim, article) for claim in claims))


class _Sources(NamedTuple):
    """Where articles may come from."""

    folder: Path | None
    allow_private: bool

    async def article(self, source: str | None, text: str | None) -> Article:
        """Return the article of an address, a file of the folder, or a text. Raises `SourceError`."""
        if (source is None) == (text is None):
            raise SourceError("give a source or a text, and not both")
        if text is not None:
            return Article.from_text(text)
        if is_address(source or ""):
            first, *others = await aload_all(source or "", allow_private=self.allow_private)
            if others:
                raise SourceError(f"{source!r} holds {len(others) + 1} articles: give the address of one")
            return first
        article = await asyncio.to_thread(self._load, source or "")
        return article.model_copy(update={"source": source})

    def _load(self, name: str) -> Article:
        path = self._inside(name)
        try:
            return load(path)
        except SourceError as error:  # agents need not know where the folder is
            raise SourceError(str(error).replace(str(path), name)) from error

    def _inside(self, name: str) -> Path:
        if self.folder is None:
            raise SourceError(f"cannot read {name!r}: this server was started without a folder; give the text instead")
        try:
            path = (self.folder / name).resolve()
        except (OSError, RuntimeError, ValueError) as error:  # links in a circle; a NUL
            raise SourceError(f"cannot read {name!r}: {error}; give a path inside the folder") from error
        if not path.is_relative_to(self.folder):
            raise SourceError(f"cannot read {name!r}: it is outside the folder that this server may read")
        return path
