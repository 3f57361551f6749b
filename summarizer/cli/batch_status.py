"""`summarizer batch status`: how far each job is, and what its answers cost."""

import json
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime
from typing import Any

from ..errors import SummarizerError
from ..provider_batch import BatchRun, Journal, update_status
from .batch_session import BatchSession
from .console import ExitStatus, counted, report


def show_status(session: BatchSession) -> ExitStatus:
    """Print the jobs of the named runs, or of all runs."""
    arguments, journal = session.arguments, session.journal
    wanted = {journal.run(name).id for name in arguments.names} or {run.id for run in journal.runs()}
    for run in journal.runs():
        if run.id in wanted:
            _update(session, run)
    rows = [_row(journal, run) for run in journal.runs() if run.id in wanted]
    if arguments.format == "json":
        print(json.dumps(rows, ensure_ascii=False, indent=2))
    elif not rows:
        print("no run was submitted yet: summarizer batch submit INPUT...")
    else:
        print("\n".join(line for row in rows for line in _lines(row)))
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
