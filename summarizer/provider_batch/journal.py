"""The record of what is submitted, written before it is sent: runs, their articles, requests by key, and jobs.

A job passes through `writing` (its file is being written), `written` (the file is complete), `sent` (the service knows
it) and `over`. Whenever a process dies, the next one knows from here what is left to do, and requests nothing twice.
"""

import json
import os
import secrets
import sqlite3
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from ..cache.sqlite_store import transaction
from ..cache.stored_values import unpack
from ..errors import ConfigError
from ..foreign_json import read_json
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
_LARGEST_ARTICLE = 200_000_000
"""Bytes of an article as JSON: ten times what is read of a file."""
WAITING, ANSWERED, FAILED, CUT = "waiting", "answered", "failed", "cut"


@dataclass(frozen=True)
class BatchRun:
    """One submission."""

    id: str
    created: float
    settings: dict[str, Any]


@dataclass(frozen=True)
class Request:
    """The request for one passage, and its outcome."""

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
class SubmittedJob:
    """One file of requests, and the state of its job at the service."""

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


@dataclass(frozen=True)
class Outcome:
    """The outcome of one request."""

    key: str
    state: str
    why: str | None = None
    input_tokens: int | None = None
    output_tokens: int | None = None
    cost_usd: float | None = None


class Journal:
    """A SQLite file, and a folder beside it for the files that are being sent or received."""

    def __init__(self, path: Path) -> None:
        """Open the file, or create it. Raises `ConfigError`."""
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
        """Close the file."""
        self._db.close()

    def _prepare(self) -> None:
        found = self._db.execute("PRAGMA application_id").fetchone()[0]
        if found not in (0, _APPLICATION):
            raise sqlite3.DatabaseError("it is a database of another program")
        self._db.execute("PRAGMA journal_mode = WAL")
        self._db.execute("PRAGMA synchronous = FULL")  # a power cut must not lose a job that is paid for
        self._db.executescript(_SCHEMA)
        self._db.execute(f"PRAGMA application_id = {_APPLICATION}")

    @contextmanager
    def alone(self) -> Iterator[None]:
        """Lock the journal for sending and fetching. Raises `ConfigError` where another process has locked it."""
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
        """Delete what was being written when a process died: nothing of it was sent."""
        for job in self.jobs("writing"):
            self.file_of(job.ticket).unlink(missing_ok=True)
        with transaction(self._db):
            self._db.execute("DELETE FROM requests WHERE ticket IN (SELECT ticket FROM jobs WHERE state = 'writing')")
            self._db.execute("DELETE FROM jobs WHERE state = 'writing'")
            self._db.execute("DELETE FROM articles WHERE run IN (SELECT id FROM runs WHERE NOT whole)")
            self._db.execute("DELETE FROM runs WHERE NOT whole AND id NOT IN (SELECT run FROM jobs)")

    # --- runs and their articles -----------------------------------------------------------------------------------

    def begin(self, settings: dict[str, Any]) -> BatchRun:
        """Begin a run."""
        run = BatchRun(f"{time.strftime('%Y%m%d')}-{secrets.token_hex(3)}", time.time(), settings)
        self._db.execute("INSERT INTO runs VALUES (?, ?, ?, 0)", (run.id, run.created, json.dumps(settings)))
        return run

    def finish(self, run: BatchRun) -> None:
        """Note that all articles of a run are recorded."""
        self._db.execute("UPDATE runs SET whole = 1 WHERE id = ?", (run.id,))

    def runs(self) -> list[BatchRun]:
        """Return all complete runs, the oldest first."""
        rows = self._db.execute("SELECT id, created, settings FROM runs WHERE whole ORDER BY created")
        return [BatchRun(id, created, self._read(settings)) for id, created, settings in rows]

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
            yield self._read(keys), self._article(value)

    def keys(self, run: BatchRun) -> Iterator[list[str]]:
        """Yield the keys of the requests of each article of a run, in order."""
        rows = self._db.execute("SELECT keys FROM articles WHERE run = ? ORDER BY number", (run.id,))
        return (self._read(keys) for (keys,) in rows)

    def _article(self, value: bytes) -> Article:
        try:
            return Article.model_validate_json(unpack(value, _LARGEST_ARTICLE))
        except (ValueError, TypeError) as error:
            raise self._damaged(error) from error

    def _read(self, value: str) -> Any:
        """Return the value of a column in JSON. Raises `ConfigError`."""
        try:
            return read_json(value)
        except (ValueError, TypeError) as error:
            raise self._damaged(error) from error

    def _damaged(self, error: Exception) -> ConfigError:
        return ConfigError(
            f"the journal of batches {os.fspath(self.path)!r} has an entry that cannot be read ({error}): restore it "
            "from a backup, or move it away and submit the articles again"
        )

    def count(self, run: BatchRun) -> int:
        """Return the number of articles of a run."""
        return int(self._db.execute("SELECT count(*) FROM articles WHERE run = ?", (run.id,)).fetchone()[0])

    # --- requests --------------------------------------------------------------------------------------------------

    def request(self, key: str) -> Request | None:
        """Return the request of a key."""
        row = self._db.execute("SELECT * FROM requests WHERE key = ?", (key,)).fetchone()
        if row is None:
            return None
        key, ticket, parts, *rest = row
        return Request(key, ticket, self._read(parts), *rest)

    def waiting(self, ticket: str) -> int:
        """Return the number of requests of a job that have no outcome."""
        return self._count_requests(ticket, WAITING)

    def failed(self, ticket: str) -> int:
        """Return the number of requests of a job that brought no usable answer."""
        return self._count_requests(ticket, FAILED) + self._count_requests(ticket, CUT)

    def _count_requests(self, ticket: str, state: str) -> int:
        rows = self._db.execute("SELECT count(*) FROM requests WHERE ticket = ? AND state = ?", (ticket, state))
        return int(rows.fetchone()[0])

    def settle(self, ticket: str, outcomes: Sequence[Outcome]) -> int:
        """Record the outcomes of requests of a job; return how many of them had none yet."""
        with transaction(self._db):
            return self._db.executemany(
                """UPDATE requests SET state = :state, why = :why, input_tokens = :input_tokens,
                   output_tokens = :output_tokens, cost_usd = :cost_usd
                   WHERE key = :key AND ticket = :ticket AND state = 'waiting'""",
                [{**asdict(outcome), "ticket": ticket} for outcome in outcomes],
            ).rowcount

    def close_job(self, ticket: str, why: str) -> int:
        """Record that the remaining requests of a job will not be answered; return their number."""
        with transaction(self._db):
            self._db.execute("UPDATE jobs SET state = 'over' WHERE ticket = ?", (ticket,))
            return self._db.execute(
                "UPDATE requests SET state = 'failed', why = ? WHERE ticket = ? AND state = 'waiting'", (why, ticket)
            ).rowcount

    def reopen(self, ticket: str) -> None:
        """Record that the answers of a job, which were fetched before, are to be fetched again."""
        with transaction(self._db):
            self._db.execute("UPDATE jobs SET state = 'sent' WHERE ticket = ? AND state = 'over'", (ticket,))
            self._db.execute("UPDATE requests SET state = 'waiting', why = NULL WHERE ticket = ?", (ticket,))

    def add(self, articles: Sequence[tuple[Any, ...]], requests: Sequence[tuple[Any, ...]]) -> None:
        """Record articles (run, number, keys, value) and requests (key, ticket, parts, source), all or none."""
        with transaction(self._db):
            self._db.executemany("INSERT INTO articles VALUES (?, ?, ?, ?)", articles)
            self._db.executemany(
                "INSERT OR REPLACE INTO requests (key, ticket, parts, source, state) VALUES (?, ?, ?, ?, 'waiting')",
                requests,
            )

    # --- jobs ------------------------------------------------------------------------------------------------------

    def jobs(self, state: str | None = None) -> list[SubmittedJob]:
        """Return the jobs in a state, or all, the oldest first."""
        rows = self._db.execute("SELECT * FROM jobs WHERE state = ifnull(?, state) ORDER BY created", (state,))
        return [SubmittedJob(*row) for row in rows]

    def open_job(self, run: BatchRun, model: str, address: str) -> str:
        """Record that the file of a job is being written; return its ticket."""
        ticket = secrets.token_hex(8)
        self._db.execute(
            "INSERT INTO jobs (ticket, run, model, address, created, state) VALUES (?, ?, ?, ?, ?, 'writing')",
            (ticket, run.id, model, address, time.time()),
        )
        return ticket

    def note(self, ticket: str, **values: Any) -> None:
        """Record values of a job."""
        names = ", ".join(f"{name} = ?" for name in values)
        self._db.execute(f"UPDATE jobs SET {names} WHERE ticket = ?", (*values.values(), ticket))  # noqa: S608 - ours

    def cost(self, ticket: str) -> float | None:
        """Return the cost of the answers of a job, None where the price of one is unknown."""
        row = self._db.execute(
            "SELECT total(cost_usd), sum(cost_usd IS NULL) FROM requests WHERE ticket = ? AND state = 'answered'",
            (ticket,),
        ).fetchone()
        return None if row[1] else float(row[0])

    def file_of(self, ticket: str) -> Path:
        """Return the file of the requests of a job."""
        return self.folder / f"summarizer-{ticket}.jsonl"
