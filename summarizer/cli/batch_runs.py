"""A run of the batch service: submit what is neither cached nor pending, and summarize from what is answered."""

import argparse
import time
from contextlib import closing
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

from ..engines import open_language_model
from ..engines.llm.engine import LlmEngine
from ..errors import ConfigError, EngineError
from ..provider_batch import AnsweredEngine, BatchRun, Bounds, CollectedRun, Journal, Submitted, collect, submit
from ..settings import EXTRACTIVE, Settings, choose_model, read_settings
from .console import ExitStatus, complain, counted, notify, report, say
from .delivery import Delivery
from .inputs import Inputs, gather

RUN_SETTINGS = ("model", "base_url", "language", "takeaways", "prompt")
"""The settings that a run keeps from its submission."""
_IDENTITY = "identity"
"""The key of the engine's fingerprint among them."""
_POLL_SECONDS = (30.0, 300.0)
"""Between two polls of `--wait`: at first, and after an hour."""


@dataclass(frozen=True)
class BatchSession:
    """One call of the command."""

    arguments: argparse.Namespace
    settings: Settings
    journal: Journal

    def open(self, settings: Settings) -> tuple[LlmEngine, AnsweredEngine]:
        """Open the engine and the answers; with a budget of zero, rejected claims are not repaired."""
        model = choose_model(settings).model
        if model == EXTRACTIVE:
            raise ConfigError("the extractive model has no batch service: choose a model with -m openai/NAME")
        silent = settings.max_cost == 0
        engine = open_language_model(model, settings.model_copy(update={"max_cost": None}) if silent else settings)
        place = settings.cache_place
        assert place is not None  # else there is no journal  # noqa: S101
        return engine, AnsweredEngine(engine, place, self.journal, silent=silent)

    def settings_of(self, run: BatchRun) -> Settings:
        """Return the settings with which a run was submitted, and the current budget."""
        kept = {name: value for name, value in run.settings.items() if name in RUN_SETTINGS}
        return read_settings(**{**kept, "max_cost": self.settings.max_cost})


def journal_path(settings: Settings) -> Path:
    """Return where the journal is: beside the cache file if that is set, else in the user's state folder."""
    place = settings.cache_place
    if place is None:
        raise ConfigError("a batch needs the cache, where its answers are kept: unset SUMMARIZER_CACHE")
    if isinstance(place, Path) and settings.cache is not None:
        return place.with_name("batches.sqlite")
    from platformdirs import user_state_path

    return user_state_path("summarizer", appauthor=False) / "batches.sqlite"


# --- submit ----------------------------------------------------------------------------------------------------------


def submit_run(session: BatchSession) -> ExitStatus:
    """Submit the inputs as a run; with `--wait`, collect it too."""
    arguments, settings, journal = session.arguments, session.settings, session.journal
    if not arguments.names and arguments.files_from is None:
        raise ConfigError("batch submit needs articles: summarizer batch submit INPUT...")
    engine, answers = session.open(settings)
    inputs = gather(arguments.names, arguments.files_from)
    if skipped := inputs.skipped_message():
        notify(arguments, skipped)
    kept = settings.model_dump(include=set(RUN_SETTINGS))
    with closing(engine.service()) as service:
        done = submit(
            inputs.synchronous(),
            engine,
            answers,
            journal,
            service,
            {**kept, "model": choose_model(settings).model, _IDENTITY: engine.identity},
            bounds=Bounds(max_cost=settings.max_cost),
            notify=partial(notify, arguments),
        )
    for message in done.unread:
        report(message)
    if done.run is None:
        return complain("no article could be read; nothing was submitted")
    if arguments.wait:
        say(_outcome(done))
    else:
        print(_outcome(done), flush=True)
    status = ExitStatus.FAILED if done.unread or done.beyond_budget else ExitStatus.OK
    return max(status, collect_run(session, journal.run(done.run))) if arguments.wait else status


def _outcome(done: Submitted) -> str:
    """Describe a submission; the run is the first word, for `cut`."""
    price = "price unknown" if done.most_usd is None else f"at most ${done.most_usd:,.4f} at batch prices"
    sent = f"{counted(done.requests, 'request')} in {counted(done.jobs, 'job')}" if done.requests else "nothing to send"
    parts = (
        counted(done.articles, "article"),
        sent,
        f"{done.remembered:,} cached" if done.remembered else "",
        f"{done.under_way:,} pending already" if done.under_way else "",
        f"{done.beyond_budget:,} not sent because of --max-cost" if done.beyond_budget else "",
    )
    return f"{done.run}  {', '.join(filter(None, parts))}{f'; {price}' if done.requests else ''}"


# --- collect ---------------------------------------------------------------------------------------------------------


def collect_run(session: BatchSession, run: BatchRun) -> ExitStatus:
    """Fetch what is answered, write its summaries, and return the exit status."""
    arguments, journal = session.arguments, session.journal
    settings = session.settings_of(run)
    engine, answers = session.open(settings)
    if run.settings.get(_IDENTITY, engine.identity) != engine.identity:  # the answers are replies to something else
        prompt = run.settings.get("prompt")
        raise ConfigError(
            f"the prompt {prompt!r} or this program has changed since {run.id} was submitted: restore the "
            "old ones to collect it, or submit the articles again; nothing was lost"
        )
    with closing(engine.service()) as service:
        _fetch(session, engine, answers, service, run)
    ready = CollectedRun(run, journal)
    pending = ready.under_way()
    inputs = Inputs(ready.sources(), journal.count(run) - pending, many=journal.count(run) > 1)
    status = Delivery(arguments, settings, inputs, answers).run() if inputs.total else ExitStatus.OK
    if pending:
        notify(arguments, f"{counted(pending, 'article')} still pending: collect again later, or with --wait")
    return status


def _fetch(session: BatchSession, engine: LlmEngine, answers: AnsweredEngine, service: Any, run: BatchRun) -> None:
    """Poll once, or with `--wait` until every job is over; then an unavailable service is polled again."""
    wait, tell = session.arguments.wait, partial(notify, session.arguments)
    began = time.monotonic()
    lost_of: BatchRun | None = run  # answers that the cache has lost are fetched again once
    while True:
        try:
            fetched = collect(engine, answers, session.journal, service, run=lost_of, notify=tell)
            lost_of = None
            parts = (
                f"{counted(fetched.answered, 'answer')} fetched",
                f"{fetched.failed:,} failed: submit the same articles again" if fetched.failed else "",
                f"{fetched.unknown:,} lines that were not requested, or came twice" if fetched.unknown else "",
                f"{counted(fetched.under_way, 'request')} pending" if fetched.under_way else "",
            )
            tell(", ".join(filter(None, parts)))
            if not wait or not fetched.under_way:
                return
        except EngineError as error:
            if not wait:
                raise
            report(f"{error}; trying again")
        time.sleep(_POLL_SECONDS[time.monotonic() - began > 3_600])
