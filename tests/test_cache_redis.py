"""One cache for all: a real Redis server on a free port, asked by threads, processes and a person."""

import asyncio
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import suppress
from datetime import timedelta
from pathlib import Path

import pytest
from test_cache import Counting, ask, passage

from summarizer.cache import CachedEngine, CacheMode
from summarizer.cache.drafts import DraftCache
from summarizer.cache.keys import CacheKey
from summarizer.cache.notation import redact
from summarizer.cache.redis_store import PREFIX, RedisStore
from summarizer.cache.reports import Difference, Removed, Stats, clear, prune, stats, why
from summarizer.errors import ConfigError
from summarizer.schema import Draft
from summarizer.settings import Settings

redis = pytest.importorskip("redis", reason="the extra [redis] is not installed")
SERVER = shutil.which("redis-server")
pytestmark = pytest.mark.skipif(SERVER is None, reason="redis-server is not installed (Debian: redis-server)")


class Server:
    """A Redis server of the test's own, without a disk."""

    def __init__(self, *options: str) -> None:
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.port = free.getsockname()[1]
        self.address = f"redis://127.0.0.1:{self.port}/0"
        self._options = options
        self.start()

    def start(self) -> None:
        asked = [str(SERVER), "--port", str(self.port), "--bind", "127.0.0.1", "--save", "", "--appendonly", "no"]
        self.process = subprocess.Popen([*asked, *self._options], stdout=subprocess.DEVNULL)
        until = time.monotonic() + 10
        while time.monotonic() < until:
            with suppress(OSError):
                socket.create_connection(("127.0.0.1", self.port), 1).close()
                return
        raise AssertionError("redis-server did not start")

    def stop(self) -> None:
        self.process.kill()
        self.process.wait()


@pytest.fixture
def server() -> Iterator[Server]:
    server = Server()
    yield server
    server.stop()


def test_what_one_machine_asked_another_is_told(server: Server) -> None:
    engine = Counting()
    (first,) = ask(engine, server.address)
    (second,) = ask(engine, server.address)
    assert engine.calls == 1
    assert second.takeaways == first.takeaways
    assert (second.usage.cached, second.usage.calls, second.usage.cost_usd) == (True, 0, 0.0)


def test_a_refresh_asks_anew_and_is_remembered(server: Server) -> None:
    engine = Counting()
    ask(engine, server.address)
    (renewed,) = ask(engine, server.address, mode=CacheMode.REFRESH)
    (again,) = ask(engine, server.address)
    assert engine.calls == 2
    assert again.takeaways == renewed.takeaways


def test_an_entry_lives_as_long_as_the_address_says(server: Server) -> None:
    ask(Counting(), f"{server.address}?ttl=2h")
    ask(Counting(), server.address, passage(takeaways=2))
    with redis.Redis(port=server.port) as client:
        left = sorted(client.ttl(key) for key in client.scan_iter(f"{PREFIX}draft:*"))
        forever = [key for key in client.scan_iter("*") if client.ttl(key) < 0]
    assert left[0] == pytest.approx(7_200, abs=5)
    assert left[1] == pytest.approx(30 * 86_400, abs=5)
    assert forever == []


def test_a_server_that_goes_away_is_one_warning_and_comes_back_after_a_rest(server: Server) -> None:
    warnings: list[str] = []
    engine = Counting()

    async def run() -> list[Draft]:
        cached = CachedEngine(engine, server.address, warn=warnings.append)
        drafts = [await cached.draft(passage())]
        server.stop()
        drafts += [await cached.draft(passage(takeaways=n)) for n in (2, 3)]
        await cached.aclose()
        return drafts

    assert [draft.takeaways[0].text for draft in asyncio.run(run())] == ["Answer 1", "Answer 2", "Answer 3"]
    assert len(warnings) == 1
    assert warnings[0].startswith(f"the cache '{server.address}' cannot be used (")
    assert warnings[0].endswith("; going on without it")


def test_a_server_that_wants_a_password_is_a_warning_that_does_not_tell_ours() -> None:
    server = Server("--requirepass", "right")
    try:
        address = f"redis://:wr%40ng-secret@127.0.0.1:{server.port}/0"
        warnings: list[str] = []
        memory = DraftCache(address, warn=warnings.append)
        assert memory.recall(CacheKey.of(Counting(), passage())) is None
        assert len(warnings) == 1
        assert "secret" not in warnings[0]
        with pytest.raises(ConfigError, match="cannot be used") as refused:
            stats(address)
        assert "secret" not in str(refused.value)
        assert ask(Counting(), f"redis://:right@127.0.0.1:{server.port}/0")
    finally:
        server.stop()


