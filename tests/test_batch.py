"""Many articles: the order, the bounds, the circuit breaker, and what is completed."""

import asyncio
import errno
import gc
import json
import os
import time
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest

from summarizer import Article, ConfigError, EngineRefused, EngineUnavailable, Failure, Summary, summarize_many
from summarizer.batch import Address, Row, summaries
from summarizer.batch.ordered_map import in_order
from summarizer.batch.resume import CompletedLines, CompletedOutputs
from summarizer.errors import EngineError, InvalidDraft, PromptError
from summarizer.pipeline import request_fingerprint
from summarizer.schema import Draft, DraftTakeaway, DraftUsage, Passage

TEXT = "Alphaville ouvre une usine à Lyon. La société emploie 250 personnes dans la région."


class Toy:
    """An engine that answers with the first sentence, after as long as the article says."""

    model = "toy/one"
    identity = "toy-identity"
    prompt = ("summarize", "0" * 64)
    window = 100_000

    def __init__(self, error: EngineError | None = None, fails: str = "\0") -> None:
        self.asked: list[str] = []
        self.running = self.most = 0
        self.closed = False
        self._error = error
        self._fails = fails

    async def draft(self, passage: Passage) -> Draft:
        self.asked.append(passage.article.source or "")
        self.running += 1
        self.most = max(self.most, self.running)
        await asyncio.sleep(0.2 if "lent" in passage.text else 0.001)
        self.running -= 1
        if self._error is not None and (self._fails in passage.text or self._fails == "\0"):
            raise self._error
        sentence = "Alphaville ouvre une usine à Lyon."
        return Draft(
            takeaways=(DraftTakeaway(text=sentence, quotes=(sentence,)),),
            usage=DraftUsage(calls=1, input_tokens=10, output_tokens=5, cost_usd=0.001),
        )

    async def aclose(self) -> None:
        self.closed = True


def article(name: str, more: str = "") -> Article:
    return Article(text=f"{TEXT} {more}", source=name, language="fr")


def names(results: list[Summary | Failure]) -> list[str | None]:
    return [one.source if isinstance(one, Failure) else one.article.source for one in results]


# --- summarize_many ----------------------------------------------------------------------------------------------


def test_results_come_in_the_order_given_whatever_takes_long() -> None:
    articles = [article(str(i), "lent" if i % 7 == 0 else "") for i in range(30)]
    results = list(summarize_many(articles, engine=Toy(), concurrency=4))
    assert names(results) == [str(i) for i in range(30)]
    assert all(isinstance(one, Summary) and one.takeaways for one in results)


