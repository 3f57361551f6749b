"""`summarizer batch submit|status|collect`: the provider's batch service, at half the price and within a day."""

import argparse
import asyncio
import json
import sys
import time
from collections.abc import Iterable, Iterator
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from ...batch import Source
from ...engines import open_language_model
from ...engines.llm.engine import LlmEngine
from ...errors import ConfigError, EngineError, SummarizerError
from ...provider_batch import (
    AnsweredEngine,
    BatchRun,
    Bounds,
    Collected,
    CollectedRun,
    Journal,
    Submitted,
    collect,
    submit,
    update_status,
)
from ...settings import EXTRACTIVE, Settings, choose_model, read_settings
from .. import FAILED, INTERRUPTED, OK, complain
from ..inputs import Inputs, gather
from ..parser import FORMATS, ROWS, common, make_parser
from .summarize_command import deliver, notify

_ABOUT = """\
The provider's batch service: the same prompt, schema, cache and proof as any run, at half the price, within a day.

  submit INPUT…     ask for what is neither remembered nor under way; the same command again asks for what failed
  status [RUN]      how far each job is, and what its answers cost
  collect [RUN]     fetch what is answered, prove it and print it; as often as you like, with -o what is missing there

A run is named by `submit`; default: the last one. Claims that fall are asked again at once, at the full price, unless
--max-cost 0 forbids it."""
_ACTIONS = ("submit", "status", "collect")
_LOOKS = (30.0, 300.0)
"""Seconds between two looks of --wait: at first, and after an hour."""
_KEPT = ("model", "base_url", "language", "takeaways", "prompt")
"""The settings that a run is collected with, whatever they are by then."""
_IDENTITY = "identity"


def parser() -> argparse.ArgumentParser:
    """Return the parser of `batch`."""
    made = make_parser("summarizer batch", _ABOUT)
    add = made.add_argument
    add("action", choices=_ACTIONS, metavar="|".join(_ACTIONS), help="what to do")
    add("names", nargs="*", metavar="INPUT|RUN", help="submit: articles, as for summarizer; else: which run")
    add("-m", "--model", metavar="MODEL", help="submit: openai/NAME, or any model with --base-url [SUMMARIZER_MODEL]")
    add("--base-url", metavar="URL", help="submit: a server that has files and batches [OPENAI_BASE_URL]")
    add("--files-from", metavar="PATH", help="submit: more inputs, one a line, or JSON lines; - for standard input")
    add("-l", "--language", metavar="TAG", help="submit: output language; default: the article's own")
    add("-n", "--takeaways", type=int, metavar="N", help="submit: how many takeaways at the most (5)")
    add("--prompt", metavar="NAME|PATH", help="submit: another prompt template")
    add(
        "--max-cost",
        type=float,
        metavar="USD",
        help="submit: ask for no more than that; collect: for what is asked again",
    )
    add("--wait", action="store_true", help="submit, collect: look again until every job is over, then print")
    add("-f", "--format", choices=FORMATS, metavar="FORMAT", help="collect: as for summarizer; status: text or json")
    add("-o", "--output", metavar="PATH", help="collect: a file or a folder; what it holds is not done again")
    add("--strict", action="store_true", help="collect: exit with 3 if any claim was rejected")
    add("--quotes", action="store_true", help="collect: show the evidence under each claim (text and markdown)")
    add("--rows", choices=ROWS, default=ROWS[0], metavar="KIND", help="collect: what a row of csv is")
    common(made)
    return made


def run(arguments: argparse.Namespace) -> int:
    """Do what was asked for, and return the exit status."""
    settings = read_settings(**_asked(arguments))
    _refuse_misplaced(arguments)
    with closing(Journal(_place(settings))) as journal:
        try:
            if arguments.action == "submit":
                return _submit(arguments, settings, journal)
            if arguments.action == "status":
                return _status(arguments, settings, journal)
            return _collect(arguments, settings, journal, _chosen(arguments, journal))
        except KeyboardInterrupt:
            return complain("interrupted; what was sent goes on: `summarizer batch collect` fetches it", INTERRUPTED)


def _asked(arguments: argparse.Namespace) -> dict[str, Any]:
    asked = {name: getattr(arguments, name) for name in (*_KEPT, "max_cost")}
    if arguments.action != "submit" and (given := [name for name in _KEPT if asked[name] is not None]):
        raise ConfigError(f"a run is collected as it was submitted: leave out --{given[0].replace('_', '-')}")
    return asked


def _refuse_misplaced(arguments: argparse.Namespace) -> None:
    """Refuse an option that would do nothing, before a person counts on it. Raises `ConfigError`."""
    given = [name for name in ("format", "output", "strict", "quotes") if getattr(arguments, name)]
    if arguments.action == "submit" and given and not arguments.wait:
        raise ConfigError(f"submit prints no summaries yet: give --{given[0]} to `batch collect`, or add --wait")
    if arguments.action == "status" and (arguments.output or arguments.format not in (None, "text", "json")):
        raise ConfigError("batch status is printed as text or json, to standard output")
    if arguments.action != "submit" and arguments.files_from is not None:
        raise ConfigError(f"batch {arguments.action} takes no articles: leave out --files-from")


