"""What happened can be seen, and no key with it."""

import json
import logging
import stat
import traceback
from collections.abc import Callable
from pathlib import Path

import pytest
from loopback import Loopback, answer, error
from test_llm_engine import GOOD, TEXT, drafted, opened

from summarizer.engines.llm.error_mapping import without_key
from summarizer.engines.llm.providers import Endpoint
from summarizer.errors import ConfigError, EngineRefused

Start = Callable[..., Loopback]
KEY = "sk-secret-0123456789"


def test_trace_holds_every_request_and_answer(loopback: Start, tmp_path: Path) -> None:
    path = tmp_path / "trace.jsonl"
    server = loopback(error(400, "json_schema"), answer(GOOD))
    drafted(opened(server, tmp_path, trace=path, api_key=KEY, price=(1.0, 10.0)))
    refused, good = [json.loads(line) for line in path.read_text("utf-8").splitlines()]
    assert refused["error"].startswith("Unsupported: ") and "answer" not in refused
    assert good["request"] == server.requests[1].body
    assert json.loads(good["answer"]["choices"][0]["message"]["tool_calls"][0]["function"]["arguments"]) == GOOD
    assert (good["model"], good["cost_usd"]) == ("openai/toy", pytest.approx(0.002))
    assert good["seconds"] >= 0 and good["time"].endswith("+00:00")
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert KEY not in path.read_text("utf-8")


def test_trace_goes_on_where_it_ended(loopback: Start, tmp_path: Path) -> None:
    path = tmp_path / "trace.jsonl"
    for _ in range(2):
        drafted(opened(loopback(answer(GOOD)), tmp_path, trace=path))
    assert len(path.read_text("utf-8").splitlines()) == 2


def test_trace_that_cannot_be_written_is_told_before_anything_is_asked(loopback: Start, tmp_path: Path) -> None:
    server = loopback(answer(GOOD))
    with pytest.raises(ConfigError, match=r"the trace .* cannot be written: Is a directory"):
        opened(server, tmp_path, trace=tmp_path)
    assert server.count == 0


def test_key_that_the_server_says_back_is_not_written_down(loopback: Start, tmp_path: Path) -> None:
    path = tmp_path / "trace.jsonl"
    server = loopback(answer({**GOOD, "echo": f"your key is {KEY}"}), error(401, f"{KEY} is wrong"))
    engine = opened(server, tmp_path, trace=path, api_key=KEY)
    draft = drafted(engine)
    with pytest.raises(EngineRefused) as caught:
        drafted(engine)
    assert KEY not in path.read_text("utf-8") + str(draft)
    assert KEY not in "".join(traceback.format_exception(caught.value))


def test_one_line_is_logged_for_each_call(loopback: Start, tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    server = loopback(error(400, f"json_schema {KEY}"), answer(GOOD))
    drafted(opened(server, tmp_path, api_key=KEY))
    ours = [record.getMessage() for record in caplog.records if record.name == "summarizer.engines.llm.client"]
    assert len(ours) == 2
    assert "refused the form of the answer" in ours[0]
    assert ours[1].startswith("openai/toy tools: 1000 tokens in, 100 out, ")
    assert ours[1].endswith("price unknown, tool_calls")
    assert not [record for record in caplog.records if record.name.startswith("instructor")]


def test_no_key_in_any_log_of_ours(loopback: Start, tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.INFO)
    server = loopback(answer("nonsense"))
    with pytest.raises(Exception, match="never with the JSON"):
        drafted(opened(server, tmp_path, api_key=KEY))
    assert caplog.records
    assert KEY not in caplog.text and TEXT not in caplog.text


@pytest.mark.parametrize("key", ['q"uote', "back\\slash", "k\xe9y-123", "sk-plain-123456", "a/b"])
def test_a_key_that_a_server_says_back_is_taken_out_however_it_is_written(key: str) -> None:
    endpoint = Endpoint("openai", "toy", "http://h/v1", key)
    for said in (key, json.dumps(key), json.dumps(key, ensure_ascii=False), json.dumps({"error": f"no {key}."})):
        line = without_key(f"before {said} after", endpoint)
        assert key not in line
        assert json.dumps(key)[1:-1] not in line
        assert line.startswith("before ")
