"""Drafts in and out of the store; a store that fails costs one warning, and the run goes on without it."""

import json
import os
import socket
import threading
import time
import zlib
from collections.abc import Callable
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import TypeVar

from pydantic_core import PydanticSerializationError, to_json

from ..schema import Draft, DraftUsage
from .keys import CacheKey
from .stores import open_store
from .stores.draft_store import TIMEOUT, StoreUnusable

LEASE = 30.0
"""Seconds after which the lease of a process that died expires; a live process renews it in time."""
PAUSE = 60.0
"""Seconds without the cache after it failed: a lock passes, and a long run needs it again."""

_FAILURES = (OSError, StoreUnusable)
_UNREADABLE = (zlib.error, ValueError, KeyError, TypeError)
_LEVEL = 1  # of zlib: a third of the time of the default, for a tenth more bytes

_T = TypeVar("_T")


class DraftCache:
    """Drafts by key, in a file or, where the place is an address, on a server.

    A failure is reported to `warn`, at most once, and the cache is paused. The methods that write raise nothing but
    `StoreBusy`: when they would have to `wait` for another process and may not.
    """

    def __init__(self, place: Path | str, *, warn: Callable[[str], None], timeout: float = TIMEOUT) -> None:
        self._store = open_store(place, notify=self._warn_once, timeout=timeout)
        self._warn = warn
        self._warned = threading.Event()
        self._paused_until = 0.0
        self._trouble = ""
        self._owner = f"{socket.gethostname()}:{os.getpid()}:{os.urandom(8).hex()}"

    @property
    def shared(self) -> bool:
        """Whether other machines use it too."""
        return self._store.shared

    @property
    def trouble(self) -> str | None:
        """Why the cache is paused, if it is."""
        return self._trouble if time.monotonic() < self._paused_until else None

    def recall(self, key: CacheKey) -> Draft | None:
        """Return the draft of a key, None where there is none."""
        value = self._attempt(lambda: self._store.get(key.key), None)
        if value is None:
            return None
        try:
            return decode(value)
        except _UNREADABLE:  # replaced by the next answer
            self._warn_once(f"an entry of the cache {self._store.name!r} cannot be read; asking anew")
            return None

    def keep(self, key: CacheKey, source: str | None, draft: Draft, *, wait: bool) -> None:
        """Store a draft, and release the lease on its key."""
        self._attempt(lambda: self._store.put(key, source, encode(draft), wait=wait), None)

    def recall_summary(self, key: bytes) -> bytes | None:
        """Return the summary of a key, None where there is none."""
        return self._attempt(lambda: self._store.get_summary(key), None)

    def keep_summary(self, key: bytes, value: bytes, *, wait: bool) -> None:
        """Store a summary."""
        self._attempt(lambda: self._store.put_summary(key, value, wait=wait), None)

    def claim(self, key: CacheKey, *, wait: bool) -> bool:
        """Take or renew the lease on a key; False while another process that is alive holds it."""
        return self._attempt(lambda: self._claim(key.key, wait), True)

    def release(self, key: CacheKey, *, wait: bool) -> None:
        """Release the lease on a key."""
        self._attempt(lambda: self._store.release(key.key, self._owner, wait=wait), None)

    def close(self) -> None:
        """Close the store."""
        with suppress(*_FAILURES):
            self._store.close()

    def _claim(self, key: bytes, wait: bool) -> bool:
        holder = self._store.claim(key, self._owner, LEASE, wait=wait)
        if holder is not None and not self._store.shared and _is_dead(holder):
            self._store.release(key, holder, wait=wait)
            holder = self._store.claim(key, self._owner, LEASE, wait=wait)
        return holder is None

    def _attempt(self, work: Callable[[], _T], default: _T) -> _T:
        if time.monotonic() < self._paused_until:
            return default
        try:
            return work()
        except _FAILURES as error:
            self._paused_until = time.monotonic() + PAUSE
            self._trouble = f"the cache {self._store.name!r} cannot be used ({error})"
            self._warn_once(f"{self._trouble}; going on without it")
            return default

    def _warn_once(self, message: str) -> None:
        if not self._warned.is_set():
            self._warned.set()
            self._warn(message)


def encode(draft: Draft) -> bytes:
    """Serialize a draft and its cost as JSON, so that nothing is ever unpickled."""
    content = {"created": draft.usage.created or timestamp(), "draft": draft, "usage": draft.usage}
    try:
        text = to_json(content)
    except PydanticSerializationError:  # a lone surrogate, in malformed output
        content |= {"draft": draft.model_dump(mode="json"), "usage": draft.usage.model_dump(mode="json")}
        text = json.dumps(content, ensure_ascii=False).encode("utf-8", "surrogatepass")
    return zlib.compress(text, _LEVEL)


def decode(value: bytes) -> Draft:
    """Deserialize a draft, which costs nothing this time."""
    content = json.loads(zlib.decompress(value).decode("utf-8", "surrogatepass"))
    draft = Draft.model_validate(content["draft"])
    usage = DraftUsage.model_validate(content["usage"])
    return draft.model_copy(update={"usage": without_cost(usage, str(content["created"]))})


def without_cost(usage: DraftUsage, created: str) -> DraftUsage:
    """Return the usage of a draft that was made earlier: its content without its cost."""
    free = {"calls": 0, "input_tokens": 0, "output_tokens": 0, "cost_usd": 0.0}
    return usage.model_copy(update={**free, "cached": True, "created": created})


def timestamp() -> str:
    """Return the time as ISO 8601 in UTC."""
    return datetime.now(UTC).isoformat(timespec="seconds")


def _is_dead(holder: str) -> bool:
    """Whether the holder of a lease was a process of this machine that has ended."""
    host, pid, _ = holder.rsplit(":", 2)
    if os.name != "posix" or host != socket.gethostname() or int(pid) == os.getpid():
        return False
    try:
        os.kill(int(pid), 0)  # signal 0 only tests whether the process exists
    except ProcessLookupError:
        return True
    except OSError:
        return False
    return False
