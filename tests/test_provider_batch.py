"""The provider's batch service: nothing is lost, nothing is paid for twice, and the proof is that of any run."""

import json
import signal
import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from batch_service import BatchService, completion, empty

from summarizer.cache.reports import clear
from summarizer.cli import main
from summarizer.engines.llm import open_llm
from summarizer.engines.llm.retry import RetryPolicy
from summarizer.errors import ConfigError, EngineRefused, EngineUnavailable
from summarizer.provider_batch import (
    AnsweredEngine,
    Bounds,
    Collected,
    CollectedRun,
    Journal,
    Submitted,
    collect,
    submit,
)
from summarizer.schema import Article

QUICK = RetryPolicy(attempts=8, first=0.001, longest=0.01)


def texts(count: int) -> list[str]:
    return [f"Airbus and Thales signed a partnership on day {n}. It is worth {n} million euros." for n in range(count)]


@dataclass
class Desk:
    """Everything that a submission and a collection need, on one folder."""

    folder: Path
    url: str
    price: tuple[float, float] | None = (2.0, 8.0)

    @contextmanager
    def opened(self) -> Iterator[tuple[Any, AnsweredEngine, Journal, Any]]:
        engine = open_llm(
            "toy",
            base_url=self.url,
            price=self.price,
            memory=self.folder / "request_modes.json",
            environ={},
            concurrency=4,
        )
        with closing(Journal(self.folder / "batches.sqlite")) as journal, closing(engine.service(QUICK)) as service:
            yield engine, AnsweredEngine(engine, self.folder / "cache.sqlite", journal), journal, service

    def submit(self, sources: list[str], **bounds: Any) -> Submitted:
        with self.opened() as (engine, answers, journal, service):
            settings = {"language": None, "takeaways": 5}
            return submit(sources, engine, answers, journal, service, settings, bounds=Bounds(**bounds))

    def fetch(self) -> Collected:
        with self.opened() as (engine, answers, journal, service):
            return collect(engine, answers, journal, service)

    def ready(self) -> list[Article]:
        with self.opened() as (_, _, journal, _):
            return list(CollectedRun(journal.runs()[-1], journal).sources())

    def finish(self) -> Collected:
        """Fetch until nothing is under way."""
        fetched = self.fetch()
        while fetched.under_way:
            more = self.fetch()
            fetched.answered, fetched.failed = fetched.answered + more.answered, fetched.failed + more.failed
            fetched.unknown, fetched.under_way = fetched.unknown + more.unknown, more.under_way
        return fetched


@pytest.fixture
def serve(tmp_path: Path) -> Iterator[Callable[..., tuple[BatchService, Desk]]]:
    servers: list[BatchService] = []

    def start(**how: Any) -> tuple[BatchService, Desk]:
        server = BatchService(tmp_path / "service", **how).__enter__()
        servers.append(server)
        return server, Desk(tmp_path, server.url)

    yield start
    for server in servers:
        server.__exit__(None, None, None)


def test_each_article_is_asked_about_once_and_collected_in_order(serve: Any) -> None:
    server, desk = serve()
    done = desk.submit(texts(5), requests=2)
    assert (done.articles, done.requests, done.jobs) == (5, 5, 3)
    assert desk.fetch().under_way == 5
    assert desk.ready() == []
    assert desk.fetch() == Collected(answered=5)
    assert [article.text for article in desk.ready()] == texts(5)
    assert set(server.done.values()) == {1}
    assert len(server.jobs) == 3


def test_what_is_under_way_or_remembered_is_not_asked_for_again(serve: Any) -> None:
    server, desk = serve()
    desk.submit(texts(3))
    again = desk.submit(texts(4))
    assert (again.requests, again.under_way) == (1, 3)
    desk.finish()
    last = desk.submit(texts(4))
    assert (last.requests, last.remembered, last.jobs) == (0, 4, 0)
    assert sum(server.done.values()) == 4


def test_one_article_given_twice_is_asked_about_once(serve: Any) -> None:
    server, desk = serve()
    assert desk.submit([texts(1)[0]] * 3).requests == 1
    desk.finish()
    assert len(desk.ready()) == 3
    assert sum(server.done.values()) == 1


