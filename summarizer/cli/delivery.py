"""Summarize all inputs with an engine, write each result as it is ready, and report what became of them."""

import argparse
import gc
import signal
import sys
from collections.abc import Coroutine
from contextlib import aclosing, suppress
from dataclasses import dataclass
from typing import Any

from ..batch import processes_of, recall, spare_for, summaries
from ..cache import CachedEngine
from ..errors import EngineError, SourceError
from ..pipeline import request_fingerprint
from ..protocols import OpenEngine, Verifier
from ..schema import Article, Failure, Summary
from ..settings import EXTRACTIVE, Settings
from .arguments import chosen_format, renderer, view_options
from .console import ExitStatus, complain, counted, notify
from .inputs import Inputs
from .progress import FailureLog, Tally, open_progress
from .sinks import ResumableSink, open_sink

_GC_THRESHOLD = 10_000
"""New objects between two garbage collections over many articles; ten times as many take 20 MB more."""


@dataclass
class Delivery:
    """One run over all inputs; its output is open from the beginning."""

    arguments: argparse.Namespace
    settings: Settings
    inputs: Inputs
    engine: OpenEngine
    verifier: Verifier | None = None

    def __post_init__(self) -> None:
        self.status = ExitStatus.OK
        self.tally = Tally(self.inputs.total)
        self.failures = FailureLog()
        language, takeaways, proof = self.settings.language, self.settings.takeaways, self.settings.proof
        self.sink = open_sink(
            self.arguments.output,
            chosen_format(self.arguments),
            renderer(self.arguments),
            many=self.inputs.many,
            request=request_fingerprint(self.engine, language, takeaways, self.verifier, proof),
            view=view_options(self.arguments),
        )

    def run(self) -> ExitStatus:
        """Summarize the inputs, write the results where the arguments say, and return the exit status."""
        if self.sink.others:
            kept = f"{self.sink.others:,} results of another model, prompt or option stay in {self.arguments.output!r}"
            notify(self.arguments, f"{kept}; the articles are done again beside them")
        try:
            if not self._write_cached():
                _run_async(self._write_all())
        except KeyboardInterrupt:
            return complain(f"interrupted; {self._remaining()}", ExitStatus.INTERRUPTED)
        except EngineError as error:
            return complain(f"{error}; {self._remaining()}")
        if self.inputs.many:
            notify(self.arguments, self.tally.closing())
        self._notify_of_older_results()
        return self.status

    def _write_cached(self) -> bool:
        """Write the only article if it is cached: without an event loop, which takes a tenth of such a run."""
        source = self.inputs.only
        if source is None or self.sink.done is not None or not isinstance(self.engine, CachedEngine):
            return False
        language, takeaways = self.settings.language, self.settings.takeaways
        found = None
        with suppress(SourceError):  # is raised again, and reported, by the full run
            found = recall(
                source,
                self.engine,
                language=language,
                takeaways=takeaways,
                verifier=self.verifier,
                proof=self.settings.proof,
            )
        if found is None:
            return False
        try:
            self._write(*found)
        finally:
            try:
                self.sink.close()
            finally:
                self.engine.close()
        return True

    async def _write_all(self) -> None:
        if self.inputs.many:
            gc.set_threshold(_GC_THRESHOLD)
        on_terminal = self.arguments.output is None and sys.stdout.isatty()
        quiet = self.arguments.quiet or not self.inputs.many
        progress = open_progress(self.inputs.total, quiet=quiet, results_on_terminal=on_terminal)
        stream = summaries(
            self.inputs.sources,
            self.engine,
            language=self.settings.language,
            takeaways=self.settings.takeaways,
            proof=self.settings.proof,
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
                    self._write(article, outcome)
                    self.tally.add(outcome)
                    progress.show(self.tally)
        finally:
            progress.close()
            self.failures.report_repeated()
            try:
                self.sink.close()
            finally:
                await self.engine.aclose()
                if self.verifier is not None:
                    await self.verifier.aclose()

    def _write(self, article: Article | None, outcome: Summary | Failure | None) -> None:
        if isinstance(outcome, Failure):
            self.sink.fail(outcome)
            self.failures.report(outcome)
            self.status = max(self.status, ExitStatus.FAILED)
        elif outcome is not None:
            self.sink.write(outcome, article)
            if self.arguments.strict and outcome.rejected:
                self.status = max(self.status, ExitStatus.REJECTED)

    def _ahead(self) -> int | None:
        """Return how many articles may be begun before the current one is written.

        Where answers are kept in the output alone, no more than are asked about at once: a crash must not cost more.
        """
        paid_once = self.settings.cache_place is not None or self.engine.model == EXTRACTIVE
        return None if paid_once or self.sink.done is None else self.settings.concurrency

    def _remaining(self) -> str:
        left = "" if self.tally.left is None else f", {self.tally.left:,} left"
        if self.sink.done is not None:
            hint = "run the same command again to resume: what is done is not done again"
        elif self.settings.cache_place is not None:
            hint = "run the same command again: what is done is answered from the cache"
        else:
            hint = "with -f jsonl -o FILE, the same command resumes where it stopped"
        return f"{self.tally.words()}{left}; what was written is complete; {hint}"

    def _notify_of_older_results(self) -> None:
        """A JSON Lines file keeps the results of articles that were edited since; in a folder they are replaced."""
        if isinstance(self.sink, ResumableSink) and self.sink.done and (changed := self.sink.done.changed):
            older = f"the older results stay in {self.arguments.output!r}"
            hint = "the last line of a source is the newest; to have only that, write to a new file"
            notify(self.arguments, f"{counted(changed, 'article')} changed since an earlier run: {older}; {hint}")


def _run_async(work: Coroutine[Any, Any, None]) -> None:
    """Run to the end; SIGTERM cancels between two steps: where Control-C is ignored, nothing else would."""
    import asyncio

    async def cancellable() -> None:
        if task := asyncio.current_task():
            with suppress(NotImplementedError, RuntimeError):  # Windows, or not the main thread
                asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, task.cancel)
        await work

    try:
        asyncio.run(cancellable())
    except asyncio.CancelledError:
        raise KeyboardInterrupt from None
