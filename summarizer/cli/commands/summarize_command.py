"""`summarizer INPUT…`: summarize articles and print them in the order given."""

import argparse
import gc
import os
import signal
import sys
from collections import Counter
from collections.abc import Coroutine
from contextlib import aclosing, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ...batch import processes_of, recall, spare_for, summaries
from ...cache import CachedEngine
from ...engines import open_engine, open_language_model
from ...errors import ConfigError, EngineError, SourceError
from ...pipeline import request_fingerprint
from ...protocols import OpenEngine, Verifier
from ...rendering import Format, render
from ...schema import Article, Failure, Summary
from ...settings import EXTRACTIVE, Settings, choose_model, read_settings
from .. import FAILED, INTERRUPTED, OK, REJECTED, complain
from ..console import ConsoleStyle, address_of, look_of_standard_output
from ..inputs import Inputs, gather
from ..parser import ROWS
from ..progress import Tally, open_progress
from ..sinks.stream import ResumableSink, Shown, Sink, open_sink

_FORMAT_OF = {".json": "json", ".jsonl": "jsonl", ".md": "markdown", ".html": "html", ".csv": "csv"}

_KINDS, _NAMED = 100, 3
"""How many failures are remembered, so that the same is not said of each article, and how many of these are named."""
_OFTEN = 10_000
"""New objects between two looks for garbage over many articles; after ten times as many a run takes 20 MB more."""


def run(arguments: argparse.Namespace) -> int:
    """Summarize the inputs, print each as it is ready, and return the exit status."""
    settings = _settings(arguments)
    choice = choose_model(settings)
    if not settings.model:
        notify(arguments, f"model {choice.model}: {choice.reason}")
    _say_what_is_not_used(arguments, choice.model)
    inputs = gather(arguments.inputs, arguments.files_from, Path(arguments.output) if arguments.output else None)
    if said := inputs.leaving_out():
        notify(arguments, said)
    _refuse_pages_in_one(arguments, inputs)
    if arguments.verbose:
        _log_calls()
    if arguments.dry_run:
        from .dry_run import preview

        return preview(inputs, choice.model, settings, verbose=arguments.verbose)
    trace = Path(arguments.trace) if arguments.trace else None
    engine = open_engine(
        choice.model,
        settings,
        refresh=arguments.refresh,
        trace=trace,
        warn=lambda message: notify(arguments, message),
    )
    verifier = _verifier(arguments.verify, choice.model, settings, trace)
    return deliver(arguments, settings, inputs, engine, verifier)


def _say_what_is_not_used(arguments: argparse.Namespace, model: str) -> None:
    if model == EXTRACTIVE and arguments.prompt:
        notify(arguments, "the embedded model has no prompt: --prompt is not used; name a language model with -m")
    if arguments.rows != ROWS[0] and _format(arguments) is not Format.CSV:
        notify(arguments, "only a sheet has rows: --rows is not used; ask for one with -f csv")


def deliver(
    arguments: argparse.Namespace,
    settings: Settings,
    inputs: Inputs,
    engine: OpenEngine,
    verifier: Verifier | None = None,
) -> int:
    """Summarize inputs with an engine, to where the arguments say, and return the exit status."""
    asked = request_fingerprint(engine, settings.language, settings.takeaways, verifier)
    sink = open_sink(
        arguments.output,
        _format(arguments),
        _shown(arguments),
        many=inputs.many,
        request=asked,
        look=_look(arguments),
    )
    if sink.others:
        kept = f"{sink.others:,} results of another model, prompt or option stay in {arguments.output!r}"
        notify(arguments, f"{kept}; the articles are done again beside them")
    return _Run(arguments, settings, inputs, engine, sink, verifier).go()


