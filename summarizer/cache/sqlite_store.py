"""The cache in a file: SQLite, private to the user, shared by any number of processes.

A broken cache is renamed, never deleted; what is not ours, or of a later version, is left as it is.
"""

import os
import sqlite3
import threading
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, TypeVar

from .draft_store import TIMEOUT, DraftStore, StoreBusy, StoredDraft, StoreReadOnly, StoreUnusable
from .keys import CacheKey
from .stored_values import MOST_BYTES

_APPLICATION = 0x73756D31  # "sum1": tells our files from those of other programs
_NAME = "drafts.sqlite"
"""By which a file whose beginning is destroyed is known as ours."""
_PAGE = 512
"""Bytes: no database is smaller, unless it is empty."""
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
_CLAIM = """INSERT INTO leases VALUES (?, ?, ?) ON CONFLICT (key) DO UPDATE
            SET owner = excluded.owner, expires = excluded.expires
            WHERE owner = excluded.owner OR expires <= ? OR expires > ?"""
_OURS = """typeof(key) = 'blob' AND typeof(value) = 'blob' AND typeof(created) = 'real'
           AND created BETWEEN 0 AND strftime('%s', 'now') + 86400
           AND CASE WHEN json_valid(parts) THEN json_type(parts) END IS 'object'"""  # what we can have written
_DRAFTS = f"""SELECT created, key, length(value) + length(parts) + coalesce(length(source), 0) + 100,
              json_extract(parts, '$.model') FROM drafts WHERE {_OURS}"""  # noqa: S608 - 100: roughly what SQLite adds
_SIMILAR = f"""SELECT parts, created FROM drafts
               WHERE {_OURS} AND (source = ? OR CASE WHEN json_valid(parts) THEN json_extract(parts, '$.text') END = ?)
               ORDER BY created DESC LIMIT 1000"""  # noqa: S608
_VALUE = f"SELECT value FROM %s WHERE key = ? AND typeof(value) = 'blob' AND length(value) <= {MOST_BYTES}"  # noqa: S608

_T = TypeVar("_T")


class _StoreBroken(StoreUnusable):
    """The file is damaged, or no database at all."""


