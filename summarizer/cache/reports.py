"""What a user asks of the cache: its size, why it did not answer, and to remove entries.

No file is created: where there is none, the cache is empty. All raise `ConfigError` where the cache cannot be used,
because here, unlike in a run, nothing can be done without it.
"""

import time
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TypeVar

from ..errors import ConfigError
from ..foreign_json import read_json
from .draft_store import DraftStore, StoredDraft, StoreReadOnly, StoreUnusable
from .drafts import open_store
from .keys import CacheKey
from .notation import redact

_T = TypeVar("_T")


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
    """Number of entries of each model."""


@dataclass(frozen=True)
class Difference:
    """A part of a key that differs."""

    part: str
    asked: str
    remembered: str


@dataclass(frozen=True)
class Why:
    """Whether a draft is cached, and if not, how its key differs from the nearest one that is."""

    key: str
    parts: dict[str, str]
    remembered: str | None
    """When the draft was stored, None where it was not."""
    nearest: str | None = None
    """When the nearest one was stored: about the same text, or an article from the same source."""
    differences: tuple[Difference, ...] = ()


@dataclass(frozen=True)
class Removed:
    """What was deleted from a cache."""

    entries: int
    size: int
    """Bytes given back to the disk, or to the memory of the server."""


def stats(place: Path | str) -> Stats:
    """Count what the cache holds."""

    def report(store: DraftStore) -> Stats:
        drafts = store.drafts()
        counts = Counter(draft.model for draft in drafts)
        models = dict(sorted(counts.items(), key=lambda count: (-count[1], count[0])))
        created = sorted(draft.created for draft in drafts)
        oldest, newest = (_date(created[0]), _date(created[-1])) if created else (None, None)
        return Stats(store.name, len(drafts), store.size(), oldest, newest, models)

    return _ask(place, report, Stats(redact(place)))


def why(place: Path | str, key: CacheKey, source: str | None = None) -> Why:
    """Tell whether a draft is cached, and what differs from the nearest one where it is not."""
    missing = Why(key.key.hex(), key.parts, None)

    def report(store: DraftStore) -> Why:
        created = store.created(key.key)
        if created is not None:
            return Why(missing.key, key.parts, _date(created))
        rows = [(_differences(key.parts, parts), created) for parts, created in store.similar(key, source)]
        if not rows:
            return missing
        differences, created = min(rows, key=lambda row: (len(row[0]), -row[1]))
        return Why(missing.key, key.parts, None, _date(created), differences)

    return _ask(place, report, missing)


def prune(place: Path | str, *, older_than: timedelta | None = None, max_size: int | None = None) -> Removed:
    """Remove what is older than an age, then the oldest entries until the rest fits into a number of bytes."""
    limit = 0.0 if older_than is None else time.time() - older_than.total_seconds()
    return Removed(*_ask(place, lambda store: store.delete(_excess(store.drafts(), limit, max_size)), (0, 0)))


def clear(place: Path | str) -> Removed:
    """Remove everything; a file stays, and so do the leases that are held."""
    return Removed(*_ask(place, lambda store: store.clear(), (0, 0)))


def _ask(place: Path | str, report: Callable[[DraftStore], _T], empty: _T) -> _T:
    if isinstance(place, Path) and not place.exists():
        return empty
    try:
        with closing(open_store(place, notify=lambda _: None)) as store:
            return report(store)
    except StoreReadOnly as error:
        raise ConfigError(f"the cache {redact(place)!r} can only be read: nothing was taken out of it") from error
    except (StoreUnusable, OSError) as error:
        server = "is the server up, and SUMMARIZER_CACHE its address?"
        advice = "move it away, or set another one" if isinstance(place, Path) else server
        raise ConfigError(f"the cache {redact(place)!r} cannot be used: {error}; {advice}") from error


def _excess(drafts: Sequence[StoredDraft], oldest: float, max_size: int | None) -> Iterator[StoredDraft]:
    """Yield the drafts that are too old, and those for which there is no room beside the newer ones."""
    total = 0
    for draft in sorted(drafts, reverse=True):
        total += draft.size
        if draft.created < oldest or (max_size is not None and total > max_size):
            yield draft


def _differences(parts: dict[str, str], stored: str) -> tuple[Difference, ...]:
    try:
        found = read_json(stored)
    except (ValueError, TypeError):
        found = None
    kept = found if isinstance(found, dict) else {}
    then = {part: str(kept.get(part, "")) for part in parts}
    return tuple(Difference(part, value, then[part]) for part, value in parts.items() if then[part] != value)


def _date(seconds: float) -> str:
    return datetime.fromtimestamp(seconds, UTC).isoformat(timespec="seconds")
