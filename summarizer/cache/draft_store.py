"""What the cache needs of a store: entries by key, leases on keys, and the few queries of the reports."""

from collections.abc import Iterable, Sequence
from typing import NamedTuple, Protocol

from .keys import CacheKey

TIMEOUT = 10.0
"""Seconds for which a write waits for the writes of other processes."""


class StoreUnusable(Exception):
    """The store cannot serve as a cache; the message says why."""


class StoreReadOnly(StoreUnusable):
    """The store can be read, but not written to."""


class StoreBusy(Exception):
    """Another process is writing, and the caller did not want to wait."""


class StoredDraft(NamedTuple):
    """An entry without its content."""

    created: float
    """Seconds since the epoch."""
    key: bytes
    size: int
    """Bytes, approximately."""
    model: str


class DraftStore(Protocol):
    """Drafts, summaries and leases by key; safe to use from several threads.

    Every method may raise `StoreUnusable` and `OSError`. Methods that take `wait` raise `StoreBusy` where they would
    have to wait for another process and may not.
    """

    name: str
    """The place, without a password."""
    shared: bool
    """Whether other machines use it too, whose processes and files are not those of this one."""

    def get(self, key: bytes) -> bytes | None:
        """Return the draft under a key."""

    def put(self, key: CacheKey, source: str | None, value: bytes, *, wait: bool) -> None:
        """Store a draft, replacing an older one, and release the lease on its key."""

    def get_summary(self, key: bytes) -> bytes | None:
        """Return the summary under a key."""

    def put_summary(self, key: bytes, value: bytes, *, wait: bool) -> None:
        """Store a summary, replacing an older one."""

    def claim(self, key: bytes, owner: str, seconds: float, *, wait: bool) -> str | None:
        """Take or renew the lease on a key; return None, or the owner where another holds it and it has not expired."""

    def release(self, key: bytes, owner: str, *, wait: bool) -> None:
        """Release a lease, if `owner` still holds it."""

    def drafts(self) -> Sequence[StoredDraft]:
        """Return all entries, in no order."""

    def size(self) -> int:
        """Return the bytes that the cache takes, on the disk or in the memory of the server."""

    def created(self, key: bytes) -> float | None:
        """Return when the draft under a key was stored."""

    def similar(self, key: CacheKey, source: str | None) -> Sequence[tuple[str, float]]:
        """Return the latest entries about the same text, or from the same source: JSON of their parts, and when."""

    def delete(self, drafts: Iterable[StoredDraft]) -> tuple[int, int]:
        """Delete drafts, and all summaries, which are derived from drafts; return how many drafts, and the bytes."""

    def clear(self) -> tuple[int, int]:
        """Delete everything but the leases that are held; return how many drafts, and the bytes."""

    def close(self) -> None:
        """Close the connections."""