_ASKING = """
import asyncio, sys
sys.path.insert(0, sys.argv[2])
from test_cache import Counting, passage
from summarizer.cache import CachedEngine

class Slow(Counting):
    async def draft(self, passage):
        await asyncio.sleep(0.05)
        return await super().draft(passage)

async def run():
    engine = Slow()
    cached = CachedEngine(engine, sys.argv[1], warn=print)
    await asyncio.gather(*(cached.draft(passage(takeaways=n)) for n in (1, 2, 3, 1, 2, 3)))
    await cached.aclose()
    print(engine.calls)

asyncio.run(run())
"""


@pytest.mark.slow
def test_four_processes_ask_for_each_answer_once(server: Server) -> None:
    asked = [sys.executable, "-c", _ASKING, server.address, str(Path(__file__).parent)]
    running = [subprocess.Popen(asked, stdout=subprocess.PIPE, text=True) for _ in range(4)]
    said = [process.communicate(timeout=600)[0].strip() for process in running]
    assert all(line.isdigit() for line in said), said
    assert sum(map(int, said)) == 3


def test_a_lease_is_held_renewed_given_up_and_runs_out(server: Server) -> None:
    store, key = RedisStore(server.address), b"k" * 32
    assert store.claim(key, "here:1:a", 60, wait=False) is None
    assert store.claim(key, "there:1:b", 60, wait=False) == "here:1:a"
    assert store.claim(key, "here:1:a", 60, wait=False) is None  # renewed
    store.release(key, "there:1:b", wait=False)  # not theirs to give up
    assert store.claim(key, "there:1:b", 60, wait=False) == "here:1:a"
    store.release(key, "here:1:a", wait=False)
    assert store.claim(key, "there:1:b", 0.001, wait=False) is None
    with redis.Redis(port=server.port) as client:
        while client.exists(f"{PREFIX}lease:{key.hex()}"):
            pass
    assert store.claim(key, "here:1:a", 60, wait=False) is None
    store.close()


def test_a_lease_of_a_process_that_is_not_here_is_waited_for(server: Server) -> None:
    """Two containers may have one name and other processes: who is alive there cannot be told from here."""
    question = CacheKey.of(Counting(), passage())
    store = RedisStore(server.address)
    gone = subprocess.Popen(["true"])
    gone.wait()
    store.claim(question.key, f"{socket.gethostname()}:{gone.pid}:x", 60, wait=False)
    memory = DraftCache(server.address, warn=pytest.fail)
    assert memory.claim(question, wait=False) is False
    memory.close()
    store.close()


def test_a_value_that_is_not_ours_is_asked_anew_and_written_over(server: Server) -> None:
    ask(Counting(), server.address)
    with redis.Redis(port=server.port) as client:
        (key,) = client.scan_iter(f"{PREFIX}draft:*")
        client.hset(key, "value", b"\x80\x04not a draft")
    engine = Counting()
    ask(engine, server.address)
    ask(engine, server.address)
    assert engine.calls == 1


def test_an_empty_server_holds_nothing(server: Server) -> None:
    assert stats(server.address) == Stats(server.address)
    assert prune(server.address, max_size=0) == clear(server.address) == Removed(0, 0)


def test_stats_count_entries_bytes_and_models(server: Server) -> None:
    ask(Counting(), server.address, passage(), passage(takeaways=2))
    found = stats(server.address)
    assert (found.entries, found.models) == (2, {"test/counting": 2})
    assert found.size > 0
    assert found.oldest is not None


def test_why_names_the_parts_that_differ_from_the_nearest_question(server: Server) -> None:
    ask(Counting(), server.address, passage(takeaways=9, output_language="fr"), passage(takeaways=2))
    found = why(server.address, CacheKey.of(Counting("two"), passage()))
    assert found.remembered is None
    assert found.differences == (Difference("engine", "two", "one"), Difference("takeaways", "5", "2"))
    assert why(server.address, CacheKey.of(Counting(), passage(takeaways=2))).remembered is not None


