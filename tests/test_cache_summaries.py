"""Proven summaries are remembered: by article, request and rules; their quotes are held against the article again."""

import asyncio
import sqlite3
import zlib
from pathlib import Path

import pytest
from test_batch import TEXT, Toy, article

from summarizer.cache import CachedEngine, CacheMode
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


def rewrite(path: Path, old: str, new: str) -> None:
    """Change the summaries that are remembered, as a fault or a person with bad intentions would."""
    with sqlite3.connect(path) as db:
        for key, value in db.execute("SELECT key, value FROM summaries").fetchall():
            changed = zlib.compress(zlib.decompress(value).decode().replace(old, new).encode())
            db.execute("UPDATE summaries SET value = ? WHERE key = ?", (changed, key))
        db.execute("DELETE FROM drafts")
    db.close()


def test_a_summary_is_found_again_with_the_same_claims_and_at_no_cost(tmp_path: Path) -> None:
    engine = Toy()
    first, second = (run(tmp_path / "cache", engine, article("a")) for _ in range(2))
    assert engine.asked == ["a"]
    assert second.takeaways == first.takeaways
    assert second.provenance.request == first.provenance.request == request_fingerprint(engine, None, 5)
    told = second.provenance
    assert (told.cached, told.calls, told.usage.input_tokens, told.cost_usd) == (True, 0, 0, 0.0)
    assert told.created == first.provenance.created


def test_it_stands_without_the_draft_but_not_with_a_quote_that_the_article_does_not_have(tmp_path: Path) -> None:
    path, engine = tmp_path / "cache", Toy()
    run(path, engine, article("a"))
    rewrite(path, "no such words", "")
    run(path, engine, article("a"))
    assert engine.asked == ["a"]
    rewrite(path, "ouvre une usine", "ferme une usine")
    again = run(path, engine, article("a"))
    assert engine.asked == ["a", "a"]
    assert "ouvre" in again.takeaways[0].evidence[0].quote


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
