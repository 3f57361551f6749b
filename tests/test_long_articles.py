"""An article that no model can see at one time: read in passages, proven whole, nothing of it lost or told twice."""

import asyncio
import json
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from long_reports import FIRST, LAST, Report, Scripted, expected, report
from long_reports import answer as found_in
from loopback import Loopback, Play, Request, answer, error
from test_llm_engine import opened

from summarizer import Article, render
from summarizer.cache import CachedEngine
from summarizer.chunking import split
from summarizer.cli import main
from summarizer.engines.extractive import ExtractiveEngine
from summarizer.engines.llm.retry import RetryPolicy
from summarizer.errors import EngineRefused, EngineUnavailable
from summarizer.pipeline import summarize_article
from summarizer.protocols import Engine
from summarizer.schema import Draft, Passage, Summary

WINDOW, WORDS = 8_000, 6_000
"""A smaller report for a smaller model, where the hundred thousand words are not the point."""
Start = Callable[..., Loopback]


@cache
def written(words: int = 100_000) -> tuple[Report, Article]:
    told = report(words, window=Scripted().window if words > WORDS else WINDOW)
    return told, Article.from_text(told.text, source="report.txt")


def summarized(engine: Engine, words: int = 100_000, **options: Any) -> Summary:
    return asyncio.run(summarize_article(written(words)[1], engine, **options))


@cache
def scripted() -> tuple[Scripted, Summary]:
    """One run over the whole report, and what it came to."""
    engine = Scripted()
    return engine, summarized(engine, takeaways=2)


def pairs(summary: Summary) -> list[tuple[frozenset[str], str]]:
    return [(frozenset(pact.parties), pact.status.value) for pact in summary.partnerships]


# --- planted facts -----------------------------------------------------------------------------------------------


@pytest.mark.slow
def test_every_planted_partnership_is_found_once_in_its_last_state_at_its_exact_place() -> None:
    told, _ = written()
    _, summary = scripted()
    assert sorted(pairs(summary), key=str) == sorted(expected(), key=str)
    at = {evidence.quote: evidence.start for pact in summary.partnerships for evidence in pact.evidence}
    assert at == {sentence: place for sentence, place in told.planted.items() if sentence not in (FIRST, LAST)}
    assert all(told.text[one.start : one.end] == one.quote for pact in summary.partnerships for one in pact.evidence)
    assert summary.rejected == ()


def test_partnerships_at_the_borders_are_seen_in_two_passages() -> None:
    told, _ = written()
    engine, _ = scripted()
    seen = [sum(a <= at < b for a, b in engine.seen) for at in told.planted.values()]
    assert seen.count(2) >= 6 and not seen.count(0)


def test_headlines_of_the_first_and_of_the_190th_page_are_both_chosen() -> None:
    _, summary = scripted()
    assert [one.text for one in summary.takeaways] == [FIRST, LAST]
    assert (summary.provenance.passages, summary.provenance.calls) == (18, 19)
    assert summary.provenance.unread == () and not summary.provenance.warnings


@pytest.mark.slow
@pytest.mark.parametrize("language", ["en", "fr", "de"])
def test_the_embedded_model_finds_both_by_itself(language: str) -> None:
    told = report(20_000, language)
    summary = asyncio.run(summarize_article(Article.from_text(told.text), ExtractiveEngine()))
    first, last = list(told.planted)[:2]
    assert {first, last} <= {one.text for one in summary.takeaways}
    assert summary.provenance.passages == 1


# --- which takeaways are the whole article's ------------------------------------------------------------------------


class Without(Scripted):
    """A model that was never taught to choose."""

    choose: Any = None


class Refusing(Scripted):
    async def choose(self, *asked: Any) -> Draft:
        raise EngineUnavailable("no answer")


class Inventing(Scripted):
    async def choose(self, *asked: Any) -> Draft:
        return Draft.model_validate({"takeaways": [{"text": "The moon is made of cheese.", "quotes": [FIRST]}]})