def test_a_file_is_no_larger_than_the_service_takes(serve: Any, tmp_path: Path) -> None:
    server, desk = serve()
    one = len(json.dumps(texts(1)))
    done = desk.submit(texts(6), bytes=20_000)
    assert one < 20_000
    assert done.jobs > 1
    inputs = [tmp_path / "service" / job.file for job in server.jobs.values()]
    assert all(path.stat().st_size <= 20_000 for path in inputs)


def test_no_more_is_asked_for_than_the_budget_allows(serve: Any) -> None:
    server, desk = serve()
    all_of_it = desk.submit(texts(1)).most_usd
    assert all_of_it is not None
    done = desk.submit(texts(4), max_cost=2.5 * all_of_it)
    assert (done.requests, done.under_way, done.beyond_budget) == (2, 1, 1)
    assert done.most_usd is not None
    assert done.most_usd <= 2.5 * all_of_it
    desk.finish()
    assert sum(server.done.values()) == 3


def test_a_budget_for_a_model_of_unknown_price_asks_for_nothing(serve: Any) -> None:
    _, desk = serve()
    desk.price = None
    done = desk.submit(texts(2), max_cost=100.0)
    assert (done.requests, done.beyond_budget) == (0, 2)


@pytest.mark.parametrize(
    ("end", "answered", "why"),
    [
        ("expired", 2, "the job expired before its turn"),
        ("cancelled", 2, "the job was cancelled"),
        ("failed", 0, "the service refused the whole job: the file is not right"),
    ],
)
def test_what_a_job_did_not_answer_is_told_and_asked_for_again(serve: Any, end: str, answered: int, why: str) -> None:
    server, desk = serve(ends=(end, "completed"))
    desk.submit(texts(4))
    fetched = desk.finish()
    assert (fetched.answered, fetched.failed) == (answered, 4 - answered)
    with desk.opened() as (_, _, journal, _):
        told = [journal.request(keys[0]) for keys in journal.keys(journal.runs()[-1])]
    assert {request.why for request in told if request and request.state == "failed"} == {why}

    again = desk.submit(texts(4))
    assert (again.requests, again.remembered) == (4 - answered, answered)
    assert desk.finish().answered == 4 - answered
    assert set(server.done.values()) == {1}


def test_error_lines_fail_alone(serve: Any) -> None:
    def answer(body: dict[str, Any]) -> dict[str, Any]:
        if "day 1" in body["messages"][-1]["content"]:
            return {"status": 400, "error": {"message": "the filter stopped it"}}
        return empty(body)

    _, desk = serve(answer=answer)
    desk.submit(texts(3))
    assert desk.finish() == Collected(answered=2, failed=1)
    with desk.opened() as (_, _, journal, _):
        (keys,) = list(journal.keys(journal.runs()[-1]))[1]
        request = journal.request(keys)
    assert request is not None
    assert request.why == "the filter stopped it"


def test_an_answer_that_was_cut_off_is_asked_for_again_with_a_higher_limit(serve: Any) -> None:
    limits: list[int] = []

    def answer(body: dict[str, Any]) -> dict[str, Any]:
        limits.append(body.get("max_tokens") or body["max_completion_tokens"])
        return completion('{"takeaways": [{"te', "length") if len(limits) == 1 else empty(body)

    _, desk = serve(answer=answer)
    desk.submit(texts(1))
    assert desk.finish().failed == 1
    desk.submit(texts(1))
    assert desk.finish().answered == 1
    assert limits[1] == 4 * limits[0]


def test_lines_that_are_unknown_or_said_twice_are_counted_and_harm_nothing(serve: Any, tmp_path: Path) -> None:
    server, desk = serve()
    desk.submit(texts(2))
    desk.fetch()
    (job,) = server.jobs.values()
    work = server._work

    def noisy(job: Any) -> None:
        work(job)
        path = tmp_path / "service" / job.output
        lines = path.read_bytes().splitlines(keepends=True)
        path.write_bytes(b"".join([b"no JSON\n", b"[]\n", lines[0], *lines, b'{"custom_id": "of another"}\n']))

    server._work = noisy
    assert desk.fetch() == Collected(answered=2, unknown=4)
    assert job.end == "completed"


