"""The cache of many machines: a Redis server instead of a file.

Entries expire, and so does the lease of a machine that died. Whoever can write to the server is not trusted: its
drafts are grounded again, and its summaries are shown only where they bear the signature of this user.
"""

import hashlib
import re
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress
from itertools import islice
from typing import TYPE_CHECKING, TypeVar
from urllib.parse import parse_qsl, urlencode

from ..errors import ConfigError
from ..foreign_json import read_json
from ..version import DISTRIBUTION
from .draft_store import DraftStore, StoredDraft, StoreUnusable
from .keys import CacheKey
from .notation import parse_duration, redact

if TYPE_CHECKING:
    from redis import Redis

TIME_TO_LIVE = "30d"
"""How long an entry is kept where the address does not say `?ttl=`: news is seldom summarized later."""

PREFIX = "summarizer:1:"
"""Before every key of ours; its number is that of the layout."""

_CONNECT_TIMEOUT, _TIMEOUT = 2.0, 5.0  # seconds: a server that is slower than a model's is no cache
_SIMILAR = 100  # entries about one text, or from one source, that are indexed for `why`
_BATCH = 1_000  # keys to one round trip
_RELEASE = "if redis.call('get', KEYS[1]) == ARGV[1] then return redis.call('del', KEYS[1]) end return 0"
_CLAIM = """local held, left = redis.call('get', KEYS[1]), redis.call('pttl', KEYS[1])
if held and held ~= ARGV[1] and left >= 0 and left <= 2 * ARGV[2] then return held end
redis.call('set', KEYS[1], ARGV[1], 'px', ARGV[2])"""

_T = TypeVar("_T")


class RedisStore(DraftStore):
    """A `DraftStore` on a server, where no write waits for another."""

    shared = True

    def __init__(self, address: str) -> None:
        self.name = redact(address)
        plain, self._seconds = _parse(address)
        self._client = _connect(plain, self.name)

    def get(self, key: bytes) -> bytes | None:
        return self._run(lambda client: _bytes(client.hget(_draft_key(key), "value")))

    def put(self, key: CacheKey, source: str | None, value: bytes, *, wait: bool) -> None:
        now = time.time()

        def write(client: "Redis") -> None:
            with client.pipeline(transaction=True) as pipe:
                pipe.hset(_draft_key(key.key), mapping={"value": value, "parts": key.json, "created": now})
                pipe.expire(_draft_key(key.key), self._seconds)
                for index in _index_keys(key, source):
                    pipe.zadd(index, {key.key.hex(): now})
                    pipe.zremrangebyrank(index, 0, -_SIMILAR - 1)
                    pipe.expire(index, self._seconds)
                pipe.delete(_lease_key(key.key))
                pipe.execute()

        self._run(write)

    def get_summary(self, key: bytes) -> bytes | None:
        return self._run(lambda client: _bytes(client.get(f"{PREFIX}summary:{key.hex()}")))

    def put_summary(self, key: bytes, value: bytes, *, wait: bool) -> None:
        self._run(lambda client: client.set(f"{PREFIX}summary:{key.hex()}", value, ex=self._seconds))

    def claim(self, key: bytes, owner: str, seconds: float, *, wait: bool) -> str | None:
        milliseconds = str(round(seconds * 1000))
        held = self._run(lambda client: client.eval(_CLAIM, 1, _lease_key(key), owner, milliseconds))
        return held.decode(errors="replace") if isinstance(held, bytes) else None

    def release(self, key: bytes, owner: str, *, wait: bool) -> None:
        self._run(lambda client: client.eval(_RELEASE, 1, _lease_key(key), owner))

    def drafts(self) -> list[StoredDraft]:
        return self._run(lambda client: list(_drafts(client)))

    def size(self) -> int:
        """Return the bytes that the drafts take in the memory of the server."""
        return sum(draft.size for draft in self.drafts())

    def created(self, key: bytes) -> float | None:
        created = self._run(lambda client: client.hget(_draft_key(key), "created"))
        return _seconds(created)

    def similar(self, key: CacheKey, source: str | None) -> list[tuple[str, float]]:
        def query(client: "Redis") -> list[tuple[str, float]]:
            members = {member for index in _index_keys(key, source) for member in client.zrange(index, 0, -1)}
            rows = [
                client.hmget(f"{PREFIX}draft:{str(member, 'ascii')}", ["parts", "created"])
                for member in members
                if isinstance(member, bytes)
            ]
            dated = ((parts, _seconds(made)) for parts, made in rows)
            return [
                (parts.decode(errors="replace"), made)
                for parts, made in dated
                if isinstance(parts, bytes) and made is not None
            ]

        return self._run(query)

    def delete(self, drafts: Iterable[StoredDraft]) -> tuple[int, int]:
        removed = list(drafts)

        def work(client: "Redis") -> None:
            if removed:
                _unlink(client, (_draft_key(draft.key) for draft in removed))
                _unlink(client, client.scan_iter(f"{PREFIX}summary:*", _BATCH))

        self._run(work)
        return len(removed), sum(draft.size for draft in removed)

    def clear(self) -> tuple[int, int]:
        drafts = self.drafts()

        def work(client: "Redis") -> None:
            for kind in ("draft", "summary", "near"):
                _unlink(client, client.scan_iter(f"{PREFIX}{kind}:*", _BATCH))

        self._run(work)
        return len(drafts), sum(draft.size for draft in drafts)

    def close(self) -> None:
        self._run(lambda client: client.close())

    def _run(self, work: "Callable[[Redis], _T]") -> _T:
        """Do something on the server. Raises `StoreUnusable` where it is unreachable, or refuses."""
        from redis.exceptions import RedisError

        try:
            return work(self._client)
        except (RedisError, OSError) as error:
            raise StoreUnusable(str(error) or type(error).__name__) from error


