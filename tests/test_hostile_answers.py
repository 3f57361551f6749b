"""Answers, caches and ledgers that nobody sane would write: they cost one article at most, never the run."""

import json
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest
from loopback import Loopback, Play, Request, answer, raw

from summarizer import Failure, Summary, summarize_many
from summarizer.batch.resume import CompletedLines
from summarizer.cli import main
from summarizer.foreign_json import DEEPEST, read_json, shallow

SENTENCE = "Alphaville ouvre une usine à Lyon."
GOOD = {"takeaways": [{"text": SENTENCE, "quotes": [SENTENCE]}], "partnerships": []}


def lists(levels: int, inside: str = "1") -> str:
    return "[" * levels + inside + "]" * levels


def objects(levels: int) -> str:
    return '{"a":' * levels + "1" + "}" * levels


def chat(content: str, usage: str = '{"prompt_tokens": 10, "completion_tokens": 5}', **message: str) -> str:
    """A chat completion whose parts are raw JSON."""
    parts = {"content": json.dumps(content), **message}
    said = ", ".join(f'"{key}": {value}' for key, value in parts.items())
    return f'{{"choices": [{{"finish_reason": "stop", "message": {{{said}}}}}], "usage": {usage}}}'


def draft(item: str) -> str:
    return f'{{"takeaways": [{item}], "partnerships": []}}'


ANSWERS = {
    "an item of lists": chat(draft(lists(260))),
    "an item of objects": chat(draft(objects(260))),
    "quotes": chat(draft(f'{{"text": "x", "quotes": {lists(700)}}}')),
    "nearly what Python reads": chat(draft(lists(950))),
    "more than Python reads": chat(draft(lists(5_000))),
    "a list in place of lists": chat(f'{{"takeaways": {lists(400)}, "partnerships": {objects(400)}}}'),
    "an unknown key": chat(f'{{"takeaways": [], "partnerships": [], "x": {lists(500)}}}'),
    "a tool call": chat("", tool_calls=f'[{{"function": {{"arguments": {objects(900)}}}}}]'),
    "a code of digits": f'{{"error": {{"message": "no", "code": "{"9" * 5_000}"}}}}',
    "a code of other digits": f'{{"error": {{"message": "no", "code": "{"٤" * 5_000}"}}}}',
    "a code that is a number": f'{{"error": {{"message": "no", "code": {"4" * 4_000}}}}}',
    "an error of lists": f'{{"error": {{"message": {lists(960)}}}}}',
    "more tokens than 64 bits": chat(json.dumps(GOOD), f'{{"prompt_tokens": {2**63}, "completion_tokens": {2**70}}}'),
    "tokens without an end": chat(json.dumps(GOOD), '{"prompt_tokens": 1e999, "completion_tokens": -1}'),
    "tokens that are no number": chat(json.dumps(GOOD), f'{{"prompt_tokens": true, "completion_tokens": {lists(80)}}}'),
    "a number of digits": chat(draft(f'{{"text": {"9" * 5_000}, "quotes": [{"9" * 4_000}]}}')),
}


@pytest.mark.parametrize("body", ANSWERS.values(), ids=ANSWERS)
def test_no_answer_ends_a_run(body: str, loopback: Callable[..., Loopback], tmp_path: Path) -> None:
    def play(request: Request) -> Play:
        good = answer(GOOD)
        assert callable(good)
        return raw(body) if "Betaville" in request.words else good(request)

    server = loopback(play)
    trace = tmp_path / "trace.jsonl"
    rows = tmp_path / "rows.jsonl"
    texts = (f"{SENTENCE} Première.", f"{SENTENCE} Betaville.", f"{SENTENCE} Troisième.")
    rows.write_text("".join(json.dumps({"id": text, "text": text}) + "\n" for text in texts), encoding="utf-8")
    given = ["-m", "openai/toy", "--base-url", server.url, "--no-cache", "-q", "--trace", trace, rows]
    assert main([*map(str, given), "-o", str(tmp_path / "out.jsonl")]) in (0, 1)
    results = [json.loads(line) for line in (tmp_path / "out.jsonl").read_text(encoding="utf-8").splitlines()]
    assert [len(result.get("takeaways", ())) for result in (results[0], results[2])] == [1, 1]
    assert len(results) == 3
    with closing(CompletedLines(tmp_path / "out.jsonl", "")) as written:
        assert written.others >= 2  # it can be read again


def test_what_is_cached_of_a_deep_answer_is_read_again(loopback: Callable[..., Loopback], tmp_path: Path) -> None:
    server = loopback(raw(ANSWERS["an item of lists"]))

    def run() -> Summary | Failure:
        settings = {"base_url": server.url, "cache": str(tmp_path / "cache.sqlite")}
        (outcome,) = summarize_many([SENTENCE], model="openai/toy", **settings)
        return outcome

    first, asked = run(), len(server.requests)
    again = run()
    assert isinstance(first, Summary)
    assert isinstance(again, Summary)
    assert again.rejected == first.rejected
    assert len(server.requests) == asked


