"""What a person asks of the cache: its size, why it did not answer, and to make it smaller."""

import sqlite3
import time
from contextlib import closing
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from test_cache import TEXT, Counting, ask, passage

from summarizer.cache.drafts import DraftCache
from summarizer.cache.keys import CacheKey
from summarizer.cache.notation import parse_duration, parse_size
from summarizer.cache.reports import Difference, Removed, Stats, Why, clear, prune, stats, why
from summarizer.cache.sqlite_store import SqliteStore
from summarizer.errors import ConfigError


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "cache" / "drafts.sqlite"


def age(path: Path, *days: float) -> None:
    """Make the entries, in the order in which they were made, as old as that."""
    with sqlite3.connect(path) as db:
        for row, old in enumerate(days, 1):
            db.execute("UPDATE drafts SET created = ? WHERE rowid = ?", (time.time() - 86_400 * old, row))
    db.close()


def test_where_there_is_no_file_there_is_nothing_and_none_is_made(path: Path) -> None:
    question = CacheKey.of(Counting(), passage())
    assert stats(path) == Stats(str(path))
    assert why(path, question) == Why(question.key.hex(), question.parts, None)
    assert prune(path, max_size=0) == clear(path) == Removed(0, 0)
    assert not path.parent.exists()


def test_stats_count_entries_bytes_and_models(path: Path) -> None:
    ask(Counting(), path, passage(), passage(takeaways=2))
    found = stats(path)
    assert (found.entries, found.models) == (2, {"test/counting": 2})
    assert found.size >= path.stat().st_size > 0
    assert found.oldest is not None
    assert found.newest is not None
    assert found.oldest <= found.newest


def test_why_says_when_it_was_answered(path: Path) -> None:
    ask(Counting(), path)
    found = why(path, CacheKey.of(Counting(), passage()))
    assert found.remembered is not None
    assert found.differences == ()


def test_why_names_the_parts_that_differ_from_the_nearest_question(path: Path) -> None:
    ask(Counting(), path, passage(takeaways=9, output_language="fr"), passage(takeaways=2))
    found = why(path, CacheKey.of(Counting("two"), passage()))
    assert found.remembered is None
    assert found.nearest is not None
    assert found.differences == (Difference("engine", "two", "one"), Difference("takeaways", "5", "2"))


def test_why_finds_the_same_article_before_it_was_edited(path: Path) -> None:
    ask(Counting(), path)
    edited = CacheKey.of(Counting(), passage(TEXT + " More."))
    assert why(path, edited).nearest is None
    assert [each.part for each in why(path, edited, "a.txt").differences] == ["text"]


def test_prune_takes_out_what_is_too_old(path: Path) -> None:
    ask(Counting(), path, *(passage(takeaways=n) for n in (1, 2, 3)))
    age(path, 10, 40, 1)
    assert prune(path, older_than=timedelta(days=30)).entries == 1
    assert stats(path).entries == 2


def test_prune_takes_out_the_oldest_until_the_rest_fits(path: Path) -> None:
    ask(Counting(), path, *(passage(takeaways=n) for n in range(1, 41)))
    age(path, *range(40))
    removed = prune(path, max_size=10_000)
    left = stats(path)
    assert 0 < left.entries < 40
    assert removed.entries == 40 - left.entries
    assert removed.size > 0
    assert why(path, CacheKey.of(Counting(), passage(takeaways=1))).remembered is not None
    assert why(path, CacheKey.of(Counting(), passage(takeaways=40))).remembered is None


def test_clear_leaves_an_empty_cache_that_works(path: Path) -> None:
    engine = Counting()
    ask(engine, path, passage(), passage(takeaways=2))
    assert clear(path).entries == 2
    assert stats(path).entries == 0
    ask(engine, path)
    assert engine.calls == 3


def test_of_a_cache_that_can_only_be_read_nothing_is_taken_out(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    ask(Counting(), path)
    monkeypatch.setattr("summarizer.cache.sqlite_store.is_read_only", lambda _: True)
    for work in (clear, lambda path: prune(path, max_size=0)):
        with pytest.raises(ConfigError, match="can only be read: nothing was taken out"):
            work(path)
    assert stats(path).entries == 1


def test_a_file_that_cannot_be_used_is_an_error_here(path: Path) -> None:
    path.parent.mkdir()
    path.write_bytes(b"no database at all" * 100)
    with pytest.raises(ConfigError) as refused:
        stats(path)
    assert str(refused.value) == (
        f"the cache '{path}' cannot be used: file is not a database; move it away, or set another one"
    )
    assert path.exists()


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("45m", timedelta(minutes=45)),
        ("12 h", timedelta(hours=12)),
        ("30D", timedelta(days=30)),
        ("1.5w", timedelta(days=10.5)),
    ],
)
def test_an_age_is_read(text: str, expected: timedelta) -> None:
    assert parse_duration(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"), [("800", 800), ("800K", 800_000), ("500MB", 500_000_000), ("1.5 GB", 1_500_000_000)]
)
def test_a_size_is_read(text: str, expected: int) -> None:
    assert parse_size(text) == expected