def _refuse_pages_in_one(arguments: argparse.Namespace, inputs: Inputs) -> None:
    """Refuse to write several web pages into one: no browser shows more than the first."""
    output = arguments.output or ""
    folder = output.endswith(os.sep) or Path(output or ".nowhere").is_dir()
    if inputs.many and _format(arguments) is Format.HTML and not folder and not arguments.dry_run:
        raise ConfigError("html makes a page for each article: give a folder for them, -o pages/ for one")


def _verifier(asked: str | None, model: str, settings: Settings, trace: Path | None) -> Verifier | None:
    """Open who gives the second opinion: the model that is named, else the one that drafts; None if nobody is asked."""
    return None if asked is None else open_language_model(asked or model, settings, trace=trace)


def _log_calls() -> None:
    """Say one line for each call on standard error."""
    import logging

    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(logging.Formatter("summarizer: %(message)s"))
    logger = logging.getLogger("summarizer")
    logger.addHandler(handler)
    logger.setLevel(logging.INFO)


@dataclass
class _Run:
    """One run over all inputs, and what came of it."""

    arguments: argparse.Namespace
    settings: Settings
    inputs: Inputs
    engine: OpenEngine
    sink: Sink
    verifier: Verifier | None = None
    status: int = OK

    def __post_init__(self) -> None:
        self.tally = Tally(self.inputs.total)
        self._alike: dict[str, list[str]] = {}
        """What was said of a failure → the next articles that failed so: a dead server says the same of each."""
        self._more: Counter[str] = Counter()

    def go(self) -> int:
        """Do it, say what came of it, and return the exit status."""
        try:
            if not self._print_remembered():
                _await(self._print_all())
        except KeyboardInterrupt:
            return complain(f"interrupted; {self._what_is_left()}", INTERRUPTED)
        except EngineError as error:
            return complain(f"{error}; {self._what_is_left()}", FAILED)
        if self.inputs.many:
            notify(self.arguments, self.tally.closing())
        self._say_what_is_old()
        return self.status if self.status != REJECTED or self.arguments.strict else OK

    def _say_what_is_old(self) -> None:
        """A file in jsonl keeps the results of articles that were edited since; in a folder the new takes its place."""
        if isinstance(self.sink, ResumableSink) and self.sink.done and (changed := self.sink.done.changed):
            whose = "1 article has" if changed == 1 else f"{changed:,} articles have"
            older = "its older result stays" if changed == 1 else "their older results stay"
            newest = "the last line of a source is the newest; name a new file for nothing else"
            notify(
                self.arguments,
                f"{whose} another text than before: {older} in {self.arguments.output!r}; {newest}",
            )

    def _print_remembered(self) -> bool:
        """Print the only article there is, if it is remembered: without an event loop, a tenth of such a start."""
        source = self.inputs.only
        if source is None or self.sink.done is not None or not isinstance(self.engine, CachedEngine):
            return False
        chosen = self.settings
        try:
            found = recall(
                source, self.engine, language=chosen.language, takeaways=chosen.takeaways, verifier=self.verifier
            )
        except SourceError:  # is told in its turn
            return False
        if found is None:
            return False
        try:
            self._print_one(*found)
        finally:
            self.sink.close()
            self.engine.close()
        return True

    async def _print_all(self) -> None:
        _cancel_on_sigterm()
        if self.inputs.many:
            gc.set_threshold(_OFTEN)
        shown = open_progress(
            self.inputs.total,
            many=self.inputs.many,
            quiet=self.arguments.quiet,
            in_the_way=self.arguments.output is None and sys.stdout.isatty(),
        )
        stream = summaries(
            self.inputs.sources,
            self.engine,
            language=self.settings.language,
            takeaways=self.settings.takeaways,
            concurrency=self.settings.concurrency,
            spare=spare_for(self.settings.concurrency),
            ahead=self._ahead(),
            completed=self.sink.done,
            verifier=self.verifier,
            allow_private=self.settings.allow_private,
            processes=processes_of(self.settings),
        )
        try:
            async with aclosing(stream):
                async for article, outcome in stream:
                    self._print_one(article, outcome)
                    self.tally.add(outcome)
                    shown.show(self.tally)
        finally:
            shown.close()
            self._say_what_failed_alike()
            self.sink.close()
            await self.engine.aclose()
            if self.verifier is not None:
                await self.verifier.aclose()

    def _print_one(self, article: Article | None, outcome: Summary | Failure | None) -> None:
        if isinstance(outcome, Failure):
            self.sink.fail(outcome)
            self.status = max(self.status, self._complain(outcome))
        elif outcome is not None:
            self.sink.write(outcome, article)
            self.status = max(self.status, REJECTED if self.arguments.strict and outcome.rejected else OK)

    def _complain(self, failure: Failure) -> int:
        """Say why an article failed, unless the same was said of another."""
        message = failure.message
        if message not in self._alike:
            if len(self._alike) < _KINDS:
                self._alike[message] = []
            return complain(message, FAILED)
        self._more[message] += 1
        if len(self._alike[message]) < _NAMED:
            self._alike[message].append(failure.source)
        return FAILED

    def _say_what_failed_alike(self) -> None:
        for message, count in self._more.items():
            names = ", ".join(self._alike[message]) + (", …" if count > _NAMED else "")
            complain(f"{count:,} more failed alike ({names}): {message}", FAILED)

    def _ahead(self) -> int | None:
        """No further ahead than what is under way where an answer is kept nowhere but in the output: a crash must not
        cost more."""
        paid_once = self.settings.cache_place is not None or self.engine.model == EXTRACTIVE
        return None if paid_once or self.sink.done is None else self.settings.concurrency

    def _what_is_left(self) -> str:
        left = "" if self.tally.left is None else f", {self.tally.left:,} left"
        if self.sink.done is not None:
            how = "run the same command again to go on: what is done is not done again"
        elif self.settings.cache_place is not None:
            how = "run the same command again: the cache answers for what is done"
        else:
            how = "with -f jsonl -o FILE, the same command goes on where it stopped"
        return f"{self.tally.words()}{left}; what was written is complete; {how}"


