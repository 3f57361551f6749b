"""`summarizer batch submit|status|collect`: the provider's batch service, at half the price and within a day."""

import argparse
import json
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime
from typing import Any

from ...errors import ConfigError, SummarizerError
from ...provider_batch import BatchRun, Journal, update_status
from ...rendering.control_characters import visible
from ..arguments import settings_from
from ..batch_runs import RUN_SETTINGS, BatchSession, collect_run, journal_path, submit_run
from ..console import ExitStatus, complain, counted, report
from ..parser import Parser, add_shared

_DESCRIPTION = """\
Use the provider's batch API: the same prompt, cache and proof as any other run, at half the price, within a day.

  submit INPUT...  submit what is neither cached nor pending; run it again to retry what failed
  status [RUN...]  show how far each job is, and what its answers cost
  collect [RUN]    fetch the answers, prove them and write the summaries; can be repeated

`submit` prints the name of the run (default: the last one). Rejected claims are repaired at once, at the full price,
unless --max-cost is 0."""
_NO_RUN = "no run was submitted yet: summarizer batch submit INPUT..."


def parser() -> Parser:
    """Return the parser of `batch`."""
    made = Parser("batch", _DESCRIPTION, "ACTION [INPUT|RUN...]")
    arguments = made.group("arguments")
    add_shared(arguments, "action", choices=("submit", "status", "collect"))
    arguments.add_argument("names", nargs="*", metavar="INPUT|RUN", help="submit: articles; status, collect: runs")
    submit = made.group("submit", "--files-from")
    add_shared(submit, "--model", help="openai/NAME, or any model with --base-url [SUMMARIZER_MODEL]")
    add_shared(submit, "--base-url", "--prompt", "--language", "--takeaways")
    both = made.group("submit, collect")
    add_shared(both, "--max-cost", help="maximum cost of the submission, or of the repairs of a collection")
    both.add_argument("--wait", action="store_true", help="poll until every job is over, then write the summaries")
    made.group("collect", "--format", "--output", "--strict", "--quotes", "--rows")
    return made


def run(arguments: argparse.Namespace) -> ExitStatus:
    """Run the action and return the exit status."""
    _refuse_misplaced_options(arguments)
    settings = settings_from(arguments)
    with closing(Journal(journal_path(settings))) as journal:
        session = BatchSession(arguments, settings, journal)
        try:
            if arguments.action == "submit":
                return submit_run(session)
            if arguments.action == "status":
                return _show_status(session)
            return collect_run(session, _chosen_run(arguments.names, journal))
        except KeyboardInterrupt:
            hint = "what was submitted goes on: `summarizer batch collect` fetches it"
            return complain(f"interrupted; {hint}", ExitStatus.INTERRUPTED)


def _refuse_misplaced_options(arguments: argparse.Namespace) -> None:
    """Refuse an option that would have no effect. Raises `ConfigError`."""
    options = vars(arguments)
    if arguments.action != "submit" and (given := [name for name in RUN_SETTINGS if options[name] is not None]):
        raise ConfigError(f"a run is collected as it was submitted: leave out --{given[0].replace('_', '-')}")
    given = [name for name in ("format", "output", "strict", "quotes") if options[name]]
    if arguments.action == "submit" and given and not arguments.wait:
        raise ConfigError(f"submit prints no summaries yet: give --{given[0]} to `batch collect`, or add --wait")
    if arguments.action == "status" and (arguments.output or arguments.format not in (None, "text", "json")):
        raise ConfigError("batch status is printed as text or json, to standard output")
    if arguments.action != "submit" and arguments.files_from is not None:
        raise ConfigError(f"batch {arguments.action} takes no articles: leave out --files-from")


def _chosen_run(names: list[str], journal: Journal) -> BatchRun:
    """Return the named run, else the last one. Raises `ConfigError`."""
    if len(names) > 1:
        raise ConfigError("batch collect takes one run at a time")
    if names:
        return journal.run(names[0])
    if runs := journal.runs():
        return runs[-1]
    raise ConfigError(_NO_RUN)


# --- status ----------------------------------------------------------------------------------------------------------


def _show_status(session: BatchSession) -> ExitStatus:
    """Print how far each job of the named runs is, or of all runs, and what its answers cost."""
    arguments, journal = session.arguments, session.journal
    wanted = {journal.run(name).id for name in arguments.names} or {run.id for run in journal.runs()}
    runs = [run for run in journal.runs() if run.id in wanted]
    for run in runs:
        _update(session, run)
    rows = [_row(journal, run) for run in runs]
    if arguments.format == "json":
        print(json.dumps(rows, ensure_ascii=False, indent=2))
    elif not rows:
        print(_NO_RUN)
    else:
        print("\n".join(visible(line) for row in rows for line in _lines(row)))
    return ExitStatus.OK


def _update(session: BatchSession, run: BatchRun) -> None:
    """Ask the service about the jobs of a run; if that fails, their last known state is shown."""
    jobs = [job for job in session.journal.jobs("sent") if job.run == run.id]
    if not jobs:
        return
    try:
        engine, _ = session.open(session.settings_of(run))
        with closing(engine.service()) as service:
            for job in jobs:
                update_status(job, session.journal, service)
    except SummarizerError as error:
        report(f"{error}; the last known state of {run.id} is shown")


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
    nothing = "" if row["jobs"] else ", nothing was sent: all was cached or pending already"
    yield f"{row['run']}  {row['created']}  {row['model']}  {counted(row['articles'], 'article')}{nothing}"
    for job in row["jobs"]:
        fetched = job["requests"] - job["waiting"] - job["failed"]
        cost = "price unknown" if job["cost_usd"] is None else f"${job['cost_usd']:,.4f}"
        done = f"{job['done']:,} of {counted(job['requests'], 'request')} done"
        counts = f"{done}, {fetched:,} fetched, {job['failed']:,} failed"
        complaint = f", {job['complaint']}" if job["complaint"] else ""
        paid = f", {cost}" if fetched else ""
        yield f"  {job['batch'] or 'not sent yet'}  {job['status']}  {counts}{paid}{complaint}"