@pytest.mark.parametrize(
    ("kind", "notes"), [(Without, []), (Inventing, []), (Refusing, ["no answer"])], ids=["none", "invents", "fails"]
)
def test_without_a_choice_the_first_of_each_passage_stand(kind: type[Scripted], notes: list[str]) -> None:
    summary = summarized(kind(WINDOW), WORDS)
    drafts = summary.provenance.passages
    places = [one.evidence[0].start * drafts // summary.article.characters for one in summary.takeaways]
    assert len(places) == 5 and len(set(places)) >= 4, "they come from as many passages"
    assert [note.rpartition(": ")[2] for note in summary.provenance.warnings] == notes


def test_what_is_not_proven_leaves_its_place_to_the_next_best() -> None:
    class Wrong(Scripted):
        async def draft(self, passage: Passage) -> Draft:
            draft = await super().draft(passage)
            false = draft.takeaways[0].model_copy(update={"text": "Norvik sold 777 bridges to Japan."})
            return draft.model_copy(update={"takeaways": (false, *draft.takeaways)})

    summary = summarized(Wrong(WINDOW), WORDS)
    assert {FIRST, LAST} <= {one.text for one in summary.takeaways}
    assert "777" not in " ".join(one.text for one in summary.takeaways)


# --- with a language model, over HTTP -------------------------------------------------------------------------------


def model(request: Request) -> Play:
    """A model that finds what is planted in the words that it is sent, and chooses what speaks of the whole."""
    if "candidates" in request.words:
        shown = [json.loads(line) for line in request.words.splitlines() if line.startswith('{"number"')]
        numbers = [one["number"] for one in shown if "Calder Basin" in one["takeaway"]]
        return played(answer({"numbers": numbers or [1]}), request)
    return played(answer(found_in(request.words)), request)


def played(script: Any, request: Request) -> Play:
    play: Play = script(request)
    return play


def long_run(server: Loopback, tmp_path: Path, **options: Any) -> Summary:
    return asyncio.run(closing(opened(server, tmp_path, **{"window": WINDOW, **options})))


def choices(server: Loopback) -> list[Request]:
    return [request for request in server.requests if "candidates" in request.words]


def test_one_more_call_chooses_by_number_among_what_was_proven(loopback: Start, tmp_path: Path) -> None:
    server = loopback(model)
    summary = long_run(server, tmp_path)
    assert [one.text for one in summary.takeaways] == [FIRST, LAST]
    assert sorted(pairs(summary), key=str) == sorted(expected(), key=str)
    made = summary.provenance
    assert (made.calls, made.usage.input_tokens) == (server.count, 1000 * server.count)
    assert server.count == made.passages + 1
    (asked,) = choices(server)
    assert asked.body["response_format"]["json_schema"]["name"] == "Choice"
    assert '"title": "The economy of the Calder Basin' in asked.words
    assert f"{made.passages} passages" in render(summary, None, "text")
    assert f"{made.passages} passages" in render(summary, None, "html")


CHOICES = [
    (
        "numbers that are none, twice or out of range",
        {"numbers": ["2", 2, 0, 999, -1, 2.5, True, "x", "9" * 5000, 1]},
        [2, 1],
        0,
    ),
    ("more than were asked for", {"numbers": [8, 7, 6, 5, 4, 3, 2, 1]}, [8, 7, 6, 5, 4], 0),
    ("a list alone in prose", 'I choose: {"numbers": [3]}', [3], 0),
    ("nothing", {"numbers": []}, None, 1),
    ("no JSON", "the first ones", None, 1),
]


@pytest.mark.parametrize(
    ("said", "numbers", "notes"), [case[1:] for case in CHOICES], ids=[case[0] for case in CHOICES]
)
def test_a_choice_is_held_to_the_candidates(
    said: Any, numbers: list[int] | None, notes: int, loopback: Start, tmp_path: Path
) -> None:
    def chooses(request: Request) -> Play:
        return played(answer(said), request) if "candidates" in request.words else model(request)

    server = loopback(chooses)
    summary = long_run(server, tmp_path)
    shown = [json.loads(line) for line in choices(server)[0].words.splitlines() if line.startswith('{"number"')]
    if numbers is not None:
        assert [one.text for one in summary.takeaways] == [shown[number - 1]["takeaway"] for number in numbers]
    assert len(summary.provenance.warnings) == notes
    assert len(summary.takeaways) == (5 if numbers is None else len(numbers))
    assert summary.provenance.calls == server.count


def test_a_choice_that_could_cost_too_much_is_not_made(loopback: Start, tmp_path: Path) -> None:
    server = loopback(lambda request: played(answer(found_in(request.words), usage=(16_000, 0)), request))
    passages = len(split(written(WORDS)[1], WINDOW))
    summary = long_run(server, tmp_path, price=(1.0, 0.0), max_cost=0.016 * passages + 0.004, concurrency=1)
    assert server.count == passages and not choices(server)
    assert "`max_cost`" in summary.provenance.warnings[0] and len(summary.takeaways) == 5


def test_too_many_candidates_are_chosen_in_rounds(loopback: Start, tmp_path: Path) -> None:
    server = loopback(model)

    summary = long_run(server, tmp_path, window=2_000)
    assert len(choices(server)) > 2
    assert all(request.words.count('{"number"') <= 10 for request in choices(server))
    assert {FIRST, LAST} <= {one.text for one in summary.takeaways}
    assert summary.provenance.calls == server.count


def test_a_context_that_is_too_small_is_met_with_smaller_passages(loopback: Start, tmp_path: Path) -> None:
    def small(request: Request) -> Play:
        if len(request.words) > 13_000:
            return error(400, "This model's maximum context length is 4096 tokens", code="context_length_exceeded")
        return model(request)

    summary = long_run(loopback(small), tmp_path)
    assert sorted(pairs(summary), key=str) == sorted(expected(), key=str)
    assert summary.provenance.unread == () and not summary.provenance.truncated


def test_a_passage_that_a_filter_stops_is_told_and_the_rest_stands(loopback: Start, tmp_path: Path) -> None:
    def filtered(request: Request) -> Play:
        return (
            error(400, "The response was filtered", code="content_filter") if LAST in request.words else model(request)
        )

    summary = long_run(loopback(filtered), tmp_path)
    ((start, end),) = summary.provenance.unread
    assert start < written(WORDS)[0].planted[LAST] < end
    assert f"characters {start:,} to {end:,} of the article were not read" in render(summary, None, "text")
    assert summary.provenance.truncated and summary.partnerships


def test_a_wrong_key_is_tried_once_and_not_for_every_passage(loopback: Start, tmp_path: Path) -> None:
    server = loopback(error(401))
    with pytest.raises(EngineRefused, match="needs a key"):
        long_run(server, tmp_path, concurrency=1)
    assert server.count <= 2


# --- remembered passage by passage ----------------------------------------------------------------------------------


def remembered(engine: Engine, tmp_path: Path) -> Summary:
    async def run() -> Summary:
        cached = CachedEngine(engine, tmp_path / "drafts.sqlite")
        try:
            return await summarize_article(written(WORDS)[1], cached)
        finally:
            await cached.aclose()

    return asyncio.run(run())


def test_a_run_that_was_stopped_repays_only_what_is_missing(loopback: Start, tmp_path: Path) -> None:
    left = 3

    def stops(request: Request) -> Play:
        nonlocal left
        left -= 1
        return model(request) if left >= 0 else error(429, "You exceeded your quota", code="insufficient_quota")

    def again() -> Summary:
        return remembered(opened(server, tmp_path, window=WINDOW, concurrency=1), tmp_path)

    server = loopback(stops)
    with pytest.raises(EngineRefused, match="quota"):
        again()
    server.play(model)
    server.requests.clear()
    summary = again()
    missing = summary.provenance.passages - 3
    assert summary.provenance.calls == server.count == missing + 1
    assert sorted(pairs(summary), key=str) == sorted(expected(), key=str)
    assert again().provenance.cached and server.count == missing + 1


def test_a_passage_that_was_not_read_is_asked_for_again_and_nothing_else(loopback: Start, tmp_path: Path) -> None:
    server = loopback(lambda request: error(500) if LAST in request.words else model(request))
    quick = RetryPolicy(attempts=1)

    def again() -> Summary:
        return remembered(opened(server, tmp_path, window=WINDOW, retry_policy=quick), tmp_path)

    assert len(again().provenance.unread) == 1
    server.play(model)
    server.requests.clear()
    summary = again()
    assert server.count == 2, "the passage, and the choice among other candidates"
    assert not summary.provenance.unread and {FIRST, LAST} == {one.text for one in summary.takeaways}


def test_another_template_for_the_choice_costs_no_draft_anew(loopback: Start, tmp_path: Path) -> None:
    server = loopback(model)

    def again() -> Summary:
        return remembered(opened(server, tmp_path, window=WINDOW, prompts_folder=tmp_path), tmp_path)

    again()
    server.requests.clear()
    (tmp_path / "merge.md").write_text("Choose up to {{ takeaways }}.")
    summary = again()
    assert [request.words.splitlines()[0] for request in server.requests] == ["Choose up to 5."]
    assert summary.provenance.calls == 1


# --- what a person sees beforehand ----------------------------------------------------------------------------------


def test_a_dry_run_prints_one_prompt_and_a_line_for_each_passage(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "report.txt"
    path.write_text(written(WORDS)[0].text, encoding="utf-8")
    monkeypatch.setenv("SUMMARIZER_WINDOW", str(WINDOW))
    command = [str(path), "--dry-run", "-m", "toy", "--base-url", "http://127.0.0.1:9/v1"]
    assert main(command) == 0
    shown = capsys.readouterr().out
    lines = [line for line in shown.splitlines() if line.startswith("--- ")]
    passages = len(split(written(WORDS)[1], WINDOW))
    assert lines[0].startswith(f"--- passage 1 of {passages}: characters 0 to ")
    assert lines[1:3] == ["--- system", "--- user"]
    assert sum(line.startswith("--- passage") for line in lines) == passages
    assert lines[-2].startswith("--- up to 3 requests to select the takeaways of the whole article, at most ")
    assert lines[-1].startswith(f"--- toy: {passages + 3} requests, at most ")
    assert len(shown) < 3 * WINDOW
    main([*command, "--verbose"])
    assert capsys.readouterr().out.count("--- user") == passages


def test_a_preview_never_promises_less_than_the_run_sends(loopback: Start, tmp_path: Path) -> None:
    server = loopback(model)
    for window in (WINDOW, 2_000):
        engine = opened(server, tmp_path, window=window)
        passages = split(written(WORDS)[1], window)
        most = engine.preview_choice(len(passages), 5)
        server.requests.clear()
        asyncio.run(closing(engine))
        sizes = [len(request.words.encode()) for request in choices(server)]
        assert 1 <= len(sizes) <= len(most)
        assert max(sizes) <= max(one.input_tokens for one in most)
        assert sum(sizes) <= sum(one.input_tokens for one in most)


async def closing(engine: Any, article: Article | None = None) -> Summary:
    try:
        return await summarize_article(article or written(WORDS)[1], engine)
    finally:
        await engine.aclose()


def test_a_model_is_told_that_it_reads_a_passage_and_only_then(loopback: Start, tmp_path: Path) -> None:
    server = loopback(model)
    long_run(server, tmp_path)
    drafts = [request.words for request in server.requests if "candidates" not in request.words]
    assert all("It is one passage of a long article" in words for words in drafts)
    server.requests.clear()
    short = Article.from_text("Norvik signed a partnership with Zelba in France. Sales rose by 4%.")
    asyncio.run(closing(opened(server, tmp_path), short))
    assert server.count == 1 and "passage" not in server.requests[0].body["messages"][1]["content"]