def test_a_service_that_fails_at_every_call_is_paid_once(serve: Any) -> None:
    """Each call is refused at first, and every creation is answered with an error although it was done."""
    server, desk = serve(flaky=True)
    desk.submit(texts(6), requests=2)
    desk.finish()
    assert len(server.jobs) == 3
    assert set(server.done.values()) == {1}
    assert len(server.done) == 6


def test_what_the_service_did_not_take_is_sent_by_the_next_submission(serve: Any) -> None:
    server, desk = serve()
    taken = server._create

    def refused(asked: dict[str, Any]) -> dict[str, Any]:
        raise KeyError("busy")

    server._create = refused
    with pytest.raises(EngineUnavailable):
        desk.submit(texts(2))
    server._create = taken
    assert desk.submit(texts(2)).under_way == 2
    assert desk.finish().answered == 2
    assert set(server.done.values()) == {1}


def test_a_job_that_waits_for_one_service_is_never_sent_to_another(serve: Any, tmp_path: Path) -> None:
    server, desk = serve()

    def refused(asked: dict[str, Any]) -> dict[str, Any]:
        raise KeyError("busy")

    server._create = refused
    with pytest.raises(EngineUnavailable):
        desk.submit(texts(2))
    with BatchService(tmp_path / "other") as other:
        elsewhere = Desk(tmp_path, other.url)
        elsewhere.submit(["Norvik and Zelba signed a partnership in May."])
        elsewhere.finish()
        assert sum(other.done.values()) == 1
    assert sum(server.done.values()) == 0


@pytest.mark.parametrize("response", ["a text", None, 7, {"status_code": 200, "body": "no object"}])
def test_a_line_of_an_odd_shape_fails_alone(serve: Any, tmp_path: Path, response: Any) -> None:
    server, desk = serve()
    desk.submit(texts(2))
    desk.fetch()
    work = server._work

    def odd(job: Any) -> None:
        work(job)
        path = tmp_path / "service" / job.output
        first, *rest = [json.loads(line) for line in path.read_bytes().splitlines()]
        lines = [{**first, "response": response}, *rest]
        path.write_bytes(b"".join(json.dumps(line).encode() + b"\n" for line in lines))

    server._work = odd
    fetched = desk.fetch()
    assert (fetched.answered, fetched.failed) == (1, 1)


def _answered(content: str, usage: str = '{"prompt_tokens": 10, "completion_tokens": 5}') -> str:
    """A line of the service with a chat completion, its parts as raw JSON."""
    message = f'{{"role": "assistant", "content": {json.dumps(content)}}}'
    body = f'{{"choices": [{{"finish_reason": "stop", "message": {message}}}], "usage": {usage}}}'
    return f'{{"custom_id": "CUSTOM_ID", "response": {{"status_code": 200, "body": {body}}}, "error": null}}'


def _failed(body: str) -> str:
    return f'{{"custom_id": "CUSTOM_ID", "response": {{"status_code": 200, "body": {body}}}, "error": null}}'


def _lists(levels: int) -> str:
    return "[" * levels + "1" + "]" * levels


_NONE = '{"takeaways": [], "partnerships": []}'