def _place(settings: Settings) -> Path:
    """Where the journal is: beside the cache file where that was set, else where programs keep their state."""
    place = settings.cache_place
    if place is None:
        raise ConfigError("a batch needs the cache, where its answers are kept: unset SUMMARIZER_CACHE")
    if isinstance(place, Path) and settings.cache is not None:
        return place.with_name("batches.sqlite")
    from platformdirs import user_state_path

    return user_state_path("summarizer", appauthor=False) / "batches.sqlite"


def _open(settings: Settings, journal: Journal) -> tuple[LlmEngine, AnsweredEngine]:
    """Open the engine and the cache; nothing at all to spend is nobody to ask, whatever the prices."""
    model = choose_model(settings).model
    if model == EXTRACTIVE:
        raise ConfigError("the embedded model has no batch service: name a model with -m openai/NAME")
    silent = settings.max_cost == 0
    engine = open_language_model(model, settings.model_copy(update={"max_cost": None}) if silent else settings)
    place = settings.cache_place
    assert place is not None  # else there is no journal  # noqa: S101
    return engine, AnsweredEngine(engine, place, journal, silent=silent)


# --- submit ----------------------------------------------------------------------------------------------------------


def _submit(arguments: argparse.Namespace, settings: Settings, journal: Journal) -> int:
    if not arguments.names and arguments.files_from is None:
        raise ConfigError("batch submit needs articles: summarizer batch submit INPUT…")
    engine, answers = _open(settings, journal)
    inputs = gather(arguments.names, arguments.files_from)
    if said := inputs.leaving_out():
        notify(arguments, said)
    with closing(engine.service()) as service:
        done = submit(
            _plain(inputs),
            engine,
            answers,
            journal,
            service,
            _kept(settings, engine),
            bounds=Bounds(max_cost=settings.max_cost),
            notify=lambda message: notify(arguments, message),
        )
    for message in done.unread:
        complain(message, FAILED)
    if done.run is None:
        return complain("no article could be read; nothing was submitted", FAILED)
    print(_told(done), file=sys.stderr if arguments.wait else sys.stdout, flush=True)
    status = FAILED if done.unread or done.beyond_budget else OK
    if arguments.wait:
        return max(status, _collect(arguments, settings, journal, journal.run(done.run)))
    return status


def _kept(settings: Settings, engine: LlmEngine) -> dict[str, Any]:
    """What a run is collected with, and the fingerprint of all that shaped its questions."""
    kept = {name: getattr(settings, name) for name in _KEPT}
    return {**kept, "model": choose_model(settings).model, _IDENTITY: engine.identity}


def _settings_of(run: BatchRun, settings: Settings) -> Settings:
    """The settings that a run was submitted with, and the budget of now."""
    kept = {name: value for name, value in run.settings.items() if name in _KEPT and value is not None}
    return read_settings(**{**kept, "max_cost": settings.max_cost})


def _plain(inputs: Inputs) -> Iterable[Source]:
    """The sources one after the other, where they come through standard input too."""
    sources = inputs.sources
    return sources if isinstance(sources, Iterable) else _in_turn(sources)


def _in_turn(sources: Any) -> Iterator[Source]:
    with asyncio.Runner() as runner:
        stream = aiter(sources)

        async def following() -> Source | None:
            return await anext(stream, None)

        while (source := runner.run(following())) is not None:
            yield source


def _told(done: Submitted) -> str:
    """What came of a submission, for a person and for `cut`: the run is the first word."""
    asked = (
        f"{_counted(done.requests, 'request')} in {_counted(done.jobs, 'job')}" if done.requests else "nothing to ask"
    )
    parts = [_counted(done.articles, "article"), asked]
    parts += [f"{done.remembered:,} remembered"] if done.remembered else []
    parts += [f"{done.under_way:,} under way already"] if done.under_way else []
    parts += [f"{done.beyond_budget:,} not asked for, beyond --max-cost"] if done.beyond_budget else []
    most = "price unknown" if done.most_usd is None else f"at most ${done.most_usd:,.4f}, at the price of a batch"
    return f"{done.run}  {', '.join(parts)}{f'; {most}' if done.requests else ''}"


def _counted(number: int, thing: str) -> str:
    return f"{number:,} {thing}" if number == 1 else f"{number:,} {thing}s"


# --- status ----------------------------------------------------------------------------------------------------------


def _status(arguments: argparse.Namespace, settings: Settings, journal: Journal) -> int:
    wanted = {journal.run(name).id for name in arguments.names} or {run.id for run in journal.runs()}
    for run in journal.runs():
        if run.id in wanted:
            _look_anew(settings, journal, run)
    rows = [_row(journal, run) for run in journal.runs() if run.id in wanted]
    if arguments.format == "json":
        print(json.dumps(rows, ensure_ascii=False, indent=2))
    elif not rows:
        print("no run was submitted yet: summarizer batch submit INPUT…")
    else:
        print("\n".join(line for row in rows for line in _lines(row)))
    return OK


