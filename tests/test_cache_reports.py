"""What a person asks of the cache: its size, why it did not answer, and to make it smaller."""

import sqlite3
import time
from datetime import timedelta
from pathlib import Path

import pytest
from test_cache import TEXT, Counting, ask, passage

from summarizer.cache.keys import CacheKey
from summarizer.cache.notation import parse_duration, parse_size
from summarizer.cache.reports import Difference, Removed, Stats, Why, clear, prune, stats, why
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