@pytest.mark.parametrize(
    ("line", "outcome"),
    [
        (_answered(f'{{"takeaways": [{_lists(260)}], "partnerships": []}}'), "answered"),
        (_answered(f'{{"takeaways": [{_lists(900)}], "partnerships": []}}'), "answered"),
        (_answered(f'{{"takeaways": [{{"text": {_lists(300)}, "quotes": [1]}}], "partnerships": []}}'), "answered"),
        (_answered(_NONE, f'{{"prompt_tokens": {2**63}, "completion_tokens": 5}}'), "answered"),
        (_answered(_NONE, '{"prompt_tokens": -7, "completion_tokens": true}'), "answered"),
        (_answered(_NONE, f'{{"prompt_tokens": {"9" * 4000}, "completion_tokens": 1e400}}'), "answered"),
        (_answered(_NONE, f'{{"details": {_lists(400)}}}'), "waiting"),
        (_failed(f'{{"error": {{"message": "no", "code": "{"9" * 5000}"}}}}'), "failed"),
        (_failed(f'{{"error": {{"message": "no", "code": "{"٤" * 5000}"}}}}'), "failed"),
        (_failed(f'{{"error": {{"message": {_lists(90)}, "code": {"9" * 4000}}}}}'), "failed"),
        (_failed(f'{{"error": {"{" + chr(34) + "a" + chr(34) + ":"}{_lists(300)}}}}}'), "waiting"),
        ('{"custom_id": "CUSTOM_ID", "response": {"status_code": 200, "body": {"choices": [[]]}}}', "failed"),
        (f'{{"custom_id": "CUSTOM_ID", "error": {{"message": {_lists(99)[:90]}', "waiting"),
    ],
)
def test_no_answer_keeps_the_others_from_being_fetched(serve: Any, line: str, outcome: str) -> None:
    def answer(body: dict[str, Any]) -> dict[str, Any]:
        return {"line": line} if "day 1" in body["messages"][-1]["content"] else empty(body)

    _, desk = serve(answer=answer)
    desk.submit(texts(3))
    fetched = desk.finish()
    assert fetched.answered == (3 if outcome == "answered" else 2)
    assert fetched.unknown == (outcome == "waiting")  # its line cannot be read: the job ends without an answer to it
    assert fetched.failed == (outcome != "answered")
    assert len(desk.ready()) == 3


STATES: dict[str, Callable[[str], str]] = {
    "capitals": str.upper,
    "a prefix": lambda state: f"JOB_STATE_{state.upper()}".replace("COMPLETED", "SUCCEEDED"),
    "blanks": lambda state: f" {state.title().replace('_', ' ')} ",
    "done": lambda state: {"completed": "done", "in_progress": "running"}.get(state, state),
    "ended": lambda state: {"completed": "Ended", "in_progress": "processing"}.get(state, state),
    "success": lambda state: {"completed": "SUCCESS", "in_progress": "QUEUED"}.get(state, state),
    "finished": lambda state: {"completed": "finished"}.get(state, state),
}


@pytest.mark.parametrize("state", STATES.values(), ids=STATES)
def test_a_job_is_over_whatever_the_service_calls_it(serve: Any, state: Callable[[str], str]) -> None:
    _, desk = serve(state=state)
    desk.submit(texts(2))
    assert desk.fetch().under_way == 2
    assert desk.fetch() == Collected(answered=2)


@pytest.mark.parametrize(
    ("end", "name"),
    [("failed", "ERROR"), ("failed", "errored"), ("cancelled", "Canceled"), ("expired", "timed-out")],
)
def test_a_job_that_ended_badly_is_over_whatever_the_service_calls_it(serve: Any, end: str, name: str) -> None:
    _, desk = serve(ends=(end,), state=lambda state: name if state == end else state)
    desk.submit(texts(2))
    fetched = desk.finish()
    assert (fetched.failed > 0, fetched.under_way) == (True, 0)


@pytest.mark.parametrize("unlisted", [404, 405, 501])
def test_a_service_without_lists_is_submitted_to_and_collected(serve: Any, unlisted: int) -> None:
    server, desk = serve(unlisted=unlisted)
    desk.submit(texts(3))
    assert desk.finish().answered == 3
    assert set(server.done.values()) == {1}


def test_a_server_without_a_batch_service_is_named(tmp_path: Path) -> None:
    with BatchService(tmp_path / "service") as server:
        desk = Desk(tmp_path, server.url.replace("/v1", "/other"))
        with pytest.raises(EngineRefused, match="has no batch service"):
            desk.submit(texts(1))


