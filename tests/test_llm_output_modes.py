"""How a server wants to be asked is learned once, remembered without secrets, and forgotten in time."""

import asyncio
import json
import stat
from collections.abc import Callable
from pathlib import Path

import pytest
from loopback import Loopback, Play, Request, Script, answer, error
from test_llm_engine import GOOD, drafted, opened, passage

from summarizer.engines.llm.output_modes import LearnedModes, OutputMode, RequestMode

Start = Callable[..., Loopback]


def only(mode: str) -> Script:
    """A server that takes one form alone."""

    def play(request: Request) -> Play:
        if request.mode != mode:
            return error(400, f"{request.mode} is not supported: see response_format and tools")
        script = answer(GOOD)
        return script if isinstance(script, Play) else script(request)

    return play


@pytest.mark.parametrize("mode", list(OutputMode))
def test_rung_is_learned_once_and_remembered(mode: OutputMode, loopback: Start, tmp_path: Path) -> None:
    server = loopback(only(mode))
    rungs = [str(rung) for rung in OutputMode]
    engine = opened(server, tmp_path, api_key="sk-secret-123456")
    drafted(engine)
    assert server.modes == rungs[: rungs.index(mode) + 1]
    drafted(engine)
    drafted(opened(server, tmp_path))  # as another process would
    assert server.modes == [*rungs[: rungs.index(mode) + 1], mode, mode]


def test_memory_holds_no_key_and_no_text(loopback: Start, tmp_path: Path) -> None:
    drafted(opened(loopback(only("tools")), tmp_path, api_key="sk-secret-123456"))
    path = tmp_path / "request_modes.json"
    (entry,) = json.loads(path.read_text()).items()
    assert entry[0].startswith("openai/toy at 127.0.0.1:")
    assert set(entry[1]) == {"mode", "limit", "temperature", "bounds", "system", "learned"}
    assert stat.S_IMODE(path.stat().st_mode) == 0o600


def test_schema_is_in_the_words_where_the_form_does_not_bind(loopback: Start, tmp_path: Path) -> None:
    server = loopback(only("json"))
    drafted(opened(server, tmp_path))
    told, bound = server.requests[2], server.requests[0]
    assert '"in_talks"' in told.body["messages"][0]["content"]
    assert '"in_talks"' not in bound.body["messages"][0]["content"]
    assert told.body["response_format"]["type"] == "json_object"


def test_bounds_of_lists_are_left_out_where_they_are_not_known(loopback: Start, tmp_path: Path) -> None:
    server = loopback(error(400, "In context=('quotes',), 'minItems' is not permitted"), answer(GOOD))
    engine = opened(server, tmp_path)
    drafted(engine)
    assert server.modes == ["json_schema", "json_schema"]
    assert ["minItems" in str(request.body) for request in server.requests] == [True, False]
    assert engine.request_mode == RequestMode(bounds=False)


@pytest.mark.parametrize("mode", list(OutputMode))
def test_system_message_goes_to_the_user_where_there_is_no_such_role(
    mode: OutputMode, loopback: Start, tmp_path: Path
) -> None:
    def no_system(request: Request) -> Play:
        if request.body["messages"][0]["role"] == "system":
            return error(500, "Jinja Exception: System role not supported")
        script = only(mode)
        return script if isinstance(script, Play) else script(request)

    server = loopback(no_system)
    drafted(opened(server, tmp_path))
    drafted(opened(server, tmp_path))  # as another process would
    before, after = server.requests[0].body["messages"], server.requests[-1].body["messages"]
    assert [message["role"] for message in after] == ["user"]
    assert after[0]["content"].startswith(before[0]["content"]) and after[0]["content"].endswith(before[1]["content"])
    assert server.count == list(OutputMode).index(mode) + 3


def test_prose_where_json_was_promised_goes_a_rung_down(loopback: Start, tmp_path: Path) -> None:
    server = loopback(answer("I will not."), answer(GOOD))
    engine = opened(server, tmp_path)
    drafted(engine)
    drafted(engine)
    assert server.modes == ["json_schema", "tools", "tools"]


def test_malformed_items_do_not_change_the_form(loopback: Start, tmp_path: Path) -> None:
    server = loopback(answer({"takeaways": [{"text": "no quotes"}], "partnerships": []}), answer(GOOD))
    drafted(opened(server, tmp_path))
    assert server.modes == ["json_schema", "json_schema"]


def test_calls_at_the_same_time_agree_on_one_form(loopback: Start, tmp_path: Path) -> None:
    server = loopback(only("fenced"))
    engine = opened(server, tmp_path)

    async def run() -> None:
        await asyncio.gather(*(engine.draft(passage()) for _ in range(8)))
        await engine.aclose()

    asyncio.run(run())
    server.requests.clear()
    drafted(engine)
    assert server.modes == ["fenced"]


def test_openai_itself_is_asked_in_its_own_words() -> None:
    from summarizer.engines.llm import open_llm

    def first(name: str) -> RequestMode:
        return open_llm(
            f"openai/{name}", environ={"OPENAI_API_KEY": "sk-x"}, memory=Path("/nowhere/x.json")
        ).request_mode

    assert first("gpt-4o-mini") == RequestMode(limit="max_completion_tokens")
    assert first("gpt-5.4-mini") == first("o3") == RequestMode(limit="max_completion_tokens", temperature=False)


def test_memory_is_forgotten_after_a_month(tmp_path: Path) -> None:
    path = tmp_path / "d.json"
    now = 1_000_000.0
    LearnedModes(path, lambda: now).learn("e", RequestMode(OutputMode.TOOLS))
    assert LearnedModes(path, lambda: now + 86_400).get("e", RequestMode()) == RequestMode(OutputMode.TOOLS)
    assert LearnedModes(path, lambda: now + 40 * 86_400).get("e", RequestMode()) == RequestMode()


@pytest.mark.parametrize("content", ["", "[]", '{"e": 1}', '{"e": {"mode": "x"}}', "\x00", '{"e": {"mode": "tools"}}'])
def test_broken_memory_only_costs_the_learning(content: str, tmp_path: Path) -> None:
    path = tmp_path / "d.json"
    path.write_text(content)
    modes = LearnedModes(path)
    assert modes.get("e", RequestMode()) == RequestMode()
    modes.learn("e", RequestMode(OutputMode.JSON))
    assert LearnedModes(path).get("e", RequestMode()) == RequestMode(OutputMode.JSON)


def test_memory_that_cannot_be_written_stops_nothing(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    modes = LearnedModes(tmp_path / "file" / "d.json")
    modes.learn("e", RequestMode(OutputMode.TOOLS))
    assert modes.get("e", RequestMode()) == RequestMode(OutputMode.TOOLS)