def test_texts_paths_and_articles_may_be_mixed(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text(TEXT, encoding="utf-8")
    results = list(summarize_many([TEXT, tmp_path / "a.txt", article("c")], engine=Toy()))
    assert names(results) == [None, str(tmp_path / "a.txt"), "c"]


def test_one_that_fails_is_a_value_in_its_place(tmp_path: Path) -> None:
    results = list(summarize_many([article("a"), tmp_path / "none.txt", "", article("d")], engine=Toy()))
    assert [type(one).__name__ for one in results] == ["Summary", "Failure", "Failure", "Summary"]
    assert results[1] == Failure(
        source=str(tmp_path / "none.txt"), error="SourceError", message=getattr(results[1], "message", "")
    )


def test_it_works_where_an_event_loop_runs_already() -> None:
    async def notebook() -> list[Summary | Failure]:
        return list(summarize_many([article("a"), article("b")], engine=Toy()))

    assert names(asyncio.run(notebook())) == ["a", "b"]


def test_the_work_goes_on_while_the_caller_is_busy() -> None:
    engine = Toy()
    results = summarize_many((article(str(i)) for i in range(50)), engine=engine, concurrency=8)
    next(results)
    ends = time.monotonic() + 60
    while len(engine.asked) < 50 and time.monotonic() < ends:
        time.sleep(0.01)  # anything but asking for the next result
    assert len(engine.asked) == 50
    results.close()


def test_leaving_early_ends_the_work_and_leaves_an_engine_of_the_callers_open() -> None:
    engine = Toy()
    results = summarize_many((article(str(i)) for i in range(1_000)), engine=engine, concurrency=4)
    assert names([next(results), next(results)]) == ["0", "1"]
    results.close()
    assert len(engine.asked) < 60
    assert not engine.closed


def test_what_would_fail_them_all_is_raised() -> None:
    class Promptless(Toy):
        async def draft(self, passage: Passage) -> Draft:
            raise PromptError("no such variable")

    with pytest.raises(PromptError):
        list(summarize_many([article("a")], engine=Promptless()))
    with pytest.raises(ConfigError):
        list(summarize_many([article("a")], model="extractive", concurrency=0))


@pytest.mark.parametrize("one", ["Norvik a signé un partenariat avec Zelba.", Path("news.txt")], ids=["text", "path"])
def test_one_article_is_not_taken_for_a_list_of_them(one: str | Path) -> None:
    with pytest.raises(TypeError, match="a list of texts, paths or articles is needed"):
        list(summarize_many(one, engine=Toy()))  # type: ignore[arg-type]


def test_an_error_of_the_callers_list_is_the_callers() -> None:
    def broken() -> Iterator[Article]:
        yield article("a")
        raise KeyError("mine")

    results = summarize_many(broken(), engine=Toy())
    assert names([next(results)]) == ["a"]
    with pytest.raises(KeyError, match="mine"):
        next(results)


# --- the window ----------------------------------------------------------------------------------------------------


def test_no_more_than_asked_for_are_under_way() -> None:
    engine = Toy()
    list(summarize_many([article(str(i)) for i in range(40)], engine=engine, concurrency=5))
    assert engine.most == 5


def test_what_the_first_worker_sends_is_on_its_way_before_the_last_begins() -> None:
    under_way: list[int] = []
    sent = 0

    async def run() -> list[int]:
        answered = asyncio.Event()

        def send() -> None:
            nonlocal sent
            sent += 1

        async def work(item: int) -> int:
            under_way.append(item - sent)
            asyncio.get_running_loop().call_soon(send)
            if item == 9:
                answered.set()
            await answered.wait()
            return item

        return [item async for item in in_order(work, range(10), at_once=10, ahead=10)]

    assert asyncio.run(run()) == list(range(10))
    assert max(under_way) == 1


def test_a_slow_article_holds_up_nobody_until_the_bound() -> None:
    taken: list[int] = []
    release = asyncio.Event()

    async def work(item: int) -> int:
        taken.append(item)
        if item == 0:
            await release.wait()
        return item

    async def run() -> list[int]:
        done = []
        stream = in_order(work, range(100), at_once=4, ahead=12)
        first = asyncio.create_task(anext(stream))
        for _ in range(50):
            await asyncio.sleep(0)
        assert taken == list(range(12))  # the bound, and not one more
        release.set()
        done.append(await first)
        done += [one async for one in stream]
        return done

    assert asyncio.run(run()) == list(range(100))


def test_items_may_come_as_slowly_as_they_like() -> None:
    async def slow() -> AsyncIterator[int]:
        for i in range(5):
            await asyncio.sleep(0.001)
            yield i

    async def double(item: int) -> int:
        return 2 * item

    async def run() -> list[int]:
        return [one async for one in in_order(double, slow(), at_once=3, ahead=9)]

    assert asyncio.run(run()) == [0, 2, 4, 6, 8]


def test_memory_does_not_grow_with_the_number_of_articles() -> None:
    def alive(count: int) -> int:
        """Objects that are alive at the last result: whatever is kept of an article is at least one of them."""
        stream = summarize_many((article(str(i)) for i in range(count)), engine=Toy(), concurrency=4)
        for _ in zip(range(count), stream, strict=False):  # the stream is not exhausted, and still holds what it holds
            pass
        gc.collect()
        return len(gc.get_objects())

    alive(100)
    few, many = alive(100), alive(600)
    assert many - few < 250  # half an object for each of 500 more


# --- a model that answers nobody -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("error", "most"),
    [
        (EngineRefused("the server does not accept the key"), 20),
        (EngineUnavailable("no answer"), 30),
        (InvalidDraft("never in the shape that was asked for"), 70),
    ],
    ids=["refused", "unavailable", "never in shape"],
)
def test_a_dead_provider_stops_the_run_early(error: EngineError, most: int) -> None:
    engine = Toy(error)
    stream = summarize_many((article(str(i)) for i in range(10_000)), engine=engine, concurrency=8)
    results = []
    with pytest.raises((EngineRefused, EngineUnavailable), match="stopped early"):
        for result in stream:
            results.append(result)  # noqa: PERF402 - what came before the error counts
    assert len(engine.asked) <= most
    assert {type(one) for one in results} == {Failure}
    assert names(results) == [str(i) for i in range(len(results))]


