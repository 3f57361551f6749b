"""The file of the cache: SQLite, private to the user, shared by any number of processes.

It holds bytes by key, with the parts that the key was made of. A file that is broken is set aside
under another name, never deleted; one that belongs to another program, or to a later version of this one, is
left alone.
"""

import os
import sqlite3
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import TypeVar

PATIENCE = 10.0
"""Seconds that a write waits for the writes of other processes."""

_APPLICATION = 0x73756D31  # "sum1": tells our files from those of other programs
_MIGRATIONS = (
    """
    CREATE TABLE drafts (key BLOB PRIMARY KEY, parts TEXT NOT NULL, source TEXT, value BLOB NOT NULL,
                         created REAL NOT NULL);
    CREATE INDEX drafts_created ON drafts (created);
    CREATE TABLE leases (key BLOB PRIMARY KEY, owner TEXT NOT NULL, expires REAL NOT NULL);
    """,
    """
    CREATE TABLE summaries (key BLOB PRIMARY KEY, value BLOB NOT NULL, created REAL NOT NULL);
    """,
)  # one script for each version of the schema, never edited once it is released
_BROKEN = (sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB)
_READ = "SELECT value FROM drafts WHERE key = ?"
_READ_SUMMARY = "SELECT value FROM summaries WHERE key = ?"
_CLAIM = """INSERT INTO leases VALUES (?, ?, ?) ON CONFLICT (key) DO UPDATE
            SET owner = excluded.owner, expires = excluded.expires WHERE owner = excluded.owner OR expires <= ?"""

_T = TypeVar("_T")


class StoreUnusable(Exception):
    """The file cannot serve as a cache; the message says why."""


class StoreBusy(Exception):
    """Another process is writing, and the caller did not want to wait."""


class SqliteStore:
    """Drafts by key. Opened when first used; safe to use from several threads.

    What is done at once or not at all, what waits to be read, and what waits to be written have a connection each, so
    that waiting never holds up the others. Reading begins with the first, which knows what it wrote itself: each of the
    others has to look at the file again after that. Every method may raise `sqlite3.Error`, `OSError` or
    `StoreUnusable`; those that write, `StoreBusy` unless they may `wait`.
    """

    local = True
    """Whoever holds a lease is a process of a machine that shares its disk, most often of this one."""

    def __init__(self, path: Path, *, notice: Callable[[str], None], patience: float = PATIENCE) -> None:
        self.path = path
        self.name = os.fspath(path)
        self._notice = notice
        self._sealed = is_sealed(path)
        self._reading = _Line(path, patience)
        self._hasty = _Line(path, 0)
        self._patient = _Line(path, patience)

    def get(self, key: bytes) -> bytes | None:
        """Return what is remembered under a key."""
        return self._read(_READ, key)

    def put(self, key: bytes, parts: str, source: str | None, value: bytes, *, wait: bool) -> None:
        """Remember a draft, in place of an older one, and give up the lease on its key."""
        row = (key, parts, source, value, time.time())

        def write(db: sqlite3.Connection) -> None:
            with transaction(db):
                db.execute("INSERT OR REPLACE INTO drafts VALUES (?, ?, ?, ?, ?)", row)
                db.execute("DELETE FROM leases WHERE key = ?", (key,))

        self._write(write, wait)

    def get_summary(self, key: bytes) -> bytes | None:
        """Return the summary that is remembered under a key."""
        return self._read(_READ_SUMMARY, key)

    def put_summary(self, key: bytes, value: bytes, *, wait: bool) -> None:
        """Remember a summary, in place of an older one."""
        row = (key, value, time.time())
        self._write(lambda db: db.execute("INSERT OR REPLACE INTO summaries VALUES (?, ?, ?)", row), wait)

    def claim(self, key: bytes, owner: str, seconds: float, *, wait: bool) -> str | None:
        """Take or renew the lease on a key; return None, or who holds it where it is another's and has not run out."""
        now = time.time()

        def write(db: sqlite3.Connection) -> str | None:
            if db.execute(_CLAIM, (key, owner, now + seconds, now)).rowcount:
                return None
            held = db.execute("SELECT owner FROM leases WHERE key = ?", (key,)).fetchone()
            return held and str(held[0])

        return self._write(write, wait)

    def release(self, key: bytes, owner: str, *, wait: bool) -> None:
        """Give up a lease, if it is still `owner`'s."""
        self._write(lambda db: db.execute("DELETE FROM leases WHERE key = ? AND owner = ?", (key, owner)), wait)

    def close(self) -> None:
        """Let go of the file."""
        for line in (self._reading, self._hasty, self._patient):
            line.close()

    def _read(self, query: str, key: bytes) -> bytes | None:
        def work(db: sqlite3.Connection) -> tuple[bytes] | None:
            row: tuple[bytes] | None = db.execute(query, (key,)).fetchone()
            return row

        try:
            row = self._at_once(work)
        except StoreBusy:
            row = self._run(self._reading, work)
        return None if row is None else bytes(row[0])

    def _write(self, work: Callable[[sqlite3.Connection], _T], wait: bool) -> _T | None:
        if self._sealed:
            self._notice(f"the cache {self.name!r} cannot be written to: it is read, and what is new is not remembered")
            return None
        return self._run(self._patient, work) if wait else self._at_once(work)

    def _at_once(self, work: Callable[[sqlite3.Connection], _T]) -> _T:
        try:
            return self._run(self._hasty, work)
        except sqlite3.OperationalError as error:
            if error.sqlite_errorcode & 0xFF == sqlite3.SQLITE_BUSY:  # whatever made it so
                raise StoreBusy from error
            raise

    def _run(self, line: "_Line", work: Callable[[sqlite3.Connection], _T]) -> _T:
        """Do the work, on a fresh file if the one at hand turns out to be broken."""
        try:
            return line.run(work)
        except sqlite3.DatabaseError as error:
            if getattr(error, "sqlite_errorcode", None) not in _BROKEN:
                raise
        broken = line.inode
        self.close()
        if inode_of(self.path) == broken:  # else another process has done it
            aside = set_aside(self.path)
            path = os.fspath(self.path)
            self._notice(f"the cache {path!r} is broken: it was renamed {aside.name!r}, and a new one begun")
        return line.run(work)


