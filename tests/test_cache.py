"""The cache: what was asked once is not asked again, and a broken cache never costs the run."""

import asyncio
import json
import os
import sqlite3
import stat
import subprocess
import sys
import threading
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

import pytest

from summarizer.cache import CachedEngine, CacheMode
from summarizer.cache.drafts import LEASE
from summarizer.cache.keys import CacheKey
from summarizer.cache.reports import clear
from summarizer.errors import ConfigError, EngineUnavailable
from summarizer.schema import Article, Draft, DraftTakeaway, DraftUsage, Passage, Reason, ReasonCode, Rejected

TEXT = "Airbus and Thales signed a deal. It is worth 3 million euros."


class Counting:
    """An engine that says how often it was asked."""

    model = "test/counting"
    prompt = ("summarize", "f" * 64)
    window = 1_000

    def __init__(self, identity: str = "one", *, fails: int = 0, gate: asyncio.Event | None = None) -> None:
        self.identity = identity
        self.calls = 0
        self.asked = asyncio.Event()
        self.closed = False
        self._fails = fails
        self._gate = gate

    async def draft(self, passage: Passage) -> Draft:
        self.calls += 1
        self.asked.set()
        if self._gate:
            await self._gate.wait()
        if self.calls <= self._fails:
            raise EngineUnavailable("the server is down")
        return Draft(
            takeaways=(DraftTakeaway(text=f"Answer {self.calls}", quotes=("a deal",)),),
            usage=DraftUsage(
                calls=1,
                input_tokens=100,
                output_tokens=20,
                cost_usd=0.5,
                truncated=True,
                malformed=(
                    Rejected(
                        kind="takeaway", claim={"text": ""}, reasons=(Reason(code=ReasonCode.MALFORMED, message="m"),)
                    ),
                ),
                warnings=("note",),
            ),
        )

    async def aclose(self) -> None:
        self.closed = True


def passage(text: str = TEXT, **changes: object) -> Passage:
    article = Article(text=text, title="Airbus", language="en", source="a.txt")
    return Passage(article=article, start=0, end=len(text), output_language="en").model_copy(update=changes)


def ask(engine: Counting, path: Path, *passages: Passage, mode: CacheMode = CacheMode.READ_WRITE) -> list[Draft]:
    async def run() -> list[Draft]:
        cached = CachedEngine(engine, path, mode=mode)
        try:
            return [await cached.draft(each) for each in passages or (passage(),)]
        finally:
            await cached.aclose()

    return asyncio.run(run())


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "cache" / "drafts.sqlite"


def test_what_was_asked_once_is_remembered_without_its_cost(path: Path) -> None:
    engine = Counting()
    (first,) = ask(engine, path)
    (second,) = ask(engine, path)

    assert engine.calls == 1
    assert (second.takeaways, second.partnerships) == (first.takeaways, first.partnerships)
    assert (first.usage.cached, first.usage.calls, first.usage.created) == (False, 1, None)
    assert second.usage == first.usage.model_copy(
        update={
            "cached": True,
            "calls": 0,
            "input_tokens": 0,
            "output_tokens": 0,
            "cost_usd": 0.0,
            "created": second.usage.created,
        }
    )
    assert second.usage.created is not None
    assert second.usage.created.endswith("+00:00")


def test_it_has_the_shape_of_the_engine_within(path: Path) -> None:
    engine = Counting()
    cached = CachedEngine(engine, path)
    assert (cached.model, cached.identity, cached.prompt, cached.window) == (
        "test/counting",
        "one",
        ("summarize", "f" * 64),
        1_000,
    )
    asyncio.run(cached.aclose())
    assert engine.closed


@pytest.mark.parametrize(
    "other",
    [
        passage(TEXT + " More."),
        passage(article=Article(text=TEXT, title="Other", language="en")),
        passage(article=Article(text=TEXT, title="Airbus", language="fr")),
        passage(output_language="fr"),
        passage(takeaways=3),
        passage(end=10),
        passage(start=5),
    ],
)
def test_anything_that_shapes_the_answer_asks_again(path: Path, other: Passage) -> None:
    engine = Counting()
    ask(engine, path, passage(), other)
    assert engine.calls == 2


