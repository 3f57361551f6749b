"""Drafts and summaries in and out of the store; one that fails costs one warning, and the run goes on without it.

The same rules, applied to the same drafts of the same article, accept the same claims, so a summary is cached too,
signed. When it is recalled, only its quotes are compared with the article again, letter by letter, which takes a tenth
of the time of grounding it. New rules, another request or a changed word make another key.
"""

import hashlib
import json
import os
import re
import socket
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from datetime import UTC, datetime
from functools import lru_cache
from pathlib import Path
from typing import TypeVar

from pydantic_core import PydanticSerializationError, to_json

from ..foreign_json import read_json
from ..schema import Article, Draft, DraftUsage, Summary
from ..version import __version__
from .draft_store import TIMEOUT, DraftStore, StoreUnusable
from .keys import CacheKey
from .stored_values import Signer, pack, unpack

LEASE = 30.0
"""Seconds after which the lease of a process that died expires; a live process renews it in time."""
PAUSE = 60.0
"""Seconds without the cache after it failed: a lock passes, and a long run needs it again."""

_FAILURES = (OSError, StoreUnusable)
_UNREADABLE = (ValueError, KeyError, TypeError)
_HOLDER = re.compile(r"(?P<host>.*):(?P<pid>[0-9]{1,9}):[0-9a-f]+", re.DOTALL)
_RULES = (
    "grounding",
    "language",
    "pipeline.py",
    "follow_ups.py",
    "chunking",
    "schema",
)  # in the package: what decides what is accepted

_T = TypeVar("_T")


def open_store(place: Path | str, *, notify: Callable[[str], None], timeout: float = TIMEOUT) -> DraftStore:
    """Return the store in a file or at the address of a server; it connects when first used. Raises `ConfigError`."""
    if isinstance(place, Path):
        from .sqlite_store import SqliteStore

        return SqliteStore(place, notify=notify, timeout=timeout)
    from .redis_store import RedisStore

    return RedisStore(place)


class DraftCache:
    """Drafts and summaries by key, in a file or, where the place is an address, on a server.

    A failure is reported to `warn`, at most once, and the cache is paused. The methods that write raise nothing but
    `StoreBusy`: when they would have to `wait` for another process and may not.
    """

    def __init__(self, place: Path | str, *, warn: Callable[[str], None], timeout: float = TIMEOUT) -> None:
        self._store = open_store(place, notify=self._warn_once, timeout=timeout)
        self._warn = warn
        self._signer = Signer()
        self._warned = threading.Event()
        self._paused_until = 0.0
        self._trouble = ""
        self._owner = f"{socket.gethostname()}:{os.getpid()}:{os.urandom(8).hex()}"

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

    def recall_summary(self, article: Article, request: str) -> Summary | None:
        """Return the summary of an article, free this time; None where there is none, or its quotes do not match."""
        key = self._summary_key(article, request)
        signed = self._attempt(lambda: self._store.get_summary(key), None)
        value = None if signed is None else self._signer.verified(key, signed)
        if value is None:
            return None
        try:
            summary = Summary.model_validate_json(unpack(value))
        except ValueError:
            return None
        evidence = [each for claim in summary.takeaways for each in claim.evidence]
        evidence += [each for claim in summary.partnerships for each in claim.evidence]
        if any(article.text[each.start : each.end] != each.quote for each in evidence):
            return None
        provenance = summary.provenance
        free = {"cached": True, "calls": 0, "usage": type(provenance.usage)(), "cost_usd": 0.0, "seconds": 0.0}
        changes = {**free, "version": __version__, "warnings": article.warnings}
        return summary.model_copy(update={"article": article.info, "provenance": provenance.model_copy(update=changes)})

    def keep_summary(self, article: Article, request: str, summary: Summary, *, wait: bool) -> None:
        """Store a summary, unless another run may give a better one."""
        if summary.provenance.truncated or summary.provenance.warnings != article.warnings:
            return
        key = self._summary_key(article, request)
        try:
            value = self._signer.sign(key, pack(summary.model_dump_json().encode()))
        except ValueError:  # a lone surrogate, which JSON cannot hold
            return
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

    def _summary_key(self, article: Article, request: str) -> bytes:
        parts = [
            _rules(self._store.shared),
            request,
            article.sha256,
            article.title,
            article.language,
            article.published,
        ]
        return hashlib.sha256(json.dumps(parts).encode()).digest()

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
    return pack(text)


def decode(value: bytes) -> Draft:
    """Deserialize a draft, which costs nothing this time."""
    content = read_json(unpack(value).decode("utf-8", "surrogatepass"))
    draft = Draft.model_validate(content["draft"])
    usage = DraftUsage.model_validate({**content["usage"], "created": str(content["created"])})
    return without_cost(draft.model_copy(update={"usage": usage}))


def without_cost(draft: Draft) -> Draft:
    """Return a draft as one that somebody else has paid for."""
    free = {"calls": 0, "input_tokens": 0, "output_tokens": 0, "cost_usd": 0.0, "seconds": 0.0}
    usage = {**free, "cached": True, "created": draft.usage.created or timestamp()}
    return draft.model_copy(update={"usage": draft.usage.model_copy(update=usage)})


def timestamp() -> str:
    """Return the time as ISO 8601 in UTC."""
    return datetime.now(UTC).isoformat(timespec="seconds")


def _is_dead(holder: str) -> bool:
    """Whether the holder of a lease was a process of this machine that has ended, or is none of ours at all."""
    found = _HOLDER.fullmatch(holder)
    if found is None:
        return True
    pid = int(found["pid"])
    if os.name != "posix" or found["host"] != socket.gethostname() or pid == os.getpid():
        return False
    try:
        os.kill(pid, 0)  # signal 0 only tests whether the process exists
    except OSError as error:
        return isinstance(error, ProcessLookupError)
    return False


@lru_cache(maxsize=2)
def _rules(portable: bool) -> str:
    """Return the fingerprint of the rules: by when each of their files was changed, or, if `portable`, by content."""

    def state(file: "os.DirEntry[str]") -> tuple[object, ...]:
        if portable:
            return (hashlib.sha256(Path(file.path).read_bytes()).hexdigest(),)
        return file.stat().st_mtime_ns, file.stat().st_size

    files = sorted((file.name, *state(file)) for file in _rule_files())
    return hashlib.sha256(json.dumps([__version__, files]).encode()).hexdigest()


def _rule_files() -> Iterator["os.DirEntry[str]"]:
    """Yield the files that decide what is accepted, at any depth."""
    package = Path(__file__).resolve().parent.parent
    entries = [entry for entry in os.scandir(package) if entry.name in _RULES]
    while entries:
        entry = entries.pop()
        if entry.is_dir():
            entries += [inside for inside in os.scandir(entry) if inside.name != "__pycache__"]
        else:
            yield entry