@pytest.mark.parametrize("text", ["", "many", "30", "-3d", "3y"])
def test_what_is_no_age_is_refused(text: str) -> None:
    with pytest.raises(ConfigError, match="is not an age; give a number and a unit"):
        parse_duration(text)


def test_what_is_no_size_is_refused() -> None:
    with pytest.raises(ConfigError, match="is not a size; give a number and a unit"):
        parse_size("3 TB!")


# --- entries that nobody of ours wrote -------------------------------------------------------------------------------

PARTS = '{"model": "m", "text": "t"}'
BAD_ROWS: dict[str, tuple[object, ...]] = {
    "no JSON": (b"k", "no JSON", None, b"v", 1.0),
    "a list": (b"k", "[1]", None, b"v", 1.0),
    "deep": (b"k", "[" * 3_000 + "]" * 3_000, None, b"v", 1.0),
    "no date": (b"k", PARTS, None, b"v", "yesterday"),
    "a far date": (b"k", PARTS, None, b"v", 1e300),
    "an early date": (b"k", PARTS, None, b"v", -1e300),
    "an endless date": (b"k", PARTS, None, b"v", float("inf")),
    "tomorrow's date": (b"k", PARTS, None, b"v", 9e9),
    "a key of text": ("k", PARTS, None, b"v", 1.0),
    "a value of text": (b"k", PARTS, None, "v", 1.0),
    "a value of bytes to allocate": (b"k", PARTS, None, 10**12, 1.0),
    "parts of bytes": (b"k", b"\xff", b"\xff", b"v", 1.0),
}


@pytest.mark.parametrize("row", BAD_ROWS.values(), ids=BAD_ROWS)
def test_reports_work_on_a_store_with_entries_that_are_not_ours(row: tuple[object, ...], tmp_path: Path) -> None:
    path = tmp_path / "cache.sqlite"
    key = CacheKey({"model": "m", "text": "t"})
    with closing(SqliteStore(path, notify=pytest.fail)) as store:
        store.put(key, "a.txt", b"value", wait=True)
        with closing(sqlite3.connect(path)) as db, db:
            db.execute("INSERT INTO drafts VALUES (?, ?, ?, ?, ?)", row)
            if isinstance(row[0], bytes):
                db.execute("INSERT INTO drafts VALUES (?, ?, ?, ?, ?)", (CacheKey({"text": "t"}).key, *row[1:]))
        assert stats(path).entries == 1
        assert stats(path).models == {"m": 1}
        assert store.get(CacheKey({"text": "t"}).key) is None or isinstance(row[3], bytes)
        assert why(path, CacheKey({"model": "n", "text": "t"}), "a.txt").nearest
        assert why(path, CacheKey({"text": "t"})).remembered is None or row[4] == 1.0
        assert prune(path, older_than=timedelta(days=1)).entries == 0
        with closing(sqlite3.connect(path)) as db:
            assert db.execute("SELECT count(*) FROM drafts").fetchone() == (1,)
            db.execute("INSERT INTO drafts VALUES (?, ?, ?, ?, ?)", row)
            db.commit()
        assert clear(path).entries >= 1
        assert stats(path).entries == 0


@pytest.mark.parametrize(
    ("owner", "expires", "is_void"),
    [
        ("there:1:ab", 1e300, True),
        ("there:1:ab", float("inf"), True),
        ("there:1:ab", "never", True),
        ("there:1:ab", b"never", True),
        ("there:1:ab", 36_000.0, True),
        ("there:1:ab", 20.0, False),
        ("there:1:ab", -1.0, True),
        ("nobody", 20.0, True),
        ("there:one:ab", 20.0, True),
        ("there:99999999999999999999:ab", 20.0, True),
        ("", 20.0, True),
    ],
)
def test_a_lease_that_cannot_be_one_of_ours_is_void(owner: str, expires: Any, is_void: bool, tmp_path: Path) -> None:
    path, key = tmp_path / "cache.sqlite", CacheKey({"text": "t"})
    cache = DraftCache(path, warn=pytest.fail)
    assert cache.recall(key) is None
    ends = time.time() + expires if isinstance(expires, float) and abs(expires) < 1e6 else expires
    with closing(sqlite3.connect(path)) as db, db:
        db.execute("INSERT INTO leases VALUES (?, ?, ?)", (key.key, owner, ends))
    assert cache.claim(key, wait=True) is is_void
    cache.close()