def test_another_engine_asks_again_and_another_place_does_not(path: Path) -> None:
    one, two = Counting("one"), Counting("two")
    moved = passage(article=Article(text=TEXT, title="Airbus", language="en", source="elsewhere.txt"))
    ask(one, path, passage(), moved)
    ask(two, path)
    assert (one.calls, two.calls) == (1, 1)


def test_refresh_asks_and_remembers_and_off_does_neither(path: Path) -> None:
    engine = Counting()
    ask(engine, path)
    (fresh,) = ask(engine, path, mode=CacheMode.REFRESH)
    (off,) = ask(engine, path, mode=CacheMode.OFF)
    (found,) = ask(engine, path)
    texts = [draft.takeaways[0].text for draft in (fresh, off, found)]
    assert texts == ["Answer 2", "Answer 3", "Answer 2"]


def test_a_failure_is_not_remembered(path: Path) -> None:
    engine = Counting(fails=1)
    with pytest.raises(EngineUnavailable):
        ask(engine, path)
    (draft,) = ask(engine, path)
    assert draft.takeaways[0].text == "Answer 2"


def test_many_who_want_the_same_at_the_same_time_ask_once(path: Path) -> None:
    async def run() -> tuple[int, list[Draft]]:
        gate = asyncio.Event()
        engine = Counting(gate=gate)
        cached = CachedEngine(engine, path)
        asking = [asyncio.create_task(cached.draft(passage())) for _ in range(50)]
        await engine.asked.wait()
        gate.set()
        drafts = await asyncio.gather(*asking)
        await cached.aclose()
        return engine.calls, drafts

    calls, drafts = asyncio.run(run())
    assert calls == 1
    assert sum(draft.usage.calls for draft in drafts) == 1
    assert sum(draft.usage.cached for draft in drafts) == 49


def test_when_the_one_who_asks_goes_away_another_asks(path: Path) -> None:
    async def run() -> tuple[int, Draft]:
        gate = asyncio.Event()
        engine = Counting(gate=gate)
        cached = CachedEngine(engine, path)
        first = asyncio.create_task(cached.draft(passage()))
        await engine.asked.wait()
        second = asyncio.create_task(cached.draft(passage()))
        await asyncio.sleep(0)
        first.cancel()
        gate.set()
        draft = await second
        assert first.cancelled()
        await cached.aclose()
        return engine.calls, draft

    calls, draft = asyncio.run(run())
    assert (calls, draft.takeaways[0].text) == (2, "Answer 2")


def test_when_the_one_who_asks_fails_those_who_wait_fail_alike(path: Path) -> None:
    async def run() -> list[object]:
        gate = asyncio.Event()
        engine = Counting(fails=1, gate=gate)
        cached = CachedEngine(engine, path)
        asking = [asyncio.create_task(cached.draft(passage())) for _ in range(3)]
        await engine.asked.wait()
        gate.set()
        outcome = await asyncio.gather(*asking, return_exceptions=True)
        await cached.aclose()
        return [type(each) for each in outcome] + [engine.calls]

    assert asyncio.run(run()) == [EngineUnavailable] * 3 + [1]


# --- the file --------------------------------------------------------------------------------------


def test_the_file_is_private_and_in_write_ahead_mode(path: Path) -> None:
    old = os.umask(0)
    try:
        ask(Counting(), path)
        with sqlite3.connect(path) as db:
            assert db.execute("PRAGMA journal_mode").fetchone() == ("wal",)
            db.execute("UPDATE drafts SET created = created")
            modes = {each.name: stat.S_IMODE(each.stat().st_mode) for each in path.parent.iterdir()}
        db.close()
    finally:
        os.umask(old)
    assert stat.S_IMODE(path.parent.stat().st_mode) == 0o700
    assert set(modes) >= {"drafts.sqlite", "drafts.sqlite-wal"}
    assert set(modes.values()) == {0o600}


def test_a_file_that_others_could_read_is_made_private(path: Path) -> None:
    path.parent.mkdir()
    path.touch(0o644)
    ask(Counting(), path)
    assert stat.S_IMODE(path.stat().st_mode) == 0o600