def test_what_the_cache_has_lost_is_fetched_again_and_not_paid_for(serve: Any, tmp_path: Path) -> None:
    server, desk = serve()
    desk.submit(texts(3))
    desk.finish()
    clear(tmp_path / "cache.sqlite")
    with desk.opened() as (engine, answers, journal, service):
        assert collect(engine, answers, journal, service, run=journal.runs()[-1]) == Collected(answered=3)
        assert collect(engine, answers, journal, service, run=journal.runs()[-1]) == Collected()
    assert desk.submit(texts(3)).remembered == 3
    assert set(server.done.values()) == {1}


def test_answers_that_the_service_no_longer_has_fail_and_can_be_asked_for_again(serve: Any, tmp_path: Path) -> None:
    server, desk = serve()
    desk.submit(texts(2))
    desk.finish()
    clear(tmp_path / "cache.sqlite")
    server._files.clear()
    with desk.opened() as (engine, answers, journal, service):
        assert collect(engine, answers, journal, service, run=journal.runs()[-1]) == Collected(failed=2)
        (keys, *_) = list(journal.keys(journal.runs()[-1]))
        request = journal.request(keys[0])
    assert request is not None
    assert request.why == "the service no longer has the answers"
    assert desk.submit(texts(2)).requests == 2


def test_a_job_that_the_service_does_not_know_holds_up_no_other_and_is_given_up_in_the_end(serve: Any) -> None:
    server, desk = serve()
    desk.submit(texts(2))
    server.jobs.clear()  # or it was another key that asked
    desk.submit(texts(5))
    desk.fetch()
    said: list[str] = []
    with desk.opened() as (engine, answers, journal, service):
        fetched = collect(engine, answers, journal, service, notify=said.append)
        assert (fetched.answered, fetched.under_way) == (3, 2)
        journal.note(journal.jobs()[0].ticket, created=time.time() - 200_000)
    assert said[0].startswith("the service does not know batch-")
    assert desk.submit(texts(2)).under_way == 2  # not paid for twice
    assert desk.fetch().failed == 2
    assert desk.submit(texts(2)).requests == 2


def test_without_its_cache_nothing_is_submitted(serve: Any, tmp_path: Path) -> None:
    server, desk = serve()
    with closing(sqlite3.connect(tmp_path / "cache.sqlite")) as other:
        other.execute("CREATE TABLE bookmarks (url TEXT)")
    with pytest.raises(ConfigError, match="a batch keeps its answers there"):
        desk.submit(texts(2))
    assert server.jobs == {}


def test_two_submissions_at_one_time_are_refused(serve: Any) -> None:
    _, desk = serve()
    with (
        desk.opened() as (_, _, journal, _),
        journal.alone(),
        pytest.raises(ConfigError, match="another process is submitting or collecting"),
    ):
        desk.submit(texts(1))


def test_a_file_of_another_program_is_no_journal(tmp_path: Path) -> None:
    path = tmp_path / "batches.sqlite"
    path.write_bytes(b"something else entirely, and long enough to be read as a page" * 20)
    with pytest.raises(ConfigError, match="cannot be used"):
        Journal(path)


# --- dying at any moment ---------------------------------------------------------------------------------------------

COUNT = 200
_RUN = """
import sys
from pathlib import Path
sys.path[:0] = [sys.argv[1], f"{sys.argv[1]}/support"]
from test_provider_batch import COUNT, Desk, texts
desk = Desk(Path(sys.argv[2]), sys.argv[3])
desk.submit(texts(COUNT), requests=40)
desk.finish()
"""


