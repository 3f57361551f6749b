"""Drafts in and out of the store, and the net under it: what breaks is one warning, and the run goes on."""

import json
import os
import socket
import sqlite3
import threading
import time
import zlib
from collections.abc import Callable
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

from pydantic_core import PydanticSerializationError, to_json

from ..schema import Draft, DraftUsage
from .keys import CacheKey
from .stores.sqlite_store import PATIENCE, SqliteStore, StoreUnusable

if TYPE_CHECKING:
    from .stores.redis_store import RedisStore

LEASE = 30.0
"""Seconds after which the question of a process that has died is anybody's; a live one renews in time."""
REST = 60.0
"""Seconds without the cache after it failed: a lock passes, and a night's run wants it back."""

_TROUBLE = (sqlite3.Error, OSError, StoreUnusable)
_POISONED = (zlib.error, ValueError, KeyError, TypeError)
_LEVEL = 1  # of zlib: a third of the time of the default, for a tenth more bytes

_T = TypeVar("_T")


class DraftCache:
    """Drafts by question, in a file or, where the place is an address, on a server.

    What breaks is told to `warn`, at most once, and the cache gets a rest. The methods that write raise nothing but
    `Busy`: when they would have to `wait` for another process and may not.
    """

    def __init__(self, place: Path | str, *, warn: Callable[[str], None], patience: float = PATIENCE) -> None:
        self._store = self._opened(place, patience)
        self._warn = warn
        self._said = threading.Event()
        self._resting_until = 0.0
        self._trouble = ""
        self._owner = f"{socket.gethostname()}:{os.getpid()}:{os.urandom(8).hex()}"

    @property
    def shared(self) -> bool:
        """Whether other machines have it too."""
        return not self._store.local

    @property
    def trouble(self) -> str | None:
        """Why the cache is not asked for now, if it is not."""
        return self._trouble if time.monotonic() < self._resting_until else None

    def recall(self, question: CacheKey) -> Draft | None:
        """Return the draft that answered the question, None where there is none."""
        return self._attempt(lambda: self._recall(question), None)

    def keep(self, question: CacheKey, source: str | None, draft: Draft, *, wait: bool) -> None:
        """Remember a draft, and give up the lease on its question."""
        key, parts = question.key, question.json
        self._attempt(lambda: self._store.put(key, parts, source, freeze(draft), wait=wait), None)

    def recall_summary(self, key: bytes) -> bytes | None:
        """Return the summary under a key, None where there is none."""
        return self._attempt(lambda: self._store.get_summary(key), None)

    def keep_summary(self, key: bytes, value: bytes, *, wait: bool) -> None:
        """Remember a summary."""
        self._attempt(lambda: self._store.put_summary(key, value, wait=wait), None)

    def claim(self, question: CacheKey, *, wait: bool) -> bool:
        """Take or renew the lease on a question; False while another process that is alive holds it."""
        return self._attempt(lambda: self._claim(question.key, wait), True)

    def release(self, question: CacheKey, *, wait: bool) -> None:
        """Give up the lease on a question."""
        self._attempt(lambda: self._store.release(question.key, self._owner, wait=wait), None)

    def close(self) -> None:
        """Let go of the file."""
        with suppress(*_TROUBLE):
            self._store.close()

    def _opened(self, place: Path | str, patience: float) -> "SqliteStore | RedisStore":
        if isinstance(place, Path):
            return SqliteStore(place, notice=self._say, patience=patience)
        from .stores.redis_store import RedisStore

        return RedisStore(place)

    def _recall(self, question: CacheKey) -> Draft | None:
        value = self._store.get(question.key)
        if value is None:
            return None
        try:
            return thaw(value)
        except _POISONED:  # asked again, and written over
            self._say(f"an entry of the cache {self._store.name!r} cannot be read; asking anew")
            return None

    def _claim(self, key: bytes, wait: bool) -> bool:
        holder = self._store.claim(key, self._owner, LEASE, wait=wait)
        if holder is not None and self._store.local and _is_dead(holder):
            self._store.release(key, holder, wait=wait)
            holder = self._store.claim(key, self._owner, LEASE, wait=wait)
        return holder is None

    def _attempt(self, work: Callable[[], _T], otherwise: _T) -> _T:
        if time.monotonic() < self._resting_until:
            return otherwise
        try:
            return work()
        except _TROUBLE as error:
            self._resting_until = time.monotonic() + REST
            self._trouble = f"the cache {self._store.name!r} cannot be used ({error})"
            self._say(f"{self._trouble}; going on without it")
            return otherwise

    def _say(self, message: str) -> None:
        if not self._said.is_set():
            self._said.set()
            self._warn(message)


def freeze(draft: Draft) -> bytes:
    """Write a draft down, with what it took: as JSON, so that nothing is ever unpickled."""
    created, usage = draft.usage.created or now(), draft.usage
    try:
        text = to_json({"created": created, "draft": draft, "usage": usage})
    except PydanticSerializationError:  # half a character, in what was out of shape
        plain = {"created": created, "draft": draft.model_dump(mode="json"), "usage": usage.model_dump(mode="json")}
        text = json.dumps(plain, ensure_ascii=False).encode("utf-8", "surrogatepass")
    return zlib.compress(text, _LEVEL)


def thaw(value: bytes) -> Draft:
    """Read a draft that was written down; it takes nothing this time."""
    written = json.loads(zlib.decompress(value).decode("utf-8", "surrogatepass"))
    draft = Draft.model_validate(written["draft"])
    usage = DraftUsage.model_validate(written["usage"])
    return draft.model_copy(update={"usage": free(usage, str(written["created"]))})


def free(usage: DraftUsage, created: str) -> DraftUsage:
    """Return usage from an earlier run: its content without its cost."""
    return usage.model_copy(
        update={
            "calls": 0,
            "input_tokens": 0,
            "output_tokens": 0,
            "cost_usd": 0.0,
            "cached": True,
            "created": created,
        }
    )


def now() -> str:
    """The time as ISO 8601 in UTC."""
    return datetime.now(UTC).isoformat(timespec="seconds")


def _is_dead(holder: str) -> bool:
    """Tell whether the holder of a lease was a process of this machine that is gone."""
    host, pid, _ = holder.rsplit(":", 2)
    if os.name != "posix" or host != socket.gethostname() or int(pid) == os.getpid():
        return False
    try:
        os.kill(int(pid), 0)  # asks whether there is such a process, and does nothing to it
    except ProcessLookupError:
        return True
    except OSError:
        return False
    return False