def test_neither_the_article_nor_a_pickle_is_in_the_file(path: Path) -> None:
    ask(Counting(), path)
    with sqlite3.connect(path) as db:
        ((parts, source),) = db.execute("SELECT parts, source FROM drafts").fetchall()
    db.close()
    assert source == "a.txt"
    assert json.loads(parts) == CacheKey.of(Counting("one"), passage()).parts
    assert TEXT not in parts


def warnings_of(path: Path) -> list[str]:
    """Ask twice with a cache that may be broken; both must be answered. Return what was warned."""
    engine, warnings = Counting(), list[str]()

    async def run() -> None:
        cached = CachedEngine(engine, path, warn=warnings.append)
        await cached.draft(passage())
        await cached.draft(passage(takeaways=2))
        await cached.aclose()

    asyncio.run(run())
    assert engine.calls == 2
    return warnings


def test_a_corrupted_file_is_set_aside_with_one_warning(path: Path) -> None:
    path.parent.mkdir()
    path.write_bytes(b"no database at all" * 500)

    (warning,) = warnings_of(path)

    (aside,) = path.parent.glob("*.broken-*")
    assert aside.read_bytes() == b"no database at all" * 500
    assert warning == f"the cache '{path}' is broken: it was renamed '{aside.name}', and a new one begun"
    engine = Counting()
    ask(engine, path)
    assert engine.calls == 0


def test_a_file_that_is_corrupted_in_its_middle_is_set_aside(path: Path) -> None:
    ask(Counting(), path, *(passage(takeaways=n) for n in range(1, 40)))
    raw = path.read_bytes()
    path.write_bytes(raw[:4096] + b"\xff" * (len(raw) - 4096))
    assert len(warnings_of(path)) == 1
    assert len(list(path.parent.glob("*.broken-*"))) == 1


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("rows.jsonl", b'{"id": 1, "text": "x"}\n' * 200),
        ("article.pdf", b"%PDF-1.7\n" + b"x" * 5_000),
        ("one.txt", b"x"),
        ("short.txt", b"mine\n" * 100),
        ("places.sqlite", b"SQLite format 3\0" + b"\xff" * 9_000),
        ("drafts.sqlite", b"SQLite format 3\0" + b"\x01" * 9_000),
    ],
)
def test_a_file_that_is_not_ours_is_left_as_it_is(name: str, content: bytes, tmp_path: Path) -> None:
    path = tmp_path / name
    path.write_bytes(content)
    path.chmod(0o644)
    (warning,) = warnings_of(path)
    assert warning.endswith("going on without it")
    assert path.read_bytes() == content
    assert stat.S_IMODE(path.stat().st_mode) == 0o644
    assert [each.name for each in tmp_path.iterdir()] == [name]
    with pytest.raises(ConfigError, match="cannot be used"):
        clear(path)
    assert path.read_bytes() == content


def test_a_poisoned_entry_is_asked_again_and_written_over(path: Path) -> None:
    ask(Counting(), path)
    with sqlite3.connect(path) as db:
        db.execute("UPDATE drafts SET value = ?", (b"cos\nsystem\n(S'false'\ntR.",))
    db.close()

    (draft,) = ask(Counting(), path)
    assert draft.usage.warnings == ("note", f"an entry of the cache '{path}' cannot be read; asking anew")
    engine = Counting()
    ask(engine, path)
    assert engine.calls == 0


def test_a_database_of_another_program_is_left_alone(path: Path) -> None:
    path.parent.mkdir()
    with sqlite3.connect(path) as db:
        db.execute("CREATE TABLE places (name)")
    db.close()
    before = path.read_bytes()
    (warning,) = warnings_of(path)
    assert warning == (
        f"the cache '{path}' cannot be used ('{path}' is a database of another program); going on without it"
    )
    assert path.read_bytes() == before


def test_a_file_of_a_later_version_is_left_alone(path: Path) -> None:
    ask(Counting(), path)
    with sqlite3.connect(path) as db:
        db.execute("PRAGMA user_version = 99")
    db.close()
    (warning,) = warnings_of(path)
    assert "was made by a later version of this program" in warning
    assert not list(path.parent.glob("*.broken-*"))