@pytest.mark.slow
def test_killed_at_ten_moments_it_loses_nothing_and_pays_once(tmp_path: Path) -> None:
    folders = [tmp_path / name for name in ("whole", "first", "second", "third")]
    for folder in folders:
        folder.mkdir()
    with BatchService(tmp_path / "service", ends=("completed", "expired"), looks=0) as server:

        def asked(folder: Path) -> list[str]:
            return [sys.executable, "-c", _RUN, str(Path(__file__).parent), str(folder), server.url]

        began = time.monotonic()
        subprocess.run(asked(folders[0]), check=True)
        whole = time.monotonic() - began
        for number in range(10):
            process = subprocess.Popen(asked(folders[1 + number % 3]))
            try:
                process.wait(whole * (0.3 + 0.07 * number))
            except subprocess.TimeoutExpired:
                process.send_signal(signal.SIGKILL)
                process.wait()
        for folder in folders:
            desk = Desk(folder, server.url)
            while desk.submit(texts(COUNT), requests=40).requests or desk.finish().failed:
                pass  # half of every other job expires before it is worked on, and is asked for again
            assert len(desk.ready()) == COUNT
            with desk.opened() as (_, _, journal, _):
                states = [journal.request(keys[0]) for keys in journal.keys(journal.runs()[-1])]
            assert {request.state for request in states if request} == {"answered"}
        assert set(server.done.values()) == {len(folders)}  # once for each folder


# --- the command -----------------------------------------------------------------------------------------------------