class SqliteStore(DraftStore):
    """A `DraftStore` in a file, which is opened, or made, when first used.

    Immediate operations, reads that wait and writes that wait have a connection each, so that waiting never delays the
    others. A read tries the immediate one first: it knows its own writes, where another has to look at the file again.
    """

    shared = False

    def __init__(self, path: Path, *, notify: Callable[[str], None], timeout: float = TIMEOUT) -> None:
        self.path = path
        self.name = os.fspath(path)
        self._notify = notify
        self._read_only = is_read_only(path)
        self._immediate = _Connection(path, 0)
        self._reader = _Connection(path, timeout)
        self._writer = _Connection(path, timeout)

    def get(self, key: bytes) -> bytes | None:
        return self._read("drafts", key)

    def put(self, key: CacheKey, source: str | None, value: bytes, *, wait: bool) -> None:
        row = (key.key, key.json, source, value, time.time())

        def write(db: sqlite3.Connection) -> None:
            with transaction(db):
                db.execute("INSERT OR REPLACE INTO drafts VALUES (?, ?, ?, ?, ?)", row)
                db.execute("DELETE FROM leases WHERE key = ?", (key.key,))

        self._write(write, wait)

    def get_summary(self, key: bytes) -> bytes | None:
        return self._read("summaries", key)

    def put_summary(self, key: bytes, value: bytes, *, wait: bool) -> None:
        row = (key, value, time.time())
        self._write(lambda db: db.execute("INSERT OR REPLACE INTO summaries VALUES (?, ?, ?)", row), wait)

    def claim(self, key: bytes, owner: str, seconds: float, *, wait: bool) -> str | None:
        now = time.time()

        def write(db: sqlite3.Connection) -> str | None:
            # A lease that ends later than any that we grant, or never, is void.
            if db.execute(_CLAIM, (key, owner, now + seconds, now, now + 2 * seconds)).rowcount:
                return None
            held = db.execute("SELECT owner FROM leases WHERE key = ?", (key,)).fetchone()
            return held and str(held[0])

        return self._write(write, wait)

    def release(self, key: bytes, owner: str, *, wait: bool) -> None:
        self._write(lambda db: db.execute("DELETE FROM leases WHERE key = ? AND owner = ?", (key, owner)), wait)

    def drafts(self) -> list[StoredDraft]:
        return [StoredDraft(created, key, size, str(model)) for created, key, size, model in self._query(_DRAFTS)]

    def size(self) -> int:
        files = (self.path, self.path.with_name(f"{self.path.name}-wal"))
        return sum(file.stat().st_size for file in files if file.exists())

    def created(self, key: bytes) -> float | None:
        rows = self._query(f"SELECT created FROM drafts WHERE key = ? AND {_OURS}", key)  # noqa: S608
        return rows[0][0] if rows else None

    def similar(self, key: CacheKey, source: str | None) -> list[tuple[str, float]]:
        return self._query(_SIMILAR, source, key.parts["text"])

    def delete(self, drafts: Iterable[StoredDraft]) -> tuple[int, int]:
        """Delete drafts, unless they were replaced since they were listed, and all summaries."""
        rows = [(draft.key, draft.created) for draft in drafts]
        return self._remove(lambda db: db.executemany("DELETE FROM drafts WHERE key = ? AND created = ?", rows))

    def clear(self) -> tuple[int, int]:
        return self._remove(lambda db: db.execute("DELETE FROM drafts"))

    def close(self) -> None:
        for connection in (self._immediate, self._reader, self._writer):
            connection.close()

    def _read(self, table: str, key: bytes) -> bytes | None:
        """Return the value of a key, None where there is none that we can have written."""

        def work(db: sqlite3.Connection) -> tuple[bytes] | None:
            row: tuple[bytes] | None = db.execute(_VALUE % table, (key,)).fetchone()
            return row

        try:
            row = self._run(self._immediate, work)
        except StoreBusy:
            row = self._run(self._reader, work)
        return None if row is None else bytes(row[0])

    def _write(self, work: Callable[[sqlite3.Connection], _T], wait: bool) -> _T | None:
        if self._read_only:
            self._notify(f"the cache {self.name!r} cannot be written to: it is read, and new answers are not stored")
            return None
        return self._run(self._writer if wait else self._immediate, work)

    def _run(self, connection: "_Connection", work: Callable[[sqlite3.Connection], _T]) -> _T:
        """Do the work; where the file turns out to be broken, on a new one."""
        try:
            return connection.run(work)
        except _StoreBroken:
            broken = connection.inode
        self.close()
        if inode_of(self.path) == broken:  # else another process has replaced it
            if not _was_ours(self.path):
                raise StoreUnusable(f"{self.name!r} is no cache: name another file with SUMMARIZER_CACHE")
            backup = set_aside(self.path)
            self._notify(f"the cache {self.name!r} is broken: it was renamed {backup.name!r}, and a new one begun")
        return connection.run(work)

    def _query(self, query: str, *values: object) -> list[Any]:
        """Return the rows of a report, for which a broken file is not replaced."""
        return self._reader.run(lambda db: db.execute(query, values).fetchall())

    def _remove(self, delete: Callable[[sqlite3.Connection], sqlite3.Cursor]) -> tuple[int, int]:
        """Delete drafts, what is derived or expired, and what is not ours; return the room to the disk."""

        now = time.time()

        def work(db: sqlite3.Connection) -> int:
            with transaction(db):
                db.execute("DELETE FROM leases WHERE expires NOT BETWEEN ? AND ?", (now, now + 3_600))
                db.execute("DELETE FROM summaries")
                db.execute(f"DELETE FROM drafts WHERE NOT ({_OURS})")  # noqa: S608
                count = delete(db).rowcount
            db.execute("VACUUM")
            db.execute("PRAGMA wal_checkpoint(TRUNCATE)")
            return count

        before = self.size()
        count = self._writer.run(work)
        return count, max(0, before - self.size())


class _Connection:
    """One connection, opened when first used, for one thread at a time."""

    def __init__(self, path: Path, timeout: float) -> None:
        self._path = path
        self._timeout = timeout
        self._lock = threading.Lock()
        self._db: sqlite3.Connection | None = None
        self.inode: int | None = None
        """Identifies the file that was opened, as opposed to a later one of the same name."""

    def run(self, work: Callable[[sqlite3.Connection], _T]) -> _T:
        """Do the work. Raises `StoreUnusable`, `OSError`, and `StoreBusy` where it does not wait."""
        with self._lock:
            try:
                if self._db is None:
                    self.inode = inode_of(self._path)
                    self._db = connect(self._path, self._timeout)
                return work(self._db)
            except sqlite3.Error as error:
                raise self._translate(error) from error

    def _translate(self, error: sqlite3.Error) -> Exception:
        match getattr(error, "sqlite_errorcode", 0) & 0xFF:  # without the extended code, which says why
            case sqlite3.SQLITE_BUSY if not self._timeout:
                return StoreBusy()
            case sqlite3.SQLITE_CORRUPT | sqlite3.SQLITE_NOTADB:
                return _StoreBroken(str(error))
            case sqlite3.SQLITE_READONLY:
                return StoreReadOnly(str(error))
        return StoreUnusable(str(error))

    def close(self) -> None:
        with self._lock, suppress(sqlite3.Error):
            if self._db is not None:
                db, self._db = self._db, None
                db.close()