def test_a_place_that_cannot_be_written_is_one_warning(tmp_path: Path) -> None:
    file = tmp_path / "file"
    file.touch()
    (warning,) = warnings_of(file / "drafts.sqlite")
    assert warning.endswith("going on without it")
    (folder,) = warnings_of(tmp_path)
    assert folder.endswith("going on without it")


def test_a_locked_file_is_one_warning_and_what_it_holds_is_still_read(path: Path) -> None:
    ask(Counting(), path)
    engine, warnings = Counting(), list[str]()
    with sqlite3.connect(path, isolation_level=None) as other:
        other.execute("BEGIN EXCLUSIVE")

        async def run() -> list[Draft]:
            cached = CachedEngine(engine, path, warn=warnings.append, timeout=0.01)
            drafts = [await cached.draft(each) for each in (passage(), passage(takeaways=2), passage(takeaways=3))]
            await cached.aclose()
            return drafts

        drafts = asyncio.run(run())
    other.close()
    assert [draft.usage.cached for draft in drafts] == [True, False, False]
    assert warnings == [f"the cache '{path}' cannot be used (database is locked); going on without it"]


def test_a_full_disk_is_one_warning(path: Path) -> None:
    script = (
        "import resource, sys, pathlib, asyncio\n"
        "sys.path.insert(0, sys.argv[2])\n"
        "from test_cache import Counting, ask, passage\n"
        "path = pathlib.Path(sys.argv[1])\n"
        "ask(Counting(), path)\n"
        "resource.setrlimit(resource.RLIMIT_FSIZE, (path.stat().st_size, resource.RLIM_INFINITY))\n"
        "drafts = ask(Counting(), path, *(passage('x' * n) for n in range(1, 400)))\n"
        "print(len(drafts), *{w for d in drafts for w in d.usage.warnings if w != 'note'})\n"
    )
    command = [sys.executable, "-c", script, str(path), str(Path(__file__).parent)]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    assert done.stdout.startswith(f"399 the cache '{path}' cannot be used (")
    assert done.stdout.count("the cache") == 1
    engine = Counting()
    ask(engine, path)
    assert engine.calls == 0


def test_without_a_listener_the_warning_goes_with_the_draft(tmp_path: Path) -> None:
    first, second = ask(Counting(), tmp_path, passage(), passage(takeaways=2))
    assert len(first.usage.warnings) == 2
    assert second.usage.warnings == ("note",)


# --- many processes --------------------------------------------------------------------------------


def test_a_question_that_takes_long_keeps_its_lease(path: Path) -> None:
    class Clock(asyncio.SelectorEventLoop):
        ahead = 0.0

        def time(self) -> float:
            return super().time() + self.ahead

    class Slow(Counting):
        async def draft(self, passage: Passage) -> Draft:
            before = expires()
            await asyncio.sleep(0)  # until the renewal waits
            loop.ahead += LEASE
            for _ in range(5):
                await asyncio.sleep(0)
            assert expires() > before
            return await super().draft(passage)

    def expires() -> list[float]:
        with sqlite3.connect(path) as db:
            found = [row[0] for row in db.execute("SELECT expires FROM leases")]
        db.close()
        return found

    async def work() -> None:
        cached = CachedEngine(Slow(), path)
        await cached.draft(passage())
        await cached.aclose()

    loop = Clock()
    loop.run_until_complete(work())
    loop.close()
    assert expires() == []


WORKER = """
import asyncio, sys
from pathlib import Path
sys.path.insert(0, sys.argv[3])
from test_cache import Counting, passage
from summarizer.cache import CachedEngine

async def main():
    engine, warnings = Counting(), []
    cached = CachedEngine(engine, Path(sys.argv[1]), warn=warnings.append)
    sys.stdin.readline()  # all begin at once
    await asyncio.gather(*(cached.draft(passage(takeaways=n)) for n in range(1, 21)))
    await cached.aclose()
    print(engine.calls, *warnings)

asyncio.run(main())
"""