def _look_anew(settings: Settings, journal: Journal, run: BatchRun) -> None:
    """Ask how far the jobs of a run are; where that cannot be heard, what was heard last is told."""
    jobs = [job for job in journal.jobs("sent") if job.run == run.id]
    if not jobs:
        return
    try:
        engine, _ = _open(_settings_of(run, settings), journal)
        with closing(engine.service()) as service:
            for job in jobs:
                update_status(job, journal, service)
    except SummarizerError as error:
        complain(f"{error}; {run.id} is shown as it was seen last", OK)


def _row(journal: Journal, run: BatchRun) -> dict[str, Any]:
    jobs = [
        {
            "batch": job.batch,
            "status": job.status or job.state,
            "requests": job.requests,
            "done": job.completed + job.failed,
            "waiting": journal.waiting(job.ticket),
            "failed": journal.failed(job.ticket),
            "cost_usd": journal.cost(job.ticket),
            "complaint": job.complaint,
        }
        for job in journal.jobs()
        if job.run == run.id
    ]
    created = datetime.fromtimestamp(run.created, UTC).isoformat(timespec="seconds")
    model = run.settings.get("model")
    return {"run": run.id, "created": created, "model": model, "articles": journal.count(run), "jobs": jobs}


def _lines(row: dict[str, Any]) -> Iterator[str]:
    nothing = "" if row["jobs"] else ", nothing was asked: all was remembered or under way already"
    yield f"{row['run']}  {row['created']}  {row['model']}  {_counted(row['articles'], 'article')}{nothing}"
    for job in row["jobs"]:
        fetched = job["requests"] - job["waiting"] - job["failed"]
        cost = "price unknown" if job["cost_usd"] is None else f"${job['cost_usd']:,.4f}"
        done = f"{job['done']:,} of {_counted(job['requests'], 'request')} done"
        counts = f"{done}, {fetched:,} fetched, {job['failed']:,} failed"
        complaint = f", {job['complaint']}" if job["complaint"] else ""
        paid = f", {cost}" if fetched else ""
        yield f"  {job['batch'] or 'not sent yet'}  {job['status']}  {counts}{paid}{complaint}"


# --- collect ---------------------------------------------------------------------------------------------------------


def _chosen(arguments: argparse.Namespace, journal: Journal) -> BatchRun:
    if len(arguments.names) > 1:
        raise ConfigError("batch collect takes one run at a time")
    if arguments.names:
        return journal.run(arguments.names[0])
    if runs := journal.runs():
        return runs[-1]
    raise ConfigError("no run was submitted yet: summarizer batch submit INPUT…")


def _collect(arguments: argparse.Namespace, settings: Settings, journal: Journal, run: BatchRun) -> int:
    settings = _settings_of(run, settings)
    engine, answers = _open(settings, journal)
    _refuse_other_words(run, engine)
    with closing(engine.service()) as service:
        for fetched in _looks(arguments, engine, answers, journal, service, run):
            _tell(arguments, fetched)
    ready = CollectedRun(run, journal)
    left = ready.under_way()
    inputs = Inputs(ready.sources(), journal.count(run) - left, many=journal.count(run) > 1)
    status = deliver(arguments, settings, inputs, answers) if inputs.total else OK
    if left:
        is_left = f"{_counted(left, 'article')} {'is' if left == 1 else 'are'} still under way"
        notify(arguments, f"{is_left}: collect again, or --wait")
    return status


def _refuse_other_words(run: BatchRun, engine: LlmEngine) -> None:
    """Refuse to read answers as if they were given to what would be asked now. Raises `ConfigError`."""
    if run.settings.get(_IDENTITY, engine.identity) != engine.identity:
        prompt = run.settings.get("prompt")
        raise ConfigError(
            f"the prompt {prompt!r} or this program has changed since {run.id} was submitted: collect it with those of "
            "then, or submit the articles again; nothing was lost"
        )


def _looks(
    arguments: argparse.Namespace,
    engine: LlmEngine,
    answers: AnsweredEngine,
    journal: Journal,
    service: Any,
    run: BatchRun,
) -> Iterator[Collected]:
    """Look once, or until every job is over; a service that is away for a while is looked for again."""
    began = time.monotonic()
    once: BatchRun | None = run  # what the cache has lost is looked for once
    while True:
        try:
            fetched = collect(engine, answers, journal, service, run=once, notify=lambda said: notify(arguments, said))
            once = None
            yield fetched
            if not arguments.wait or not fetched.under_way:
                return
        except EngineError as error:
            if not arguments.wait:
                raise
            complain(f"{error}; looking again", OK)
        time.sleep(_LOOKS[time.monotonic() - began > 3_600])


def _tell(arguments: argparse.Namespace, fetched: Collected) -> None:
    parts = [f"{_counted(fetched.answered, 'answer')} fetched"]
    parts += [f"{fetched.failed:,} failed: submit the same articles again"] if fetched.failed else []
    parts += [f"{fetched.unknown:,} lines that were not asked for, or came twice"] if fetched.unknown else []
    parts += [f"{_counted(fetched.under_way, 'request')} under way"] if fetched.under_way else []
    notify(arguments, ", ".join(parts))