def test_why_finds_what_was_asked_about_another_text_from_the_same_place(server: Server) -> None:
    ask(Counting(), server.address)
    changed = CacheKey.of(Counting(), passage(article=passage().article.model_copy(update={"text": "New."}), end=4))
    assert [each.part for each in why(server.address, changed, "a.txt").differences] == ["text"]
    assert why(server.address, changed, "b.txt").nearest is None


def test_prune_takes_the_old_and_then_the_oldest(server: Server) -> None:
    ask(Counting(), server.address, *(passage(takeaways=n) for n in (1, 2, 3, 4)))
    with redis.Redis(port=server.port) as client:
        ages = sorted((float(client.hget(key, "created")), key) for key in client.scan_iter(f"{PREFIX}draft:*"))
        for days, (_, key) in zip((40, 3, 2, 1), ages, strict=True):
            client.hset(key, "created", time.time() - 86_400 * days)
    one = stats(server.address).size // 4
    assert prune(server.address, older_than=timedelta(days=30)).entries == 1
    assert prune(server.address, max_size=2 * one + one // 2).entries == 1
    engine = Counting()
    ask(engine, server.address, *(passage(takeaways=n) for n in (3, 4)))
    assert engine.calls == 0
    assert clear(server.address).entries == 2
    assert stats(server.address).entries == 0


@pytest.mark.parametrize(
    ("setting", "place"),
    [
        ("redis://cache.example/3?ttl=7d", "redis://cache.example/3?ttl=7d"),
        ("rediss://cache.example", "rediss://cache.example"),
        ("unix:///run/redis.sock", "unix:///run/redis.sock"),
        ("REDIS://cache.example", "REDIS://cache.example"),
        ("/var/redis.sqlite", Path("/var/redis.sqlite")),
    ],
)
def test_an_address_is_told_from_a_path(setting: str, place: Path | str) -> None:
    assert Settings(cache=setting).cache_place == place


@pytest.mark.parametrize(
    ("address", "said"),
    [
        ("redis://127.0.0.1:1/0?ttl=soon", "'soon' is not an age"),
        ("redis://127.0.0.1:port/0", "is no address of a Redis server"),
        ("redis://127.0.0.1:1/0?colour=red", "is no address of a Redis server"),
        ("redis://[::1/0", "is no address of a Redis server"),
        ("REDIS://127.0.0.1:1/0", "is no address of a Redis server"),
        ("redis://:s@cret@127.0.0.1:1/0", "the cache 'redis://…@127.0.0.1:1/0' cannot be read: write @ in a password"),
        ("redis://:s/cret@127.0.0.1:1/0", "the cache 'redis://…@127.0.0.1:1/0' cannot be read: write @ in a password"),
    ],
)
def test_an_address_that_cannot_be_is_refused(address: str, said: str) -> None:
    with pytest.raises(ConfigError, match=said):
        ask(Counting(), address)


@pytest.mark.parametrize(
    ("address", "told"),
    [
        ("redis://user:p@ss@host:1/0", "redis://…@host:1/0"),
        ("redis://:s3/cret@host:1/0?ttl=2h", "redis://…@host:1/0?ttl=2h"),
        ("redis://host:1/0?password=s3cret&ttl=2h", "redis://host:1/0?password=…&ttl=2h"),
    ],
)
def test_an_address_is_shown_without_its_password(address: str, told: str) -> None:
    assert redact(address) == told


def test_a_server_is_reached_by_its_socket(tmp_path: Path) -> None:
    path = tmp_path / "redis.sock"
    server = Server("--unixsocket", str(path))
    engine = Counting()
    ask(engine, f"unix://{path}")
    ask(engine, f"unix://{path}?ttl=2h")
    server.stop()
    assert engine.calls == 1


def test_a_password_with_signs_is_written_in_percents() -> None:
    server = Server("--requirepass", "s3cr et@:/?pw")
    address = server.address.replace("://", "://:s3cr%20et%40%3A%2F%3Fpw@")
    ask(Counting(), address)
    found = stats(address)
    server.stop()
    assert (found.entries, found.place) == (1, server.address.replace("://", "://…@"))


def test_keys_of_another_program_under_our_prefix_are_not_counted(server: Server) -> None:
    ask(Counting(), server.address)
    with redis.Redis(port=server.port) as client:
        client.set(f"{PREFIX}draft:text", "of another")
        client.rpush(f"{PREFIX}draft:list", "of another")
    assert stats(server.address).entries == 1
    assert prune(server.address, older_than=timedelta(days=1)).entries == 0
