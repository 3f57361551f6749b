"""What a person asks of a cache on a server: the same as of a file. All raise `ConfigError` where it cannot be used."""

import json
import time
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from contextlib import closing
from datetime import timedelta
from itertools import islice
from typing import TYPE_CHECKING, NamedTuple, TypeVar

from ..errors import ConfigError
from .keys import CacheKey
from .reports import Removed, Stats, Why, answered, date, shown
from .stores.redis_store import PREFIX, RedisStore, draft_key, near_keys
from .stores.sqlite_store import StoreUnusable

if TYPE_CHECKING:
    from redis import Redis

_AT_ONCE = 1_000  # keys to one round trip
_T = TypeVar("_T")


class _Entry(NamedTuple):
    created: float
    size: int
    key: bytes
    model: str


def stats(address: str) -> Stats:
    """Count what the cache holds; sizes are what the server says that they take of its memory."""
    entries = _asked(address, lambda client: list(_entries(client)))
    if not entries:
        return Stats(shown(address))
    models = dict(sorted(Counter(each.model for each in entries).items(), key=lambda each: (-each[1], each[0])))
    size = sum(each.size for each in entries)
    oldest, newest = min(entries).created, max(entries).created
    return Stats(shown(address), len(entries), size, date(oldest), date(newest), models)


def why(address: str, question: CacheKey, source: str | None = None) -> Why:
    """Tell whether a question is remembered, and what differs from the nearest one where it is not."""

    def look(client: "Redis") -> Why:
        created = client.hget(draft_key(question.key.hex()), "created")
        if created is not None:
            return answered(question, float(created), ())
        keys = {str(key, "ascii") for near in near_keys(question.json, source) for key in _zrange(client, near)}
        found = [client.hmget(draft_key(key), ["parts", "created"]) for key in keys]
        return answered(question, None, [(_text(parts), float(made)) for parts, made in found if parts and made])

    return _asked(address, look)


def prune(address: str, *, older_than: timedelta | None = None, max_size: int | None = None) -> Removed:
    """Take out what is older than an age, then the oldest until the rest fits into a number of bytes."""

    def remove(client: "Redis") -> Removed:
        entries = sorted(_entries(client), reverse=True)  # the newest first
        limit = 0.0 if older_than is None else time.time() - older_than.total_seconds()
        kept = [each for each in entries if each.created >= limit]
        gone = [*entries[len(kept) :], *_beyond(kept, max_size)]
        if gone:
            _unlink(client, [each.key for each in gone])
            _unlink(client, client.scan_iter(f"{PREFIX}summary:*", _AT_ONCE))  # made of the drafts, and made again
        return Removed(len(gone), sum(each.size for each in gone))

    return _asked(address, remove)


def clear(address: str) -> Removed:
    """Take everything out but the leases of those who are asking."""

    def remove(client: "Redis") -> Removed:
        entries = list(_entries(client))
        for kind in ("draft", "summary", "near"):
            _unlink(client, client.scan_iter(f"{PREFIX}{kind}:*", _AT_ONCE))
        return Removed(len(entries), sum(each.size for each in entries))

    return _asked(address, remove)


def _asked(address: str, work: "Callable[[Redis], _T]") -> _T:
    with closing(RedisStore(address)) as store:
        try:
            return store.run(work)
        except StoreUnusable as error:
            raise ConfigError(
                f"the cache {store.name!r} cannot be used: {error}; is the server up, and SUMMARIZER_CACHE its address?"
            ) from error


def _entries(client: "Redis") -> Iterator[_Entry]:
    """Yield the drafts, in no order; SCAN may name one twice while others write."""
    seen: set[bytes] = set()
    for keys in _batches(client.scan_iter(f"{PREFIX}draft:*", _AT_ONCE)):
        fresh = [key for key in dict.fromkeys(keys) if key not in seen]
        seen.update(fresh)
        with client.pipeline(transaction=False) as pipe:
            for key in fresh:
                pipe.hmget(key, ["created", "parts"])
                pipe.memory_usage(key)
            told = pipe.execute(raise_on_error=False)
        for key, found, size in zip(fresh, told[::2], told[1::2], strict=True):
            created, parts = found if isinstance(found, list) else (None, None)  # else it is none of ours
            if created and parts:  # else it ran out in between
                yield _Entry(float(created), size or 0, key, str(json.loads(parts).get("model")))


def _beyond(entries: Iterable[_Entry], limit: int | None) -> Iterator[_Entry]:
    total = 0
    for each in entries:
        total += each.size
        if limit is not None and total > limit:
            yield each


def _text(value: bytes | str) -> str:
    return value.decode() if isinstance(value, bytes) else value


def _zrange(client: "Redis", key: str) -> list[bytes]:
    return [each for each in client.zrange(key, 0, -1) if isinstance(each, bytes)]


def _unlink(client: "Redis", keys: Iterable[bytes]) -> None:
    for some in _batches(keys):
        client.unlink(*some)


def _batches(keys: Iterable[bytes]) -> Iterator[list[bytes]]:
    rest = iter(keys)
    while some := list(islice(rest, _AT_ONCE)):
        yield some