@pytest.mark.slow
def test_eight_processes_on_a_fresh_cache_ask_for_each_article_once(path: Path) -> None:
    command = [sys.executable, "-c", WORKER, str(path), "x", str(Path(__file__).parent)]
    workers = [subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) for _ in range(8)]
    for worker in workers:
        assert worker.stdin is not None
        worker.stdin.write("\n")
        worker.stdin.flush()
    outputs = [worker.communicate()[0].strip() for worker in workers]
    assert [worker.returncode for worker in workers] == [0] * 8
    assert sum(int(output) for output in outputs) == 20
    assert stat.S_IMODE(path.stat().st_mode) == 0o600


def test_the_question_of_a_process_that_died_is_taken_over_at_once(path: Path) -> None:
    script = (
        "import os, sys, pathlib\n"
        "sys.path.insert(0, sys.argv[2])\n"
        "from test_cache import Counting, passage\n"
        "from summarizer.cache.drafts import DraftCache\n"
        "from summarizer.cache.keys import CacheKey\n"
        "memory = DraftCache(pathlib.Path(sys.argv[1]), warn=print)\n"
        "assert memory.claim(CacheKey.of(Counting('one'), passage()), wait=True)\n"
        "os._exit(9)\n"
    )
    done = subprocess.run([sys.executable, "-c", script, str(path), str(Path(__file__).parent)], check=False)
    assert done.returncode == 9
    engine = Counting()
    ask(engine, path)
    assert engine.calls == 1


def test_a_cache_that_can_only_be_read_is_read(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    engine = Counting()
    ask(engine, path)
    before, beside = path.read_bytes(), os.listdir(path.parent)  # noqa: PTH208 - hidden files count
    monkeypatch.setattr("summarizer.cache.sqlite_store.is_read_only", lambda _: True)
    told: list[str] = []

    async def run() -> list[Draft]:
        cached = CachedEngine(engine, path, warn=told.append)
        try:
            return [await cached.draft(passage()), await cached.draft(passage("Another text. It is new."))]
        finally:
            await cached.aclose()

    known, new = asyncio.run(run())
    assert (known.usage.cached, new.usage.cached, engine.calls) == (True, False, 2)
    assert (path.read_bytes(), os.listdir(path.parent)) == (before, beside)  # noqa: PTH208
    assert len(told) == 1
    assert "cannot be written to: it is read" in told[0]


# --- several threads -------------------------------------------------------------------------------------------------


def in_threads(count: int, work: Callable[[int], None]) -> int:
    """Work in so many threads; return how many do not end."""

    def quietly(number: int) -> None:
        with suppress(EngineUnavailable, asyncio.CancelledError, TimeoutError):
            work(number)

    threads = [threading.Thread(target=quietly, args=(number,), daemon=True) for number in range(count)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(10)
    return sum(thread.is_alive() for thread in threads)


class Slow(Counting):
    async def draft(self, passage: Passage) -> Draft:
        await asyncio.sleep(0.05)
        return await super().draft(passage)


@pytest.mark.parametrize("mode", [CacheMode.READ_WRITE, CacheMode.REFRESH, CacheMode.OFF])
@pytest.mark.parametrize("fails", [0, 1, 1_000])
def test_one_engine_answers_in_many_threads(mode: CacheMode, fails: int, tmp_path: Path) -> None:
    engine = Slow(fails=fails)
    cached = CachedEngine(engine, tmp_path / "c.sqlite", mode=mode)
    answers: list[Draft] = []

    def work(number: int) -> None:
        for text in (TEXT, f"{TEXT} More."):
            with suppress(EngineUnavailable):
                answers.append(asyncio.run(cached.draft(passage(text))))

    assert in_threads(8, work) == 0
    assert fails or len(answers) == 16
    assert engine.calls == 16 if mode is CacheMode.OFF else engine.calls <= 16
    cached.close()


def test_a_thread_that_gives_up_leaves_the_turn_to_the_others(tmp_path: Path) -> None:
    cached = CachedEngine(Slow(), tmp_path / "c.sqlite")
    answers: list[Draft] = []

    def work(number: int) -> None:
        async def answered() -> None:
            async with asyncio.timeout(0.02 if number % 2 else 10):
                answers.append(await cached.draft(passage()))

        asyncio.run(answered())

    assert in_threads(8, work) == 0
    assert len(answers) == 4
    cached.close()
