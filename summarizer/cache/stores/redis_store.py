"""The cache of many machines: a Redis server in the place of the file, with the same methods.

An entry leaves by itself when its time to live is over, and so does the lease of a machine that died. Whoever can
write to the server is trusted as the file of a user is: its drafts are proven again, its summaries letter by letter.
"""

import hashlib
import json
import re
import time
from collections.abc import Callable
from typing import TYPE_CHECKING, TypeVar
from urllib.parse import parse_qsl, urlencode

from ...errors import ConfigError
from ..reports import duration, shown
from .sqlite_store import StoreUnusable

if TYPE_CHECKING:
    from redis import Redis

TIME_TO_LIVE = "30d"
"""For how long an entry is kept where the address does not say `?ttl=`: news is seldom asked about later."""

PREFIX = "summarizer:1:"
"""Before every key of ours; its number is that of the layout."""

_CONNECT, _ANSWER = 2.0, 5.0  # seconds: a server that is slower than a model's is no cache
_NEAREST = 100  # questions about one text or from one place that are kept for `why`
_RELEASE = "if redis.call('get', KEYS[1]) == ARGV[1] then return redis.call('del', KEYS[1]) end return 0"
_CLAIM = """local held = redis.call('get', KEYS[1])
if held and held ~= ARGV[1] then return held end
redis.call('set', KEYS[1], ARGV[1], 'px', ARGV[2])"""

_T = TypeVar("_T")


class RedisStore:
    """Drafts by key, on a Redis server. Every method may raise `StoreUnusable`; none has to wait for other writers."""

    local = False
    """Its leases may be those of another machine, whose processes cannot be looked at."""

    def __init__(self, address: str) -> None:
        self.name = shown(address)
        plain, self._seconds = _parsed(address)
        self._client = _opened(plain, self.name)

    def get(self, key: bytes) -> bytes | None:
        """Return what is remembered under a key."""
        return self.run(lambda client: _bytes(client.hget(draft_key(key.hex()), "value")))

    def put(self, key: bytes, parts: str, source: str | None, value: bytes, *, wait: bool) -> None:
        """Remember a draft, in place of an older one, and give up the lease on its key."""
        now = time.time()

        def write(client: "Redis") -> None:
            with client.pipeline(transaction=True) as pipe:
                pipe.hset(draft_key(key.hex()), mapping={"value": value, "parts": parts, "created": now})
                pipe.expire(draft_key(key.hex()), self._seconds)
                for near in near_keys(parts, source):
                    pipe.zadd(near, {key.hex(): now})
                    pipe.zremrangebyrank(near, 0, -_NEAREST - 1)
                    pipe.expire(near, self._seconds)
                pipe.delete(_lease_key(key))
                pipe.execute()

        self.run(write)

    def get_summary(self, key: bytes) -> bytes | None:
        """Return the summary that is remembered under a key."""
        return self.run(lambda client: _bytes(client.get(f"{PREFIX}summary:{key.hex()}")))

    def put_summary(self, key: bytes, value: bytes, *, wait: bool) -> None:
        """Remember a summary, in place of an older one."""
        self.run(lambda client: client.set(f"{PREFIX}summary:{key.hex()}", value, ex=self._seconds))

    def claim(self, key: bytes, owner: str, seconds: float, *, wait: bool) -> str | None:
        """Take or renew the lease on a key; return None, or who holds it where it is another's and has not run out."""
        lease = _lease_key(key)
        held = self.run(lambda client: client.eval(_CLAIM, 1, lease, owner, str(round(seconds * 1000))))
        return held.decode(errors="replace") if isinstance(held, bytes) else None

    def release(self, key: bytes, owner: str, *, wait: bool) -> None:
        """Give up a lease, if it is still `owner`'s."""
        self.run(lambda client: client.eval(_RELEASE, 1, _lease_key(key), owner))

    def close(self) -> None:
        """Let go of the connection."""
        self.run(lambda client: client.close())

    def run(self, work: "Callable[[Redis], _T]") -> _T:
        """Do something on the server. Raises `StoreUnusable` where it is not there, or does not want to."""
        from redis.exceptions import RedisError

        try:
            return work(self._client)
        except (RedisError, OSError) as error:
            raise StoreUnusable(str(error) or type(error).__name__) from error


def draft_key(key: str) -> str:
    """Return where the draft of a key, in hexadecimal digits, is kept."""
    return f"{PREFIX}draft:{key}"


def near_keys(parts: str, source: str | None) -> list[str]:
    """Return where the questions about the same text, and about an article from the same place, are noted."""
    told = json.loads(parts).get("text", "")
    places = [f"text {told}", *([f"source {source}"] if source else [])]
    return [f"{PREFIX}near:{hashlib.sha256(each.encode('utf-8', 'surrogatepass')).hexdigest()}" for each in places]


def _lease_key(key: bytes) -> str:
    return f"{PREFIX}lease:{key.hex()}"


def _bytes(value: object) -> bytes | None:
    return value if isinstance(value, bytes) else None


def _parsed(address: str) -> tuple[str, int]:
    """Take our own `ttl` out of an address; return the rest, and the time to live in seconds. Raises `ConfigError`."""
    plain, _, query = address.partition("?")  # urlunsplit drops the slashes of a scheme that it does not know
    if "@" in plain and re.search("[@/]", plain.partition("://")[2].rpartition("@")[0]):
        raise ConfigError(f"the cache {shown(address)!r} cannot be read: write @ in a password as %40, and / as %2F")
    options = dict(parse_qsl(query, keep_blank_values=True))
    lasting = duration(options.pop("ttl", TIME_TO_LIVE))
    return f"{plain}?{urlencode(options)}" if options else plain, max(1, round(lasting.total_seconds()))


def _opened(address: str, name: str) -> "Redis":
    """Return a client of a server, which is not asked yet. Raises `ConfigError`."""
    try:
        from redis import Redis
    except ImportError:
        raise ConfigError(
            "a cache on a Redis server needs the redis package: pip install 'summarizer[redis]', "
            "or set SUMMARIZER_CACHE to a file"
        ) from None
    try:
        client = Redis.from_url(address, socket_connect_timeout=_CONNECT, socket_timeout=_ANSWER)
        client.connection_pool.make_connection()  # which does not connect, but knows its options
    except (ValueError, TypeError) as error:
        raise ConfigError(f"the cache {name!r} is no address of a Redis server: {error}") from error
    return client