def test_a_row_of_odd_articles_does_not_stop_a_run_for_good() -> None:
    engine = Toy(InvalidDraft("never in the shape that was asked for"), fails="curieux")
    articles = [article(str(i), "curieux" if 5 <= i < 45 else "") for i in range(60)]
    results = list(summarize_many(articles, engine=engine, concurrency=1))
    assert [isinstance(one, Failure) for one in results] == [5 <= i < 45 for i in range(60)]


def test_refusals_of_single_articles_stop_nothing() -> None:
    engine = Toy(EngineRefused("content filter"), fails="interdit")
    articles = [article(str(i), "interdit" if i % 2 else "") for i in range(60)]
    results = list(summarize_many(articles, engine=engine, concurrency=1))
    assert sum(isinstance(one, Failure) for one in results) == 30


def test_a_kind_of_refusal_that_is_about_the_article_never_stops_the_run() -> None:
    class TooLong(EngineRefused):
        """As the room of the language models has it."""

    results = list(summarize_many([article(str(i)) for i in range(40)], engine=Toy(TooLong("it is long"))))
    assert [getattr(one, "error", None) for one in results] == ["EngineRefused"] * 40


def test_an_engine_of_ones_own_may_say_that_it_refuses_the_text_alone() -> None:
    filtered = EngineRefused("the filter will not have it")
    filtered.about_text = True
    results = list(summarize_many([article(str(i)) for i in range(40)], engine=Toy(filtered), concurrency=1))
    assert [getattr(one, "error", None) for one in results] == ["EngineRefused"] * 40


# --- the ledger ----------------------------------------------------------------------------------------------------

ASKED = request_fingerprint(Toy(), None, 5)


def run_into(path: Path, articles: list[Article], engine: Toy, asked: str = ASKED) -> list[str]:
    """What the command does with an output in JSON Lines; the sources that were written now."""
    lines = CompletedLines(path, asked)
    written = []

    async def run() -> None:
        async for _, outcome in summaries(articles, engine, concurrency=4, completed=lines.done):
            if outcome is not None:
                lines.write(outcome.model_dump_json() + "\n")
                written.append(outcome.source if isinstance(outcome, Failure) else outcome.article.source or "")

    try:
        asyncio.run(run())
    finally:
        lines.close()
    return written


def sources(path: Path) -> list[str]:
    rows = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]
    return [row["source"] if row["schema"] == "failure/1" else row["article"]["source"] for row in rows]


def test_the_same_again_does_what_is_missing_and_nothing_else(tmp_path: Path) -> None:
    path, engine = tmp_path / "out.jsonl", Toy()
    assert run_into(path, [article("a"), article("b")], engine) == ["a", "b"]
    assert run_into(path, [article("a"), article("c"), article("b")], engine) == ["c"]
    assert engine.asked == ["a", "b", "c"]
    assert sources(path) == ["a", "b", "c"]


