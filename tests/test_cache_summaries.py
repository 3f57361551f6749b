"""Proven summaries are remembered: by article, request and rules; their quotes are held against the article again."""

import asyncio
import sqlite3
import stat
import tracemalloc
import zlib
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from test_batch import TEXT, Toy, article

from summarizer.cache import CachedEngine, CacheMode
from summarizer.cache.stored_values import MOST_BYTES, Signer, pack, unpack
from summarizer.errors import EngineError
from summarizer.pipeline import request_fingerprint, summarize_article
from summarizer.schema import Article, Draft, DraftUsage, Passage, Summary


def run(path: Path, engine: Toy, one: Article, mode: CacheMode = CacheMode.READ_WRITE) -> Summary:
    async def work() -> Summary:
        cached = CachedEngine(engine, path, mode=mode)
        try:
            return await summarize_article(one, cached)
        finally:
            await cached.aclose()

    return asyncio.run(work())


def forget_drafts(path: Path) -> None:
    with sqlite3.connect(path) as db:
        db.execute("DELETE FROM drafts")
    db.close()


def replace_summaries(path: Path, change: Callable[[bytes, bytes], bytes]) -> None:
    """Change each summary, of a key and a value, as a fault or a person with bad intentions would; drop the drafts."""
    with sqlite3.connect(path) as db:
        for key, value in db.execute("SELECT key, value FROM summaries").fetchall():
            db.execute("UPDATE summaries SET value = ? WHERE key = ?", (change(key, value), key))
    db.close()
    forget_drafts(path)


def test_a_summary_is_found_again_with_the_same_claims_and_at_no_cost(tmp_path: Path) -> None:
    engine = Toy()
    first, second = (run(tmp_path / "cache", engine, article("a")) for _ in range(2))
    assert engine.asked == ["a"]
    assert second.takeaways == first.takeaways
    assert second.provenance.request == first.provenance.request == request_fingerprint(engine, None, 5)
    told = second.provenance
    assert (told.cached, told.calls, told.usage.input_tokens, told.cost_usd) == (True, 0, 0, 0.0)
    assert told.created == first.provenance.created


def test_it_stands_without_the_draft(tmp_path: Path) -> None:
    path, engine = tmp_path / "cache", Toy()
    run(path, engine, article("a"))
    forget_drafts(path)
    assert run(path, engine, article("a")).takeaways
    assert engine.asked == ["a"]


def forged(value: bytes, old: str, new: str) -> bytes:
    """A summary in which words are replaced, without a signature."""
    text = unpack(value[32:]).decode()
    assert old in text
    return pack(text.replace(old, new).encode())


FORGED: dict[str, Callable[[bytes, bytes], bytes]] = {
    "another text": lambda _, value: value[:32] + forged(value, '"text":"', '"text":"Forgera a acheté Norvik. '),
    "another figure": lambda _, value: value[:32] + forged(value, "une usine", "9 usines"),
    "a partnership": lambda _, value: (
        value[:32]
        + forged(
            value,
            '"partnerships":[]',
            '"partnerships":[{"parties":["Forgera","Norvik"],"status":"established","evidence":[]}]',
        )
    ),
    "no signature": lambda _, value: value[32:],
    "an old row": lambda _, value: zlib.compress(unpack(value[32:])),
    "a signature of nothing": lambda _, value: bytes(32) + value[32:],
    "a key of somebody else": lambda key, value: Signer(Path("/dev/null")).sign(key, value[32:]),
    "the name of another article": lambda key, value: Signer().sign(key[::-1], value[32:]),
    "a part": lambda _, value: value[:-1],
    "less than a signature": lambda _, value: value[:31],
    "a quote that is not there": lambda key, value: Signer().sign(key, forged(value, "une usine", "deux usines")),
    "gigabytes": lambda key, _: Signer().sign(key, bomb(1_000_000_000)),
    "gigabytes of text": lambda key, value: Signer().sign(key, pack(unpack(value[32:]) + b" " * MOST_BYTES)),
}


