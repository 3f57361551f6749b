"""What a person asks of the cache: how large it is, why it did not answer, and to make it smaller.

Nothing here makes a file: where there is none, there is nothing to tell. All raise `ConfigError` where the
file cannot be used, for here, unlike in a run, the cache is what was asked for.
"""

import json
import os
import re
import sqlite3
import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from ..errors import ConfigError
from .keys import CacheKey
from .stores.sqlite_store import StoreUnusable, connect, transaction

_UNITS = {"s": 1, "m": 60, "h": 3_600, "d": 86_400, "w": 604_800}
_SIZES = {"": 1, "k": 1_000, "m": 1_000_000, "g": 1_000_000_000}
# The last term is what SQLite adds to an entry, roughly.
_BEYOND = """key IN (SELECT key FROM (
               SELECT key, sum(length(value) + length(parts) + coalesce(length(source), 0) + 100)
               OVER (ORDER BY created DESC, key) AS total FROM drafts
             ) WHERE total > ?)"""
_NEAR = """SELECT parts, created FROM drafts
           WHERE source = ? OR json_extract(parts, '$.text') = ? ORDER BY created DESC LIMIT 1000"""


@dataclass(frozen=True)
class Stats:
    """What a cache holds."""

    place: str
    entries: int = 0
    size: int = 0
    """Bytes on the disk, or in the memory of the server."""
    oldest: str | None = None
    """ISO 8601 in UTC."""
    newest: str | None = None
    models: dict[str, int] = field(default_factory=dict)
    """Entries by the model that answered."""


@dataclass(frozen=True)
class Difference:
    """A part of a key that is not as it was."""

    part: str
    asked: str
    remembered: str


@dataclass(frozen=True)
class Why:
    """Whether a question was answered before, and if not, what differs from the nearest one that was."""

    key: str
    parts: dict[str, str]
    remembered: str | None
    """When it was answered, None where it was not."""
    nearest: str | None = None
    """When the nearest question was answered: about the same text, or an article from the same place."""
    differences: tuple[Difference, ...] = ()


@dataclass(frozen=True)
class Removed:
    """What was taken out."""

    entries: int
    size: int
    """Bytes that the disk, or the memory of the server, has back."""


def stats(path: Path | str) -> Stats:
    """Count what the cache holds."""
    if isinstance(path, str):
        from . import redis_reports

        return redis_reports.stats(path)
    with _opened(path) as db:
        if db is None:
            return Stats(os.fspath(path))
        entries, oldest, newest = db.execute("SELECT count(*), min(created), max(created) FROM drafts").fetchone()
        models = db.execute(
            "SELECT json_extract(parts, '$.model') AS model, count(*) FROM drafts GROUP BY model ORDER BY 2 DESC, 1"
        )
        return Stats(
            os.fspath(path), entries, _size(path), date(oldest), date(newest), {str(name): n for name, n in models}
        )


def why(path: Path | str, question: CacheKey, source: str | None = None) -> Why:
    """Tell whether a question is remembered, and what differs from the nearest one where it is not."""
    if isinstance(path, str):
        from . import redis_reports

        return redis_reports.why(path, question, source)
    with _opened(path) as db:
        if db is None:
            return answered(question, None, ())
        found = db.execute("SELECT created FROM drafts WHERE key = ?", (question.key,)).fetchone()
        if found:
            return answered(question, found[0], ())
        return answered(question, None, db.execute(_NEAR, (source, question.parts["text"])))


def answered(question: CacheKey, when: float | None, near: Iterable[tuple[str, float]]) -> Why:
    """Say when a question was answered, or what differs from the nearest of those `near` it: parts, and when."""
    key = question.key.hex()
    if when is not None:
        return Why(key, question.parts, date(when))
    told = [(_parts(parts), made) for parts, made in near]
    if not told:
        return Why(key, question.parts, None)
    parts, made = min(told, key=lambda each: (len(_differences(question.parts, each[0])), -each[1]))
    return Why(key, question.parts, None, date(made), _differences(question.parts, parts))