def test_a_changed_text_a_changed_name_and_another_request_are_missing(tmp_path: Path) -> None:
    path = tmp_path / "out.jsonl"
    run_into(path, [article("a")], Toy())
    assert run_into(path, [article("a", "Mis à jour.")], Toy()) == ["a"]
    assert run_into(path, [article("b")], Toy()) == ["b"]
    other = Toy()
    other.identity = "another-prompt"
    assert run_into(path, [article("a")], other, request_fingerprint(other, None, 5)) == ["a"]


def test_articles_that_were_edited_are_counted_and_their_older_results_stay(tmp_path: Path) -> None:
    path = tmp_path / "out.jsonl"
    rows = [article("a"), article("b"), article("b", "Une autre du même nom.")]
    run_into(path, rows, Toy())
    lines = CompletedLines(path, ASKED)
    assert [lines.done.has(one.source or "", one.sha256) for one in rows] == [True] * 3
    assert not lines.done.has("new", "0")
    assert lines.done.changed == 0
    lines.close()
    edited = CompletedLines(path, ASKED)
    assert not edited.done.has("a", article("a", "Mis à jour.").sha256)
    assert edited.done.changed == 1
    edited.close()
    assert sources(path) == ["a", "b", "b"]


def test_an_article_given_twice_is_done_twice_and_never_a_third_time(tmp_path: Path) -> None:
    path = tmp_path / "out.jsonl"
    assert run_into(path, [article("a")], Toy()) == ["a"]
    assert run_into(path, [article("a"), article("a")], Toy()) == ["a"]
    assert run_into(path, [article("a"), article("a")], Toy()) == []


def test_failures_are_taken_out_and_tried_again(tmp_path: Path) -> None:
    path = tmp_path / "out.jsonl"
    bad = Toy(EngineUnavailable("no answer"), fails="capricieux")
    articles = [article("a"), article("b", "capricieux"), article("c")]
    assert run_into(path, articles, bad) == ["a", "b", "c"]
    assert run_into(path, articles, Toy()) == ["b"]
    assert sources(path) == ["a", "c", "b"]


@pytest.mark.parametrize("keep", [1, 5, 11, 12, 100, -1], ids=str)
def test_a_torn_line_is_no_result(tmp_path: Path, keep: int) -> None:
    path = tmp_path / "out.jsonl"
    run_into(path, [article("a"), article("b")], Toy())
    whole = path.read_bytes()
    first, second = whole.splitlines(keepends=True)
    path.write_bytes(first + second[:keep])
    assert run_into(path, [article("a"), article("b")], Toy()) == ["b"]
    assert sources(path) == ["a", "b"]


def test_nuls_that_a_power_cut_left_are_no_result(tmp_path: Path) -> None:
    path = tmp_path / "out.jsonl"
    run_into(path, [article("a")], Toy())
    path.write_bytes(path.read_bytes() + bytes(4_096))
    assert run_into(path, [article("a"), article("b")], Toy()) == ["b"]
    assert sources(path) == ["a", "b"]


@pytest.mark.parametrize("words", ["dear diary", "dear diary\n", '{"id": 1, "text": "x"}\n', '{"schema":"other/1"}\n'])
def test_a_file_of_somebody_elses_is_left_alone(tmp_path: Path, words: str) -> None:
    path = tmp_path / "mine.jsonl"
    path.write_text(words, encoding="utf-8")
    with pytest.raises(ConfigError, match="something else than summaries"):
        CompletedLines(path, ASKED)
    assert path.read_text(encoding="utf-8") == words


def test_two_runs_do_not_write_into_one_file(tmp_path: Path) -> None:
    first = CompletedLines(tmp_path / "out.jsonl", ASKED)
    with pytest.raises(ConfigError, match="another run is writing"):
        CompletedLines(tmp_path / "out.jsonl", ASKED)
    first.close()
    CompletedLines(tmp_path / "out.jsonl", ASKED).close()