class _Line:
    """One connection, opened when first used, for one thread at a time."""

    def __init__(self, path: Path, patience: float) -> None:
        self._path = path
        self._patience = patience
        self._lock = threading.Lock()
        self._db: sqlite3.Connection | None = None
        self.inode: int | None = None
        """Tells the file that was opened from one that has taken its name since."""

    def run(self, work: Callable[[sqlite3.Connection], _T]) -> _T:
        with self._lock:
            if self._db is None:
                self.inode = inode_of(self._path)
                self._db = connect(self._path, patience=self._patience)
            return work(self._db)

    def close(self) -> None:
        with self._lock:
            if self._db is not None:
                self._db.close()
                self._db = None


class transaction:  # noqa: N801 - reads as a verb
    """Write all or nothing, waiting for the turn at the beginning instead of failing in the middle."""

    def __init__(self, db: sqlite3.Connection) -> None:
        self._db = db

    def __enter__(self) -> None:
        self._db.execute("BEGIN IMMEDIATE")

    def __exit__(self, kind: type[BaseException] | None, *_: object) -> None:
        if self._db.in_transaction:  # a full disk has rolled it back already
            self._db.execute("COMMIT" if kind is None else "ROLLBACK")


def connect(path: Path, *, create: bool = True, patience: float = PATIENCE) -> sqlite3.Connection:
    """Open the file, and make it or bring it to our version of the schema where needed."""
    if is_sealed(path):
        return _connect_sealed(path, patience)
    if create:
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        _make_private(path)
    db = sqlite3.connect(path, timeout=patience, isolation_level=None, check_same_thread=False)
    try:
        _prepare(db, path)
    except BaseException:
        db.close()
        raise
    return db


def is_sealed(path: Path) -> bool:
    """Tell whether a file is there that can only be read: on a disk, in a folder or by a person that may not write."""
    return path.exists() and not (os.access(path, os.W_OK) and os.access(path.parent, os.W_OK))


def _connect_sealed(path: Path, patience: float) -> sqlite3.Connection:
    """Open a file that can only be read; SQLite must not look for its lock where none can be."""
    is_written_to = path.with_name(f"{path.name}-wal").exists()
    address = f"{path.absolute().as_uri()}?{'mode=ro' if is_written_to else 'immutable=1'}"
    db = sqlite3.connect(address, timeout=patience, isolation_level=None, check_same_thread=False, uri=True)
    try:
        if _version(db, path) < len(_MIGRATIONS):
            raise StoreUnusable(f"{os.fspath(path)!r} was made by an earlier version, and cannot be written to")
    except BaseException:
        db.close()
        raise
    return db


def inode_of(path: Path) -> int | None:
    """Identify the file that has a name, None where there is none."""
    return path.stat().st_ino if path.exists() else None


def set_aside(path: Path) -> Path:
    """Rename a broken file, and what SQLite keeps beside it, so that a person can look at it; return the new name."""
    stamp = datetime.now(UTC).strftime("%Y%m%dT%H%M%S%f")
    aside = path.with_name(f"{path.name}.broken-{stamp}")
    for suffix in ("-wal", "-shm", ""):
        beside = path.with_name(path.name + suffix)
        if beside.exists():
            beside.rename(aside.with_name(aside.name + suffix))
    return aside


def _make_private(path: Path) -> None:
    """Make the file readable for its owner only, from its first moment.

    One that is there is not opened: closing it again would take the locks of our other connections off it, as POSIX has
    it, and two processes would write at the same time.
    """
    with suppress(FileExistsError):
        os.close(os.open(path, os.O_CREAT | os.O_EXCL, 0o600))
    mode = path.stat().st_mode & 0o777
    if mode & 0o077:
        path.chmod(mode & 0o700)


def _prepare(db: sqlite3.Connection, path: Path) -> None:
    if _version(db, path) < len(_MIGRATIONS):
        _migrate(db, path)
    with suppress(sqlite3.OperationalError):  # another process switches, or the disk cannot
        db.execute("PRAGMA journal_mode = WAL")
    db.execute("PRAGMA synchronous = NORMAL")  # a power cut may cost the last drafts, never the file


def _migrate(db: sqlite3.Connection, path: Path) -> None:
    with transaction(db):  # the first of several processes does it, the others find it done
        for version in range(_version(db, path), len(_MIGRATIONS)):
            for statement in _MIGRATIONS[version].split(";"):
                db.execute(statement)
            db.execute(f"PRAGMA user_version = {version + 1}")
        db.execute(f"PRAGMA application_id = {_APPLICATION}")


def _version(db: sqlite3.Connection, path: Path) -> int:
    """Return the version of the schema, 0 for an empty file. Tables first: they come last into being."""
    tables = db.execute("SELECT count(*) FROM sqlite_schema").fetchone()[0]
    application = db.execute("PRAGMA application_id").fetchone()[0]
    version = int(db.execute("PRAGMA user_version").fetchone()[0])
    if application != _APPLICATION and (tables or version or application):
        raise StoreUnusable(f"{os.fspath(path)!r} is a database of another program")
    if version > len(_MIGRATIONS):
        raise StoreUnusable(f"{os.fspath(path)!r} was made by a later version of this program")
    return version
