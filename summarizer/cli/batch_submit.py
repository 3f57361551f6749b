"""`summarizer batch submit`: send what is neither cached nor pending to the provider's batch service."""

import asyncio
import sys
from collections.abc import Iterable, Iterator
from contextlib import closing
from typing import Any

from ..batch import Source
from ..engines.llm.engine import LlmEngine
from ..errors import ConfigError
from ..provider_batch import Bounds, Submitted, submit
from ..settings import Settings, choose_model
from .batch_collect import collect_run
from .batch_session import IDENTITY, RUN_SETTINGS, BatchSession
from .console import ExitStatus, complain, counted, notify, report
from .inputs import Inputs, gather


def submit_run(session: BatchSession) -> ExitStatus:
    """Submit the inputs as a run; with `--wait`, collect it too."""
    arguments, settings, journal = session.arguments, session.settings, session.journal
    if not arguments.names and arguments.files_from is None:
        raise ConfigError("batch submit needs articles: summarizer batch submit INPUT...")
    engine, answers = session.open(settings)
    inputs = gather(arguments.names, arguments.files_from)
    if skipped := inputs.skipped_message():
        notify(arguments, skipped)
    with closing(engine.service()) as service:
        done = submit(
            _synchronous(inputs),
            engine,
            answers,
            journal,
            service,
            _run_settings(settings, engine),
            bounds=Bounds(max_cost=settings.max_cost),
            notify=lambda message: notify(arguments, message),
        )
    for message in done.unread:
        report(message)
    if done.run is None:
        return complain("no article could be read; nothing was submitted")
    print(_outcome(done), file=sys.stderr if arguments.wait else sys.stdout, flush=True)
    status = ExitStatus.FAILED if done.unread or done.beyond_budget else ExitStatus.OK
    if arguments.wait:
        return max(status, collect_run(session, journal.run(done.run)))
    return status


def _run_settings(settings: Settings, engine: LlmEngine) -> dict[str, Any]:
    """Return the settings to collect the run with, and the fingerprint of its prompts."""
    kept = settings.model_dump(include=set(RUN_SETTINGS))
    return {**kept, "model": choose_model(settings).model, IDENTITY: engine.identity}


def _synchronous(inputs: Inputs) -> Iterable[Source]:
    """Return the sources as an iterable, those of standard input too."""
    sources = inputs.sources
    return sources if isinstance(sources, Iterable) else _in_order(sources)


def _in_order(sources: Any) -> Iterator[Source]:
    with asyncio.Runner() as runner:
        stream = aiter(sources)

        async def next_source() -> Source | None:
            return await anext(stream, None)

        while (source := runner.run(next_source())) is not None:
            yield source


def _outcome(done: Submitted) -> str:
    """Describe a submission; the run is the first word, for `cut`."""
    sent = f"{counted(done.requests, 'request')} in {counted(done.jobs, 'job')}" if done.requests else "nothing to send"
    parts = [counted(done.articles, "article"), sent]
    parts += [f"{done.remembered:,} cached"] if done.remembered else []
    parts += [f"{done.under_way:,} pending already"] if done.under_way else []
    parts += [f"{done.beyond_budget:,} not sent because of --max-cost"] if done.beyond_budget else []
    price = "price unknown" if done.most_usd is None else f"at most ${done.most_usd:,.4f} at batch prices"
    return f"{done.run}  {', '.join(parts)}{f'; {price}' if done.requests else ''}"