@pytest.mark.parametrize("levels", [DEEPEST, DEEPEST + 1, 260, 990, 100_000])
@pytest.mark.parametrize("nested", [lists, objects, lambda levels: f'[1, {{"b": {lists(levels - 2)}}}]'])
def test_the_depth_of_foreign_json_is_bounded(levels: int, nested: Callable[[int], str]) -> None:
    if levels > DEEPEST:
        with pytest.raises(ValueError, match="nested more than 100 levels"):
            read_json(nested(levels))
    else:
        assert shallow(read_json(nested(levels))) == json.loads(nested(levels))


LINES = {
    "no article": '{"schema":"summary/1"}',
    "an article of text": '{"schema":"summary/1","article":"a","provenance":{"request":"R"}}',
    "a provenance of text": '{"schema":"summary/1","article":{},"provenance":"R"}',
    "a source that is none": '{"schema":"summary/1","article":{"source":[1],"sha256":{}},"provenance":{"request":"R"}}',
}


@pytest.mark.parametrize("line", LINES.values(), ids=LINES)
def test_a_damaged_line_of_an_output_costs_nothing_else(line: str, tmp_path: Path) -> None:
    path = tmp_path / "out.jsonl"
    good = '{"schema":"summary/1","article":{"source":"a","sha256":"b"},"provenance":{"request":"R"}}'
    path.write_text(f"{good}\n{line}\n", encoding="utf-8")
    with closing(CompletedLines(path, "R")) as lines:
        assert lines.done.has("a", "b")
    assert path.read_text(encoding="utf-8") == f"{good}\n{line}\n"


FOREIGN = {"deep": lists(3_000), "digits": "9" * 5_000, "deep summary": f'{{"schema":"summary/1","x":{lists(500)}}}'}


@pytest.mark.parametrize("content", FOREIGN.values(), ids=FOREIGN)
def test_an_output_of_something_else_is_refused_in_a_line(
    content: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "a.txt").write_text(SENTENCE, encoding="utf-8")
    out = tmp_path / "out.jsonl"
    out.write_text(content + "\n", encoding="utf-8")
    assert main(["-m", "extractive", str(tmp_path / "a.txt"), "-o", str(out)]) == 2
    assert "holds something else than summaries" in capsys.readouterr().err
    assert out.read_text(encoding="utf-8") == content + "\n"


@pytest.mark.parametrize("summary", ["{}", '{"schema": "summary/2"}', lists(400), "9" * 5_000, "no JSON"])
def test_a_damaged_row_of_a_folder_costs_its_page_alone(summary: str, tmp_path: Path) -> None:
    for name in ("a", "b"):
        (tmp_path / f"{name}.txt").write_text(f"{SENTENCE} {name}.", encoding="utf-8")
    given = ["-q", "-m", "extractive", str(tmp_path / "a.txt"), str(tmp_path / "b.txt"), "-f", "html", "-o"]
    assert main([*given, str(tmp_path / "pages/")]) == 0
    index = (tmp_path / "pages/index.html").read_text(encoding="utf-8")
    path = tmp_path / "pages/.summarizer.jsonl"
    first, second = path.read_text(encoding="utf-8").splitlines()
    path.write_text(json.dumps({**json.loads(first), "summary": summary}) + f"\n{second}\n", encoding="utf-8")
    assert main([*given, str(tmp_path / "pages/")]) == 0
    assert len(path.read_text(encoding="utf-8").splitlines()) == 3
    assert (tmp_path / "pages/index.html").read_text(encoding="utf-8").count("<h2") == index.count("<h2")


@pytest.mark.parametrize("content", [f"takeaways = {lists(5_000)}", f"takeaways = {'9' * 5_000}"])
def test_settings_nested_too_deeply_are_named(
    content: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "config.toml").write_text(content, encoding="utf-8")
    monkeypatch.setenv("SUMMARIZER_CONFIG", str(tmp_path / "config.toml"))
    (tmp_path / "mine.md").write_text(f"+++\n{content}\n+++\nSummarize.", encoding="utf-8")
    assert main(["cache", "path"]) == 2
    assert "cannot read the settings file" in capsys.readouterr().err
    assert main(["prompts", "show", str(tmp_path / "mine.md")]) == 2
    assert "is not valid TOML" in capsys.readouterr().err


@pytest.mark.parametrize("claim", [lists(300), objects(900), f'{{"text": "x", "quotes": {lists(300)}}}'])
def test_claims_nested_too_deeply_are_refused_in_a_line(
    claim: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "a.txt").write_text(SENTENCE, encoding="utf-8")
    (tmp_path / "c.json").write_text(draft(claim), encoding="utf-8")
    assert main(["check", str(tmp_path / "a.txt"), str(tmp_path / "c.json"), "-f", "json"]) == 1
    assert "nested more than 100 levels" in capsys.readouterr().err
