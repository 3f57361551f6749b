"""`summarizer batch collect`: fetch the answers of a run, and summarize its articles from them."""

import time
from collections.abc import Iterator
from contextlib import closing
from typing import Any

from ..engines.llm.engine import LlmEngine
from ..errors import ConfigError, EngineError
from ..provider_batch import AnsweredEngine, BatchRun, Collected, CollectedRun, Journal, collect
from .batch_session import IDENTITY, BatchSession
from .console import ExitStatus, counted, notify, report
from .delivery import deliver
from .inputs import Inputs

_POLL_SECONDS = (30.0, 300.0)
"""Between two polls of `--wait`: at first, and after an hour."""


def chosen_run(names: list[str], journal: Journal) -> BatchRun:
    """Return the named run, else the last one. Raises `ConfigError`."""
    if len(names) > 1:
        raise ConfigError("batch collect takes one run at a time")
    if names:
        return journal.run(names[0])
    if runs := journal.runs():
        return runs[-1]
    raise ConfigError("no run was submitted yet: summarizer batch submit INPUT...")


def collect_run(session: BatchSession, run: BatchRun) -> ExitStatus:
    """Fetch what is answered, write its summaries, and return the exit status."""
    arguments, journal = session.arguments, session.journal
    settings = session.settings_of(run)
    engine, answers = session.open(settings)
    _require_same_prompt(run, engine)
    with closing(engine.service()) as service:
        for fetched in _polls(session, engine, answers, service, run):
            notify(arguments, _fetched_message(fetched))
    ready = CollectedRun(run, journal)
    pending = ready.under_way()
    inputs = Inputs(ready.sources(), journal.count(run) - pending, many=journal.count(run) > 1)
    status = deliver(arguments, settings, inputs, answers) if inputs.total else ExitStatus.OK
    if pending:
        notify(arguments, f"{counted(pending, 'article')} still pending: collect again later, or with --wait")
    return status


def _require_same_prompt(run: BatchRun, engine: LlmEngine) -> None:
    """Refuse to read answers as replies to a prompt that has changed. Raises `ConfigError`."""
    if run.settings.get(IDENTITY, engine.identity) != engine.identity:
        prompt = run.settings.get("prompt")
        raise ConfigError(
            f"the prompt {prompt!r} or this program has changed since {run.id} was submitted: restore the "
            "old ones to collect it, or submit the articles again; nothing was lost"
        )


def _polls(
    session: BatchSession, engine: LlmEngine, answers: AnsweredEngine, service: Any, run: BatchRun
) -> Iterator[Collected]:
    """Poll once, or with `--wait` until every job is over; then an unavailable service is polled again."""
    arguments = session.arguments
    began = time.monotonic()
    lost_of: BatchRun | None = run  # answers that the cache has lost are fetched again once
    while True:
        try:
            fetched = collect(
                engine,
                answers,
                session.journal,
                service,
                run=lost_of,
                notify=lambda message: notify(arguments, message),
            )
            lost_of = None
            yield fetched
            if not arguments.wait or not fetched.under_way:
                return
        except EngineError as error:
            if not arguments.wait:
                raise
            report(f"{error}; trying again")
        time.sleep(_POLL_SECONDS[time.monotonic() - began > 3_600])


def _fetched_message(fetched: Collected) -> str:
    parts = [f"{counted(fetched.answered, 'answer')} fetched"]
    parts += [f"{fetched.failed:,} failed: submit the same articles again"] if fetched.failed else []
    parts += [f"{fetched.unknown:,} lines that were not requested, or came twice"] if fetched.unknown else []
    parts += [f"{counted(fetched.under_way, 'request')} pending"] if fetched.under_way else []
    return ", ".join(parts)
