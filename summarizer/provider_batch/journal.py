"""What was written down before it was asked: runs, their articles, requests by key, and the jobs that they went out in.

A job passes through `writing` (its file is being made), `written` (the file is whole), `sent` (the service knows it)
and `over`. Whatever moment a process dies at, the next one knows from here what is left to do, and asks nothing twice.
"""

import json
import os
import secrets
import sqlite3
import sys
import time
import zlib
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ..errors import ConfigError
from ..schema import Article

if sys.platform != "win32":
    import fcntl

_APPLICATION = 0x73756D32  # "sum2"
_SCHEMA = """
CREATE TABLE IF NOT EXISTS runs (id TEXT PRIMARY KEY, created REAL NOT NULL, settings TEXT NOT NULL,
    whole INTEGER NOT NULL DEFAULT 0);
CREATE TABLE IF NOT EXISTS articles (run TEXT NOT NULL, number INTEGER NOT NULL, keys TEXT NOT NULL,
    value BLOB NOT NULL, PRIMARY KEY (run, number));
CREATE TABLE IF NOT EXISTS requests (key TEXT PRIMARY KEY, ticket TEXT NOT NULL, parts TEXT NOT NULL, source TEXT,
    state TEXT NOT NULL, why TEXT, input_tokens INTEGER, output_tokens INTEGER, cost_usd REAL);
CREATE INDEX IF NOT EXISTS requests_ticket ON requests (ticket, state);
CREATE TABLE IF NOT EXISTS jobs (ticket TEXT PRIMARY KEY, run TEXT NOT NULL, model TEXT NOT NULL, address TEXT NOT NULL,
    created REAL NOT NULL, state TEXT NOT NULL, requests INTEGER NOT NULL DEFAULT 0, file TEXT, batch TEXT,
    status TEXT, completed INTEGER NOT NULL DEFAULT 0, failed INTEGER NOT NULL DEFAULT 0, complaint TEXT);
"""
WAITING, ANSWERED, FAILED, CUT = "waiting", "answered", "failed", "cut"


@dataclass(frozen=True)
class BatchRun:
    """One submission."""

    id: str
    created: float
    settings: dict[str, Any]


@dataclass(frozen=True)
class Request:
    """One passage that was asked about, and what became of it."""

    key: str
    ticket: str
    parts: dict[str, str]
    source: str | None
    state: str
    why: str | None
    input_tokens: int | None
    output_tokens: int | None
    cost_usd: float | None


@dataclass(frozen=True)
class Job:
    """One file of requests, on its way."""

    ticket: str
    run: str
    model: str
    address: str
    created: float
    state: str
    requests: int
    file: str | None
    batch: str | None
    status: str | None
    completed: int
    failed: int
    complaint: str | None