def test_the_permissions_of_an_output_stay_when_failures_are_taken_out(tmp_path: Path) -> None:
    path = tmp_path / "out.jsonl"
    path.write_text(Failure(source="a", error="EngineError", message="no").model_dump_json() + "\n", encoding="utf-8")
    path.chmod(0o640)
    CompletedLines(path, ASKED).close()
    assert (path.read_bytes(), path.stat().st_mode & 0o777) == (b"", 0o640)
    assert os.listdir(tmp_path) == ["out.jsonl"]  # noqa: PTH208 - hidden files count


def test_an_address_that_is_done_is_not_fetched_again() -> None:
    completed, engine = CompletedOutputs(), Toy()
    completed.add("https://example.invalid/a", "0" * 64)

    async def run() -> list[object]:
        asked = [Address("https://example.invalid/a")]
        return [one async for one in summaries(asked, engine, completed=completed)]

    assert asyncio.run(run()) == [(None, None)]
    assert engine.asked == []


# --- rows ------------------------------------------------------------------------------------------------------------

ROWS = {
    "an id and a text": ('{"id": "x", "text": "%s"}', "x", None),
    "a number": ('{"id": 7, "text": "%s"}', "7", None),
    "no id": ('{"text": "%s"}', "list:3", None),
    "no text": ('{"id": "x"}', "x", 'no "text"'),
    "an empty text": ('{"id": "x", "text": " "}', "x", "empty"),
    "no object": ("[1]", "list:3", "no JSON object"),
    "no JSON": ("{oops", "list:3", "not JSON"),
    "nested too deep": ('{"text": ' + "[" * 100_000, "list:3", "not JSON"),
}


@pytest.mark.parametrize("what", ROWS, ids=str)
def test_a_row_is_an_article_or_says_why_not(what: str) -> None:
    line, name, fault = ROWS[what]
    told = line % TEXT if "%s" in line else line
    (result,) = summarize_many([Row(told, "list:3")], engine=Toy())  # type: ignore[list-item]
    assert names([result]) == [name]
    assert fault is None if isinstance(result, Summary) else fault in result.message


def test_a_row_may_carry_a_title_and_a_date() -> None:
    row = Row(json.dumps({"id": "x", "text": TEXT, "title": "Une usine", "published": "2026-11-01"}), "list:1")
    (result,) = summarize_many([row], engine=Toy())  # type: ignore[list-item]
    assert isinstance(result, Summary)
    assert (result.article.title, result.article.published) == ("Une usine", "2026-11-01")


def test_no_part_of_a_line_stays_where_a_disk_is_full(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    lines, write, room = CompletedLines(tmp_path / "out.jsonl", ASKED), os.write, [70]

    def written(descriptor: int, some: bytes) -> int:
        if not room[0]:
            raise OSError(errno.ENOSPC, "No space left on device")
        taken = write(descriptor, bytes(some)[: room[0]])
        room[0] -= taken
        return taken

    monkeypatch.setattr(os, "write", written)
    line = json.dumps({"schema": "failure/1", "source": "a"}) + "\n"
    lines.write(line)
    with pytest.raises(OSError, match="No space"):
        lines.write(line)
    assert (tmp_path / "out.jsonl").read_text() == line
    room[0] = 1_000
    lines.write(line)
    lines.close()
    assert (tmp_path / "out.jsonl").read_text() == line * 2


def test_half_a_character_in_a_row_can_be_written(tmp_path: Path) -> None:
    row = Row('{"id": "\\ud83d", "text": "Une usine \\ud83d à Lyon. Elle ouvre."}', "list:1")
    (result,) = summarize_many([row], model="extractive")  # type: ignore[list-item]
    assert result.model_dump_json()