def _draft_key(key: bytes) -> str:
    return f"{PREFIX}draft:{key.hex()}"


def _lease_key(key: bytes) -> str:
    return f"{PREFIX}lease:{key.hex()}"


def _index_keys(key: CacheKey, source: str | None) -> list[str]:
    """Return the keys of the indexes of one text and of one source."""
    names = [f"text {key.parts['text']}", *([f"source {source}"] if source else [])]
    return [f"{PREFIX}near:{hashlib.sha256(name.encode('utf-8', 'surrogatepass')).hexdigest()}" for name in names]


def _bytes(value: object) -> bytes | None:
    return value if isinstance(value, bytes) else None


def _drafts(client: "Redis") -> Iterator[StoredDraft]:
    """Yield all entries once; SCAN may name a key twice while others write."""
    seen: set[bytes] = set()
    for batch in _batches(client.scan_iter(f"{PREFIX}draft:*", _BATCH)):
        keys = [key for key in dict.fromkeys(batch) if key not in seen]
        seen.update(keys)
        with client.pipeline(transaction=False) as pipe:
            for key in keys:
                pipe.hmget(key, ["created", "parts"])
                pipe.memory_usage(key)
            replies = pipe.execute(raise_on_error=False)
        for key, fields, size in zip(keys, replies[::2], replies[1::2], strict=True):
            with suppress(ValueError, TypeError, AttributeError):  # it has expired meanwhile, or is not ours
                made, parts = fields
                digest = bytes.fromhex(key.decode().removeprefix(f"{PREFIX}draft:"))
                if (created := _seconds(made)) is not None:
                    yield StoredDraft(created, digest, int(size or 0), str(read_json(parts).get("model")))


def _seconds(made: object) -> float | None:
    """Return when an entry was made, None where that cannot be."""
    try:
        seconds = float(made) if isinstance(made, bytes) else -1.0
    except ValueError:
        return None
    return seconds if 0 <= seconds <= time.time() + 86_400 else None


def _unlink(client: "Redis", keys: Iterable[bytes | str]) -> None:
    for batch in _batches(keys):
        client.unlink(*batch)


def _batches(keys: Iterable[_T]) -> Iterator[list[_T]]:
    rest = iter(keys)
    while batch := list(islice(rest, _BATCH)):
        yield batch


def _parse(address: str) -> tuple[str, int]:
    """Take our own `ttl` out of an address; return the rest, and the time to live in seconds. Raises `ConfigError`."""
    plain, _, query = address.partition("?")  # urlunsplit drops the slashes of a scheme that it does not know
    if "@" in plain and re.search("[@/]", plain.partition("://")[2].rpartition("@")[0]):
        raise ConfigError(f"the cache {redact(address)!r} cannot be read: write @ in a password as %40, and / as %2F")
    options = dict(parse_qsl(query, keep_blank_values=True))
    lifetime = parse_duration(options.pop("ttl", TIME_TO_LIVE))
    return f"{plain}?{urlencode(options)}" if options else plain, max(1, round(lifetime.total_seconds()))


def _connect(address: str, name: str) -> "Redis":
    """Return a client, which does not connect yet. Raises `ConfigError`."""
    try:
        from redis import Redis
    except ImportError:
        raise ConfigError(
            f"a cache on a Redis server needs the redis package: pip install '{DISTRIBUTION}[redis]', "
            "or set SUMMARIZER_CACHE to a file"
        ) from None
    try:
        client = Redis.from_url(address, socket_connect_timeout=_CONNECT_TIMEOUT, socket_timeout=_TIMEOUT)
        client.connection_pool.make_connection()  # which does not connect, but checks its options
    except (ValueError, TypeError) as error:
        raise ConfigError(f"the cache {name!r} is no address of a Redis server: {error}") from error
    return client