class Journal:
    """The file that all this is written in, and the folder beside it that holds files on their way."""

    def __init__(self, path: Path) -> None:
        """Open the file, or make it. Raises `ConfigError`."""
        self.path = path
        self.folder = path.with_name(f"{path.stem}-files")
        try:
            self.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            self._db = sqlite3.connect(path, timeout=30.0, isolation_level=None)
            path.chmod(0o600)
            self._prepare()
        except (sqlite3.Error, OSError) as error:
            raise ConfigError(
                f"the journal of batches {os.fspath(path)!r} cannot be used: {error}; nothing was sent"
            ) from error

    def close(self) -> None:
        """Let go of the file."""
        self._db.close()

    def _prepare(self) -> None:
        found = self._db.execute("PRAGMA application_id").fetchone()[0]
        if found not in (0, _APPLICATION):
            raise sqlite3.DatabaseError("it is a database of another program")
        self._db.execute("PRAGMA journal_mode = WAL")
        self._db.execute("PRAGMA synchronous = FULL")  # a job that was paid for must not be forgotten in a power cut
        self._db.executescript(_SCHEMA)
        self._db.execute(f"PRAGMA application_id = {_APPLICATION}")

    @contextmanager
    def alone(self) -> Iterator[None]:
        """Be the only one who sends and fetches. Raises `ConfigError` where another process does."""
        with (self.folder / "lock").open("w") as lock:
            if sys.platform != "win32":
                try:
                    fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
                except OSError:
                    raise ConfigError(
                        "another process is submitting or collecting batches; wait until it is done"
                    ) from None
            self._undo()
            yield

    def _undo(self) -> None:
        """Forget what was being written when a process died: nothing of it was sent."""
        for job in self.jobs("writing"):
            self.file_of(job.ticket).unlink(missing_ok=True)
        with self._transaction():
            self._db.execute("DELETE FROM requests WHERE ticket IN (SELECT ticket FROM jobs WHERE state = 'writing')")
            self._db.execute("DELETE FROM jobs WHERE state = 'writing'")
            self._db.execute("DELETE FROM articles WHERE run IN (SELECT id FROM runs WHERE NOT whole)")
            self._db.execute("DELETE FROM runs WHERE NOT whole AND id NOT IN (SELECT run FROM jobs)")

    # --- runs and their articles -----------------------------------------------------------------------------------

    def begin(self, settings: dict[str, Any]) -> BatchRun:
        """Write down that a run begins."""
        run = BatchRun(f"{time.strftime('%Y%m%d')}-{secrets.token_hex(3)}", time.time(), settings)
        self._db.execute("INSERT INTO runs VALUES (?, ?, ?, 0)", (run.id, run.created, json.dumps(settings)))
        return run

    def finish(self, run: BatchRun) -> None:
        """Write down that all articles of a run are there."""
        self._db.execute("UPDATE runs SET whole = 1 WHERE id = ?", (run.id,))

    def runs(self) -> list[BatchRun]:
        """Return all runs that are whole, the oldest first."""
        rows = self._db.execute("SELECT id, created, settings FROM runs WHERE whole ORDER BY created")
        return [BatchRun(id, created, json.loads(settings)) for id, created, settings in rows]

    def run(self, id: str) -> BatchRun:
        """Return a run. Raises `ConfigError` where there is none."""
        for run in self.runs():
            if run.id == id:
                return run
        raise ConfigError(f"there is no run {id!r}; `summarizer batch status` lists them")

    def articles(self, run: BatchRun) -> Iterator[tuple[list[str], Article]]:
        """Yield each article of a run with the keys of its requests, in order."""
        rows = self._db.execute("SELECT keys, value FROM articles WHERE run = ? ORDER BY number", (run.id,))
        for keys, value in rows:
            yield json.loads(keys), Article.model_validate_json(zlib.decompress(value))

    def keys(self, run: BatchRun) -> Iterator[list[str]]:
        """Yield the keys of the requests of each article of a run, in order."""
        rows = self._db.execute("SELECT keys FROM articles WHERE run = ? ORDER BY number", (run.id,))
        return (json.loads(keys) for (keys,) in rows)

    def count(self, run: BatchRun) -> int:
        """Return how many articles a run has."""
        return int(self._db.execute("SELECT count(*) FROM articles WHERE run = ?", (run.id,)).fetchone()[0])

    # --- requests --------------------------------------------------------------------------------------------------

    def request(self, key: str) -> Request | None:
        """Return what became of a request."""
        row = self._db.execute(_SELECT_REQUEST, (key,)).fetchone()
        return None if row is None else _request(row)

    def waiting(self, ticket: str) -> int:
        """Return how many requests of a job have no answer."""
        rows = self._db.execute("SELECT count(*) FROM requests WHERE ticket = ? AND state = ?", (ticket, WAITING))
        return int(rows.fetchone()[0])

    def failed(self, ticket: str) -> int:
        """Return how many requests of a job came back without an answer of use."""
        rows = self._db.execute(
            "SELECT count(*) FROM requests WHERE ticket = ? AND state IN (?, ?)", (ticket, FAILED, CUT)
        )
        return int(rows.fetchone()[0])

    def settle(self, ticket: str, outcomes: "Sequence[Outcome]") -> int:
        """Write down what became of requests of a job; return how many of them had no outcome yet."""
        with self._transaction():
            return sum(self._settled(ticket, outcome) for outcome in outcomes)

    def _settled(self, ticket: str, outcome: "Outcome") -> int:
        values = (outcome.state, outcome.why, outcome.input_tokens, outcome.output_tokens, outcome.cost_usd)
        return self._db.execute(
            """UPDATE requests SET state = ?, why = ?, input_tokens = ?, output_tokens = ?, cost_usd = ?
               WHERE key = ? AND ticket = ? AND state = 'waiting'""",
            (*values, outcome.key, ticket),
        ).rowcount

    def close_job(self, ticket: str, why: str) -> int:
        """Write down that no answer will come to what is left of a job; return how many requests that are."""
        with self._transaction():
            self._db.execute("UPDATE jobs SET state = 'over' WHERE ticket = ?", (ticket,))
            return self._db.execute(
                "UPDATE requests SET state = 'failed', why = ? WHERE ticket = ? AND state = 'waiting'", (why, ticket)
            ).rowcount

    def reopen(self, ticket: str) -> None:
        """Write down that the answers of a job, which the service has told already, are to be fetched again."""
        with self._transaction():
            self._db.execute("UPDATE jobs SET state = 'sent' WHERE ticket = ? AND state = 'over'", (ticket,))
            self._db.execute("UPDATE requests SET state = 'waiting', why = NULL WHERE ticket = ?", (ticket,))

    def add(self, articles: Sequence[tuple[Any, ...]], requests: Sequence[tuple[Any, ...]]) -> None:
        """Write down articles (run, number, keys, value) and requests (key, ticket, parts, source), all or none."""
        with self._transaction():
            self._db.executemany("INSERT INTO articles VALUES (?, ?, ?, ?)", articles)
            self._db.executemany(
                "INSERT OR REPLACE INTO requests (key, ticket, parts, source, state) VALUES (?, ?, ?, ?, 'waiting')",
                requests,
            )

    # --- jobs ------------------------------------------------------------------------------------------------------

    def jobs(self, *states: str) -> list[Job]:
        """Return the jobs in some states, or all, the oldest first."""
        rows = self._db.execute(_SELECT_JOBS)
        found = [Job(*row) for row in rows]
        return [job for job in found if job.state in states or not states]

    def open_job(self, run: BatchRun, model: str, address: str) -> str:
        """Write down that the file of a job is being made; return its ticket."""
        ticket = secrets.token_hex(8)
        self._db.execute(
            "INSERT INTO jobs (ticket, run, model, address, created, state) VALUES (?, ?, ?, ?, ?, 'writing')",
            (ticket, run.id, model, address, time.time()),
        )
        return ticket

    def note(self, ticket: str, **values: Any) -> None:
        """Write down something of a job, at once and for good."""
        names = ", ".join(f"{name} = ?" for name in values)
        self._db.execute(f"UPDATE jobs SET {names} WHERE ticket = ?", (*values.values(), ticket))  # noqa: S608 - ours

    def cost(self, ticket: str) -> float | None:
        """Return what the answers of a job cost, null where the price of one is unknown."""
        row = self._db.execute(
            "SELECT total(cost_usd), sum(cost_usd IS NULL) FROM requests WHERE ticket = ? AND state = 'answered'",
            (ticket,),
        ).fetchone()
        return None if row[1] else float(row[0])

    def file_of(self, ticket: str) -> Path:
        """Return where the requests of a job are written."""
        return self.folder / f"summarizer-{ticket}.jsonl"

    @contextmanager
    def _transaction(self) -> Iterator[None]:
        self._db.execute("BEGIN IMMEDIATE")
        try:
            yield
        except BaseException:
            self._db.execute("ROLLBACK")
            raise
        self._db.execute("COMMIT")


@dataclass(frozen=True)
class Outcome:
    """What became of one request."""

    key: str
    state: str
    why: str | None = None
    input_tokens: int | None = None
    output_tokens: int | None = None
    cost_usd: float | None = None


_SELECT_REQUEST = """SELECT key, ticket, parts, source, state, why, input_tokens, output_tokens, cost_usd
    FROM requests WHERE key = ?"""
_SELECT_JOBS = """SELECT ticket, run, model, address, created, state, requests, file, batch, status, completed, failed,
    complaint FROM jobs ORDER BY created"""


def _request(row: Sequence[Any]) -> Request:
    key, ticket, parts, *rest = row
    return Request(key, ticket, json.loads(parts), *rest)