def prune(path: Path | str, *, older_than: timedelta | None = None, max_size: int | None = None) -> Removed:
    """Take out what is older than an age, then the oldest until the rest fits into a number of bytes."""
    if isinstance(path, str):
        from . import redis_reports

        return redis_reports.prune(path, older_than=older_than, max_size=max_size)
    with _opened(path) as db:
        if db is None:
            return Removed(0, 0)
        before = _size(path)
        removed = 0
        if older_than is not None:
            limit = time.time() - older_than.total_seconds()
            removed += _delete(db, "created < ?", limit)
        if max_size is not None:
            removed += _delete(db, _BEYOND, max_size)
        return Removed(removed, _shrunk(db, path, before))


def clear(path: Path | str) -> Removed:
    """Take everything out; the file stays, and the leases of those who are asking."""
    if isinstance(path, str):
        from . import redis_reports

        return redis_reports.clear(path)
    with _opened(path) as db:
        if db is None:
            return Removed(0, 0)
        before = _size(path)
        return Removed(_delete(db, "created >= ?", 0), _shrunk(db, path, before))


def duration(text: str) -> timedelta:
    """Read an age such as 30d, 12h or 2w."""
    found = re.fullmatch(r"(\d+(?:\.\d+)?)\s*([smhdw])", text.strip().lower())
    if not found:
        raise ConfigError(f"{text!r} is not an age; give a number and a unit: 45m, 12h, 30d or 4w")
    return timedelta(seconds=float(found[1]) * _UNITS[found[2]])


def size(text: str) -> int:
    """Read a number of bytes such as 500MB or 2G."""
    found = re.fullmatch(r"(\d+(?:\.\d+)?)\s*([kmg]?)b?", text.strip().lower())
    if not found:
        raise ConfigError(f"{text!r} is not a size; give a number and a unit: 800K, 500MB or 2G")
    return int(float(found[1]) * _SIZES[found[2]])


def shown(place: Path | str) -> str:
    """Return a path, or an address without its password, wherever in it that stands."""
    if isinstance(place, Path):
        return os.fspath(place)
    return re.sub(r"(?<=[?&]password=)[^&]*", "…", re.sub(r"(?<=://).*@", "…@", place))


@contextmanager
def _opened(path: Path) -> Iterator[sqlite3.Connection | None]:
    if not path.exists():
        yield None
        return
    try:
        db = connect(path, create=False)
        try:
            yield db
        finally:
            db.close()
    except (sqlite3.Error, OSError, StoreUnusable) as error:
        named = os.fspath(path)
        if getattr(error, "sqlite_errorcode", 0) & 0xFF == sqlite3.SQLITE_READONLY:
            raise ConfigError(f"the cache {named!r} can only be read: nothing was taken out of it") from error
        raise ConfigError(f"the cache {named!r} cannot be used: {error}; move it away, or set another one") from error


def _delete(db: sqlite3.Connection, condition: str, value: float) -> int:
    with transaction(db):
        db.execute("DELETE FROM leases WHERE expires < ?", (time.time(),))
        db.execute("DELETE FROM summaries")  # made of the drafts, and made again in no time
        return db.execute(f"DELETE FROM drafts WHERE {condition}", (value,)).rowcount  # noqa: S608 - words of ours


def _shrunk(db: sqlite3.Connection, path: Path, before: int) -> int:
    """Give the room back to the disk; return how much it was."""
    db.execute("VACUUM")
    db.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    return max(0, before - _size(path))


def _size(path: Path) -> int:
    files = (path, path.with_name(path.name + "-wal"))
    return sum(file.stat().st_size for file in files if file.exists())


def _parts(written: str) -> dict[str, str]:
    parts: Any = json.loads(written)
    return parts if isinstance(parts, dict) else {}


def _differences(asked: dict[str, str], remembered: dict[str, str]) -> tuple[Difference, ...]:
    return tuple(
        Difference(part, value, remembered.get(part, ""))
        for part, value in asked.items()
        if remembered.get(part) != value
    )


def date(seconds: float | None) -> str | None:
    """Return a time as ISO 8601 in UTC."""
    return None if seconds is None else datetime.fromtimestamp(seconds, UTC).isoformat(timespec="seconds")