@contextmanager
def transaction(db: sqlite3.Connection) -> Iterator[None]:
    """Write all or nothing, waiting for the turn at the beginning instead of failing in the middle."""
    db.execute("BEGIN IMMEDIATE")
    try:
        yield
        db.execute("COMMIT")
    finally:
        if db.in_transaction:  # something failed; a full disk has rolled it back already
            db.execute("ROLLBACK")


def connect(path: Path, timeout: float) -> sqlite3.Connection:
    """Open the file, and create it or migrate it to our version of the schema where needed."""
    read_only = is_read_only(path)
    if read_only:  # SQLite must not look for its lock where none can be
        has_log = path.with_name(f"{path.name}-wal").exists()
        uri = f"{path.absolute().as_uri()}?{'mode=ro' if has_log else 'immutable=1'}"
    else:
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        with suppress(FileExistsError):
            os.close(os.open(path, os.O_CREAT | os.O_EXCL, 0o600))
        if 0 < path.stat().st_size < _PAGE:  # SQLite would take it for an empty database
            raise StoreUnusable(f"{os.fspath(path)!r} is no cache: name another file with SUMMARIZER_CACHE")
        uri = path.absolute().as_uri()
    db = sqlite3.connect(uri, timeout=timeout, isolation_level=None, check_same_thread=False, uri=True)
    try:
        version = _version(db, path)
        if not read_only:
            _make_private(path)
            _prepare(db, path, version)
        elif version < len(_MIGRATIONS):
            raise StoreUnusable(f"{os.fspath(path)!r} was made by an earlier version, and cannot be written to")
    except BaseException:
        db.close()
        raise
    return db


def is_read_only(path: Path) -> bool:
    """Whether the file exists and cannot be written: for its disk, its folder or its permissions."""
    return path.exists() and not (os.access(path, os.W_OK) and os.access(path.parent, os.W_OK))


def inode_of(path: Path) -> int | None:
    """Identify the file of a name, None where there is none."""
    return path.stat().st_ino if path.exists() else None


def _was_ours(path: Path) -> bool:
    """Whether a file that SQLite cannot read was a cache: by its header, else by its name."""
    with path.open("rb") as file:
        header = file.read(100)
    if header.startswith(b"SQLite format 3\0"):
        return header[68:72] == _APPLICATION.to_bytes(4, "big")
    return path.name == _NAME


def set_aside(path: Path) -> Path:
    """Rename a broken file, and what SQLite keeps beside it, for a person to look at; return the new path."""
    stamp = datetime.now(UTC).strftime("%Y%m%dT%H%M%S%f")
    backup = path.with_name(f"{path.name}.broken-{stamp}")
    for suffix in ("-wal", "-shm", ""):
        file = path.with_name(path.name + suffix)
        if file.exists():
            file.rename(backup.with_name(backup.name + suffix))
    return backup


def _make_private(path: Path) -> None:
    """Make the file, which is known to be ours, readable for its owner only.

    It is not opened: by POSIX, closing it would drop the locks of our other connections to it, and two processes would
    write at the same time.
    """
    mode = path.stat().st_mode & 0o777
    if mode & 0o077:
        path.chmod(mode & 0o700)


def _prepare(db: sqlite3.Connection, path: Path, version: int) -> None:
    if version < len(_MIGRATIONS):
        with transaction(db):  # the first of several processes does it, the others find it done
            for missing in range(_version(db, path), len(_MIGRATIONS)):
                for statement in _MIGRATIONS[missing].split(";"):
                    db.execute(statement)
                db.execute(f"PRAGMA user_version = {missing + 1}")
            db.execute(f"PRAGMA application_id = {_APPLICATION}")
    with suppress(sqlite3.OperationalError):  # another process switches, or the disk cannot
        db.execute("PRAGMA journal_mode = WAL")
    db.execute("PRAGMA synchronous = NORMAL")  # a power cut may cost the last drafts, never the file


def _version(db: sqlite3.Connection, path: Path) -> int:
    """Return the version of the schema, 0 for an empty file. Tables are read first: they are created last."""
    tables = db.execute("SELECT count(*) FROM sqlite_schema").fetchone()[0]
    application = db.execute("PRAGMA application_id").fetchone()[0]
    version = int(db.execute("PRAGMA user_version").fetchone()[0])
    if application != _APPLICATION and (tables or version or application):
        raise StoreUnusable(f"{os.fspath(path)!r} is a database of another program")
    if version > len(_MIGRATIONS):
        raise StoreUnusable(f"{os.fspath(path)!r} was made by a later version of this program")
    return version