def _await(work: Coroutine[Any, Any, None]) -> None:
    """Run to its end what has to wait; it is cancelled by nobody but a person."""
    import asyncio

    try:
        asyncio.run(work)
    except asyncio.CancelledError:
        raise KeyboardInterrupt from None


def _cancel_on_sigterm() -> None:
    """Let SIGTERM end the task at hand between two steps; where Control-C is ignored, nothing else would."""
    import asyncio

    task = asyncio.current_task()
    with suppress(NotImplementedError, RuntimeError):  # Windows, or no main thread
        if task is not None:
            asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, task.cancel)


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
        allow_private=arguments.allow_private or None,
    )


def _format(arguments: argparse.Namespace) -> Format:
    """The format that was asked for, else the one that the output's name ends in, else text."""
    suffix = Path(arguments.output or "").suffix.lower()
    return Format(arguments.format or _FORMAT_OF.get(suffix, "text"))


def _look(arguments: argparse.Namespace) -> str:
    """The options that change how a summary is shown, and nothing else."""
    chosen = {"quotes": arguments.quotes, "verbose": arguments.verbose, arguments.rows: arguments.rows != ROWS[0]}
    return "".join(f"+{name}" for name, given in chosen.items() if given)


def _shown(arguments: argparse.Namespace) -> Shown:
    """How a summary is shown where it goes."""
    look = look_of_standard_output() if arguments.output is None else ConsoleStyle()
    format = _format(arguments)

    def shown(summary: Summary, article: Article | None) -> str:
        return render(
            summary,
            article,
            format,
            quotes=arguments.quotes,
            verbose=arguments.verbose,
            width=look.width,
            color=look.color,
            address=address_of(article) if look.links and arguments.quotes else None,
            rows=arguments.rows,
        )

    return shown