def bomb(size: int) -> bytes:
    """So many blanks, packed."""
    packer = zlib.compressobj(9)
    return b"".join([*(packer.compress(b" " * 1_000_000) for _ in range(size // 1_000_000)), packer.flush()])


@pytest.mark.parametrize("change", FORGED.values(), ids=FORGED)
def test_a_forged_summary_is_never_shown(change: Callable[[bytes, bytes], bytes], tmp_path: Path) -> None:
    path, engine = tmp_path / "cache", Toy()
    honest = run(path, engine, article("a"))
    replace_summaries(path, change)
    tracemalloc.start()
    again = run(path, engine, article("a"))
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert engine.asked == ["a", "a"]
    assert (again.takeaways, again.partnerships) == (honest.takeaways, honest.partnerships)
    assert peak < 4 * MOST_BYTES


def test_the_key_is_private_and_made_once(tmp_path: Path) -> None:
    path = tmp_path / "state" / "cache.key"
    with ThreadPoolExecutor(8) as threads:
        signed = set(threads.map(lambda _: Signer(path).sign(b"name", b"value"), range(8)))
    assert len(signed) == 1
    assert Signer(path).verified(b"name", *signed) == b"value"
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert [each.name for each in path.parent.iterdir()] == ["cache.key"]


@pytest.mark.parametrize("content", [b"", b"short", bytes(33)], ids=repr)
def test_without_a_key_that_can_be_kept_only_this_process_knows_its_signatures(content: bytes, tmp_path: Path) -> None:
    path = tmp_path / "cache.key"
    path.write_bytes(content)
    signer = Signer(path)
    assert signer.verified(b"name", signer.sign(b"name", b"value")) == b"value"
    assert Signer(path).verified(b"name", signer.sign(b"name", b"value")) is None


def test_a_summary_takes_the_name_under_which_the_article_comes_now(tmp_path: Path) -> None:
    engine = Toy()
    run(tmp_path / "cache", engine, article("a"))
    assert run(tmp_path / "cache", engine, article("b")).article.source == "b"
    assert engine.asked == ["a"]


@pytest.mark.parametrize("value", [b"", b"nonsense", zlib.compress(b"{}"), zlib.compress(b"[1]")], ids=repr)
def test_what_cannot_be_read_is_proven_anew(tmp_path: Path, value: bytes) -> None:
    path, engine = tmp_path / "cache", Toy()
    run(path, engine, article("a"))
    with sqlite3.connect(path) as db:
        db.execute("UPDATE summaries SET value = ?", (value,))
    db.close()
    assert run(path, engine, article("a")).takeaways
    assert engine.asked == ["a"]  # the draft is still there


def test_refreshing_asks_anew_and_remembers_that(tmp_path: Path) -> None:
    engine = Toy()
    run(tmp_path / "cache", engine, article("a"))
    assert not run(tmp_path / "cache", engine, article("a"), CacheMode.REFRESH).provenance.cached
    assert run(tmp_path / "cache", engine, article("a")).provenance.cached
    assert engine.asked == ["a", "a"]


def test_what_may_go_better_another_time_is_not_kept(tmp_path: Path) -> None:
    class Shaky(Toy):
        async def draft(self, passage: Passage) -> Draft:
            draft = await super().draft(passage)
            return draft.model_copy(update={"usage": DraftUsage(calls=1, warnings=("half of it was not read",))})

    run(tmp_path / "cache", Shaky(), article("a"))
    with sqlite3.connect(tmp_path / "cache") as db:
        assert db.execute("SELECT count(*) FROM summaries").fetchone() == (0,)
    db.close()


def test_another_title_or_language_is_another_article(tmp_path: Path) -> None:
    engine = Toy()
    for one in (
        Article(text=TEXT, language="fr"),
        Article(text=TEXT, language="fr", title="Une usine"),
        Article(text=TEXT, language="en"),
    ):
        assert not run(tmp_path / "cache", engine, one).provenance.cached
    assert len(engine.asked) == 3


def test_a_failure_is_never_remembered(tmp_path: Path) -> None:
    with pytest.raises(EngineError):
        run(tmp_path / "cache", Toy(EngineError("no")), article("a"))
    assert run(tmp_path / "cache", Toy(), article("a")).takeaways
