"""`summarizer INPUT…`: summarize articles and print them in the order given."""

import argparse
import asyncio
import os
import shutil
import sys
from collections.abc import AsyncIterator, Iterator
from contextlib import aclosing
from pathlib import Path

from ..batch import summaries
from ..config import Settings, choose_model, read_settings
from ..engines import open_engine
from ..errors import ConfigError, SourceError
from ..loading import READERS
from ..rendering import Format, render
from ..schema import Article, Failure, Summary
from . import FAILED, OK, REJECTED, complain
from .output import Folder, Sink, Stream


def run(arguments: argparse.Namespace) -> int:
    """Summarize the inputs, print each as it is ready, and return the exit status."""
    settings = _settings(arguments)
    choice = choose_model(settings)
    if not settings.model:
        notify(arguments, f"model {choice.model}: {choice.reason}")
    inputs = list(expanded(arguments.inputs))
    engine = open_engine(
        choice.model, settings, refresh=arguments.refresh, warn=lambda message: notify(arguments, message)
    )
    sink = _sink(arguments, many=len(inputs) > 1)
    return asyncio.run(_print_all(inputs, engine, settings, sink, arguments))


async def _print_all(inputs, engine, settings, sink, arguments) -> int:  # type: ignore[no-untyped-def]
    status = OK
    stream: AsyncIterator[tuple[Article | None, Summary | Failure]] = summaries(
        inputs,
        engine,
        language=settings.language,
        takeaways=settings.takeaways,
        concurrency=settings.concurrency,
    )
    try:
        async with aclosing(stream):  # type: ignore[type-var]
            async for article, result in stream:
                status = max(status, _print_one(article, result, sink, arguments))
    finally:
        sink.close()
        await engine.aclose()
    return status if status != REJECTED or arguments.strict else OK


def _print_one(article: Article | None, result: Summary | Failure, sink: Sink, arguments: argparse.Namespace) -> int:
    if isinstance(result, Failure):
        sink.fail(result)
        complain(result.message, FAILED)
        return FAILED
    sink.write(result, article)
    return REJECTED if arguments.strict and result.rejected else OK


def notify(arguments: argparse.Namespace, message: str) -> None:
    """Tell the person at the terminal, on standard error, unless they want quiet."""
    if not arguments.quiet:
        complain(message, OK)


def _settings(arguments: argparse.Namespace) -> Settings:
    return read_settings(
        model=arguments.model,
        base_url=arguments.base_url,
        language=arguments.language,
        takeaways=arguments.takeaways,
        prompt=arguments.prompt,
        cache="off" if arguments.no_cache else None,
        concurrency=arguments.concurrency,
        rpm=arguments.rpm,
        tpm=arguments.tpm,
        max_cost=arguments.max_cost,
    )


def expanded(inputs: list[str]) -> Iterator[Path]:
    """Yield the files of the inputs: a folder stands for the articles below it, in the order of their names.

    Raises `SourceError` for a folder without any.
    """
    for name in inputs:
        path = Path(name)
        if name == "-" or not path.is_dir():
            yield path
            continue
        files = sorted(file for file in path.rglob("*") if file.suffix.lower() in READERS and file.is_file())
        if not files:
            kinds = ", ".join(sorted(suffix for suffix in READERS if suffix))
            raise SourceError(f"the folder {name!r} holds no article: put files in it that end in {kinds}")
        yield from files


def _sink(arguments: argparse.Namespace, *, many: bool) -> Sink:
    """Choose where the results go: standard output, one file, or a folder with a file each."""

    def shown(summary: Summary, article: Article | None) -> str:
        return render(
            summary,
            article,
            arguments.format,
            quotes=arguments.quotes,
            verbose=arguments.verbose,
            width=_columns() if to_terminal else None,
            color=to_terminal and not os.environ.get("NO_COLOR"),
        )

    output: Path | None = arguments.output
    to_terminal = output is None and sys.stdout.isatty()
    if output is None:
        return Stream(sys.stdout, Format(arguments.format), shown, many=many)
    if output.is_dir() or str(output).endswith(os.sep):
        return Folder(output, Format(arguments.format), shown)
    try:
        return Stream.to_file(output, Format(arguments.format), shown, many=many)
    except OSError as error:
        raise ConfigError(f"cannot write to {str(output)!r}: {error.strerror}; name another with -o") from error


def _columns() -> int:
    return shutil.get_terminal_size().columns