def test_the_command_submits_waits_and_prints_with_proof(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    quote = "Airbus and Thales signed a partnership on day 0."
    draft = {
        "takeaways": [{"text": "Airbus and Thales signed a partnership.", "quotes": [quote]}],
        "partnerships": [{"parties": ["Airbus", "Thales"], "status": "established", "quotes": [quote]}],
    }
    monkeypatch.setenv("SUMMARIZER_CACHE", str(tmp_path / "cache.sqlite"))
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    (tmp_path / "a.txt").write_text(texts(1)[0], encoding="utf-8")
    with BatchService(tmp_path / "service", answer=lambda _: completion(draft), looks=0) as server:
        given = [str(tmp_path / "a.txt"), "-m", "toy", "--base-url", server.url]
        assert main(["batch", "submit", *given]) == 0
        run = capsys.readouterr().out.split()[0]
        assert main(["batch", "collect", run, "-f", "json"]) == 0
        summary = json.loads(capsys.readouterr().out)
        assert main(["batch", "status", "-f", "json"]) == 0
        (told,) = json.loads(capsys.readouterr().out)
        calls = server.requests
        assert main([*given, "-f", "json"]) == 0
        direct = json.loads(capsys.readouterr().out)

    assert summary["partnerships"][0]["evidence"] == [{"quote": quote, "start": 0, "end": 48, "match": "verbatim"}]
    assert summary["provenance"]["calls"] == 1
    assert summary["provenance"]["usage"] == {"input_tokens": 1000, "output_tokens": 100}
    assert (told["run"], told["articles"], told["jobs"][0]["status"]) == (run, 1, "completed")
    assert direct["takeaways"] == summary["takeaways"]
    assert direct["provenance"]["cached"] is True  # a direct run is answered by what the batch brought
    assert server.requests == calls


@pytest.mark.parametrize(
    ("given", "said"),
    [
        (["submit", "a.txt", "-m", "extractive"], "the extractive model has no batch service"),
        (["submit", "-m", "toy", "--base-url", "http://127.0.0.1:1/v1"], "batch submit needs articles"),
        (["collect"], "no run was submitted yet"),
        (["collect", "20260101-abc"], "there is no run '20260101-abc'"),
        (["collect", "-l", "fr"], "a run is collected as it was submitted: leave out --language"),
        (["status", "nowhere"], "there is no run 'nowhere'"),
        (["status", "-f", "csv"], "batch status is printed as text or json"),
        (["submit", "a.txt", "-o", "out.jsonl"], "submit prints no summaries yet: give --output to `batch collect`"),
        (["collect", "--files-from", "list.txt"], "batch collect takes no articles: leave out --files-from"),
    ],
)
def test_what_cannot_be_done_is_said(
    given: list[str], said: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("SUMMARIZER_CACHE", str(tmp_path / "cache.sqlite"))
    assert main(["batch", *given]) == 2
    assert said in capsys.readouterr().err


def test_a_batch_without_a_cache_is_refused(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("SUMMARIZER_CACHE", "off")
    assert main(["batch", "status"]) == 2
    assert "a batch needs the cache" in capsys.readouterr().err


@pytest.fixture
def command(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Any:
    """The command with a cache of its own and one article: what it returns, prints and says."""
    monkeypatch.setenv("SUMMARIZER_CACHE", str(tmp_path / "cache.sqlite"))
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    monkeypatch.chdir(tmp_path)
    (tmp_path / "a.txt").write_text(texts(1)[0], encoding="utf-8")

    def run(*given: str) -> tuple[int, str, str]:
        status = main(["batch", *given])
        told = capsys.readouterr()
        return status, told.out, told.err

    return run


def test_status_asks_the_service_and_tells_what_was_seen_last_where_it_is_away(command: Any, tmp_path: Path) -> None:
    with BatchService(tmp_path / "service", looks=0) as server:
        _, out, _ = command("submit", "a.txt", "-m", "toy", "--base-url", server.url)
        assert out.endswith("  1 article, 1 request in 1 job; price unknown\n")
        _, out, _ = command("submit", "a.txt", "-m", "toy", "--base-url", server.url)
        assert out.endswith("  1 article, nothing to send, 1 pending already\n")
        status, out, err = command("status")
    assert (status, err) == (0, "")
    assert out.splitlines()[1] == "  batch-2  completed  1 of 1 request done, 0 fetched, 0 failed"
    assert out.splitlines()[2].endswith("  1 article, nothing was sent: all was cached or pending already")


def test_a_prompt_that_has_changed_since_is_told_before_anything_is_printed(command: Any, tmp_path: Path) -> None:
    prompt = tmp_path / "mine.md"
    prompt.write_text((Path(__file__).parents[1] / "prompts" / "summarize.md").read_text(encoding="utf-8"))
    before = prompt.read_text()
    with BatchService(tmp_path / "service", looks=0) as server:
        command("submit", "a.txt", "-m", "toy", "--base-url", server.url, "--prompt", str(prompt))
        prompt.write_text(before + "\nBe brief.\n", encoding="utf-8")
        status, out, err = command("collect", "-f", "jsonl", "-o", "out.jsonl")
        assert (status, out) == (2, "")
        assert "or this program has changed since" in err
        assert not (tmp_path / "out.jsonl").exists()
        prompt.write_text(before)
        assert command("collect", "-f", "jsonl", "-o", "out.jsonl")[0] == 0
        assert set(server.done.values()) == {1}


def test_with_nothing_to_spend_a_model_of_unknown_price_is_collected_and_not_asked_again(
    command: Any, tmp_path: Path
) -> None:
    claim = {"text": "Profit rose by 99 %.", "quotes": ["It is worth 0 million euros."]}
    false = {"takeaways": [claim], "partnerships": []}
    with BatchService(tmp_path / "service", answer=lambda _: completion(false), looks=0) as server:
        command("submit", "a.txt", "-m", "toy", "--base-url", server.url)
        status, out, err = command("collect", "--max-cost", "0", "-f", "json")
        assert server._calls["POST /chat/completions"] == 0
    assert status == 0, err
    summary = json.loads(out)
    assert summary["rejected"][0]["reasons"][0]["code"] == "number_not_in_evidence"
    assert summary["provenance"]["warnings"] == [
        "rejected claims could not be repaired: --max-cost 0 leaves nothing to ask again with"
    ]


def test_waiting_for_a_submission_leaves_standard_output_to_the_summaries(command: Any, tmp_path: Path) -> None:
    with BatchService(tmp_path / "service", looks=0) as server:
        given = ["submit", "a.txt", "-m", "toy", "--base-url", server.url, "--wait", "-f", "json"]
        _, out, err = command(*given)
    assert json.loads(out)["article"]["source"] == "a.txt"
    assert "1 article, 1 request in 1 job" in err


def test_what_a_service_says_controls_no_terminal(command: Any, tmp_path: Path) -> None:
    with BatchService(tmp_path / "service", looks=0, state=lambda _: "in\x1b]0;x\x07\x9b31m\u202eprogress") as server:
        command("submit", "a.txt", "-m", "to\x1b[2Jy", "--base-url", server.url)
        _, out, err = command("status")
    assert "progress" in out
    assert not {"\x1b", "\x07", "\x9b", "\u202e"} & {*out, *err}
