"""Where drafts are stored: a SQLite file or a Redis server, behind one protocol."""

from collections.abc import Callable
from pathlib import Path

from .draft_store import TIMEOUT, DraftStore
from .sqlite_store import SqliteStore


def open_store(place: Path | str, *, notify: Callable[[str], None], timeout: float = TIMEOUT) -> DraftStore:
    """Return the store in a file or at the address of a server; it connects when first used. Raises `ConfigError`."""
    if isinstance(place, Path):
        return SqliteStore(place, notify=notify, timeout=timeout)
    from .redis_store import RedisStore

    return RedisStore(place)
